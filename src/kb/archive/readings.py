"""Writing what was read: all rows of a revision at once, in place of those that were there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Table, delete

from kb.archive import bulk, compact, derived, tables
from kb.archive.compact import Numbers, Readings
from kb.archive.lookup import chunks
from kb.reading import Assignment, Commitment, Holding, Mention, Quote

_READ: dict[Table, tuple[str, type[Any]]] = {
    tables.mention: ("mentions", Mention),
    tables.quote: ("quotes", Quote),
    tables.commitment: ("commitments", Commitment),
    tables.assignment: ("assignments", Assignment),
    tables.holding: ("holdings", Holding),
}
"""Where the parts of a reading are kept, with the records that they consist of."""


def write_readings(
    connection: Connection,
    readings: Readings,
    fresh: Collection[int],
    now: datetime,
    run_id: int | None,
) -> Numbers:
    """Write readings and who read them; `fresh` are revisions that were never read.

    Returns the numbers of the names in them, and leaves what follows from them to the caller.
    """
    for ids in chunks([id_ for id_ in readings if id_ not in fresh]):
        connection.execute(delete(tables.reading).where(tables.reading.c.revision_id.in_(ids)))
    rows = [
        {
            "revision_id": id_,
            "reader": reading.reader,
            "sentences": reading.sentences,
            "words": reading.words,
            "at": now,
            "run_id": run_id,
        }
        for id_, (_, reading) in readings.items()
    ]
    bulk.insert(connection, tables.reading, rows)
    return _replace(connection, readings, fresh)


def replace_readings(connection: Connection, readings: Readings) -> None:
    """Write the parts of readings in place of those that are there, and what follows from them."""
    numbers = _replace(connection, readings, ())
    changed = {article_id for article_id, _ in readings.values()}
    derived.refresh(connection, changed, readings, numbers)


def _replace(connection: Connection, readings: Readings, fresh: Collection[int]) -> Numbers:
    numbers = compact.numbered(connection, readings)
    for ids in chunks([id_ for id_ in readings if id_ not in fresh]):
        for table in _READ:
            connection.execute(delete(table).where(table.c.revision_id.in_(ids)))
    for table, (part, record) in _READ.items():
        if table is tables.mention and connection.dialect.name == "sqlite":
            rows = compact.rows(connection, readings, numbers)
            bulk.insert_plain(connection, "mention_row", compact.COLUMNS, rows)
            continue
        own = [entry.name for entry in fields(record)]
        columns = ["revision_id", "number", "article_id", *own]
        bulk.insert_records(connection, table, columns, _read(readings, part, own))
    return numbers


def _read(readings: Readings, part: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    values = attrgetter(*names)
    for revision_id, (article_id, reading) in readings.items():
        for number, record in enumerate(getattr(reading, part)):
            yield (revision_id, number, article_id, *values(record))
