"""Complete results as streams of rows, with the contract's export columns.

All filters of the query count; `limit` and `after`, which cut pages, do not. Dates are UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    collate,
    func,
    literal_column,
    select,
)

from kb.archive import tables
from kb.archive.engine import stream
from kb.archive.filters import mention_conditions
from kb.archive.query import Query
from kb.archive.search import COLUMNS, plan

Row = dict[str, Any]
ACTOR_KINDS = ("person", "org")
_article, _revision, _mention = tables.article.c, tables.revision.c, tables.mention.c
_entry = tables.entry.c
_NEWEST = (_article.ordered_at.desc(), _article.id.desc())


def articles(connection: Connection, query: Query, *, full_text: bool = False) -> Iterator[Row]:
    """Yield articles, newest first; with `full_text` also their `body`."""
    statement: Select[Any] = select(*COLUMNS)
    if full_text:
        statement = statement.add_columns(_revision.body).join(
            tables.revision, _revision.id == _article.revision_id
        )
    statement = statement.where(*plan(connection, query).conditions).order_by(*_NEWEST)
    for row in stream(connection, statement):
        yield {**row, "authors": tuple(row["authors"])}


def mentions(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield mentions, by article (newest first) and place in it.

    Where the query names initiatives, actors or kinds, only their mentions.
    """
    decided = plan(connection, query)
    text = case(
        (_mention.field == "title", _revision.title),
        (_mention.field == "lead", _revision.lead),
        else_=_revision.body,
    )
    length = _mention.sentence_end - _mention.sentence_start
    sentence = func.substr(text, _mention.sentence_start + 1, length).label("sentence")
    names = ("article_id", "kind", "entity_id", "name", "surface", "field", "start", "end")
    statement = (
        select(*(_mention[name] for name in names), sentence, _mention.method, _mention.score)
        .join_from(tables.article, tables.mention, _mention.revision_id == _article.revision_id)
        .join(tables.revision, _revision.id == _mention.revision_id)
        .where(*decided.conditions, *mention_conditions(query, decided.actors))
        .order_by(*_NEWEST, _mention.number)
    )
    yield from map(dict, stream(connection, statement))


def actors(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield people and organisations with their counts, most articles first.

    `first_seen` and `last_seen` are dates of publication. Those that the registry does not know
    have no `entity_id` and are told apart by kind and name.
    """
    decided = plan(connection, query)
    wanted = mention_conditions(replace(query, initiatives=()), decided.actors)
    name = func.coalesce(func.max(_entry.name), func.min(_mention.name)).label("name")
    unlinked = case((_mention.entity_id.is_(None), _mention.name))
    statement = (
        select(_ENTITY, _mention.kind, name, *_COUNTS, *_span("first_seen", "last_seen"))
        .where(_mention.kind.in_(ACTOR_KINDS), *wanted, *decided.conditions)
        .group_by(_GROUP, _mention.kind, unlinked)
    )
    yield from map(dict, stream(connection, _ranked(connection, statement, name)))


def initiatives(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield initiatives with their counts, most articles first; `first` and `last` are dates."""
    decided = plan(connection, query)
    named = [_mention.entity_id.in_(query.initiatives)] if query.initiatives else []
    name = func.coalesce(func.max(_entry.name), func.min(_mention.name)).label("name")
    level = func.max(_entry.level).label("level")
    statement = (
        select(_ENTITY, name, level, *_COUNTS, *_span("first", "last"))
        .where(_mention.kind == "initiative", *named, *decided.conditions)
        .group_by(_GROUP)
    )
    yield from map(dict, stream(connection, _ranked(connection, statement, name)))


def documents(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield documents with their counts, most articles first; `first` and `last` are dates.

    Those that the registry does not know have no `entity_id` and are told apart by name.
    """
    decided = plan(connection, query)
    name = func.coalesce(func.max(_entry.name), func.min(_mention.name)).label("name")
    unlinked = case((_mention.entity_id.is_(None), _mention.name))
    statement = (
        select(_ENTITY, name, *_COUNTS, *_span("first", "last"))
        .where(_mention.kind == "document", *decided.conditions)
        .group_by(_GROUP, unlinked)
    )
    yield from map(dict, stream(connection, _ranked(connection, statement, name)))


# An expression, not the column: else SQLite walks the index on it, three times slower.
_GROUP = func.coalesce(_mention.entity_id, literal_column("''"))
_ENTITY = func.max(_mention.entity_id).label("entity_id")
_MENTIONS = func.count().label("mentions")
_ARTICLES = func.count(_mention.article_id.distinct()).label("articles")
_COUNTS = (_MENTIONS, _ARTICLES)


def _span(first: str, last: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    moment = _article.published_at
    return func.min(moment).label(first), func.max(moment).label(last)


def _ranked(
    connection: Connection, statement: Select[Any], name: ColumnElement[str]
) -> Select[Any]:
    """Join what is counted and order it alike on both engines: by code points, not by locale."""
    keys: list[ColumnElement[str]] = [name, _GROUP]
    if connection.dialect.name == "postgresql":
        keys = [collate(key, "C") for key in keys]
    return (
        statement.select_from(tables.article)
        .join(tables.mention, _mention.revision_id == _article.revision_id)
        .outerjoin(tables.entry, _entry.id == _mention.entity_id)
        .order_by(_ARTICLES.desc(), _MENTIONS.desc(), *keys)
    )
