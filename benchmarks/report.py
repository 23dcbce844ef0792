"""What was measured, as a table for people, as data for programs, and mistake by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.matching import NEVER, Case, Item, Tally
from benchmarks.names import TAGGERS
from kb.errors import ConfigError
from kb.nlp.tag import split

OURS = "kb.read"
SYSTEMS = (OURS, *TAGGERS)
Rows = dict[str, dict[str, list[Case]]]
"""Cases by family and system."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows measured on the same texts; the title says which."""

    title: str
    rows: Rows
    absent: tuple[str, ...] = ()
    """Gold files that nobody has written yet."""


def table(measured: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of the table, at most 100 columns wide."""
    yield f"{'':33}" + "".join(f"{system:>22}" for system in SYSTEMS)
    yield f"{'':28}{'gold':>5}" + f"{'P':>10}{'R':>6}{'F1':>6}" * len(SYSTEMS)
    for block in measured:
        yield f"\n{block.title}"
        if block.absent:
            yield f"(not annotated: {', '.join(block.absent)})"
        for label, row in block.rows.items():
            yield f"{label:28}{Tally.of(row[OURS]).wanted:5}" + "".join(
                _figures(row.get(system)) for system in SYSTEMS
            )


def _figures(cases: list[Case] | None) -> str:
    if cases is None:
        return f"{'–':>22}"
    tally = Tally.of(cases)
    return f"{tally.precision:10.2f}{tally.recall:6.2f}{tally.f1:6.2f}"


def as_data(measured: Iterable[Block]) -> list[dict[str, object]]:
    """Return the table as one record a family and system; shares in 0–1."""
    return [
        {
            "measured": block.title, "family": label.strip(), "system": system,
            "right": tally.right, "found": tally.found, "wanted": tally.wanted,
            "precision": tally.precision, "recall": tally.recall, "f1": tally.f1,
        }
        for block in measured
        for label, row in block.rows.items()
        for system, cases in row.items()
        for tally in [Tally.of(cases)]
    ]  # fmt: skip


def errors(measured: Sequence[Block], family: str) -> Iterator[str]:
    """Yield what the reader missed and what it took wrongly, with the sentences.

    Raises:
        ConfigError: no such family was measured.
    """
    known = {label.strip() for block in measured for label in block.rows}
    if family not in known:
        raise ConfigError(f"no family {family!r}; measured were: {', '.join(sorted(known))}")
    for block in measured:
        for label, row in block.rows.items():
            if label.strip() == family:
                yield block.title
                for case in row[OURS]:
                    yield from _case(case)


def _case(case: Case) -> Iterator[str]:
    marked = [("missed", item) for item in case.missed] + [("wrong", item) for item in case.wrong]
    if marked:
        yield f"\n{case.where}"
    said = None
    for mark, item in sorted(marked, key=lambda pair: (pair[1].start, pair[0])):
        sentence = _around(case.text, item)
        if sentence and sentence != said:
            yield f"    {sentence}"
            said = sentence
        yield f"  {mark:6}  {_told(case.text, item)}"


def _told(text: str, item: Item) -> str:
    words = item.text or text[item.start : item.end]
    parts = [f"«{_flat(words)}»" if words else "", item.what, item.who or ""]
    if item.when != NEVER:
        first, last, recurs, lunar = item.when
        parts.append(" ".join((f"{first}..{last}", recurs or "", "lunar" if lunar else "")).strip())
    return " | ".join(filter(None, parts))


def _around(text: str, item: Item) -> str:
    """Return the sentences that an item lies in, on one line."""
    if not item.end:
        return ""
    touched = [(a, b) for a, b in split(text) if a < item.end and item.start < b]
    return _flat(text[touched[0][0] : touched[-1][1]]) if touched else ""


def _flat(text: str) -> str:
    return text.replace("\n", " ⏎ ")
