"""Complete results as listings of rows, with the contract's export columns.

All filters of the query count; `limit` and `after`, which cut pages, do not. Dates are UTC. `known`
is what an earlier page decided: whether marks were ignored, and how many articles were found.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    collate,
    func,
    literal,
    literal_column,
    select,
)

from kb.archive import tables
from kb.archive.as_of import words_of
from kb.archive.columns import unpacked
from kb.archive.filters import mention_conditions
from kb.archive.judgements.columns import VERDICT, with_judged
from kb.archive.listing import Key, Listing, Row
from kb.archive.query import Query
from kb.archive.search import COLUMNS, Plan, plan
from kb.archive.spellings import Called, called, linked

Known = tuple[bool | None, int | None]
FIRST: Known = (None, None)
"""Nothing is known: the first page, or all."""
ACTOR_KINDS = ("person", "org")
_article, _revision, _mention = tables.article.c, tables.revision.c, tables.mention.c
_entry = tables.entry.c
_IN_ORDER = _article.ordered_at >= literal(tables.UNDATED, _article.ordered_at.type)
"""Always so; by it SQLite walks the articles in their order, and need not sort a million rows."""
NEWEST = (Key(_article.ordered_at, descending=True), Key(_article.id, descending=True))


def list_articles(
    connection: Connection, query: Query, known: Known = FIRST, *, full_text: bool = False
) -> Listing:
    """List articles, newest first; with `full_text` also their `body`."""
    decided = plan(connection, query, *known)
    statement: Select[Any] = select(*COLUMNS)
    if full_text or query.as_of:
        statement = statement.add_columns(_revision.body).join(
            tables.revision, _revision.id == _article.revision_id
        )
    statement = statement.where(*decided.conditions)
    return Listing(decided, statement, NEWEST, partial(_article_row, query, full_text))


def _article_row(query: Query, full_text: bool, row: Row) -> Row:
    made = {**row, "authors": tuple(row["authors"])}
    if query.as_of:
        made["words"] = words_of(row)  # type: ignore[arg-type]
        if not full_text:
            del made["body"]
    return made


def list_mentions(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List mentions, by article (newest first) and place in it.

    Where the query names initiatives, actors, places, documents or kinds, only their mentions.
    """
    decided = plan(connection, query, *known)
    text = case(
        (_mention.field == "title", _revision.title),
        (_mention.field == "lead", _revision.lead),
        else_=unpacked(_revision.body),
    )
    length = _mention.sentence_end - _mention.sentence_start
    sentence = func.substr(text, _mention.sentence_start + 1, length).label("sentence")
    names = ("article_id", "kind", "entity_id", "name", "surface", "field", "start", "end")
    statement = (
        select(*(_mention[name] for name in names), sentence, _mention.method, _mention.score)
        .add_columns(VERDICT)
        .join_from(tables.article, tables.mention, _mention.revision_id == _article.revision_id)
        .join(tables.revision, _revision.id == _mention.revision_id)
        .where(*decided.conditions, *mention_conditions(query, decided.filters))
        .where(_IN_ORDER)
    )
    statement = with_judged(statement, tables.mention)
    return Listing(decided, statement, (*NEWEST, Key(_mention.number)), numbered=True)


def list_actors(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List people and organisations with their counts, most articles first.

    `first_seen` and `last_seen` are dates of publication. Those that the registry does not know
    have no `entity_id` and are told apart by kind and name (`name.form`).
    """
    decided = plan(connection, query, *known)
    own = replace(query, initiatives=(), places=(), documents=())
    wanted = mention_conditions(own, decided.filters)
    who = called(connection)
    statement = (
        select(
            _ENTITY,
            _mention.kind,
            who.name.label("name"),
            *_COUNTS,
            *_span("first_seen", "last_seen"),
        )
        .where(_mention.kind.in_(ACTOR_KINDS), *wanted, *decided.conditions)
        .group_by(_GROUP, _mention.kind, who.key)
    )
    return _ranked(decided, who, statement, Key(_mention.kind))


def list_initiatives(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List initiatives with their counts, most articles first; `first` and `last` are dates."""
    decided = plan(connection, query, *known)
    named = [_mention.entity_id.in_(query.initiatives)] if query.initiatives else []
    level = func.max(_entry.level).label("level")
    what = linked()
    statement = (
        select(_ENTITY, what.name.label("name"), level, *_COUNTS, *_span("first", "last"))
        .where(_mention.kind == "initiative", *named, *decided.conditions)
        .group_by(_GROUP)
    )
    return _ranked(decided, what, statement)


def list_documents(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List documents with their counts, most articles first; `first` and `last` are dates.

    Those that the registry does not know have no `entity_id` and are told apart by name
    (`name.form`). Where the query names documents, only those.
    """
    decided = plan(connection, query, *known)
    own = replace(query, initiatives=(), actors=(), kinds=(), places=())
    named = mention_conditions(own, decided.filters)
    what = called(connection)
    statement = (
        select(_ENTITY, what.name.label("name"), *_COUNTS, *_span("first", "last"))
        .where(_mention.kind == "document", *named, *decided.conditions)
        .group_by(_GROUP, what.key)
    )
    return _ranked(decided, what, statement)


# An expression, not the column: else SQLite walks the index on it, three times slower.
_GROUP = func.coalesce(_mention.entity_id, literal_column("''"))
_ENTITY = func.max(_mention.entity_id).label("entity_id")
_MENTIONS = func.count().label("mentions")
_ARTICLES = func.count(_mention.article_id.distinct()).label("articles")
_COUNTS = (_MENTIONS, _ARTICLES)


def _span(first: str, last: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    moment = _article.published_at
    return func.min(moment).label(first), func.max(moment).label(last)


def _ranked(decided: Plan, called: Called, statement: Select[Any], *more: Key) -> Listing:
    """Join what is counted and order it alike on both engines: by code points, not by locale."""
    keys: list[ColumnElement[str]] = [called.name, _GROUP]
    if decided.dialect == "postgresql":
        keys = [collate(key, "C") for key in keys]
    most = [Key(column.element, descending=True) for column in (_ARTICLES, _MENTIONS)]
    return Listing(decided, statement.select_from(called.joined), (*most, *map(Key, keys), *more))
