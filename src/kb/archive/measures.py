"""Counting what a query finds: facets, histograms, attention, share of voice, company.

From the tables that every load keeps up (`derived.py`): one small row an article, and for each
name the articles that mention it, sorted by day. No text and no mention is read.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    literal_column,
    select,
)

from kb.archive import columnar, counts_then, places, tables
from kb.archive.actors import name_ids, resolve_actors
from kb.archive.columnar import Numbers
from kb.archive.filters import Filters, bearing
from kb.archive.lookup import chunks
from kb.archive.naming import ACTORS, Groups, groups_of, ranking
from kb.archive.periods import buckets, check, following, start
from kb.archive.query import Query
from kb.archive.records import Bucket, By, Company, Count, Facets, Outlets, Share
from kb.archive.search import Plan, plan
from kb.reading import KINDS

_facet, _tally, _appearance = tables.facet.c, tables.tally.c, tables.appearance.c


def facets(connection: Connection, query: Query, most: int = 20) -> Facets:
    """Count the articles that a query finds by outlet and its level, month, kind, initiative,
    actor and place.

    Of actors and places those of most articles, at most `most`; names that are equal in codes come
    alike on both engines. With `as_of` days and names are those of the texts of that moment.
    """
    if query.as_of:
        then = counts_then.counts(connection, query)
        return _facets(
            connection,
            then.total,
            then.outlets,
            then.days,
            then.kinds,
            [one for one in then.named if one.kind == "initiative"],
            [one for one in then.named if one.kind in ACTORS][:most],
            [one for one in then.named if one.kind == "place"][:most],
        )
    decided = plan(connection, query)
    rows = columnar.facet_rows(connection, _facet_rows(decided), decided.total)
    days = rows.days
    undated = [day for day in days if day < places.FIRST_DAY]
    days[0] = sum(days.pop(day) for day in undated)
    kinds: Counter[str | None] = Counter(
        {
            kind: count
            for bit, kind in enumerate(KINDS)
            if (count := sum(n for mask, n in rows.masks.items() if mask >> bit & 1))
        }
    )
    groups = groups_of(connection, rows.names)
    wanted: tuple[tuple[tuple[str, ...], int | None], ...] = (
        (("initiative",), None), (ACTORS, most), (("place",), most),
    )  # fmt: skip
    named = [ranking(connection, groups, *one) for one in wanted]
    return _facets(connection, decided.total, rows.outlets, days, kinds, *named)


def _facets(
    connection: Connection,
    total: int,
    outlets: Counter[str | None],
    days: Counter[int],
    kinds: Counter[str | None],
    initiatives: Sequence[Count],
    actors: Sequence[Count],
    spots: Sequence[Count],
) -> Facets:
    return Facets(
        total=total,
        outlets=_ranked(outlets),
        months=tuple((bucket.start, bucket.articles) for bucket in buckets(days, {}, "month")),
        undated=days[0],
        kinds=_ranked(kinds),
        initiatives=tuple(initiatives),
        actors=tuple(actors),
        places=tuple(spots),
        levels=_levels(connection, outlets),
    )


def by_outlet(connection: Connection, query: Query) -> Outlets:
    """Count the articles that a query finds by outlet and its level: what `facets` says of these,
    in a sixth of the time, as no name is looked at."""
    if query.as_of:
        found = counts_then.counts(connection, query).outlets
    else:
        decided = plan(connection, query)
        rows = _facet_rows(decided).with_only_columns(_facet.outlet).subquery("rows")
        counted = select(rows.c.outlet, func.count()).group_by(rows.c.outlet)
        found = Counter(dict(columnar.plain_rows(connection, counted)))
    return Outlets(_ranked(found), _levels(connection, found))


def _levels(connection: Connection, outlets: Counter[str | None]) -> tuple[tuple[str, int], ...]:
    level_of = dict(connection.execute(select(tables.outlet.c.id, tables.outlet.c.level)).all())
    levels: Counter[str | None] = Counter()
    for outlet, count in outlets.items():
        if level := level_of.get(outlet):
            levels[level] += count
    return tuple((str(level), count) for level, count in _ranked(levels))


def histogram(connection: Connection, query: Query, by: By = "month") -> list[Bucket]:
    """Count articles by period, from the first to the last that has any, none left out.

    `total` counts all articles of the period that the query's outlets published, whatever they
    say, so that `articles / total` is a share. Articles without a date are in no period.

    Raises:
        QueryError: there is no such period.
    """
    check(by)
    days = _days(connection, query)
    if not days:
        return []
    first = start(date.fromordinal(min(days)), by)
    last = following(start(date.fromordinal(max(days)), by), by)
    if query.as_of or query.reuse == "folded":  # no table has that counted
        published = Query(
            since=query.since, until=query.until, outlets=query.outlets, levels=query.levels,
            reuse=query.reuse, as_of=query.as_of,
        )  # fmt: skip
        found = _days(connection, published)
        span = range(first.toordinal(), last.toordinal())
        totals = {day: count for day, count in found.items() if day in span}
        return list(buckets(days, totals, by))
    everything = (
        select(_tally.day, func.sum(_tally.articles))
        .where(_tally.day >= first.toordinal(), _tally.day < last.toordinal())
        .group_by(_tally.day)
    )
    if query.outlets:
        everything = everything.where(_tally.outlet.in_(query.outlets))
    if query.levels:
        outlet = tables.outlet.c
        level = select(outlet.id).where(outlet.level.in_(query.levels))
        everything = everything.where(_tally.outlet.in_(level))
    if query.since:
        everything = everything.where(_tally.day >= query.since.toordinal())
    if query.until:
        everything = everything.where(_tally.day <= query.until.toordinal())
    totals = {day: int(count) for day, count in columnar.plain_rows(connection, everything)}
    return list(buckets(days, totals, by))


def _days(connection: Connection, query: Query) -> dict[int, int]:
    """Count the articles that a query finds by day in Vietnam, without those of no date."""
    if query.as_of:
        return counts_then.days(connection, query)
    simple = not query.text and query.reuse == "each"
    decided = plan(connection, query, total=0) if simple else plan(connection, query)
    if (number := _frequent(connection, decided)) is not None:
        return _days_of(connection, number, query)
    source = decided.source()
    day = source.place.op(">>")(literal_column(str(places.BITS)))
    counted = select(day, func.count()).where(*decided.where(source)).group_by(day)
    rows = columnar.plain_rows(connection, counted)
    return {day: count for day, count in rows if day >= places.FIRST_DAY}


_FREQUENT = 20_000
"""Articles of a name from which on a look at each day is faster than one at each article."""


def _frequent(connection: Connection, decided: Plan) -> int | None:
    """Return the name that is all that is asked for beside days, if many articles have it.

    On SQLite, which sorts articles to group them but counts a range of an index almost for free.
    """
    entities = decided.filters.entities
    alone = decided.node is None and len(entities) == 1 and len(entities[0]) == 1
    if (
        not alone
        or decided.dialect != "sqlite"
        or len(decided.where(source := decided.source()))
        > (len(decided.filters.period(source.place)))
    ):
        return None
    some = select(_appearance.place).where(_appearance.name_id == entities[0][0]).limit(_FREQUENT)
    count = connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return entities[0][0] if count == _FREQUENT else None


def _days_of(connection: Connection, number: int, query: Query) -> dict[int, int]:
    """Count the articles with a name by day."""
    days = select(_tally.day).distinct().where(_tally.day >= places.FIRST_DAY)
    if query.since:
        days = days.where(_tally.day >= query.since.toordinal())
    if query.until:
        days = days.where(_tally.day <= query.until.toordinal())
    day = days.subquery("there").c.day
    bits: ColumnElement[int] = literal_column(str(places.BITS))
    # Of each table for itself: SQLite would read all of both for each day.
    counts = [
        select(func.count())
        .where(
            table.c.name_id == number,
            table.c.place >= day.op("<<")(bits),
            table.c.place < (day + 1).op("<<")(bits),
        )
        .scalar_subquery()
        for table in (tables.settled, tables.recent)
    ]
    rows = columnar.plain_rows(connection, select(day, reduce(operator.add, counts)))
    return {day: count for day, count in rows if count}


def share_of_voice(connection: Connection, of: Sequence[str], query: Query) -> list[Share]:
    """Count for each of some entities (ids or names) the articles that mention it.

    `share` is of the articles that mention any of them (`total`), within the query. An article
    that mentions several counts for each, so shares may add up to more than 1.
    """
    within = _within(connection, query)
    found = []
    for one in dict.fromkeys(of):
        actors = resolve_actors(connection, (one,))
        if query.as_of:
            mine = counts_then.mentioning(connection, actors, query)
        else:
            mine = _mentioning(connection, name_ids(connection, actors), query)
        if within is not None:
            mine = np.intersect1d(mine, within, assume_unique=True)
        found.append((one, mine))
    everyone = (
        columnar.distinct(np.concatenate([mine for _, mine in found])) if found else np.array([])
    )
    total = len(everyone)
    return [
        Share(one, len(mine), total, len(mine) / total if total else 0.0) for one, mine in found
    ]


def co_mentions(connection: Connection, entity: str, query: Query, most: int = 20) -> list[Company]:
    """Return who and what is mentioned in the same articles as an entity (id or name).

    Those of most common articles first; entities that the registry knows are one whatever the
    names in the texts.
    """
    if query.as_of:
        actors = resolve_actors(connection, (entity,))
        return counts_then.company(connection, actors, query, most)
    return _company(connection, _beside(connection, entity, query), None, most)


def company(
    connection: Connection, entity: str, wanted: Mapping[str, int]
) -> dict[str, list[Company]]:
    """Return, for each kind of `wanted`, who or what of it is mentioned beside an entity, as many
    as it says; what `co_mentions` returns, each kind for itself and all counted at once."""
    groups = _beside(connection, entity, Query())
    return {kind: _company(connection, groups, (kind,), most) for kind, most in wanted.items()}


def _company(
    connection: Connection, groups: Groups, kinds: Sequence[str] | None, most: int
) -> list[Company]:
    return [
        Company(one.kind, one.value, one.name, one.articles)
        for one in ranking(connection, groups, kinds, most)
    ]


def _beside(connection: Connection, entity: str, query: Query) -> Groups:
    own = name_ids(connection, resolve_actors(connection, (entity,)))
    within = _within(connection, query)
    if within is not None:
        chosen = np.intersect1d(_mentioning(connection, own, query), within, assume_unique=True)
        statements = [
            select(_facet.names).where(_facet.place.in_(part)) for part in chunks(chosen.tolist())
        ]
    else:
        period = Filters.of(connection, query).period(_appearance.place)
        place = bearing(own).where(*period).subquery("having").c.place
        statements = [select(_facet.names).where(_facet.place == place)]
    return groups_of(connection, columnar.names(connection, statements), without=own)


def _within(connection: Connection, query: Query) -> Numbers | None:
    """Return the places that a query finds; None if days alone narrow it."""
    if query.as_of:
        return counts_then.found(connection, query)
    if not replace(query, since=None, until=None).limited and query.reuse == "each":
        return None
    return _places(connection, plan(connection, query))


def _facet_rows(decided: Plan) -> Select[Any]:
    columns = (_facet.place, _facet.outlet, _facet.kinds, _facet.names)
    source = decided.source()
    statement = select(*columns)
    if source.table is tables.facet:
        statement = statement.where(*decided.where(source))
    else:
        found = decided.select().subquery("found")
        statement = statement.join_from(found, tables.facet, _facet.place == found.c.place)
    return statement


def _places(connection: Connection, decided: Plan) -> Numbers:
    return columnar.integers(connection, decided.select())


def _mentioning(connection: Connection, numbers: list[int], query: Query) -> Numbers:
    days = Filters.of(connection, Query(since=query.since, until=query.until))
    # Of each table for itself: as one SQLite hands over row by row, which takes twice as long.
    found = [
        columnar.integers(
            connection,
            select(one.c.place).where(one.c.name_id.in_(numbers), *days.period(one.c.place)),
        )
        for one in (tables.settled, tables.recent)
    ]
    return columnar.distinct(np.concatenate(found))


def _ranked(counts: Counter[str | None]) -> tuple[tuple[str | None, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0] or "")))
