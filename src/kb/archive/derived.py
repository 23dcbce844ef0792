"""Tables that follow from readings and make counting cheap, kept up article by article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.archive import bulk, compact, places, tables
from kb.archive.compact import Key, Numbers, Readings, name_ids
from kb.archive.lookup import chunks
from kb.reading import KINDS

_article, _facet, _mention = tables.article.c, tables.facet.c, tables.mention.c
_tally = tables.tally.c
Row = Mapping[str, Any]
MOST_RECENT = 500_000
"""Rows of `tables.recent`, of about 12,000 articles, from which on they are moved."""


def refresh(
    connection: Connection,
    article_ids: Collection[int],
    readings: Readings | None = None,
    numbers: Numbers | None = None,
    *,
    fresh: Mapping[int, Row] | None = None,
) -> None:
    """Bring up to date what follows from the current readings of articles.

    Args:
        readings: those in hand by revision id; the others are read from the archive.
        numbers: the numbers of the names in them, see `compact.numbered`.
        fresh: articles that are new (rows of `article` by id): nothing of them is to be taken away.
    """
    change: Counter[tuple[int, str]] = Counter()
    new, readings = fresh or {}, readings or {}
    numbers = compact.numbered(connection, readings) if numbers is None else numbers
    for ids in chunks(sorted(set(article_ids))):
        old = [id_ for id_ in ids if id_ not in new]
        rows = [[new[id_][name] for name in _PLACED] for id_ in ids if id_ in new]
        if old:
            _take_away(connection, old, change)
            placed = select(*(_article[name] for name in _PLACED)).where(_article.id.in_(old))
            rows += map(list, connection.execute(placed))
        names = _names(connection, [row[3] for row in rows], readings, numbers)
        facets, appearances = [], []
        for id_, place, outlet, revision_id in rows:
            counts, mask = names[revision_id]
            change[places.day_at(place), outlet or ""] += 1
            facets.append((place, id_, outlet, mask, sorted(counts)))
            appearances += [(number, place, count) for number, count in counts.items()]
        # In the order of the tables' keys, which spares SQLite much of its paging.
        bulk.insert_records(connection, tables.facet, _columns(tables.facet), sorted(facets))
        appearances.sort()
        table = tables.recent if connection.dialect.name == "sqlite" else tables.settled
        bulk.insert_records(connection, table, _columns(table), appearances)
    _count(connection, change)
    settle(connection)


_PLACED = ("id", "place", "outlet", "revision_id")


def settle(connection: Connection) -> None:
    """Move the appearances that wait apart to the others, if they are many.

    The names of a batch lie all over the table: of 2,900 pages that 250 articles touched at
    100,000 articles, 1,700 were its (`benchmarks.archive`). Of many batches a page gets several.
    """
    waiting = connection.execute(select(func.count()).select_from(tables.recent)).scalar_one()
    if waiting < MOST_RECENT:
        return
    rows = select(tables.recent).order_by(*tables.recent.primary_key)
    connection.execute(insert(tables.settled).from_select(_columns(tables.settled), rows))
    connection.execute(delete(tables.recent))


def clear(connection: Connection) -> None:
    """Empty these tables, all but the names, whose numbers mentions may hold."""
    for table in (tables.settled, tables.recent, tables.facet, tables.tally):
        connection.execute(delete(table))


def _columns(table: Any) -> list[str]:  # noqa: ANN401
    return list(table.columns.keys())


def _take_away(
    connection: Connection, ids: Collection[int], change: Counter[tuple[int, str]]
) -> None:
    if not ids:
        return
    statement = select(_facet.place, _facet.outlet, _facet.names).where(_facet.article_id.in_(ids))
    rows = connection.execute(statement).all()
    for place, outlet, _ in rows:
        change[places.day_at(place), outlet or ""] -= 1
    at = defaultdict(list)
    for place, _, names in rows:
        for number in names:
            at[number].append(place)
    for table in (tables.settled, tables.recent):
        gone = [
            and_(table.c.name_id == number, table.c.place.in_(found))
            for number, found in at.items()
        ]
        for part in chunks(gone):
            connection.execute(delete(table).where(or_(*part)))
    connection.execute(delete(tables.facet).where(_facet.article_id.in_(ids)))


def _names(
    connection: Connection, revisions: list[int], readings: Readings, numbers: Numbers
) -> dict[int, tuple[dict[int, int], int]]:
    """Return how often each name is mentioned, and the kinds as bits, by revision."""
    made: dict[int, tuple[dict[int, int], int]] = {
        id_: (Counter(numbers[id_]), mask_of({one.kind for one in readings[id_][1].mentions}))
        for id_ in revisions
        if id_ in readings
    }
    if missing := [id_ for id_ in revisions if id_ not in readings]:
        counts = {id_: Counter[Key]() for id_ in missing}
        keys = (_mention.kind, _mention.entity_id, _mention.name)
        statement = (
            select(_mention.revision_id, *keys, func.count())
            .where(_mention.revision_id.in_(missing))
            .group_by(_mention.revision_id, *keys)
        )
        for revision_id, kind, entity_id, name, count in connection.execute(statement):
            counts[revision_id][kind, entity_id, name] = count
        ids = name_ids(connection, (key for found in counts.values() for key in found))
        for id_, found in counts.items():
            mask = mask_of(key[0] for key in found)
            made[id_] = {ids[key]: n for key, n in found.items()}, mask
    return made


def mask_of(kinds: Any) -> int:  # noqa: ANN401 - any iterable of words
    """Return kinds as the bits of `facet.kinds`; words that are no kinds have none."""
    mask = 0
    for kind in kinds:
        if kind in KINDS:
            mask |= 1 << KINDS.index(kind)
    return mask


def _count(connection: Connection, change: Mapping[tuple[int, str], int]) -> None:
    rows = [
        {"day": day, "outlet": outlet, "articles": count}
        for (day, outlet), count in sorted(change.items())
        if count
    ]
    if not rows:
        return
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(tables.tally)
    total = _tally.articles + statement.excluded.articles
    connection.execute(
        statement.on_conflict_do_update(index_elements=["day", "outlet"], set_={"articles": total}),
        rows,
    )
    if min(change.values()) < 0:  # it looks at all days
        connection.execute(delete(tables.tally).where(_tally.articles == 0))
