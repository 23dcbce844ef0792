"""What surrounds an entry, for its page: from the tables for counting alone, never by a look at
each mention; read-only, the same on both engines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from kb.archive import places, tables
from kb.archive.actors import Actors, name_ids
from kb.archive.engine import reading
from kb.archive.filters import bearing
from kb.archive.records import Company

_name, _appearance, _facet = tables.name.c, tables.appearance.c, tables.facet.c
_article = tables.article.c


@dataclass(frozen=True, slots=True)
class First:
    """The first article that names an entry, of those with a date (UTC)."""

    article_id: int
    title: str
    outlet: str | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Press:
    """An outlet and its level (None of articles that have none), and how many articles it has."""

    outlet: str | None
    level: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Around:
    """What stands in the articles that name an entry: by kind who and what, by outlet how many.

    Most articles first; `first` is None where no article with a date names it.
    """

    named: Mapping[str, Sequence[Company]]
    outlets: Sequence[Press]
    first: First | None


def around(engine: Engine, entity_id: str, wanted: Mapping[str, int]) -> Around:
    """Return what surrounds an entry; `wanted`: kinds of names, and how many of each."""
    from kb.archive import measures  # numpy, which most commands do without

    with reading(engine) as connection:
        own = name_ids(connection, Actors((entity_id,), ()))
        return Around(
            measures.company(connection, entity_id, wanted),
            _outlets(connection, own),
            _first(connection, own),
        )


def articles_naming(engine: Engine, entity_ids: Collection[str]) -> dict[str, int]:
    """Return how many articles name each of some entries; those that none names are left out."""
    own = select(_name.id, _name.entity_id).where(_name.entity_id.in_(list(entity_ids)))
    found: dict[str, list[int]] = {}
    with reading(engine) as connection:
        for number, entity_id in connection.execute(own):
            found.setdefault(entity_id, []).append(number)
        counted = {
            entity_id: connection.execute(
                select(func.count()).select_from(bearing(numbers).subquery())
            ).scalar_one()
            for entity_id, numbers in found.items()
        }
    return {entity_id: count for entity_id, count in counted.items() if count}


def _outlets(connection: Connection, own: Sequence[int]) -> list[Press]:
    there = bearing(own).subquery("there")
    counted = (
        select(_facet.outlet, func.count().label("articles"))
        .join_from(there, tables.facet, _facet.place == there.c.place)
        .group_by(_facet.outlet)
    ).subquery("counted")
    level = tables.outlet.c
    statement = select(counted.c.outlet, level.level, counted.c.articles).outerjoin_from(
        counted, tables.outlet, level.id == counted.c.outlet
    )
    rows = [Press(*row) for row in connection.execute(statement)]
    return sorted(rows, key=lambda one: (-one.articles, one.outlet or ""))


def _first(connection: Connection, own: Sequence[int]) -> First | None:
    place = select(func.min(_appearance.place)).where(
        _appearance.name_id.in_(own), _appearance.place >= places.DATED
    )
    # Of one day places say nothing: the earliest of the day is looked for among its articles.
    lowest = connection.execute(place).scalar()
    if lowest is None:
        return None
    day = places.following(places.day_at(lowest))
    same = bearing(own).where(_appearance.place >= lowest, _appearance.place < day)
    statement = (
        select(_article.id, _article.title, _article.outlet, _article.published_at)
        .where(_article.place.in_(same))
        .order_by(_article.ordered_at, _article.id)
        .limit(1)
    )
    row = connection.execute(statement).first()
    return First(*row) if row else None
