"""A night of the ledger as Markdown, as Prefect shows it beside the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.archive import Archive
from kb.archive.usual import run_by_id, usual_mentions
from kb.registry import registry_of
from kb.research.night import (
    COLUMNS,
    alarms,
    decimal,
    faults,
    mentions,
    needs,
    stages,
    title,
    words,
)
from kb.settings import Settings


def markdown(
    run: Mapping[str, Any],
    names: Mapping[str, str],
    initiatives: Mapping[str, str],
    usual: Mapping[str, float],
    language: str,
) -> str:
    """Return a night of the ledger as Markdown.

    `names` are outlets by id, `initiatives` the names of those that the registry has, by id;
    `usual` are their mentions of other nights.
    """
    said, counts = words(language), run["counts"] or {}
    columns = said["columns"]
    lines = [f"# {title(run, said)}", ""]
    head = [columns["outlet"], *(columns[name] for name in COLUMNS)]
    lines += [_row(head), _row(["---", *("---:" for _ in COLUMNS)])]
    for outlet, one in (counts.get("outlets") or {}).items():
        lines.append(_row([names.get(outlet, outlet), *(one.get(name, 0) for name in COLUMNS)]))
    if counts.get("initiatives"):
        lines += ["", _row([said["initiative"], said["mentions"], said["usual"]])]
        lines.append(_row(["---", "---:", "---:"]))
        for name, count, before in mentions(counts, initiatives, usual):
            lines.append(_row([name, count, "–" if before is None else decimal(before, said, "g")]))
    for part in (
        alarms(counts, names, said), faults(counts, names, said), needs(counts, names, said)
    ):  # fmt: skip
        for number, line in enumerate(part):
            depth = (len(line) - len(line.lstrip(" "))) // 2
            text = _plain(line.strip().removeprefix("- "))
            lines += ["", f"**{text}**", ""] if not number else [f"{'  ' * (depth - 1)}- {text}"]
    if seconds := counts.get("seconds"):
        lines += ["", stages(counts, seconds, said)]
    return "\n".join(lines) + "\n"


def of_run(archive: Archive, run_id: int, chosen: Settings) -> str:
    """Return a night that the ledger of an archive has as Markdown."""
    run = run_by_id(archive, run_id)
    assert run is not None
    named = {e.id: e.name for e in registry_of(chosen).of_kind("initiative")}
    usual = usual_mentions(archive, run_id, chosen.usual_nights)
    return markdown(run, archive.outlet_names(), named, usual, chosen.language)


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(_plain(str(cell)).replace('|', '/') for cell in cells)} |"


def _plain(text: str) -> str:
    """Return text of a page so that Markdown takes nothing in it as its own."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>#" else one for one in text)
