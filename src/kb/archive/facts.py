"""Who said, promised and was given what, and who held which post, as streams of rows.

All filters of the query count, as for `rows`. Actors are who speaks, owns or acts, and the
initiatives those of the commitment or assignment itself, whatever else the article names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal, or_, select

from kb.archive import tables
from kb.archive.engine import stream
from kb.archive.filters import Actors, due_conditions, resolve_actors
from kb.archive.query import Query
from kb.archive.search import plan
from kb.text import canonical

Row = dict[str, Any]
_article = tables.article.c
_STATUS = literal("promised").label("status")
"""As the newspaper reports it; what became of a promise is for a person to decide."""


def quotes(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield quotes, by article (newest first) and place in it."""
    c = tables.quote.c
    columns = [
        c.article_id, c.speaker_id, c.speaker, c.role, c.direct, c.text, c.cue, c.start, c.end,
        c.field,
    ]  # fmt: skip
    return _stream(connection, query, tables.quote, columns, ("speaker",))


def commitments(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield commitments, by article (newest first) and place in it; days when due are dates."""
    c = tables.commitment.c
    columns = [
        c.article_id, c.initiative_id, c.owner, c.text, c.due_from, c.due_to, c.recurs, c.quantity,
        _STATUS, c.start, c.end, c.field, c.owner_id,
    ]  # fmt: skip
    due = due_conditions(query)
    return _stream(connection, query, tables.commitment, columns, ("owner",), *due)


def assignments(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield assignments, by article (newest first) and place in it."""
    c = tables.assignment.c
    columns = [
        c.article_id, c.actor_id, c.actor, c.role, c.task, c.initiative_id, c.start, c.end,
        c.ambiguous, c.field,
    ]  # fmt: skip
    return _stream(connection, query, tables.assignment, columns, ("actor",))


def _stream(
    connection: Connection,
    query: Query,
    table: Table,
    columns: Sequence[ColumnElement[Any]],
    who: tuple[str, ...],
    *conditions: ColumnElement[bool],
) -> Iterator[Row]:
    statement = _select(connection, query, table, columns, who)
    statement = statement.where(*conditions).order_by(
        _article.ordered_at.desc(), _article.id.desc(), table.c.number
    )
    yield from map(dict, stream(connection, statement))


def _select(
    connection: Connection,
    query: Query,
    table: Table,
    columns: Sequence[ColumnElement[Any]],
    who: tuple[str, ...],
) -> Select[Any]:
    """Select rows of a table in matching articles; `who` are its columns for names of actors."""
    own: list[ColumnElement[bool]] = []
    about = query
    if query.actors:
        actors = resolve_actors(connection, query.actors)
        own.append(or_(*(_is_one(table, name, actors) for name in who)))
        about = replace(about, actors=())
    if query.initiatives and "initiative_id" in table.c:
        own.append(table.c.initiative_id.in_(query.initiatives))
        about = replace(about, initiatives=())
    return (
        select(*columns, _article.published_at, _article.outlet)
        .join_from(tables.article, table, table.c.revision_id == _article.revision_id)
        .where(*plan(connection, about).conditions, *own)
    )


def _is_one(table: Table, name: str, actors: Actors) -> ColumnElement[bool]:
    return table.c[f"{name}_id"].in_(actors.ids) | table.c[name].in_(actors.names)


@dataclass(slots=True)
class _Held:
    """One person in one post, written as in the newest article that says so."""

    row: Row
    articles: set[int] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def rank(self) -> tuple[int, str, str, str]:
        named = self.row["person"], self.row["post"], self.row["org"] or ""
        return -len(self.articles), *named


def posts(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield people in posts, most articles first; `first_seen` and `last_seen` are dates.

    Where the query names actors, those people, and the posts of those organisations. Writings
    of a post that differ in capitals or the place of a tone mark are one; people and bodies that
    the registry knows have its name, the others are told apart by theirs.
    """
    c = tables.holding.c
    person, org = tables.entry.alias(), tables.entry.alias()
    columns: list[ColumnElement[Any]] = [
        c.article_id, c.person_id, c.post, c.org_id,
        func.coalesce(person.c.name, c.person).label("person"),
        func.coalesce(org.c.name, c.org).label("org"),
    ]  # fmt: skip
    statement = (
        _select(connection, query, tables.holding, columns, ("person", "org"))
        .outerjoin(person, person.c.id == c.person_id)
        .outerjoin(org, org.c.id == c.org_id)
        .order_by(_article.ordered_at.desc(), _article.id.desc(), c.number)
    )
    held: dict[tuple[str, ...], _Held] = {}
    for row in stream(connection, statement):
        key = (
            row["person_id"] or "", "" if row["person_id"] else row["person"],
            canonical(row["post"]),
            row["org_id"] or "", "" if row["org_id"] else canonical(row["org"] or ""),
        )  # fmt: skip
        one = held.setdefault(key, _Held(dict(row)))
        one.articles.add(row["article_id"])
        if (seen := row["published_at"]) is not None:
            one.first, one.last = min(one.first or seen, seen), max(one.last or seen, seen)
    # Here and not in SQL: neither engine knows Vietnamese capitals as the other does.
    for one in sorted(held.values(), key=_Held.rank):
        yield {
            **{name: one.row[name] for name in ("person_id", "person", "post", "org_id", "org")},
            "articles": len(one.articles),
            "first_seen": one.first,
            "last_seen": one.last,
        }
