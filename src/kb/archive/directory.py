"""Outlets and registry entries as rows, so that queries can name them without their YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.archive import bulk, tables
from kb.archive.records import EntryRow, OutletRow


def sync_outlets(connection: Connection, outlets: Iterable[OutletRow]) -> None:
    """Write outlets by id; those that are no longer declared stay, their articles name them."""
    names = tables.outlet.c.keys()
    rows = [{name: str(getattr(outlet, name)) for name in names} for outlet in outlets]
    upsert(connection, tables.outlet, rows)


def outlet_names(connection: Connection) -> dict[str, str]:
    """Return the names of all outlets by id."""
    c = tables.outlet.c
    return {row.id: row.name for row in connection.execute(select(c.id, c.name))}


def sync_registry(connection: Connection, entries: Iterable[EntryRow]) -> None:
    """Write registry entries by id; entries that were taken out stay for old readings."""
    names = tables.entry.c.keys()
    rows = [{name: getattr(entry, name) for name in names} for entry in entries]
    upsert(connection, tables.entry, [row | {"data": dict(row["data"])} for row in rows])


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace the other columns where the primary key exists."""
    if not rows:
        return
    if table is tables.mention and connection.dialect.name == "sqlite":  # a view there
        c = tables.mention.c
        for row in rows:
            same = (c.revision_id == row["revision_id"]) & (c.number == row["number"])
            connection.execute(delete(table).where(same))
        bulk.insert(connection, table, [dict(row) for row in rows])
        return
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table)
    changed = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    key = [column.name for column in table.primary_key]
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=changed), list(rows)
    )
