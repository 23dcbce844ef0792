"""The log of judgements: read, added to, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from getpass import getuser

from sqlalchemy import ColumnElement, Connection, RowMapping, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.archive.judgement_tables import judgement
from kb.archive.judgements.names import Names
from kb.archive.judgements.records import Judgement
from kb.archive.lookup import chunks

_c = judgement.c
_NAMES = ("name", "entity")


def new_id() -> str:
    """Return an id that no other archive's log has."""
    return uuid.uuid4().hex


def local_name() -> str:
    """Return who is at this computer, `local` where the system does not say."""
    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return "local"


def append(connection: Connection, entries: Sequence[Judgement]) -> list[Judgement]:
    """Add entries; return those that were not there."""
    known: set[str] = set()
    for part in chunks([one.id for one in entries]):
        known |= set(connection.execute(select(_c.id).where(_c.id.in_(part))).scalars())
    fresh = list({one.id: one for one in entries if one.id not in known}.values())
    if fresh:
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        rows = [{column.name: getattr(one, column.name) for column in _c} for one in fresh]
        for row in rows:
            row |= {"detail": dict(row["detail"]), "target": dict(row["target"])}
        connection.execute(make(judgement).on_conflict_do_nothing(), rows)
    return fresh


def entries(
    connection: Connection,
    *,
    ids: Collection[str] | None = None,
    articles: Collection[str] | None = None,
    key: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    newest: int | None = None,
) -> list[Judgement]:
    """Return entries, oldest first; everything given must hold. `newest`: so many at most."""
    conditions: list[ColumnElement[bool]] = []
    if ids is not None:
        conditions.append(_c.id.in_(list(ids)))
    if articles is not None:
        conditions.append(_c.article.in_(list(articles)))
    if key is not None:
        conditions.append(_c.key == key)
    if who is not None:
        conditions.append(_c.who == who)
    if since is not None:
        conditions.append(_c.at >= since)
    if newest is not None:
        last = select(_c.id).where(*conditions).order_by(_c.at.desc(), _c.id.desc()).limit(newest)
        conditions = [_c.id.in_(last)]
    return _read(connection, *conditions)


def related(connection: Connection, some: Iterable[Judgement]) -> list[Judgement]:
    """Return all that was ever said of what some entries are about, what undoes them included."""
    keys = sorted({one.key for one in some})
    return [one for part in chunks(keys) for one in _read(connection, _c.key.in_(part))]


def on_stories(connection: Connection, stories: Iterable[str]) -> dict[str, list[Judgement]]:
    """Return the judgements in force on spans of some stories, by story, oldest first."""
    found: dict[str, list[Judgement]] = {}
    for part in chunks(sorted(set(stories))):
        for one in in_force(_read(connection, _c.article.in_(part))):
            found.setdefault(str(one.article), []).append(one)
    return found


def on_names(connection: Connection) -> list[Judgement]:
    """Return the entries about names and entries of the registry, oldest first."""
    return _read(connection, _c.about.in_(_NAMES))


def names(connection: Connection, without: Collection[str] = ()) -> Names:
    """Return which names and entries are one, by the judgements in force.

    `without` these entries, as it was before they were made.
    """
    found = on_names(connection)
    return Names.of(in_force(one for one in found if one.id not in without))


def any_at_all(connection: Connection) -> bool:
    """Whether anything was ever judged: without it a load has nothing to look up."""
    return connection.execute(select(_c.id).limit(1)).first() is not None


def in_force(log: Iterable[Judgement]) -> list[Judgement]:
    """Return what was judged and not undone, oldest first; what undid something is not in it."""
    known = {one.id: one for one in log}
    void = undone(known.values())
    found = (one for one in known.values() if one.undoes is None and one.id not in void)
    return sorted(found, key=lambda one: (one.at, one.id))


def undone(log: Iterable[Judgement]) -> set[str]:
    """Return the ids of entries that were undone.

    An entry that undoes is one like any other: it can be undone, too.
    """
    against: dict[str, list[str]] = {}
    for one in log:
        if one.undoes is not None:
            against.setdefault(one.undoes, []).append(one.id)

    def void(id_: str, above: frozenset[str]) -> bool:
        others = [other for other in against.get(id_, ()) if other not in above]
        return any(not void(other, above | {id_}) for other in others)

    return {id_ for id_ in against if void(id_, frozenset())}


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> list[Judgement]:
    statement = select(judgement).where(*conditions).order_by(_c.at, _c.id)
    return [_entry(row) for row in connection.execute(statement).mappings()]


def _entry(row: RowMapping) -> Judgement:
    return Judgement(**row)
