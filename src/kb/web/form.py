"""The search form: whatever stands in the address becomes a query, and never an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from kb.archive import Query
from kb.archive.grammar import And, Node, Not, Or, Phrase, parse
from kb.archive.query import Order
from kb.reading import KINDS
from kb.text import characters
from kb.web.language import Words

LONGEST = 1000
"""Code points of a typed query that count; a headline has 100, a link 200."""
_MOST_VALUES = 20


@dataclass(frozen=True)
class SearchForm:
    """The filters of a search page as they were understood.

    `ignored` are the days, as typed, that are none.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    order: Order = "newest"
    after: str | None = None
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, params: QueryParams) -> Self:
        """Take what can be understood from the parameters of an address."""
        typed = [characters(params.get(name, "")).strip() for name in ("from", "to")]
        days = [_day(text) for text in typed]
        bad = (text for text, day in zip(typed, days, strict=True) if text and day is None)
        order = params.get("order")
        return cls(
            text=" ".join(characters(params.get("q", ""))[:LONGEST].split()),
            since=days[0],
            until=days[1],
            outlets=_values(params.getlist("outlet")),
            initiatives=_values(params.getlist("initiative")),
            actors=_values(params.getlist("actor")),
            kinds=tuple(kind for kind in KINDS if kind in params.getlist("kind")),
            order="relevance" if order == "relevance" else get_args(Order)[0],
            after=params.get("after") or None,
            ignored=tuple(bad),
        )

    @property
    def filtered(self) -> bool:
        """Whether anything at all is asked for."""
        return replace(self, order="newest", after=None) != SearchForm()

    def query(self, limit: int) -> Query:
        """Return the query that the archive answers."""
        return Query(
            text=self.text,
            since=self.since,
            until=self.until,
            outlets=self.outlets,
            initiatives=self.initiatives,
            actors=self.actors,
            kinds=self.kinds,
            limit=limit,
            after=self.after,
            order=self.order,
        )

    def address(self, path: str = "/search") -> str:
        """Return the address that asks for the same."""
        pairs = self._pairs()
        if self.after:
            pairs.append(("after", self.after))
        return _address(path, pairs)

    def filters(self) -> list[tuple[str, str, str]]:
        """Return each filter in force as (name, value, address of its first page without it)."""
        pairs = self._pairs()
        return [
            (name, value, _address("/search", [one for one in pairs if one != (name, value)]))
            for name, value in pairs
            if name not in ("q", "order")
        ]

    def _pairs(self) -> list[tuple[str, str]]:
        days = (("from", self.since), ("to", self.until))
        lists = (
            ("outlet", self.outlets),
            ("initiative", self.initiatives),
            ("actor", self.actors),
            ("kind", self.kinds),
        )
        return [
            *([("q", self.text)] if self.text else []),
            *((name, day.isoformat()) for name, day in days if day),
            *((name, value) for name, values in lists for value in values),
            *([("order", self.order)] if self.order != "newest" else []),
        ]


def _address(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _day(text: str) -> date | None:
    """Read a day as ISO or with the day first (20/11/2025, 20-11-2025, 20.11.2025)."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _values(typed: Iterable[str]) -> tuple[str, ...]:
    cleaned = (characters(value).strip()[:LONGEST] for value in typed)
    return tuple(dict.fromkeys(value for value in cleaned if value))[:_MOST_VALUES]


def understood(text: str, folded: bool, words: Words) -> str:
    """Return how the archive takes a typed text: words, phrases, operators spelled out."""
    node = parse(text)
    return _spell(node, folded, words, inner=False) if node else ""


def _spell(node: Node, folded: bool, words: Words, *, inner: bool) -> str:
    match node:
        case Phrase():
            said = " ".join(node.folded if folded else node.exact)
            said += "*" if node.prefix else ""
            return f"“{said}”" if " " in said else said
        case Not(part):
            return words("query.not") + " " + _spell(part, folded, words, inner=True)
        case And(parts) | Or(parts):
            joint = words("query.and") if isinstance(node, And) else words("query.or")
            said = f" {joint} ".join(_spell(part, folded, words, inner=True) for part in parts)
            return f"({said})" if inner else said
