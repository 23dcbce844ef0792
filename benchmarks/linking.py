"""How well names are linked to entries: `python -m benchmarks.linking [SHARED] [--errors]`.

Three yardsticks, none with a copied word: the initiatives and the programme of the five articles
on the programme (`gold/names-seeds.jsonl`: exact span and kind; `SHARED/gold/seeds.json`: their
ids, once an article), and hard cases of general press (`gold/links-*.jsonl`: an address of the
corpus, a span of its cleaned body and the entry that it means, or none: bodies and districts that
another city has, too, people of a common name). `build` served to build the rules, `held` serves
for the figure alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.matching import Case, Item, Tally, match
from benchmarks.names import exactly, sentences, whole
from benchmarks.press import Row, articles, read, rows
from kb.article import Article
from kb.errors import KbError, UnreadableFile

LINKED = ("initiative", "programme")
PARTS = ("build", "held")


def initiatives(shared: Path, kind: str) -> list[Case]:
    """Compare the initiatives, or the programme, of the articles on it, sentence by sentence."""
    chosen = sentences("seeds", shared) or []
    return [
        match(
            one.key,
            one.text,
            [name for name in one.names if name.what == kind],
            [name for name in found if name.what == kind],
            exactly,
        )
        for one, found in zip(chosen, whole(chosen, shared), strict=True)
    ]


def ids(shared: Path) -> list[Case]:
    """Compare which initiatives each article of `seeds.json` names."""
    try:
        gold: list[Row] = json.loads((shared / "gold" / "seeds.json").read_text("utf-8"))
        raw = {row["file"]: (shared / "seeds" / row["file"]).read_text("utf-8") for row in gold}
    except OSError as error:
        raise UnreadableFile(f"{error.filename}: {error.strerror}") from error
    chosen = {
        row["file"]: Article(row["title"], "", raw[row["file"]][slice(*row["body_span"])])
        for row in gold
    }
    readings = read(chosen)
    cases = []
    for row in gold:
        wanted = [Item(0, 0, id_) for id_ in row["initiatives"]]
        named = {m.entity_id for m in readings[row["file"]].mentions if m.kind == "initiative"}
        found = [Item(0, 0, id_) for id_ in sorted(id_ for id_ in named if id_)]
        cases.append(match(row["file"], chosen[row["file"]].body, wanted, found, exactly))
    return cases


def hard(part: str, shared: Path) -> list[Case]:
    """Compare the entry of each span of `links-<part>`; a span that means none counts if linked."""
    gold = rows(f"links-{part}") or []
    texts = articles((row["url"] for row in gold), shared)
    readings = read(texts)
    cases = []
    for row in gold:
        start, end = row["start"], row["end"]
        wanted = [Item(start, end, row["entity"])] if row["entity"] else []
        found = [
            Item(start, end, one.entity_id)
            for one in readings[row["url"]].mentions
            if one.field == "body" and one.entity_id and one.start < end and start < one.end
        ]
        cases.append(match(row["url"], texts[row["url"]].body, wanted, found, exactly))
    return cases


def figures(shared: Path) -> Iterator[tuple[str, list[Case]]]:
    """Yield each yardstick with its cases."""
    for kind in LINKED:
        yield f"{kind}, spans in the articles on the programme", initiatives(shared, kind)
    yield "initiatives by id, three of these articles", ids(shared)
    for part in PARTS:
        yield f"hard cases of general press, {part}", hard(part, shared)


def main(argv: Sequence[str] | None = None) -> int:
    """Print precision and recall, and with `--errors` what is wrong in what served to build."""
    parser = argparse.ArgumentParser("benchmarks.linking", description=__doc__)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args(argv)
    try:
        for title, cases in figures(asked.shared):
            one = Tally.of(cases)
            print(f"{one.precision:.3f}  {one.recall:.3f}  {one.wanted:4}  {title}")
            for case in cases if asked.errors and not title.endswith("held") else ():
                for word, items in (("wrong", case.wrong), ("missed", case.missed)):
                    for item in items:
                        print(f"    {word}: {item.what}: {case.text[item.start : item.end]!r}")
    except KbError as error:
        print(f"benchmarks.linking: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
