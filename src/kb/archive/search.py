"""Answering a query, page by page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, tuple_

from kb.archive import tables
from kb.archive.filters import Actors, article_conditions, resolve_actors
from kb.archive.grammar import Node, Phrase, parse, phrases
from kb.archive.lookup import chunks
from kb.archive.match import matches, scores
from kb.archive.query import Query
from kb.archive.records import Hit, SearchPage
from kb.archive.snippet import snippet
from kb.errors import QueryError
from kb.text import characters, has_marks

_article = tables.article.c
COLUMNS = (
    _article.id.label("article_id"),
    *(
        _article[name]
        for name in (
            "url", "outlet", "title", "lead", "authors", "published_at", "published_from",
            "section", "words", "revisions", "source_file",
        )
    ),
)  # fmt: skip
"""The articles columns of the contract, in its order, without `body`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query decided: its tree, whether marks count, and the conditions on articles."""

    node: Node | None
    folded: bool
    widened: bool
    actors: Actors
    conditions: tuple[ColumnElement[bool], ...]
    total: int


def plan(connection: Connection, query: Query, folded: bool | None = None) -> Plan:
    """Decide a query: with marks typed they count, unless nothing is found with them.

    `folded` given: an earlier page has decided already.
    """
    node = parse(query.text)
    actors = resolve_actors(connection, query.actors)
    filters = article_conditions(query, actors)
    typed = has_marks(characters(query.text))
    first = not typed if folded is None else folded
    for choice in (first, True) if folded is None and not first else (first,):
        text = [] if node is None else [matches(node, choice, connection.dialect.name)]
        conditions = (*text, *filters)
        total = connection.scalar(
            select(func.count()).select_from(tables.article).where(*conditions)
        )
        if total or node is None:
            break
    ignored = choice and node is not None
    return Plan(node, ignored, ignored and typed, actors, conditions, int(total or 0))


def search(connection: Connection, query: Query) -> SearchPage:
    """Return one page of articles with their snippets.

    Raises:
        QueryError: `after` is not the `after` of an earlier page of this query.
    """
    cursor = _Cursor.read(query.after) if query.after else None
    decided = plan(connection, query, cursor.folded if cursor else None)
    folded = decided.folded
    rows = connection.execute(_page(connection, query, decided, cursor)).all()
    shown = rows[: query.limit]
    last = shown[-1] if len(rows) > len(shown) else None
    after = _Cursor(folded, last.score, last.ordered_at, last.id).write() if last else None
    hits = _hits(connection, [row.id for row in shown], tuple(phrases(decided.node)), folded)
    return SearchPage(hits, decided.total, folded, decided.widened, after)


def _page(
    connection: Connection, query: Query, decided: Plan, cursor: _Cursor | None
) -> Select[Any]:
    """Select what orders the page and no texts: everything that matches has to be sorted."""
    keys: list[ColumnElement[Any]] = [_article.ordered_at, _article.id]
    ranked = None
    if query.order == "relevance" and decided.node is not None:
        ranked = scores(decided.node, decided.folded, connection.dialect.name)
    if ranked is None:
        statement: Select[Any] = select(*keys, literal(0.0).label("score"))
    else:
        on = ranked.c.revision_id == _article.revision_id
        statement = select(*keys, ranked.c.score).join_from(tables.article, ranked, on)
        keys.insert(0, ranked.c.score)
    if cursor:
        values = [cursor.score, cursor.ordered_at, cursor.article_id][-len(keys) :]
        bounds = [literal(value, key.type) for value, key in zip(values, keys, strict=True)]
        statement = statement.where(tuple_(*keys) < tuple_(*bounds))
    order = [key.desc() for key in keys]
    return statement.where(*decided.conditions).order_by(*order).limit(query.limit + 1)


def _hits(
    connection: Connection, ids: list[int], wanted: Sequence[Phrase], folded: bool
) -> tuple[Hit, ...]:
    """Fetch the shown articles and cut their snippets."""
    revision = tables.revision.c
    statement = select(*COLUMNS, revision.body).join(
        tables.revision, revision.id == _article.revision_id
    )
    found: dict[int, Hit] = {}
    for part in chunks(ids):
        for row in connection.execute(statement.where(_article.id.in_(part))).mappings():
            text, spans = snippet((row["lead"], row["body"]), wanted, folded)
            values = {name: row[name] for name in row if name != "body"}
            values["authors"] = tuple(values["authors"])
            found[row["article_id"]] = Hit(**values, snippet=text, highlights=spans)
    return tuple(found[id_] for id_ in ids)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The last article of a page, from where the next one goes on."""

    folded: bool
    score: float
    ordered_at: datetime
    article_id: int

    def write(self) -> str:
        values = [self.folded, self.score, self.ordered_at.isoformat(), self.article_id]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> _Cursor:
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            folded, score, moment, article_id = json.loads(base64.urlsafe_b64decode(padded))
            at = datetime.fromisoformat(moment).astimezone(UTC)
            return cls(bool(folded), float(score), at, int(article_id))
        except (ValueError, TypeError, binascii.Error, OverflowError) as error:
            raise QueryError(f"after={text!r} is not the end of an earlier page") from error
