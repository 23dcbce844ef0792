"""The filters of a query as SQL conditions on articles and on mentions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, false, or_, select

from kb.archive import tables
from kb.archive.query import Query
from kb.article import VIETNAM
from kb.reading import KINDS
from kb.text import canonical, characters

_article, _mention, _commitment = tables.article.c, tables.mention.c, tables.commitment.c


@dataclass(frozen=True, slots=True)
class Actors:
    """Who is asked for: ids of registry entries, and names of those that have none."""

    ids: tuple[str, ...]
    names: tuple[str, ...]


def resolve_actors(connection: Connection, values: Iterable[str]) -> Actors:
    """Look up ids or names (Vietnamese or English, any case) in the registry.

    An old district stands for the units, too, that the registry says lie on its ground.
    """
    wanted = [characters(value).strip() for value in values]
    if not wanted:
        return Actors((), ())
    keys = set(map(canonical, wanted))
    entry = tables.entry.c
    rows = connection.execute(select(entry.id, entry.name, entry.name_en, entry.data)).all()
    ids = [
        row.id for row in rows if not keys.isdisjoint({canonical(text) for text in row[:3] if text})
    ]
    units = [row.id for row in rows if not set(ids).isdisjoint(row.data.get("territory", ()))]
    return Actors(tuple(dict.fromkeys([*ids, *wanted, *units])), tuple(wanted))


def article_conditions(query: Query, actors: Actors) -> list[ColumnElement[bool]]:
    """Return what an article must fulfil, apart from the text query."""
    conditions: list[ColumnElement[bool]] = []
    if query.since or query.until:
        conditions.append(_article.published_at.is_not(None))
    if query.since:
        conditions.append(_article.ordered_at >= _midnight(query.since))
    if query.until:
        # The day after the last day of the calendar would be no date: it sets no limit.
        following = query.until + timedelta(days=1) if query.until < date.max else None
        if following:
            conditions.append(_article.ordered_at < _midnight(following))
    if query.articles:
        # An id beyond the column's range would be an error on PostgreSQL, not an empty answer.
        wanted = [id_ for id_ in query.articles if 0 < id_ < 2**31]
        conditions.append(_article.id.in_(wanted))
    if query.outlets:
        conditions.append(_article.outlet.in_(query.outlets))
    if query.initiatives:
        conditions.append(_mentioned(_mention.entity_id.in_(query.initiatives)))
    if query.actors:
        conditions.append(_mentioned(_is_actor(actors)))
    if query.kinds:
        conditions.append(_mentioned(_is_kind(query.kinds)))
    return conditions


def mention_conditions(query: Query, actors: Actors) -> list[ColumnElement[bool]]:
    """Return which mentions of a found article are meant: all, or those that were named."""
    conditions: list[ColumnElement[bool]] = []
    named: list[ColumnElement[bool]] = []
    if query.initiatives:
        named.append(_mention.entity_id.in_(query.initiatives))
    if query.actors:
        named.append(_is_actor(actors))
    if named:
        conditions.append(or_(*named))
    if query.kinds:
        conditions.append(_is_kind(query.kinds))
    return conditions


def due_conditions(query: Query) -> list[ColumnElement[bool]]:
    """Return when a commitment must be due: the last day of it decides.

    "From 2026 on" has no last day: it is due after any day and before none.
    """
    conditions: list[ColumnElement[bool]] = []
    if query.due_after:
        openly = _commitment.due_to.is_(None) & _commitment.due_from.is_not(None)
        conditions.append((_commitment.due_to > query.due_after) | openly)
    if query.due_before:
        conditions.append(_commitment.due_to < query.due_before)
    return conditions


def _midnight(day: date) -> datetime:
    if day.year < 2:  # earlier than any article, and UTC has no such moment
        return tables.UNDATED
    return datetime.combine(day, time.min, VIETNAM).astimezone(UTC)


def _mentioned(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return that the article's current revision has such a mention."""
    return _article.revision_id.in_(select(_mention.revision_id).where(condition))


def _is_actor(actors: Actors) -> ColumnElement[bool]:
    unlinked = _mention.entity_id.is_(None) & _mention.name.in_(actors.names)
    return _mention.entity_id.in_(actors.ids) | unlinked


def _is_kind(kinds: Iterable[str]) -> ColumnElement[bool]:
    known = [kind for kind in kinds if kind in KINDS]
    return _mention.kind.in_(known) if known else false()
