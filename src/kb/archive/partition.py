"""Mentions in partitions by month on PostgreSQL: for archives of tens of millions of them.

A partition holds the mentions of the revisions that came in one month. Numbers of revisions grow
with time, so that a month is a range of them: the key that the primary key has already, where a
date would have to be added to it and to every row. Old months are then never written again, can
be vacuumed, clustered or moved to slower disks one by one, and are backed up once.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select

from kb.archive import tables
from kb.archive.content import Progress, silent
from kb.archive.engine import reading, writing
from kb.errors import ConfigError

_REST = "000000"  # the month of an archive that was empty
Months = list[tuple[str, int]]
"""Month (`202411`) and the first revision that came in it, ascending."""


def partition(engine: Engine, *, progress: Progress = silent) -> Months:
    """Put mentions into partitions, or begin new ones for the months since the last call.

    One transaction, in which nobody else can read mentions; the first call copies them all.

    Returns:
        All partitions: month and first revision.

    Raises:
        ConfigError: the archive is on SQLite.
        ArchiveError: the database fails; everything is as it was.
    """
    if engine.dialect.name != "postgresql":
        raise ConfigError("only PostgreSQL has partitions: `kb archive copy` moves archives there")
    with writing(engine) as connection:
        wanted = months(connection)
        there = partitions(connection)
        if not there:
            _convert(connection, wanted, progress)
        else:
            later = [m for m in wanted if m[0] > there[-1][0] and m[1] > there[-1][1]]
            for month in later:
                progress(month[0], 0, 1)
                _split(connection, partitions(connection)[-1], month)
                progress(month[0], 1, 1)
        connection.exec_driver_sql("ANALYZE mention")
    with reading(engine) as connection:
        return partitions(connection)


def months(connection: Connection) -> Months:
    """Return the months in which revisions came, each with its first number."""
    c = tables.revision.c
    month = func.to_char(c.seen_at, "YYYYMM")
    found: Months = []
    for name, first in connection.execute(
        select(month, func.min(c.id)).group_by(month).order_by(month)
    ):
        # What was loaded later than it was seen stays with the month of its numbers.
        if not found or first > found[-1][1]:
            found.append((name, int(first)))
    return found


def partitions(connection: Connection) -> Months:
    """Return the partitions that there are, ascending; none if there is one table."""
    query = """
        SELECT child.relname,
            substring(pg_get_expr(child.relpartbound, child.oid) from 'FROM \\(''?(\\w+)''?\\)')
        FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'mention'::regclass"""
    found = []
    for name, low in connection.exec_driver_sql(query):
        found.append((str(name).removeprefix("mention_"), 0 if low == "MINVALUE" else int(low)))
    return sorted(found, key=lambda month: month[1])


def _convert(connection: Connection, wanted: Months, progress: Progress) -> None:
    """Copy the one table into partitions and give them its name, keys and indexes."""
    constraints = connection.exec_driver_sql(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'mention'::regclass AND contype IN ('p', 'f') ORDER BY contype DESC"
    ).all()
    kept = {name for name, _ in constraints}
    indexes = connection.exec_driver_sql(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename = 'mention' AND schemaname = current_schema()"
    ).all()
    run = connection.exec_driver_sql
    run("LOCK TABLE mention IN ACCESS EXCLUSIVE MODE")
    run("ALTER TABLE mention RENAME TO mention_whole")
    run(
        "CREATE TABLE mention (LIKE mention_whole INCLUDING DEFAULTS INCLUDING STORAGE)"
        " PARTITION BY RANGE (revision_id)"
    )
    bounds = [("MINVALUE" if not number else first) for number, (_, first) in enumerate(wanted)]
    names = [name for name, _ in wanted] or [_REST]
    bounds = bounds or ["MINVALUE"]
    for name, low, high in zip(names, bounds, [*bounds[1:], "MAXVALUE"], strict=True):
        run(f"CREATE TABLE mention_{name} PARTITION OF mention FOR VALUES FROM ({low}) TO ({high})")
    total = len(names)
    for number, (name, low, high) in enumerate(
        zip(names, bounds, [*bounds[1:], "MAXVALUE"], strict=True)
    ):
        progress(f"mentions of {name}", number, total)
        condition = " AND ".join(
            [f"revision_id >= {low}"] * (low != "MINVALUE")
            + [f"revision_id < {high}"] * (high != "MAXVALUE")
        )
        where = f" WHERE {condition}" if condition else ""
        run(f"INSERT INTO mention_{name} SELECT * FROM mention_whole{where}")
    run("DROP TABLE mention_whole")
    for name, definition in constraints:
        run(f'ALTER TABLE mention ADD CONSTRAINT "{name}" {definition}')
    for name, definition in indexes:
        if name not in kept:
            run(definition)
    progress("mentions", total, total)


def _split(connection: Connection, last: tuple[str, int], month: tuple[str, int]) -> None:
    """Let the last partition end where a new month begins."""
    run = connection.exec_driver_sql
    (old, low), (new, first) = last, month
    bound = low or "MINVALUE"
    run(f"ALTER TABLE mention DETACH PARTITION mention_{old}")
    run(f"CREATE TABLE mention_{new} PARTITION OF mention FOR VALUES FROM ({first}) TO (MAXVALUE)")
    run(f"INSERT INTO mention_{new} SELECT * FROM mention_{old} WHERE revision_id >= {first}")
    run(f"DELETE FROM mention_{old} WHERE revision_id >= {first}")
    run(
        f"ALTER TABLE mention ATTACH PARTITION mention_{old} FOR VALUES FROM ({bound}) TO ({first})"
    )
