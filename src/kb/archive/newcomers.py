"""People and organisations that the archive meets for the first time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from kb.archive import tables
from kb.archive.engine import reading
from kb.archive.lookup import chunks
from kb.text import name_form

_article, _name, _appearance = tables.article.c, tables.name.c, tables.appearance.c
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
    own, before = tables.appearance.alias("own"), tables.appearance.alias("before")
    earlier = tables.article.alias("earlier")
    known = (
        select(before.c.name_id)
        .join(earlier, earlier.c.place == before.c.place)
        .where(before.c.name_id == _name.id, earlier.c.first_seen < since)
        .correlate(tables.name)
    )
    found: dict[tuple[str, str], Newcomer] = {}
    with reading(engine) as connection:
        for ids in chunks(sorted(set(article_ids))):
            statement = (
                select(_name.kind, _name.name, _name.entity_id)
                .add_columns(func.count(), func.sum(own.c.mentions), func.min(_article.id))
                .join_from(tables.article, own, own.c.place == _article.place)
                .join(tables.name, _name.id == own.c.name_id)
                .where(_article.id.in_(ids), _name.kind.in_(_KINDS), ~known.exists())
                .group_by(_name.id, _name.kind, _name.name, _name.entity_id)
                .order_by(_name.name)
            )
            for kind, name, entity_id, articles, mentions, article_id in connection.execute(
                statement
            ):
                key = kind, name_form(name)
                old = found.get(key)
                found[key] = Newcomer(
                    kind,
                    old.name if old else name,
                    entity_id,
                    articles + (old.articles if old else 0),
                    int(mentions) + (old.mentions if old else 0),
                    old.article_id if old else article_id,
                )
    ranked = sorted(found.values(), key=lambda one: (-one.articles, -one.mentions, one.name))
    return ranked[:limit]
