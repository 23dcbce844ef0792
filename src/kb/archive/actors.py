"""Who is meant by an id or a name: entries of the registry, and names that have none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from kb.archive import tables
from kb.archive.lookup import chunks
from kb.reading import Kind
from kb.text import canonical, characters, expand, name_form

_name = tables.name.c
KINDS_OF: Final[dict[str, tuple[Kind, ...]]] = {
    "initiative": ("initiative", "programme"), "actor": (), "place": ("place",),
    "document": ("document",),
}  # fmt: skip
"""Kinds of name that each filter means; none: whoever and whatever bears a name."""
_ALONE: Final = ("person", "org", "place", "document")
"""Kinds whose names may have no entry."""


@dataclass(frozen=True, slots=True)
class Actors:
    """Who is asked for: ids of registry entries, and names of those that have none."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    unheard: frozenset[str] = frozenset()
    """Forms (`kb.text.name_form`) of what was asked for that no entry and no mention bears."""
    alone: tuple[tuple[Kind, str], ...] = ()
    """Names without an entry that are asked for with their kind, as figures are counted."""


def asked_as(kind: str, entity_id: str | None, name: str) -> str:
    """Return the value of a filter that asks for one thing alone, as it is counted: the id of its
    entry, or kind and name of what has none (`org:Sở Tài chính`)."""
    return entity_id or f"{kind}:{name}"


def alone(value: str) -> tuple[Kind, str] | None:
    """Return kind and name of a value that asks for a name without an entry alone."""
    kind, _, name = value.partition(":")
    return (cast("Kind", kind), name.strip()) if kind in _ALONE and name.strip() else None


def resolve_actors(connection: Connection, values: Iterable[str]) -> Actors:
    """Look up ids or names (Vietnamese or English, any case) in the registry.

    An alias counts where no entry has that id or name: for each entry that bears it, since what
    a text means by it was decided when the text was read. An old district that is named stands
    for the units, too, that the registry says lie on its ground. An id as the registry writes it,
    and a name with its kind (`alone`), mean that one thing and nothing besides.
    """
    given = [characters(value).strip() for value in values]
    if not given:
        return Actors((), ())
    entry = tables.entry.c
    rows = connection.execute(select(entry.id, entry.name, entry.name_en, entry.data)).all()
    own = [row.id for row in rows if row.id in given]
    apart = [one for one in map(alone, given) if one is not None]
    wanted = [one for one in given if one not in own and alone(one) is None]
    keys = set(map(canonical, wanted))
    names = {row.id: keys & {canonical(text) for text in row[:3] if text} for row in rows}
    ids = [id_ for id_, found in names.items() if found]
    left = set(filter(None, map(name_form, keys.difference(*names.values()))))
    if left:
        borne = {row.id: left & _alias_forms(row.data.get("aliases", ())) for row in rows}
        ids += [id_ for id_, found in borne.items() if found]
        left = left.difference(*borne.values())
    units = [row.id for row in rows if not set(ids).isdisjoint(row.data.get("territory", ()))]
    spelled = [name for _, name in _spelled(connection, wanted)]
    written = _spelled(connection, [name for _, name in apart])
    forms = {(kind, name_form(name)) for kind, name in apart}
    return Actors(
        tuple(dict.fromkeys([*own, *ids, *wanted, *units])),
        tuple(dict.fromkeys([*wanted, *spelled])),
        frozenset(left.difference(map(name_form, spelled))),
        tuple({*apart, *(one for one in written if (one[0], name_form(one[1])) in forms)}),
    )


def _alias_forms(aliases: Iterable[Mapping[str, str]]) -> set[str]:
    return {form for alias in aliases for form in _forms(alias["text"])}


@cache
def _forms(alias: str) -> frozenset[str]:
    """Return the names that an alias of the registry stands for, as they are compared."""
    return frozenset(map(name_form, expand(alias)))


def _spelled(connection: Connection, names: Iterable[str]) -> list[tuple[Kind, str]]:
    """Return how names that have no entry are written in the archive, with their kinds."""
    found: list[tuple[Kind, str]] = []
    for part in chunks(sorted(filter(None, set(map(name_form, names))))):
        unlinked = select(_name.kind, _name.name)
        unlinked = unlinked.where(_name.form.in_(part), _name.entity_id.is_(None))
        found += [(row[0], row[1]) for row in connection.execute(unlinked.distinct())]
    return found


def is_one(columns: Any, actors: Actors, kinds: Collection[Kind] = ()) -> ColumnElement[bool]:  # noqa: ANN401
    """Return the condition that a name or a mention is one of some, of some kinds (none: all)."""
    named = [columns.name.in_(actors.names)]
    named += [(columns.kind == kind) & (columns.name == name) for kind, name in actors.alone]
    found = or_(columns.entity_id.in_(actors.ids), and_(columns.entity_id.is_(None), or_(*named)))
    return and_(found, columns.kind.in_(kinds)) if kinds else found


def name_ids(connection: Connection, actors: Actors, kinds: Collection[Kind] = ()) -> list[int]:
    """Return the numbers of the names of entries, and of names that have no entry, of some kinds
    (none: all)."""
    statement = select(_name.id).where(is_one(_name, actors, kinds))
    return sorted(connection.execute(statement).scalars())


def named_ids(connection: Connection, field: str, values: Iterable[str]) -> list[int]:
    """Return the numbers of the names that a filter (of `KINDS_OF`) means by ids or names."""
    return name_ids(connection, resolve_actors(connection, values), KINDS_OF[field])
