"""How well and how fast the reader reads, in one table: `python -m benchmarks.score [SHARED]`.

    --part build|dev|held|seeds  one of the measured parts only (default: held and seeds)
    --alone                  give the reader each annotated sentence without its article
    --errors FAMILY          print what was missed and what is wrong, of the building halves
    --held                   … allow it for the held-back halves too: what was looked at there
                             no longer measures anything
    --json                   the figures for programs
    --quick                  leave out the saved pages and the speed

Precision, recall and F1; `gold` is the number of annotated items. What counts as right:
`benchmarks.names` (exact span and kind), `benchmarks.facts`, `benchmarks.seeds`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import facts, names, seeds
from benchmarks.press import CORPUS
from benchmarks.report import OURS, Block, Rows, as_data, errors, table
from kb.errors import ConfigError, KbError

PARTS = ("build", "dev", "held", "seeds")
TIMED = 300
"""Articles."""
TITLES = {
    "build": "General press, building half",
    "dev": "General press, looked at as a total only",
    "held": "General press, held-back half",
    "seeds": "Articles on the programme",
}


def blocks(part: str, shared: Path, *, alone: bool, taggers: bool = True) -> Iterator[Block]:
    """Measure one part: a block of names, and one of facts."""
    if part in names.PARTS:
        yield _names(part, shared, alone, taggers)
    yield _facts(part, shared)


def _names(part: str, shared: Path, alone: bool, taggers: bool) -> Block:
    given = {f"names-{one}": names.sentences(one, shared) for one in names.PARTS[part]}
    chosen = [one for found in given.values() for one in found or ()]
    finders: dict[str, names.Finder] = {OURS: names.alone if alone else names.whole}
    finders |= names.TAGGERS if taggers else {}
    rows: Rows = {}
    for system, finder in finders.items():
        found = finder(chosen, shared)
        for kind in (None, *names.KINDS) if found is not None else ():
            wanted = any(kind in (None, name.what) for one in chosen for name in one.names)
            known = system == OURS or kind in (None, *names.TAGGED.values())
            if wanted and known and found is not None:
                label = f"  {kind}" if kind else "names"
                rows.setdefault(label, {})[system] = names.cases(chosen, found, kind)
    stories = len({one.key for one in chosen})
    how = "that are read alone" if alone else f"of {stories} articles, which are read whole"
    title = f"{TITLES[part]}: names in {len(chosen)} sentences {how}"
    return Block(title, rows, _absent(given))


def _facts(part: str, shared: Path) -> Block:
    given = (
        {"seeds": seeds.seeds(shared)}
        if part == "seeds"
        else {f"facts-{one}": facts.facts(one, shared) for one in facts.PARTS[part]}
    )
    rows: Rows = {}
    for found in given.values():
        for label, cases in (found or {}).items():
            rows.setdefault(label, {}).setdefault(OURS, []).extend(cases)
    stories = max((len(row[OURS]) for row in rows.values()), default=0)
    return Block(f"{TITLES[part]}: facts in {stories} articles", rows, _absent(given))


def _absent(given: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name, found in given.items() if found is None)


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(
        "benchmarks.score", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--errors", metavar="FAMILY")
    for flag in ("--alone", "--held", "--json", "--quick"):
        parser.add_argument(flag, action="store_true")
    asked = parser.parse_args(argv)
    try:
        _run(asked)
    except KbError as error:
        print(f"benchmarks.score: {error}", file=sys.stderr)
        return 2 if isinstance(error, ConfigError) else 1
    return 0


def _run(asked: argparse.Namespace) -> None:
    if asked.errors:
        part = asked.part or ("held" if asked.held else "build")
        if part == "held" and not asked.held:
            raise ConfigError("errors of the held-back half are not for looking at (--held does)")
        measured = list(blocks(part, asked.shared, alone=asked.alone, taggers=False))
        print("\n".join(errors(measured, asked.errors)))
        return
    parts = [asked.part] if asked.part else ["held", "seeds"]
    measured = [one for part in parts for one in blocks(part, asked.shared, alone=asked.alone)]
    if asked.json:
        print(json.dumps(as_data(measured), ensure_ascii=False, indent=1))
        return
    print("\n".join(table(measured)))
    if not names.VINLP.is_file():
        print("\nViNLP is not installed: `make score` does that.")
    if twice := names.agreement(asked.shared):
        print(f"\nNames annotated twice, {twice[0]} sentences: F1 {twice[1]:.2f}")
    if not asked.quick:
        print("\n".join(("", *pages(asked.shared), "", *speed(asked.shared))))


def pages(shared: Path) -> Iterator[str]:
    """Yield how well saved pages are extracted, beside other extractors."""
    from benchmarks import extraction

    yield from extraction.table(shared)


def speed(shared: Path) -> Iterator[str]:
    """Yield the ratios of one run against underthesea's `ner()`, taken in a process of its own.

    What was loaded and remembered for the table would count otherwise.
    """
    command = [sys.executable, "-m", "benchmarks.reading", str(shared / CORPUS), str(TIMED)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise KbError(f"benchmarks.reading failed: {done.stderr.strip()[-400:]}")
    yield f"Speed on the first {TIMED} articles of the corpus, CPU time"
    yield from done.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
