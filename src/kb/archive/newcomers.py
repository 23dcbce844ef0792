"""People and organisations that the archive meets for the first time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, or_, select

from kb.archive import tables
from kb.archive.engine import reading
from kb.archive.lookup import chunks

_facet, _name, _appearance = tables.facet.c, tables.name.c, tables.appearance.c
_KINDS = ("person", "org")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A name that no earlier article has; `article_id` is one that has it."""

    kind: str
    name: str
    entity_id: str | None
    articles: int
    mentions: int
    article_id: int


def newcomers(
    engine: Engine, article_ids: Collection[int], since: datetime, limit: int = 12
) -> list[Newcomer]:
    """Return people and organisations of some articles that no article first seen before `since`
    names, those of most articles first; an entry of several names counts as one, as does what is
    written in several ways, and is called as most of these articles write it."""
    ways: dict[tuple[str, str], list[_Way]] = {}
    with reading(engine) as connection:
        bearers = _bearers(connection, article_ids)
        names = [
            row
            for numbers in chunks(sorted(bearers))
            for row in connection.execute(_new(numbers, since))
        ]
        entries = {(kind, form): entity_id for _, kind, _, form, entity_id in names if entity_id}
        for id_, kind, name, form, entity_id in names:
            mine = bearers[id_]
            counts = select(_appearance.place, _appearance.mentions)
            counts = counts.where(_appearance.name_id == id_)
            mentions = sum(n for place, n in connection.execute(counts) if place in mine)
            one = _Way(name, entity_id, mine, mentions)
            key = entity_id or entries.get((kind, form), form)
            ways.setdefault((kind, key), []).append(one)
    found = [_together(kind, some) for (kind, _), some in ways.items()]
    return sorted(found, key=lambda one: (-one.articles, -one.mentions, one.name))[:limit]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write a name, with the articles that write it so, by their places."""

    name: str
    entity_id: str | None
    articles: dict[int, int]
    mentions: int


def _together(kind: str, ways: list[_Way]) -> Newcomer:
    """Return the ways to write a name as one; an article that has several of them counts once."""
    first = min(ways, key=lambda one: (-one.mentions, one.name))
    ids = {id_ for one in ways for id_ in one.articles.values()}
    entity_id = next((one.entity_id for one in ways if one.entity_id), None)
    mentions = sum(one.mentions for one in ways)
    return Newcomer(kind, first.name, entity_id, len(ids), mentions, min(ids))


def _bearers(connection: Connection, article_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return for the number of each name in some articles their ids by their places."""
    found: dict[int, dict[int, int]] = {}
    statement = select(_facet.place, _facet.article_id, _facet.names)
    for ids in chunks(sorted(set(article_ids))):
        for place, article_id, names in connection.execute(
            statement.where(_facet.article_id.in_(ids))
        ):
            for number in names:
                found.setdefault(number, {})[place] = article_id
    return found


def _new(numbers: Sequence[int], since: datetime) -> Select[int, str, str, str, str | None]:
    before, earlier = tables.appearance.alias("before"), tables.article.alias("earlier")
    other = tables.name.alias("other")
    same = (
        select(other.c.id)
        .where(
            or_(
                other.c.id == _name.id,
                other.c.kin == _name.kin,
                other.c.entity_id == _name.entity_id,
            )
        )
        .correlate(tables.name)
    )
    known = (
        select(before.c.name_id)
        .join(earlier, earlier.c.place == before.c.place)
        .where(before.c.name_id.in_(same), earlier.c.first_seen < since)
        .correlate(tables.name)
    )
    return (
        select(_name.id, _name.kind, _name.name, _name.form, _name.entity_id)
        .where(_name.id.in_(numbers), _name.kind.in_(_KINDS), ~known.exists())
        .order_by(_name.name)
    )
