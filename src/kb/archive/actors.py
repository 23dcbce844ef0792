"""Who is meant by an id or a name: entries of the registry, and names that have none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.archive.lookup import chunks
from kb.reading import Kind
from kb.text import canonical, characters, expand, name_form

_name = tables.name.c


@dataclass(frozen=True, slots=True)
class Actors:
    """Who is asked for: ids of registry entries, and names of those that have none."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    unheard: frozenset[str] = frozenset()
    """Forms (`kb.text.name_form`) of what was asked for that no entry and no mention bears."""


def resolve_actors(connection: Connection, values: Iterable[str]) -> Actors:
    """Look up ids or names (Vietnamese or English, any case) in the registry.

    An alias counts where no entry has that id or name: for each entry that bears it, since what
    a text means by it was decided when the text was read. An old district stands for the units,
    too, that the registry says lie on its ground.
    """
    wanted = [characters(value).strip() for value in values]
    if not wanted:
        return Actors((), ())
    entry = tables.entry.c
    rows = connection.execute(select(entry.id, entry.name, entry.name_en, entry.data)).all()
    keys = set(map(canonical, wanted))
    names = {row.id: keys & {canonical(text) for text in row[:3] if text} for row in rows}
    ids = [id_ for id_, found in names.items() if found]
    left = set(filter(None, map(name_form, keys.difference(*names.values()))))
    if left:
        borne = {row.id: left & _alias_forms(row.data.get("aliases", ())) for row in rows}
        ids += [id_ for id_, found in borne.items() if found]
        left = left.difference(*borne.values())
    units = [row.id for row in rows if not set(ids).isdisjoint(row.data.get("territory", ()))]
    spelled = _spelled(connection, wanted)
    return Actors(
        tuple(dict.fromkeys([*ids, *wanted, *units])),
        tuple(dict.fromkeys([*wanted, *spelled])),
        frozenset(left.difference(map(name_form, spelled))),
    )


def _alias_forms(aliases: Iterable[Mapping[str, str]]) -> set[str]:
    return {form for alias in aliases for form in _forms(alias["text"])}


@cache
def _forms(alias: str) -> frozenset[str]:
    """Return the names that an alias of the registry stands for, as they are compared."""
    return frozenset(map(name_form, expand(alias)))


def _spelled(connection: Connection, names: Iterable[str]) -> list[str]:
    """Return how names that have no entry are written in the archive."""
    found: list[str] = []
    for part in chunks(sorted(filter(None, set(map(name_form, names))))):
        unlinked = select(_name.name).where(_name.form.in_(part), _name.entity_id.is_(None))
        found += connection.execute(unlinked.distinct()).scalars()
    return found


def name_ids(
    connection: Connection,
    entities: Iterable[str],
    names: Iterable[str],
    kind: Kind | None = None,
) -> list[int]:
    """Return the numbers of the names of entries, and of names that have no entry (of a kind)."""
    unlinked = _name.entity_id.is_(None) & _name.name.in_(list(names))
    statement = select(_name.id).where(_name.entity_id.in_(list(entities)) | unlinked)
    if kind:
        statement = statement.where(_name.kind == kind)
    return sorted(connection.execute(statement).scalars())


def named_ids(connection: Connection, values: Iterable[str], kind: Kind) -> list[int]:
    """Return the numbers of the names of a kind that values (ids or names) stand for."""
    actors = resolve_actors(connection, values)
    return name_ids(connection, actors.ids, actors.names, kind)
