"""Entries that a judgement gives by their ids: known to the archive, of a kind that fits."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.errors import ConfigError
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
        ConfigError: the archive has no such entry, or it is of a kind that the column cannot hold.
    """
    for column, id_ in values.items():
        if not column.endswith("_id") or id_ is None:
            continue
        kinds = _kinds(connection, id_)
        fit = _KINDS.get(column)
        if not kinds:
            raise ConfigError(f"{column}: no entry {id_!r}; {_hint(connection, id_, fit)}")
        if fit and kinds.isdisjoint(fit):
            kind, wanted = ", ".join(sorted(kinds)), " or ".join(fit)
            hint = "`kb registry list` shows ids"
            raise ConfigError(f"{column}: {id_!r} is of kind {kind}, not {wanted}; {hint}")


def _kinds(connection: Connection, id_: str) -> set[str]:
    """Return the kinds of an entry: by the registry, or by the names that are linked with it."""
    kind = connection.scalar(select(_entry.kind).where(_entry.id == id_))
    linked = select(_name.kind).where(_name.entity_id == id_).distinct()
    return {kind} if kind else set(connection.scalars(linked))


def _hint(connection: Connection, id_: str, fit: tuple[str, ...] | None) -> str:
    rows = connection.execute(select(_entry.id, _entry.name, _entry.kind)).all()
    fitting = [row for row in rows if not fit or row.kind in fit]
    known = {canonical(text): row.id for row in fitting for text in (row.id, row.name)}
    near = get_close_matches(canonical(id_), known, n=1, cutoff=0.6)
    meant = f"did you mean {known[near[0]]}? " if near else ""
    return f"{meant}`kb registry list` shows ids, `kb reread` brings in new ones"
