"""Writing many new rows at once: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

from kb.archive import compact, tables

Row = dict[str, Any]


def insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows that are known to be new; a missing key is NULL. Types are the table's."""
    names = table.columns.keys()
    found = list(rows)
    if found and all(len(row) == len(names) for row in found):
        values = itemgetter(*names)
        insert_records(connection, table, names, map(values, found))
        return
    insert_records(connection, table, names, ([row.get(name) for name in names] for row in found))


def insert_records(
    connection: Connection, table: Table, names: Sequence[str], records: Iterable[Iterable[Any]]
) -> None:
    """Insert records that are known to be new, their values in the order of `names`."""
    dialect = connection.dialect
    if table is tables.mention and dialect.name == "sqlite":
        rows = compact.compacted(connection, names, [tuple(record) for record in records])
        insert_plain(connection, "mention_row", compact.COLUMNS, rows)
        return
    columns: list[Iterable[Any]] = list(zip(*records, strict=True))
    if not columns:
        return
    for place, name in enumerate(names):
        process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            # A column at a time: a third of the time of row by row.
            columns[place] = [None if one is None else process(one) for one in columns[place]]
    insert_plain(connection, table.name, names, zip(*columns, strict=True))


def insert_plain(
    connection: Connection, table: str, names: Sequence[str], records: Iterable[tuple[Any, ...]]
) -> None:
    """Insert records whose values are as the driver takes them."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        parameters = list(records)
        if parameters:
            statement = f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})"
            connection.exec_driver_sql(statement, parameters)
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN") as copy:
        for record in records:
            copy.write_row(record)
