"""Counting the archive as it stood at a moment.

The tables for counting (`derived.py`) hold what today's texts say; of a moment the mentions of
its own texts are counted, which takes longer. An article's outlet is that of today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    false,
    func,
    literal_column,
    not_,
    select,
)

from kb.archive import columnar, places, tables
from kb.archive.actors import Actors, is_one
from kb.archive.as_of import as_it_stood
from kb.archive.columnar import Numbers
from kb.archive.query import Query
from kb.archive.records import Company, Count
from kb.archive.search import plan
from kb.archive.spellings import called

_article, _mention, _entry = tables.article.c, tables.mention.c, tables.entry.c
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles by outlet, by day (its ordinal, 0 for none), by kind and by name."""

    total: int
    outlets: Counter[str | None]
    days: Counter[int]
    kinds: Counter[str | None]
    named: list[Count]


def counts(connection: Connection, query: Query) -> Counts:
    """Count the articles that a query finds at its moment by all that facets show."""
    decided = plan(connection, query)
    found = select(_article.outlet, _article.ordered_at).where(*decided.conditions)
    rows = connection.execute(as_it_stood(found, query.as_of)).all()
    kind = (
        _mentions(decided.conditions, _mention.kind, func.count(_article.id.distinct()))
        .group_by(_mention.kind)
    )  # fmt: skip
    kinds: Any = connection.execute(as_it_stood(kind, query.as_of)).all()
    return Counts(
        total=decided.total,
        outlets=Counter(row.outlet for row in rows),
        days=Counter(
            0 if row.ordered_at == tables.UNDATED else places.day_of(row.ordered_at) for row in rows
        ),
        kinds=Counter(dict(kinds)),
        named=_named(connection, query, decided.conditions),
    )


def days(connection: Connection, query: Query) -> dict[int, int]:
    """Count the articles that a query finds at its moment by day, without those of no date."""
    moments = select(_article.ordered_at).where(*plan(connection, query).conditions)
    rows = connection.execute(as_it_stood(moments, query.as_of)).scalars()
    return Counter(places.day_of(at) for at in rows if at != tables.UNDATED)


def found(connection: Connection, query: Query) -> Numbers:
    """Return the places of the articles that a query finds at its moment."""
    statement = select(_article.place).where(*plan(connection, query).conditions)
    return columnar.integers(connection, as_it_stood(statement, query.as_of))


def mentioning(connection: Connection, actors: Actors, query: Query) -> Numbers:
    """Return the places of those whose text of the moment mentions an entity."""
    conditions = plan(connection, query).conditions
    wanted = _mentions(conditions, _article.place).where(is_one(_mention, actors)).distinct()
    return columnar.integers(connection, as_it_stood(wanted, query.as_of))


def company(connection: Connection, actors: Actors, query: Query, most: int) -> list[Company]:
    """Return who stood beside an entity in the texts of the moment, most articles first."""
    together = select(_mention.revision_id).where(is_one(_mention, actors))
    conditions = (
        *plan(connection, query).conditions,
        _article.revision_id.in_(together),
        not_(func.coalesce(is_one(_mention, actors), false())),
    )
    named = _named(connection, query, conditions)
    return [Company(one.kind, one.value, one.name, one.articles) for one in named[:most]]


def _mentions(conditions: Conditions, *columns: ColumnElement[Any]) -> Select[Any]:
    joined = tables.article.join(tables.mention, _mention.revision_id == _article.revision_id)
    return select(*columns).select_from(joined).where(*conditions)


def _named(connection: Connection, query: Query, conditions: Conditions) -> list[Count]:
    who = called(connection)
    entity, articles = func.max(_mention.entity_id), func.count(_article.id.distinct())
    statement = (
        select(_mention.kind, entity, who.name, articles)
        .select_from(who.joined)
        .where(*conditions)
        .group_by(func.coalesce(_mention.entity_id, literal_column("''")), _mention.kind, who.key)
    )
    rows = connection.execute(as_it_stood(statement, query.as_of)).all()
    found = [Count(*row) for row in rows]
    return sorted(found, key=lambda one: (-one.articles, one.name, one.kind, one.value or ""))
