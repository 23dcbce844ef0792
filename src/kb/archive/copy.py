"""Moving an archive into another database, of whichever engine, and proving that it arrived.

The source is read in one snapshot, table by table in the order of keys. Each batch of rows is one
transaction in the target. A target that was begun before is compared batch by batch and gets what
differs, so that a copy killed at any moment, even one whose source went on growing, ends right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    String,
    Table,
    and_,
    delete,
    false,
    func,
    literal,
    select,
    tuple_,
)

from kb.archive import bulk, fulltext, tables
from kb.archive.content import Progress, Sum, canonical, exact, pages, silent, size
from kb.archive.directory import upsert
from kb.archive.engine import explained, reading, writing
from kb.errors import ArchiveError, ConfigError

BATCH = 2_000
"""Rows in a transaction."""
MARK = "copy"
"""Name in `meta` of the row that an unfinished copy has: where it is copied from."""
_OWN = {MARK, "backup"}
"""Rows of `meta` that say something of one database alone."""
Row = Sequence[Any]


def copy(
    source: Engine, target: Engine, *, batch: int = BATCH, progress: Progress = silent
) -> dict[str, Sum]:
    """Copy an archive into an empty one, or go on with an earlier copy of the same source.

    Returns:
        What both hold, by table: rows and sums of `kb.archive.content.exact`.

    Raises:
        ConfigError: both are the same database, or the target holds something else.
        ArchiveError: a database failed, or the copy is not what the source was; run it again.
    """
    resumed = _begin(source, target)
    sums: dict[str, Sum] = {}
    with snapshot(source) as reader:
        for table in metadata_tables():
            sums[table.name] = _table(reader, target, table, batch, resumed, progress)
        _meta(reader, target)
    progress("index", 0, 1)
    _finish(target)
    progress("index", 1, 1)
    with reading(target) as connection:
        for name, wanted in sums.items():
            found = exact(connection, tables.metadata.tables[name], _named("check", progress))
            if found != wanted:
                raise ArchiveError(
                    f"the copy of table {name} has {found.rows} rows and differs from the "
                    f"source's {wanted.rows}: run the same command again, it mends what differs"
                )
    with writing(target) as connection:
        connection.execute(delete(tables.meta).where(tables.meta.c.name == MARK))
    return sums


def metadata_tables() -> list[Table]:
    """Return all tables that are copied, those referred to before those that refer."""
    made = {tables.meta, *tables.DERIVED}  # what follows from the rest is made in the target
    return [table for table in tables.metadata.sorted_tables if table not in made]


def is_empty(connection: Connection) -> bool:
    """Whether an archive holds nothing yet."""
    return not any(
        connection.execute(select(literal(1)).select_from(table).limit(1)).first()
        for table in metadata_tables()
    )


def unfinished(connection: Connection) -> str | None:
    """Return where an unfinished copy is copied from, None for an archive that is whole."""
    c = tables.meta.c
    value = connection.execute(select(c.value).where(c.name == MARK)).scalar()
    return None if value is None else str(json.loads(value)["from"])


def identity(engine: Engine) -> str:
    """Return what tells a database from all others, without password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").resolve())
    return f"postgresql://{url.host or 'localhost'}:{url.port or 5432}/{url.database}"


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the archive, whatever is written meanwhile."""
    with explained(engine), engine.connect() as plain:
        connection = plain
        if engine.dialect.name == "postgresql":
            connection = plain.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


def _begin(source: Engine, target: Engine) -> bool:
    """Mark the target as a copy that is under way; say whether it was already."""
    origin = identity(source)
    if origin == identity(target):
        raise ConfigError(f"{origin} cannot be copied onto itself: name another database")
    with reading(source) as connection:
        if (other := unfinished(connection)) is not None:
            raise ConfigError(f"{origin} is itself an unfinished copy of {other}: finish that")
    with writing(target) as connection:
        begun = unfinished(connection)
        if begun == origin:
            return True
        if begun is not None:
            raise ConfigError(
                f"{identity(target)} is an unfinished copy of {begun}, not of {origin}: "
                "finish that copy, or name an empty database"
            )
        if not is_empty(connection):
            raise ConfigError(
                f"{identity(target)} already holds an archive: name an empty database"
            )
        upsert(connection, tables.meta, [{"name": MARK, "value": json.dumps({"from": origin})}])
    return False


def _table(
    reader: Connection, target: Engine, table: Table, batch: int, resumed: bool, progress: Progress
) -> Sum:
    total, copied = size(reader, table), Sum()
    places = [list(table.c).index(column) for column in table.primary_key]
    low: Row | None = None
    progress(table.name, 0, total)
    for page in pages(reader, select(table).order_by(*_order(table, reader)), batch):
        high = [page[-1][place] for place in places]
        for row in page:
            copied.add(row)
        with writing(target) as writer:
            fresh = page
            if resumed:
                fresh = _differing(writer, table, page, places, _between(writer, table, low, high))
            bulk.insert_records(writer, table, table.c.keys(), fresh)
        low = high
        progress(table.name, copied.rows, total)
    if resumed:
        with writing(target) as writer:
            writer.execute(delete(table).where(_between(writer, table, low, None)))
    return copied


def _differing(
    writer: Connection,
    table: Table,
    page: Sequence[Row],
    places: Sequence[int],
    between: ColumnElement[bool],
) -> list[Row]:
    """Mend what a batch of the target holds already; return the rows that it lacks."""
    there = {
        tuple(row[place] for place in places): canonical(row)
        for row in writer.execute(select(table).where(between))
    }
    wanted = {tuple(row[place] for place in places): row for row in page}
    changed = {k for k, row in wanted.items() if k in there and there[k] != canonical(row)}
    if any(
        foreign.column.table is table for one in metadata_tables() for foreign in one.foreign_keys
    ):
        # Others refer to its rows: they stay while their values change.
        names = table.c.keys()
        upsert(writer, table, [dict(zip(names, wanted[key], strict=True)) for key in changed])
        changed = set()
    keys = list(table.primary_key)
    for key in (there.keys() - wanted.keys()) | changed:
        same = and_(*(column == value for column, value in zip(keys, key, strict=True)))
        writer.execute(delete(table).where(same))
        del there[key]
    return [row for key, row in wanted.items() if key not in there]


def _meta(reader: Connection, target: Engine) -> None:
    rows = [dict(row) for row in reader.execute(select(tables.meta)).mappings()]
    with writing(target) as writer:
        upsert(writer, tables.meta, [row for row in rows if row["name"] not in _OWN])


def _finish(target: Engine) -> None:
    """Make what follows from the rest; let PostgreSQL give out numbers after the highest."""
    with writing(target) as writer:
        fulltext.rebuild(writer)
    if target.dialect.name != "postgresql":
        return
    with writing(target) as writer:
        for table in metadata_tables():
            column = table.autoincrement_column
            sequence = (
                column is not None
                and writer.execute(
                    select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
                ).scalar()
            )
            if column is None or not sequence:
                continue
            last = writer.execute(select(func.max(column))).scalar()
            writer.execute(select(func.setval(sequence, last or 1, last is not None)))
        writer.exec_driver_sql("ANALYZE")


# --- the order of keys, the same on both engines ----------------------------------------------


def _order(table: Table, connection: Connection) -> list[ColumnElement[Any]]:
    """Return the key's columns: text by its bytes on PostgreSQL, as SQLite has it anyway."""
    if connection.dialect.name == "sqlite":
        return list(table.primary_key)
    return [
        column.collate("C") if isinstance(column.type, String) else column
        for column in table.primary_key
    ]


def _between(
    connection: Connection, table: Table, low: Row | None, high: Row | None
) -> ColumnElement[bool]:
    """Return the condition that a key lies after `low` and not after `high` (None: no bound)."""
    order = _order(table, connection)
    types = [column.type for column in table.primary_key]
    place = tuple_(*order)
    bounds: list[ColumnElement[bool]] = []
    if low is not None:
        bounds.append(place > tuple_(*map(literal, low, types)))
    if high is not None:
        bounds.append(place <= tuple_(*map(literal, high, types)))
    return and_(*bounds) if bounds else ~false()


def _named(prefix: str, progress: Progress) -> Progress:
    return lambda what, done, total: progress(f"{prefix} {what}", done, total)
