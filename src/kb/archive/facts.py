"""Who said, promised and was given what, and who held which post, as listings of rows.

All filters of the query count, as for `rows`. Actors are who speaks, owns or acts, and the
initiatives those of the commitment or assignment itself, whatever else the article names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    func,
    literal,
    or_,
    select,
)

from kb.archive import tables
from kb.archive.actors import Actors, resolve_actors
from kb.archive.as_of import as_it_stood
from kb.archive.engine import stream
from kb.archive.filters import (
    due_conditions,
    is_post,
    is_role,
    posts_like,
)
from kb.archive.judgements.columns import STATUS, VERDICT, with_judged
from kb.archive.listing import Key, Listing, Row, Values
from kb.archive.query import Query
from kb.archive.rows import FIRST, NEWEST, Known
from kb.archive.search import Plan, plan
from kb.errors import QueryError
from kb.text import name_form

_article = tables.article.c


def list_quotes(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List quotes, by article (newest first) and place in it."""
    c = tables.quote.c
    columns = [
        c.article_id, c.speaker_id, c.speaker, c.role, c.direct, c.text, c.cue, c.start, c.end,
        c.field,
    ]  # fmt: skip
    return _listing(connection, query, known, tables.quote, columns, ("speaker",))


def list_commitments(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List commitments, by article (newest first) and place in it; days when due are dates.

    In the order `due` the soonest come first, by the last day of each; those without one come last.
    """
    c = tables.commitment.c
    columns = [
        c.article_id, c.initiative_id, c.owner, c.text, c.due_from, c.due_to, c.recurs, c.quantity,
        STATUS, c.start, c.end, c.field, c.owner_id,
    ]  # fmt: skip
    due = due_conditions(query)
    found = _listing(connection, query, known, tables.commitment, columns, ("owner",), *due)
    if query.order != "due":
        return found
    last = func.coalesce(c.due_to, literal(date.max, c.due_to.type))
    return replace(found, order=(Key(last), *found.order))


def commitments(connection: Connection, query: Query) -> Iterator[Row]:
    """Yield commitments as `list_commitments` lists them."""
    return list_commitments(connection, query).rows(connection)


def list_assignments(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List assignments, by article (newest first) and place in it."""
    c = tables.assignment.c
    columns = [
        c.article_id, c.actor_id, c.actor, c.role, c.task, c.initiative_id, c.start, c.end,
        c.ambiguous, c.field,
    ]  # fmt: skip
    own = (is_role(connection, query.roles),) if query.roles else ()
    return _listing(connection, query, known, tables.assignment, columns, ("actor",), *own)


def _listing(
    connection: Connection,
    query: Query,
    known: Known,
    table: Table,
    columns: Sequence[ColumnElement[Any]],
    who: tuple[str, ...],
    *conditions: ColumnElement[bool],
) -> Listing:
    decided, statement = _select(connection, query, known, table, columns, who)
    order = (*NEWEST, Key(table.c.number))
    return Listing(decided, statement.where(*conditions), order, numbered=True)


def _select(
    connection: Connection,
    query: Query,
    known: Known,
    table: Table,
    columns: Sequence[ColumnElement[Any]],
    who: tuple[str, ...],
) -> tuple[Plan, Select[Any]]:
    """Select rows of a table in matching articles; `who` are its columns for names of actors."""
    own: list[ColumnElement[bool]] = []
    about = query
    if query.actors:
        actors = _asked(connection, table, who, query.actors)
        own.append(or_(*(_is_one(table, name, actors) for name in who)))
        about = replace(about, actors=())
    if query.initiatives and "initiative_id" in table.c:
        own.append(table.c.initiative_id.in_(query.initiatives))
        about = replace(about, initiatives=())
    decided = plan(connection, about, *known)
    statement = (
        select(*columns, _article.published_at, _article.outlet)
        .join_from(tables.article, table, table.c.revision_id == _article.revision_id)
        .where(*decided.conditions, *own)
    )
    return decided, with_judged(statement.add_columns(VERDICT), table)


def _asked(
    connection: Connection, table: Table, who: tuple[str, ...], values: Sequence[str]
) -> Actors:
    """Return who is asked for, and whom no mention names, however rows of this table write it.

    Who speaks may be named nowhere but there; only then are all names in it looked at.
    """
    found = resolve_actors(connection, values)
    kinds = {name_form(name): kind for kind, name in found.alone}
    if not found.unheard and not kinds:
        return found
    written = [
        name
        for column in who
        for name in connection.execute(
            select(table.c[column]).where(table.c[f"{column}_id"].is_(None)).distinct()
        ).scalars()
        if name
    ]
    more = [name for name in written if name_form(name) in found.unheard]
    alone = [(kinds[form], name) for name in written if (form := name_form(name)) in kinds]
    return replace(found, names=(*found.names, *more), alone=(*found.alone, *alone))


_WHO = {
    "quotes": (tables.quote, ("speaker",)),
    "commitments": (tables.commitment, ("owner",)),
    "ledger": (tables.commitment, ("owner",)),
    "assignments": (tables.assignment, ("actor",)),
    "posts": (tables.holding, ("person", "org")),
}


def has_actor(connection: Connection, kind: str, value: str) -> bool:
    """Whether a list of facts has a row of somebody, whom no mention need name; False of other
    kinds."""
    if kind not in _WHO:
        return False
    table, who = _WHO[kind]
    actors = _asked(connection, table, who, (value,))
    one = select(_article.id).join(table, table.c.revision_id == _article.revision_id)
    own = or_(*(_is_one(table, name, actors) for name in who))
    return connection.execute(one.where(own).limit(1)).first() is not None


def _is_one(table: Table, name: str, actors: Actors) -> ColumnElement[bool]:
    id_, written = table.c[f"{name}_id"], table.c[name]
    alone = id_.is_(None) & written.in_([said for _, said in actors.alone])
    return id_.in_(actors.ids) | written.in_(actors.names) | alone


@dataclass(slots=True)
class _Held:
    """One person in one post, written as in the newest article that says so."""

    row: Row
    articles: set[int] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, row: RowMapping) -> None:
        self.articles.add(row["article_id"])
        if (seen := row["published_at"]) is not None:
            self.first, self.last = min(self.first or seen, seen), max(self.last or seen, seen)

    def rank(self) -> tuple[int, str, str, str, str, str]:
        # Two may have one name: the ids tell them apart.
        names = ("person", "post", "org", "person_id", "org_id")
        person, post, org, person_id, org_id = (self.row[name] or "" for name in names)
        return -len(self.articles), person, post, org, person_id, org_id

    def counted(self) -> Row:
        return {
            **{name: self.row[name] for name in ("person_id", "person", "post", "org_id", "org")},
            "articles": len(self.articles),
            "first_seen": self.first,
            "last_seen": self.last,
        }


@dataclass(frozen=True, slots=True)
class Posts:
    """People in posts: counted here and not in SQL, as neither engine knows Vietnamese capitals
    as the other does. The key of a row is its rank."""

    plan: Plan
    statement: Select[Any]

    def rows(self, connection: Connection) -> Iterator[Row]:
        """Yield them, most articles first."""
        yield from (one.counted() for one in self._held(connection))

    def count(self, connection: Connection) -> int:
        """Return how many there are."""
        return len(self._held(connection))

    def page(
        self, connection: Connection, limit: int, after: Values | None
    ) -> tuple[list[Row], Values | None]:
        """Return those after a key, see `Listing.page`."""
        held = self._held(connection)
        if after is not None:
            try:
                held = [one for one in held if list(one.rank()) > after]
            except TypeError as error:
                raise QueryError("after is not the end of an earlier page") from error
        last = list(held[limit - 1].rank()) if len(held) > limit else None
        return [one.counted() for one in held[:limit]], last

    def _held(self, connection: Connection) -> list[_Held]:
        held: dict[tuple[str, ...], _Held] = {}
        as_of = self.plan.filters.query.as_of
        for row in stream(connection, as_it_stood(self.statement, as_of)):
            key = (
                row["person_id"] or "", "" if row["person_id"] else name_form(row["person"]),
                name_form(row["post"]),
                row["org_id"] or "", "" if row["org_id"] else name_form(row["org"] or ""),
            )  # fmt: skip
            held.setdefault(key, _Held(dict(row))).add(row)
        return sorted(held.values(), key=_Held.rank)


def list_posts(connection: Connection, query: Query, known: Known = FIRST) -> Posts:
    """List people in posts, most articles first; `first_seen` and `last_seen` are dates.

    Where the query names actors, those people, and the posts of those organisations; where it
    names posts, those. People and bodies that the registry knows have its name; posts and the
    names of the others are one as names are (`kb.text.name_form`), however they are written.
    """
    c = tables.holding.c
    person, org = tables.entry.alias(), tables.entry.alias()
    columns: list[ColumnElement[Any]] = [
        c.article_id, c.person_id, c.post, c.org_id,
        func.coalesce(person.c.name, c.person).label("person"),
        func.coalesce(org.c.name, c.org).label("org"),
    ]  # fmt: skip
    who = ("person", "org")
    decided, statement = _select(connection, query, known, tables.holding, columns, who)
    if query.posts:
        statement = statement.where(is_post(posts_like(connection, query.posts)))
    statement = (
        statement.outerjoin(person, person.c.id == c.person_id)
        .outerjoin(org, org.c.id == c.org_id)
        .order_by(_article.ordered_at.desc(), _article.id.desc(), c.number)
    )
    return Posts(decided, statement)
