"""Answering a query, page by page.

Newest first: the places of a source come in order; articles of one day are ordered by moment and
id. Best first: ever weaker queries one after the other (`match.tiers`), each newest first. So a
page costs no more than the days that it shows, however many articles match, and the order is the
same on both engines.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal, select, tuple_

from kb.archive import halves, match, places, tables
from kb.archive.as_of import as_it_stood, words_of
from kb.archive.filters import Filters, bearing
from kb.archive.folding import hidden, numbers
from kb.archive.grammar import Filter, Near, Node, Phrase, leaves, parse, phrases
from kb.archive.lookup import chunks
from kb.archive.match import Source
from kb.archive.positions import Positions
from kb.archive.query import Query
from kb.archive.records import Hit, SearchPage
from kb.archive.snippet import snippet
from kb.archive.stood import Past, Stood
from kb.article import Field
from kb.errors import QueryError

_article, _facet = tables.article.c, tables.facet.c
COLUMNS = (
    _article.id.label("article_id"),
    *(
        _article[name]
        for name in (
            "url", "outlet", "title", "lead", "authors", "published_at", "published_from",
            "section", "words", "revisions", "source_file",
        )
    ),
)  # fmt: skip
"""The articles columns of the contract, in its order, without `body`."""
_AHEAD, _KEPT = 200, 500
_SHOWN: tuple[Field, ...] = ("lead", "body")


@dataclass(frozen=True, slots=True)
class Plan:
    """A query decided: its tree, whether marks are ignored, and what it finds.

    `words` is the part of the tree that is words alone, `mixed` are parts that ask for more.
    """

    node: Node | None
    words: Node | None
    mixed: tuple[Node, ...]
    folded: bool
    filters: Filters
    total: int
    dialect: str
    stood: Stood | None = None
    """Articles whose text was another at the moment that is asked for."""
    hidden: tuple[int, ...] = ()
    """Places of articles that count under another one that is found."""
    positions: Positions | None = None
    """What PostgreSQL keeps of frequent words."""
    newest_places: tuple[int, ...] = ()
    """The newest of the places found, where they came with the count."""

    @property
    def at_once(self) -> bool:
        """Whether the engine finds all before it shows one, so that each question costs as much."""
        if self.dialect == "postgresql":
            return True
        said = leaves(self.words) if self.words is not None else ()
        return any(
            one.prefix for leaf in said if isinstance(leaf, Phrase | Near) for one in _words(leaf)
        )

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """What an article must fulfil."""
        apart = self._shown(_article.place)
        if self.node is None and not self.filters.any():
            return tuple(apart)
        today = (_article.place.in_(self.select()),)
        return (*self.stood.conditions(today), *apart) if self.stood else today

    def _shown(self, place: ColumnElement[int]) -> list[ColumnElement[bool]]:
        return [place.not_in(numbers(self.hidden, self.dialect))] if self.hidden else []

    def select(self, words: Node | None = None) -> Select[Any]:
        """Return a selection of the places found, in no order; `words` instead of its own."""
        source = self.source(words)
        return select(source.place.label("place")).where(*self.where(source))

    def source(self, words: Node | None = None) -> Source:
        """Return the table that gives the places: that of the words, of an entity, or of all."""
        if (words or self.words) is not None:
            return match.text_source(words or self.words, self.folded, self.dialect, self.positions)  # type: ignore[arg-type]
        if self.filters.entities:
            # An article may bear several of the names, and counts once.
            table = bearing(self.filters.entities[0]).subquery("found")
            return Source(table, table.c.place, table.c.place, entity=True)
        return Source(tables.facet, _facet.place, _facet.place)

    def where(self, source: Source) -> list[ColumnElement[bool]]:
        """Return the conditions on the places of a source."""
        used = 0 if source.entity else None
        found = [] if source.condition is None else [source.condition]
        found += self._shown(source.held)
        found += self.filters.period(source.place)
        found += self.filters.conditions(source.held, without=used)
        found += [
            match.holds(part, self.folded, self.dialect, source.held, self.filters, self.positions)
            for part in self.mixed
        ]
        return found if source.check is None else [*found, source.check]

    def newest(self, words: Node | None, before: int | None = None, since: int = 0) -> Select[Any]:
        """Return a selection of the places found, newest first."""
        source = self.source(words)
        within = [] if before is None else [source.place < before]
        within += [source.place >= since] if since else []
        if source.check is None:
            statement = select(source.place).where(*self.where(source), *within)
            return statement.order_by(source.place.desc())
        # Sorted before texts are looked at, so that a page ends the looking.
        plain = replace(source, check=None)
        inner = (
            select(source.table)
            .where(*self.where(plain), *within)
            .order_by(source.place.desc())
            .offset(0)
            .subquery("candidate")
        )
        return select(inner.c.place).where(source.check).order_by(inner.c.place.desc())


def plan(
    connection: Connection, query: Query, folded: bool | None = None, total: int | None = None
) -> Plan:
    """Decide a query: marks count where any is typed, unless the archive has nothing with them.

    What else is asked decides nothing: the marks that count in all years do so in one of them, and
    of news alone (`query.articles`) they always do. `folded` and `total` given: an earlier page
    has decided already.
    """
    node = parse(query.text)
    words, mixed = match.split(node) if node is not None else (None, [])
    filters = Filters.of(connection, query)
    said = [leaf for leaf in leaves(node) if not isinstance(leaf, Filter)] if node else []
    typed = any(one.exact != one.folded for leaf in said for one in _words(leaf))
    ignored = (not typed if folded is None else folded) and bool(said)
    positions = Positions(connection) if connection.dialect.name == "postgresql" else None
    found = Plan(
        node, words, tuple(mixed), ignored, filters, total or 0, connection.dialect.name,
        positions=positions,
    )  # fmt: skip
    if query.as_of:
        past = Past(connection, query)
        found = replace(found, stood=past.find(node, ignored))
    if total is None:
        counted, newest = _count(connection, found, query.as_of)
        found = replace(found, total=counted, newest_places=newest)
    if typed and folded is None and total is None and not (found.total or query.articles):
        wider = plan(connection, query, folded=True)
        if wider.total and not plan(connection, Query(query.text), folded=False).total:
            return wider
    if query.reuse == "folded":
        apart = tuple(hidden(connection, found.conditions, query.as_of))
        # An earlier page's total leaves them out already.
        less = len(apart) if total is None else 0
        return replace(found, hidden=apart, total=found.total - less, newest_places=())
    return found


def _count(connection: Connection, found: Plan, as_of: date | None) -> tuple[int, tuple[int, ...]]:
    """Return how many there are, and the newest places if they cost nothing more."""
    place: ColumnElement[int] | None = None
    if found.stood is not None:
        table: FromClause = tables.article
        conditions: Sequence[ColumnElement[bool]] = found.conditions
    else:
        source = found.source()
        table, conditions = source.table, found.where(source)
        if not conditions and source.counted is not None:
            return int(connection.execute(source.counted).scalar_one()), ()
        if found.at_once and found.dialect == "sqlite":
            return _counted_in_order(connection, select(source.place.label("place")), conditions)
        if found.words is not None and found.dialect == "sqlite":
            place = source.place
    count = select(func.count()).select_from(table).where(*conditions)
    if place is not None and (both := halves.count(connection, count, place)) is not None:
        return both, ()
    return int(connection.execute(as_it_stood(count, as_of)).scalar_one()), ()


def _counted_in_order(
    connection: Connection, statement: Select[int], conditions: Sequence[ColumnElement[bool]]
) -> tuple[int, tuple[int, ...]]:
    # The limit keeps SQLite from forgetting the order of what it counts.
    ordered = statement.where(*conditions).order_by("place").limit(-1).subquery("ordered")
    size = _KEPT * len(f"{places.start(date.max.toordinal())},")
    last = func.substr(func.group_concat(ordered.c.place), -size)
    count, tail = connection.execute(select(func.count(), last).select_from(ordered)).one()
    newest = [int(place) for place in reversed((tail or "").split(",")) if place]
    # The text may begin within a number.
    return count, tuple(newest if len(tail or "") < size else newest[:-1])


def _words(leaf: Phrase | Near) -> tuple[Phrase, ...]:
    return (leaf.first, leaf.second) if isinstance(leaf, Near) else (leaf,)


def search(connection: Connection, query: Query) -> SearchPage:
    """Return one page of articles with their snippets.

    Raises:
        QueryError: `after` is not the `after` of an earlier page of this query.
    """
    cursor = _Cursor.read(query.after) if query.after else None
    folded, total = (cursor.folded, cursor.total) if cursor else (None, None)
    decided = plan(connection, query, folded, total)
    ranked = query.order == "relevance" and decided.words is not None and not query.as_of
    steps: list[Node | None] = [*match.tiers(decided.words)] if ranked else [decided.words]  # type: ignore[arg-type]
    found: list[_Cursor] = []
    for tier, step in enumerate(steps):
        if cursor and tier < cursor.tier:
            continue
        wanted = query.limit + 1 - len(found)
        earlier = [one for one in steps[:tier] if one is not None]
        after = cursor if cursor and cursor.tier == tier else None
        newest = (
            _newest_then(connection, query, decided, after)
            if query.as_of
            else _newest(connection, decided, step, earlier, after, wanted)
        )
        for moment, id_, place in newest:
            found.append(_Cursor(decided.folded, decided.total, tier, moment, id_, place))
        if len(found) > query.limit:
            break
    shown = found[: query.limit]
    rest = shown[-1].write() if len(found) > len(shown) else None
    wanted_phrases = tuple(one for one in phrases(decided.node) if one.field != "title")
    ids = [one.article_id for one in shown]
    hits = _hits(connection, ids, wanted_phrases, decided.folded, query.as_of)
    return SearchPage(hits, decided.total, decided.folded, rest)


def _newest_then(
    connection: Connection, query: Query, decided: Plan, cursor: _Cursor | None
) -> list[tuple[datetime, int, int]]:
    """Return moments, ids and places of the next articles of the archive as it stood."""
    statement = select(_article.ordered_at, _article.id, _article.place)
    statement = statement.where(*decided.conditions)
    if cursor:
        last = literal(cursor.ordered_at, _article.ordered_at.type), literal(cursor.article_id)
        statement = statement.where(tuple_(_article.ordered_at, _article.id) < tuple_(*last))
    statement = statement.order_by(_article.ordered_at.desc(), _article.id.desc())
    rows = connection.execute(as_it_stood(statement.limit(query.limit + 1), query.as_of))
    return [(row[0], row[1], row[2]) for row in rows]


def _newest(
    connection: Connection,
    decided: Plan,
    step: Node | None,
    earlier: Sequence[Node],
    cursor: _Cursor | None,
    limit: int,
) -> list[tuple[datetime, int, int]]:
    """Return moments, ids and places of the next articles of one step, whole days at a time."""
    words = step
    if step is not None and earlier:
        words = match.without(step, earlier)
    end = places.following(places.day_at(cursor.place)) if cursor else None
    found: list[tuple[datetime, int, int]] = []
    ahead = _AHEAD if decided.at_once else 0  # more of them spare a second question
    known = decided.newest_places if cursor is None and words is decided.words else ()
    if len(known) < min(limit + ahead, decided.total):
        known = ()
    while len(found) < limit:
        some = list(known[: limit + ahead])
        if not some:
            page = decided.newest(words, end).limit(limit + ahead)
            some = list(connection.execute(page).scalars())
        known = ()
        if not some:
            break
        full = len(some) == limit + ahead
        if full and places.day_at(some[limit - 1]) != places.day_at(some[-1]):
            end = places.start(places.day_at(some[limit - 1]))
            some = [place for place in some if place >= end]
        elif full:  # the last day may go on
            end = places.start(places.day_at(some[-1]))
            rest = decided.newest(words, some[-1], end)
            some += connection.execute(rest).scalars()
        rows = _moments(connection, some)
        if cursor:
            rows = [row for row in rows if row[:2] < (cursor.ordered_at, cursor.article_id)]
        found += sorted(rows, reverse=True)
        if not full:
            break
    return found[:limit]


def _moments(connection: Connection, some: list[int]) -> list[tuple[datetime, int, int]]:
    statement = select(_article.ordered_at, _article.id, _article.place)
    return [
        (row[0], row[1], row[2])
        for part in chunks(some)
        for row in connection.execute(statement.where(_article.place.in_(part)))
    ]


def _hits(
    connection: Connection,
    ids: list[int],
    wanted: Sequence[Phrase],
    folded: bool,
    as_of: date | None,
) -> tuple[Hit, ...]:
    """Fetch the shown articles and cut their snippets."""
    revision = tables.revision.c
    statement = select(*COLUMNS, revision.body).join(
        tables.revision, revision.id == _article.revision_id
    )
    found: dict[int, Hit] = {}
    for part in chunks(ids):
        those = as_it_stood(statement.where(_article.id.in_(part)), as_of)
        for row in connection.execute(those).mappings():
            cut = snippet((row[name] for name in _SHOWN), wanted, folded)
            values = {name: row[name] for name in row if name != "body"}
            values["authors"] = tuple(values["authors"])
            if as_of is not None:
                values["words"] = words_of(row)
            found[row["article_id"]] = Hit(
                **values,
                snippet=cut.text,
                highlights=cut.spans,
                field=_SHOWN[cut.source],
                places=cut.places,
            )
    return tuple(found[id_] for id_ in ids)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The last article of a page, from where the next one goes on."""

    folded: bool
    total: int
    tier: int
    ordered_at: datetime
    article_id: int
    place: int

    def write(self) -> str:
        values = [
            self.folded, self.total, self.tier, self.ordered_at.isoformat(), self.article_id,
            self.place,
        ]  # fmt: skip
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> _Cursor:
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            values = json.loads(base64.urlsafe_b64decode(padded))
            folded, total, tier, moment, article_id, place = values
            at = datetime.fromisoformat(moment).astimezone(UTC)
            numbers = [int(value) for value in (total, tier, article_id, place)]
            if not all(0 <= number < 1 << 62 for number in numbers):
                raise ValueError("out of range")
            return cls(bool(folded), numbers[0], numbers[1], at, numbers[2], numbers[3])
        except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError) as error:
            raise QueryError(f"after={text!r} is not the end of an earlier page") from error
