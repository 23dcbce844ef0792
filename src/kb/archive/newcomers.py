"""People and organisations that the archive meets for the first time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, select

from kb.archive import tables
from kb.archive.engine import reading
from kb.archive.lookup import chunks
from kb.text import name_form

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
    names, those of most articles first; spellings that differ in case alone count as one."""
    found: dict[tuple[str, str], Newcomer] = {}
    with reading(engine) as connection:
        bearers = _bearers(connection, article_ids)
        for numbers in chunks(sorted(bearers)):
            for id_, kind, name, entity_id in connection.execute(_new(numbers, since)).all():
                mine = bearers[id_]
                counts = select(_appearance.place, _appearance.mentions)
                counts = counts.where(_appearance.name_id == id_)
                mentions = sum(n for place, n in connection.execute(counts) if place in mine)
                key = kind, name_form(name)
                old = found.get(key)
                found[key] = Newcomer(
                    kind,
                    old.name if old else name,
                    entity_id,
                    len(mine) + (old.articles if old else 0),
                    mentions + (old.mentions if old else 0),
                    old.article_id if old else min(mine.values()),
                )
    ranked = sorted(found.values(), key=lambda one: (-one.articles, -one.mentions, one.name))
    return ranked[:limit]


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


def _new(numbers: Sequence[int], since: datetime) -> Select[int, str, str, str | None]:
    before, earlier = tables.appearance.alias("before"), tables.article.alias("earlier")
    known = (
        select(before.c.name_id)
        .join(earlier, earlier.c.place == before.c.place)
        .where(before.c.name_id == _name.id, earlier.c.first_seen < since)
        .correlate(tables.name)
    )
    return (
        select(_name.id, _name.kind, _name.name, _name.entity_id)
        .where(_name.id.in_(numbers), _name.kind.in_(_KINDS), ~known.exists())
        .order_by(_name.name)
    )
