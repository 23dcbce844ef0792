"""Entries that a judgement gives by their ids: known to the archive, of a kind that fits."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.errors import Refused
from kb.text import canonical

_entry, _name = tables.entry.c, tables.name.c
_KINDS: Mapping[str, tuple[str, ...]] = {
    "initiative_id": ("initiative", "programme"),
    "person_id": ("person",),
}
"""What a column can hold; the others hold entries of any kind."""


def check_entries(connection: Connection, values: Mapping[str, Any]) -> None:
    """Check the ids among the values of a judgement: an unknown one would be lost to every search.

    Raises:
        Refused: the archive has no such entry, or it is of a kind that the column cannot hold.
    """
    for column, id_ in values.items():
        if not column.endswith("_id") or id_ is None:
            continue
        kinds = _kinds(connection, id_)
        fit = _KINDS.get(column)
        if not kinds:
            raise _unknown(connection, column, id_, fit)
        if fit and kinds.isdisjoint(fit):
            kind, wanted = ", ".join(sorted(kinds)), " or ".join(fit)
            hint = "`kb registry list` shows ids"
            message = f"{column}: {id_!r} is of kind {kind}, not {wanted}; {hint}"
            raise Refused(message, "kind", field=column, value=id_)


def _kinds(connection: Connection, id_: str) -> set[str]:
    """Return the kinds of an entry: by the registry, or by the names that are linked with it."""
    kind = connection.scalar(select(_entry.kind).where(_entry.id == id_))
    linked = select(_name.kind).where(_name.entity_id == id_).distinct()
    return {kind} if kind else set(connection.scalars(linked))


def name_of(connection: Connection, id_: str) -> str | None:
    """Return the name of an entry: by the registry, else one that is linked with it."""
    name = connection.scalar(select(_entry.name).where(_entry.id == id_))
    linked = select(_name.name).where(_name.entity_id == id_).order_by(_name.id).limit(1)
    return name or connection.scalar(linked)


def _unknown(connection: Connection, column: str, id_: str, fit: tuple[str, ...] | None) -> Refused:
    rows = connection.execute(select(_entry.id, _entry.name, _entry.kind)).all()
    fitting = [row for row in rows if not fit or row.kind in fit]
    known = {canonical(text): row.id for row in fitting for text in (row.id, row.name)}
    near = get_close_matches(canonical(id_), known, n=1, cutoff=0.6)
    hint = "`kb registry list` shows ids, `kb reread` brings in new ones"
    if not near:
        return Refused(f"{column}: no entry {id_!r}; {hint}", "entry", value=id_)
    meant = known[near[0]]
    message = f"{column}: no entry {id_!r}; did you mean {meant}? {hint}"
    return Refused(message, "near", value=id_, near=meant)
