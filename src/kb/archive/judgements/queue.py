"""What the reader was unsure of, and what fell due: the queue that people work through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, select

from kb.archive import tables
from kb.archive.candidates import Key, Unlinked, described, unlinked
from kb.archive.evidence import Promise, evidence, is_silent
from kb.archive.judgement_tables import judged, judgement
from kb.archive.judgements.decide import conflicts
from kb.archive.judgements.items import ReviewItem, is_gone, item, number_in, of_name
from kb.archive.judgements.records import Conflict
from kb.archive.judgements.stored import stored
from kb.archive.judgements.things import Thing, thing, things
from kb.errors import ConfigError
from kb.reading import Commitment

SURE = 0.8
"""Links with a lower score wait for a person; see docs/reading.md for what the scores say."""
T = TypeVar("T")
Place = tuple[int, int]
"""Revision and number of a record."""
_article = tables.article.c


@dataclass(frozen=True, slots=True)
class _Kind(Generic[T]):
    """One kind of what waits: `find` says what, at most so many and cheaply; `show` makes items."""

    find: Callable[[int], Sequence[T]]
    show: Callable[[Sequence[T]], Iterator[ReviewItem]]


def queue(
    connection: Connection,
    *,
    why: Collection[str] = (),
    limit: int,
    today: date,
    known: Collection[Key] = (),
) -> list[ReviewItem]:
    """Return what waits, at most so many of each kind: conflicts first, then newest articles.

    `known` are kinds and forms of names that the registry in use has.

    Raises:
        ConfigError: there is no such kind.
    """
    kinds = _kinds(connection, why, today, known)
    return [item for kind in kinds for item in kind.show(kind.find(limit))]


def window(
    connection: Connection,
    *,
    why: Collection[str] = (),
    skip: int,
    limit: int,
    today: date,
    known: Collection[Key] = (),
) -> list[ReviewItem]:
    """Return at most so many of all that waits, in the order of `queue`, after some others.

    Only what is returned is looked at; a kind that others leave no room for is not asked for.

    Raises:
        ConfigError: there is no such kind.
    """
    shown: list[ReviewItem] = []
    for kind in _kinds(connection, why, today, known):
        room = limit - len(shown)
        if not room:
            break
        found = kind.find(skip + room)
        shown += kind.show(found[skip:])
        skip = max(0, skip - len(found))
    return shown


def _kinds(
    connection: Connection, why: Collection[str], today: date, known: Collection[Key]
) -> list[_Kind[Any]]:
    unsure, low = tables.assignment.c.ambiguous, _low()
    kinds: dict[str, _Kind[Any]] = {
        "conflict": _Kind(
            lambda limit: conflicts(connection)[:limit], partial(_conflicts, connection)
        ),
        "due": _Kind(partial(_overdue, connection, today), partial(_due, connection, today)),
        "assignment": _unsure(connection, "assignment", tables.assignment, unsure),
        "link": _unsure(connection, "link", tables.mention, low),
        "name": _Kind(
            lambda limit: unlinked(connection, min_articles=2, limit=limit, known=known),
            partial(_names, connection),
        ),
    }
    for name in why:
        if name not in kinds:
            raise ConfigError(f"nothing waits as {name!r}; choose of {', '.join(kinds)}")
    return [kind for name, kind in kinds.items() if not why or name in why]


def _low() -> ColumnElement[bool]:
    c = tables.mention.c
    return and_(c.entity_id.is_not(None), c.score < SURE)


def _unsure(
    connection: Connection, why: str, table: Table, unsure: ColumnElement[bool]
) -> _Kind[Place]:
    def find(limit: int) -> Sequence[Place]:
        return _places(
            connection,
            select(table.c.revision_id, table.c.number)
            .join_from(tables.article, table, table.c.revision_id == _article.revision_id)
            .where(unsure, ~_is_judged(table))
            .order_by(_article.ordered_at.desc(), _article.id.desc(), table.c.number)
            .limit(limit),
        )

    def show(rows: Sequence[Place]) -> Iterator[ReviewItem]:
        for one in _things(connection, table.name, rows):
            yield item(connection, one, why)

    return _Kind(find, show)


def _places(connection: Connection, statement: Select[int, int]) -> list[Place]:
    return [(row[0], row[1]) for row in connection.execute(statement)]


def _is_judged(table: Table) -> ColumnElement[bool]:
    """Whether somebody judged a record itself: a fact that goes along with a mention waits on."""
    c = judged.c
    same = and_(
        c.part == table.name, c.revision_id == table.c.revision_id, c.number == table.c.number
    )
    itself = judgement.c.about.in_((table.name, "name", "entity"))
    return exists().where(same, judgement.c.id == c.judgement_id, itself)


def _things(connection: Connection, part: str, rows: Sequence[Place]) -> Iterator[Thing]:
    """Yield the records at revisions and numbers, in their order."""
    found: dict[Place, Thing] = {}
    for where in stored(connection, {revision_id for revision_id, _ in rows}):
        present = [one for one in things(where) if one.part == part and not is_gone(one)]
        for one in present:
            found[where.revision_id, number_in(where, one)] = one
    yield from (found[row] for row in rows if row in found)


def _names(connection: Connection, found: Sequence[Unlinked]) -> Iterator[ReviewItem]:
    for name in found:
        yield of_name(connection, described(connection, name))


def _overdue(connection: Connection, today: date, limit: int) -> Sequence[Place]:
    """Return promises that fell due and of which nobody said what became, the latest first."""
    c = tables.commitment.c
    decided = exists().where(
        and_(
            judged.c.part == "commitment",
            judged.c.revision_id == c.revision_id,
            judged.c.number == c.number,
            judged.c.status.is_not(None),
        )
    )
    return _places(
        connection,
        select(c.revision_id, c.number)
        .join_from(tables.article, tables.commitment, c.revision_id == _article.revision_id)
        .where(c.due_to < today, ~decided)
        .order_by(c.due_to.desc(), _article.id.desc(), c.number)
        .limit(limit),
    )


def _due(connection: Connection, today: date, rows: Sequence[Place]) -> Iterator[ReviewItem]:
    for one in _things(connection, "commitment", rows):
        made = promise(connection, one)
        found = evidence(connection, made)
        said = ", ".join(dict.fromkeys(each.kind for each in found or ()))
        proposed = "silent" if is_silent(made, found, today) else said or None
        yield item(connection, one, "due", proposed)


def promise(connection: Connection, one: Thing) -> Promise:
    """Return a commitment with its article.

    Raises:
        ConfigError: it is none, or stands in no text any more.
    """
    if not isinstance(one.record, Commitment) or one.where is None:
        raise ConfigError(f"{one.key!r} is no commitment of a text that is there")
    statement = select(_article.published_at).where(_article.id == one.where.article_id)
    return Promise(one.where.article_id, connection.execute(statement).scalar_one(), one.record)


def _conflicts(connection: Connection, found: Sequence[Conflict]) -> Iterator[ReviewItem]:
    for one in found:
        judgement = one.judgement
        if judgement.article is None:
            yield ReviewItem(
                judgement.key, "conflict", judgement.key.split(":", 2)[-1], dict(judgement.detail),
                "", None, None, None, None, one.reason,
            )  # fmt: skip
        else:
            on = thing(connection, judgement.key)
            yield item(connection, on, "conflict", one.reason)
