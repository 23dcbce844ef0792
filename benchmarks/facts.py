"""How well posts, quotes, dates, commitments and assignments are found in whole articles.

`gold/facts-build.jsonl` and `gold/facts-held.jsonl` hold, for each article, offsets into its
cleaned body. The reader gets title, lead and body with the time of publication, as a crawl would
hand them over; what it finds in the body counts. A fact is right when:

- **people with posts**: the last words of the person's names and the texts of the posts are
  equal (`kb.text.canonical`: whatever the case and the style of tone marks);
- **direct quotes**: the same span, without spaces and marks at the ends, and the same speaker by
  the last word of the name, or nobody in both;
- **reported quotes**: the overlap is at least half of the union of both spans; the same speaker;
- **dates**: the same span, whatever preposition leads it, and the same first and last day,
  recurrence and calendar;
- **commitments**: overlap as for reported quotes, and the same days and recurrence;
- **assignments**: the same role, an actor whose name contains or is contained in the other's, and
  tasks that overlap by half of their union, or of which one lies in the other.

People and bodies of the registry are compared by their name there, however the text calls them.
A second figure leaves out the speaker or the days. Nothing counts twice (`matching.match`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from benchmarks.matching import (
    Agree,
    Case,
    Item,
    half,
    last_word,
    match,
    overlap,
    same_name,
    trimmed,
    undated,
    within,
)
from benchmarks.press import Row, articles, key, read, rows
from kb.article import VIETNAM, Article
from kb.nlp.dates import find_dates
from kb.reading import Reading
from kb.registry import Matcher, load_registry
from kb.text import canonical

PARTS = {
    "build": (
        "build", "policy-build", "policy-build2", "policy-build3", "policy-build4",
        "policy-build5", "quotes-build2", "quotes-build3",
    ),
    "dev": ("quotes-dev", "quotes-fresh"),
    "held": ("held", "policy-held"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of fact: how to take it from a gold row and from a reading, and what agrees.

    `key`: where it stands in a gold row; a row without it says nothing about the family.
    `looser`: what the second figure leaves out, with its comparison.
    """

    name: str
    key: str
    gold: Callable[[Row, str], list[Item]]
    found: Callable[[Article, Reading], list[Item]]
    agree: Agree
    looser: tuple[str, Agree] | None = None


def facts(part: str, shared: Path) -> dict[str, list[Case]] | None:
    """Read the articles of a gold file; cases by family, `None` if there is no such file."""
    gold = rows(f"facts-{part}")
    if gold is None:
        return None
    chosen = articles(map(key, gold), shared)
    readings = read(chosen)
    found: dict[str, list[Case]] = {}
    for family in FAMILIES:
        ways = [(family.name, family.agree)]
        ways += [(f"{family.name}, {family.looser[0]}", family.looser[1])] if family.looser else []
        for row in gold:
            if family.key not in row:
                continue
            article = chosen[key(row)]
            wanted = family.gold(row, article.body)
            got = family.found(article, readings[key(row)])
            for label, agree in ways:
                case = match(key(row), article.body, wanted, got, agree)
                found.setdefault(label, []).append(case)
    return found


# --- from the gold ---------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _registry() -> Matcher:
    return Matcher(load_registry())


@cache
def official(name: str | None) -> str | None:
    """Return the name in the registry of what is called so; any other name as it is.

    The gold has what the text says (`Bộ VHTTDL`), the reader the name of the entry.
    """
    if not name:
        return name
    for found in _registry().find([name])[0]:
        if (found.start, found.end) == (0, len(name)):
            return found.entry.name
    return name


def _said(text: str, span: Sequence[int] | None) -> str | None:
    return official(text[span[0] : span[1]]) if span else None


def _gold_holdings(row: Row, text: str) -> list[Item]:
    return [
        Item(
            min(one["person"][0], one["post"][0]),
            max(one["person"][1], one["post"][1]),
            what=text[slice(*one["post"])],
            who=_said(text, one["person"]),
        )
        for one in row["holdings"]
    ]


def _gold_quotes(direct: bool) -> Callable[[Row, str], list[Item]]:
    def quotes(row: Row, text: str) -> list[Item]:
        return [
            Item(one["start"], one["end"], who=_said(text, one["speaker"]))
            for one in row["quotes"]
            if one["direct"] == direct
        ]

    return quotes


def _gold_dates(row: Row, text: str) -> list[Item]:
    return [
        Item(one["start"], one["end"], when=(one["from"], one["to"], one["recurs"], one["lunar"]))
        for one in row["dates"]
    ]


def _gold_commitments(row: Row, text: str) -> list[Item]:
    return [
        Item(
            one["start"],
            one["end"],
            who=_said(text, one["owner"]),
            when=(one["due_from"], one["due_to"], one["recurs"], False),
        )
        for one in row["commitments"]
    ]


def _gold_assignments(row: Row, text: str) -> list[Item]:
    return [
        Item(one["task"][0], one["task"][1], one["role"], _said(text, one["actor"]))
        for one in row["assignments"]
    ]


# --- from the reading ------------------------------------------------------------------------


def _holdings(article: Article, reading: Reading) -> list[Item]:
    return [
        Item(one.start, one.end, what=one.post, who=official(one.person))
        for one in reading.holdings
        if one.field == "body"
    ]


def _quotes(direct: bool) -> Callable[[Article, Reading], list[Item]]:
    def quotes(article: Article, reading: Reading) -> list[Item]:
        return [
            Item(one.start, one.end, who=official(one.speaker))
            for one in reading.quotes
            if one.field == "body" and one.direct == direct
        ]

    return quotes


def _dates(article: Article, reading: Reading) -> list[Item]:
    published = article.published_at.astimezone(VIETNAM).date() if article.published_at else None
    return [
        Item(
            one.start,
            one.end,
            when=(
                one.first.isoformat() if one.first else None,
                one.last.isoformat() if one.last else None,
                one.recurs,
                one.lunar,
            ),
        )
        for one in find_dates(article.body, published)
    ]


def _commitments(article: Article, reading: Reading) -> list[Item]:
    return [
        Item(
            one.start,
            one.end,
            who=official(one.owner),
            when=(one.due_from, one.due_to, one.recurs, False),
        )
        for one in reading.commitments
        if one.field == "body"
    ]


def _assignments(article: Article, reading: Reading) -> list[Item]:
    found = []
    for one in reading.assignments:
        if one.field == "body":
            at = article.body.find(one.task, one.start, one.end)
            start, end = (at, at + len(one.task)) if at >= 0 else (one.start, one.end)
            found.append(Item(start, end, one.role, official(one.actor)))
    return found


# --- what agrees -----------------------------------------------------------------------------


def same_holding(text: str, wanted: Item, got: Item) -> float:
    """Person by the last word, post by its text; of several alike the one that stands there."""
    same = same_name(wanted, got) and canonical(wanted.what).strip() == canonical(got.what).strip()
    return 1 + overlap(wanted, got) if same and last_word(got.who) else 0.0


def same_words(text: str, wanted: Item, got: Item) -> float:
    """The same span but for the marks at its ends."""
    return float(trimmed(text, wanted) == trimmed(text, got))


def same_date(text: str, wanted: Item, got: Item) -> float:
    """The same span but for marks and prepositions."""
    return float(undated(text, wanted) == undated(text, got))


def same_task(text: str, wanted: Item, got: Item) -> float:
    """Role and actor, and tasks that overlap by half, or one in the other."""
    if wanted.what != got.what or not within(wanted.who or "", got.who or ""):
        return 0.0
    first, last = max(wanted.start, got.start), min(wanted.end, got.end)
    inside = (first, last) in ((wanted.start, wanted.end), (got.start, got.end))
    return overlap(wanted, got) if inside else half(wanted, got)


def _half(text: str, wanted: Item, got: Item) -> float:
    return half(wanted, got)


def spoken(agree: Agree) -> Agree:
    """Ask for the same speaker too."""
    return lambda text, a, b: agree(text, a, b) if same_name(a, b) else 0.0


def timed(agree: Agree) -> Agree:
    """Ask for the same days, recurrence and calendar too."""
    return lambda text, a, b: agree(text, a, b) if a.when == b.when else 0.0


FAMILIES = (
    Family("people with posts", "holdings", _gold_holdings, _holdings, same_holding),
    Family(
        "direct quotes", "quotes", _gold_quotes(True), _quotes(True),
        spoken(same_words), ("any speaker", same_words),
    ),
    Family(
        "reported quotes", "quotes", _gold_quotes(False), _quotes(False),
        spoken(_half), ("any speaker", _half),
    ),
    Family("dates", "dates", _gold_dates, _dates, timed(same_date), ("span alone", same_date)),
    Family(
        "commitments", "commitments", _gold_commitments, _commitments,
        timed(_half), ("any days", _half),
    ),
    Family("assignments", "assignments", _gold_assignments, _assignments, same_task),
)  # fmt: skip
