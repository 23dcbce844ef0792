"""What the reader was unsure of, and what fell due: the queue that people work through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, select

from kb.archive import tables
from kb.archive.candidates import Key, Unlinked, described, unlinked
from kb.archive.evidence import Promise, evidence, is_silent
from kb.archive.judgement_tables import judged
from kb.archive.judgements.anchor import sentence_around
from kb.archive.judgements.decide import conflicts
from kb.archive.judgements.records import Conflict, Record, as_plain, name_key
from kb.archive.judgements.stored import Stored, stored
from kb.archive.judgements.things import Thing, thing, things
from kb.archive.records import Candidate
from kb.errors import ConfigError
from kb.reading import Assignment, Commitment, Holding, Mention

SURE = 0.8
"""Links with a lower score wait for a person; see docs/reading.md for what the scores say."""
T = TypeVar("T")
Place = tuple[int, int]
"""Revision and number of a record."""
_article = tables.article.c


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing that waits for a person.

    `why`: `link` (a name linked with a low score), `name` (one without an entry), `assignment`
    (two lists that only their order pairs), `due` (a promise that fell due; `proposed` says what
    later coverage says of it, `silent` that there is none, None where a promise gives nothing to
    look by) or `conflict` (`proposed` is its reason). `says` is what the reader took, as columns.
    """

    key: str
    why: str
    text: str
    says: dict[str, Any]
    sentence: str
    article_id: int | None
    outlet: str | None
    published_at: datetime | None
    url: str | None
    proposed: str | None = None


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
    c = judged.c
    same = and_(
        c.part == table.name, c.revision_id == table.c.revision_id, c.number == table.c.number
    )
    return exists().where(same)


def _things(connection: Connection, part: str, rows: Sequence[Place]) -> Iterator[Thing]:
    """Yield the records at revisions and numbers, in their order."""
    found: dict[Place, Thing] = {}
    for where in stored(connection, {revision_id for revision_id, _ in rows}):
        present = [one for one in things(where) if one.part == part and not _is_gone(one)]
        for one in present:
            found[where.revision_id, _number(where, one)] = one
    yield from (found[row] for row in rows if row in found)


def keys(connection: Connection, article_id: int) -> dict[tuple[str, int], str]:
    """Return the key of each record of an article's current text, by part and number."""
    current = select(_article.revision_id).where(_article.id == article_id)
    found = {}
    for where in stored(connection, connection.execute(current).scalars().all()):
        for one in things(where):
            if not _is_gone(one):
                found[one.part, _number(where, one)] = one.key
    return found


def _number(where: Stored, one: Thing) -> int:
    return next(n for n, record in enumerate(where.parts[one.part]) if record is one.record)


def _is_gone(one: Thing) -> bool:
    return one.judged is not None and one.judged.number < 0


def item(connection: Connection, one: Thing, why: str, proposed: str | None = None) -> ReviewItem:
    """Return a thing as it is listed, with the sentence around it."""
    statement = select(_article.id, _article.outlet, _article.published_at, _article.url)
    row = connection.execute(statement.where(_article.key == one.story)).first()
    sentence = ""
    if one.where is not None:
        text = one.where.texts[one.record.field]
        start, end = sentence_around(text, one.record.start, one.record.end)
        sentence = text[start:end]
    id_, outlet, published, url = row if row else (None, None, None, None)
    return ReviewItem(
        one.key, why, shown(one.record), _says(one.record), sentence, id_, outlet, published, url,
        proposed,
    )  # fmt: skip


def shown(record: Record) -> str:
    """Return a record in a few words."""
    match record:
        case Mention():
            return record.surface
        case Assignment():
            return f"{record.actor}: {record.task}"
        case Holding():
            return f"{record.person}: {record.post}"
        case _:
            return record.text


_PLACE = {"field", "start", "end", "sentence_start", "sentence_end", "surface", "text"}


def _says(record: Record) -> dict[str, Any]:
    return {
        name: value
        for name, value in as_plain(record).items()
        if name not in _PLACE and value is not None
    }


def _names(connection: Connection, found: Sequence[Unlinked]) -> Iterator[ReviewItem]:
    for name in found:
        yield of_name(described(connection, name))


def of_name(one: Candidate) -> ReviewItem:
    """Return a name without an entry as it is listed."""
    says = {"kind": one.kind, "articles": one.articles, "mentions": one.mentions}
    return ReviewItem(
        name_key(one.kind, one.name), "name", one.name, says, one.sentence, one.article_id,
        None, one.last_seen, one.url,
    )  # fmt: skip


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
