"""Three articles on the programme: what `SHARED/gold/seeds.json` says they must yield.

This gold has words, not offsets, so a fact of it is right by its words: an initiative if the
article has its id (counted once an article); a person with a post as in `facts`; a quote if it
holds the words given and its speaker's last word agrees; a commitment if it holds four fifths of
the words, names the initiative where the gold has one, and has the same days and recurrence; an
assignment by role and actor, and one task within the other. Title and body are read, the body as
the gold bounds it.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.facts import same_holding, spoken, timed
from benchmarks.matching import Agree, Case, Item, match, within
from benchmarks.press import Row, read
from kb.article import Article
from kb.errors import UnreadableFile
from kb.reading import Reading

PUBLISHED = {"001": datetime(2023, 6, 1, tzinfo=UTC), "003": datetime(2022, 2, 1, tzinfo=UTC)}
"""These two do not say their day; the days lie in the months that they speak from."""
ROLES = {"investor-operator": ("invest", "operate"), "implementer": ("implement",)}
"""The gold's words for roles of the vocabulary."""
ENOUGH = 0.8
"""Share of a commitment's words that has to be there."""


def seeds(shared: Path) -> dict[str, list[Case]]:
    """Read the three articles; cases by family.

    Raises:
        UnreadableFile: the gold or an article is not there.
    """
    try:
        gold: list[Row] = json.loads((shared / "gold" / "seeds.json").read_text("utf-8"))
        raw = {row["file"]: (shared / "seeds" / row["file"]).read_text("utf-8") for row in gold}
    except OSError as error:
        raise UnreadableFile(f"{error.filename}: {error.strerror}") from error
    chosen = {
        row["file"]: Article(
            row["title"],
            "",
            raw[row["file"]][slice(*row["body_span"])],
            published_at=PUBLISHED.get(row["file"][:3]),
        )
        for row in gold
    }
    readings = read(chosen)
    return {
        label: [
            match(name, chosen[name].body, wanted(row), found(readings[name]), agree)
            for row in gold
            for name in [row["file"]]
        ]
        for label, wanted, found, agree in FAMILIES
    }


def days(due: str | None) -> tuple[str | None, str | None]:
    """Return first and last day of `2025`, `2025-06`, `2025-05-30` or `2022/2023`."""
    first, _, last = (due or "").partition("/")
    return _edge(first, last=False), _edge(last or first, last=True)


def _edge(day: str, *, last: bool) -> str | None:
    if len(day) == 4:
        return f"{day}-12-31" if last else f"{day}-01-01"
    if len(day) == 7:
        ends = calendar.monthrange(int(day[:4]), int(day[5:]))[1]
        return f"{day}-{ends if last else 1:02}"
    return day or None


def _gold_quotes(direct: bool) -> Callable[[Row], list[Item]]:
    return lambda row: [
        Item(0, 0, who=one["speaker"], text=one["has"])
        for one in row["quotes"]
        if one["direct"] == direct
    ]


def _quotes(direct: bool) -> Callable[[Reading], list[Item]]:
    return lambda reading: [
        Item(0, 0, who=one.speaker, text=one.text) for one in reading.quotes if one.direct == direct
    ]


def _gold_commitments(row: Row) -> list[Item]:
    return [
        Item(
            0, 0, what=one.get("initiative", ""), text=one["what"],
            when=(*days(one.get("due")), one.get("recurs"), False),
        )
        for one in row["commitments"]
    ]  # fmt: skip


def _commitments(reading: Reading) -> list[Item]:
    return [
        Item(
            0, 0, what=one.initiative_id or "", text=one.text,
            when=(one.due_from, one.due_to, one.recurs, False),
        )
        for one in reading.commitments
    ]  # fmt: skip


def _gold_assignments(row: Row) -> list[Item]:
    return [
        Item(0, 0, what=role, who=one["actor"], text=one["task"])
        for one in row["assignments"]
        for role in ROLES.get(one["role"], (one["role"],))
    ]


def _has(text: str, wanted: Item, got: Item) -> float:
    return float(wanted.text in got.text)


def _promised(text: str, wanted: Item, got: Item) -> float:
    words = set(wanted.text.lower().split())
    share = len(words & set(got.text.lower().split())) / len(words)
    return share if share >= ENOUGH and wanted.what in ("", got.what) else 0.0


def _given(text: str, wanted: Item, got: Item) -> float:
    same = wanted.what == got.what and within(wanted.who or "", got.who or "")
    return float(same and within(wanted.text, got.text))


def _same(text: str, wanted: Item, got: Item) -> float:
    return float(wanted.text == got.text)


Family = tuple[str, Callable[[Row], list[Item]], Callable[[Reading], list[Item]], Agree]
"""Label, from the gold, from the reading, and what agrees."""
FAMILIES: tuple[Family, ...] = (
    (
        "initiatives linked",
        lambda row: [Item(0, 0, text=one) for one in sorted(row["initiatives"])],
        lambda reading: [
            Item(0, 0, text=one)
            for one in sorted(
                {m.entity_id or m.name for m in reading.mentions if m.kind == "initiative"}
            )
        ],
        _same,
    ),
    (
        "people with posts",
        lambda row: [Item(0, 0, what=one["role"], who=one["name"]) for one in row["people"]],
        lambda reading: [Item(0, 0, what=one.post, who=one.person) for one in reading.holdings],
        same_holding,
    ),
    ("direct quotes", _gold_quotes(True), _quotes(True), spoken(_has)),
    ("reported quotes", _gold_quotes(False), _quotes(False), spoken(_has)),
    ("commitments", _gold_commitments, _commitments, timed(_promised)),
    ("commitments, any days", _gold_commitments, _commitments, _promised),
    (
        "assignments",
        _gold_assignments,
        lambda reading: [
            Item(0, 0, what=one.role, who=one.actor, text=one.task) for one in reading.assignments
        ],
        _given,
    ),
)
