"""Writing many new rows at once: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from kb.archive import index, tables

Row = dict[str, Any]
_PAGE = 500  # revisions held in memory while the index is rebuilt


def insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows that are known to be new; a missing key is NULL. Types are the table's."""
    names = table.columns.keys()
    insert_records(connection, table, names, ([row.get(name) for name in names] for row in rows))


def insert_records(
    connection: Connection, table: Table, names: Sequence[str], records: Iterable[Iterable[Any]]
) -> None:
    """Insert records that are known to be new, their values in the order of `names`."""
    dialect = connection.dialect
    processors: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(names):
        process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            processors.append((place, process))

    def converted() -> Iterator[tuple[Any, ...]]:
        for record in records:
            values = list(record)
            for place, process in processors:
                if values[place] is not None:
                    values[place] = process(values[place])
            yield tuple(values)

    _insert(connection, table.name, names, converted())


def index_revisions(connection: Connection, revisions: Iterable[Row]) -> None:
    """Add revisions (keys id, title, lead, body) to the full-text index."""
    if connection.dialect.name == "sqlite":
        names = ["rowid", "title", "text", "title_folded", "text_folded"]
        analyse: Callable[..., tuple[str, ...]] = index.columns
    else:
        names, analyse = ["revision_id", "exact", "folded"], index.vectors
    records = ((row["id"], *analyse(row["title"], row["lead"], row["body"])) for row in revisions)
    _insert(connection, "search", names, records)


def rebuild_index(connection: Connection) -> None:
    """Empty the full-text index and fill it from the stored revisions."""
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(
        "INSERT INTO search (search) VALUES ('delete-all')" if sqlite else "TRUNCATE search"
    )
    c = tables.revision.c
    page = select(c.id, c.title, c.lead, c.body).order_by(c.id).limit(_PAGE)
    last = 0
    while rows := connection.execute(page.where(c.id > last)).mappings().all():
        index_revisions(connection, [dict(row) for row in rows])
        last = rows[-1]["id"]


def _insert(
    connection: Connection, table: str, names: Sequence[str], records: Iterable[tuple[Any, ...]]
) -> None:
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
