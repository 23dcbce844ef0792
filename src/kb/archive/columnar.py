"""Answers of a hundred thousand rows as arrays: each column comes as one value.

Most of the time of such an answer goes into making rows of it, one by one: on PostgreSQL on both
sides, on SQLite in Python (a row of one number takes five times as long as its digits in a text).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    cast,
    func,
    literal_column,
    select,
)

from kb.archive import places

Numbers = NDArray[np.int64]
_NOTHING: ColumnElement[bytes] = literal_column("''::bytea")
_UNKNOWN = "\1"  # an outlet of which nothing is known, where zero cannot be in a text
_MANY = 5_000
_HEAD = np.dtype([("place", ">i8"), ("kinds", ">i2"), ("names", ">i4")])


@dataclass(frozen=True, slots=True)
class Names:
    """The numbers of the names that articles mention, one article after the other."""

    numbers: Numbers
    lengths: Numbers
    """How many each article has."""


@dataclass(frozen=True, slots=True)
class FacetRows:
    """Rows of `facet`, counted; days are the upper bits of places."""

    outlets: Counter[str | None]
    days: Counter[int]
    masks: Counter[int]
    names: Names


def plain_rows(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """Return rows as the driver gives them."""
    result = connection.execute(statement)
    assert result.cursor is not None
    return list(result.cursor.fetchall())


def integers(connection: Connection, statement: Select[Any]) -> Numbers:
    """Return the one column of whole numbers that a statement selects, ascending, each once."""
    if connection.dialect.name == "postgresql":
        (column,) = statement.subquery("found").c
        value = connection.execute(
            select(func.string_agg(func.int8send(column), _NOTHING))
        ).scalar()  # fmt: skip
        return distinct(np.frombuffer(value or b"", dtype=">i8").astype(np.int64))
    (column,) = statement.subquery("found").c
    found = _digits(connection.execute(select(_joined(column + _WIDE))).scalar(), 13)
    return distinct(found)


def distinct(values: Numbers) -> Numbers:
    """Return whole numbers ascending, each once; `numpy.unique` takes fifty times as long."""
    if not (values[1:] > values[:-1]).all():
        values = np.sort(values)
        values = values[np.append(True, values[1:] != values[:-1])] if len(values) else values
    return values


def names(connection: Connection, statements: Sequence[Select[Any]]) -> Names:
    """Return what statements select from `facet.names`."""
    found = []
    for statement in statements:
        if connection.dialect.name == "postgresql":
            (column,) = statement.subquery("found").c
            lengths = func.string_agg(func.int4send(func.octet_length(column)), _NOTHING)
            row = connection.execute(select(lengths, func.string_agg(column, _NOTHING))).one()
            sizes = np.frombuffer(row[0] or b"", dtype=">i4").astype(np.int64)
            found.append((sizes, row[1] or b""))
        else:
            (column,) = statement.subquery("found").c
            joined = select(_joined(func.length(column) + _WIDE), _joined(column))
            row = connection.execute(joined).one()
            found.append((_digits(row[0], 13), row[1] or b""))
    return _names(found)


def facet_rows(connection: Connection, statement: Select[Any], expected: int) -> FacetRows:
    """Count what a statement selects from `facet`: place, outlet, kinds, names.

    `expected`: how many rows these are, which PostgreSQL does not know of a text's words.
    """
    if connection.dialect.name == "postgresql":
        row = statement.subquery("found").c
        size = func.int4send(func.octet_length(row.names))
        head = func.int8send(row.place).concat(func.int2send(row.kinds)).concat(size)
        outlets = func.string_agg(func.coalesce(row.outlet, _UNKNOWN), "\n")
        values_of = (func.string_agg(head, _NOTHING), func.string_agg(row.names, _NOTHING), outlets)
        with _hashing(connection, expected > _MANY):
            found = connection.execute(select(*values_of)).one()
        heads = np.frombuffer(found[0] or b"", dtype=_HEAD)
        together = [(heads["names"].astype(np.int64), found[1] or b"")]
        days = _counted(heads["place"].astype(np.int64) >> places.BITS)
        return FacetRows(
            _outlets(found[2], _UNKNOWN), days, _counted(heads["kinds"]), _names(together)
        )
    row = statement.subquery("found").c
    outlet = func.coalesce(row.outlet, _NOBODY)
    numbers = (row.place, row.kinds, func.length(row.names))
    columns = [_joined(one + _WIDE) for one in numbers]
    joined = select(*columns, _joined(row.names), func.group_concat(outlet, _LINE))
    values: Any = connection.execute(joined).one()
    in_order, kinds, sizes = (_digits(value, 13) for value in values[:3])
    days = _counted(in_order >> places.BITS)
    named = _outlets(values[4], "\0")
    return FacetRows(named, days, _counted(kinds), _names([(sizes, values[3] or b"")]))


@contextmanager
def _hashing(connection: Connection, wanted: bool) -> Iterator[None]:
    """Let PostgreSQL join by hash: it expects few rows, and would look up each one's partner."""
    if wanted:
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    yield
    if wanted:
        connection.exec_driver_sql("SET LOCAL enable_nestloop = on")


def _outlets(lines: str | None, unknown: str) -> Counter[str | None]:
    found: Counter[str | None] = Counter(lines.split("\n") if lines else ())
    if nobody := found.pop(unknown, 0):
        found[None] = nobody
    return found


_WIDE: ColumnElement[int] = literal_column("1000000000000")  # more than a place can be
_NOBODY: ColumnElement[str] = literal_column("char(0)")
_LINE: ColumnElement[str] = literal_column("char(10)")


def _joined(column: ColumnElement[Any]) -> ColumnElement[bytes]:
    """Return all values of a column, on SQLite, as bytes one after the other."""
    return cast(func.group_concat(column, literal_column("''")), LargeBinary)


def _digits(value: bytes | None, width: int) -> Numbers:
    """Return the numbers whose digits follow each other, of some width that begins with 1."""
    digits = np.frombuffer(value or b"", dtype=np.uint8).reshape(-1, width)
    found = np.zeros(len(digits), dtype=np.int64)
    for place in range(1, width):
        found *= 10
        found += digits[:, place] - ord("0")
    return found


def _names(found: Sequence[tuple[Numbers, bytes]]) -> Names:
    """Return what arrays of four bytes a number say; of each the sizes in bytes are given."""
    sizes = np.concatenate([sizes for sizes, _ in found]) if found else np.zeros(0, dtype=np.int64)
    numbers = np.frombuffer(b"".join(data for _, data in found), dtype=np.int32)
    return Names(numbers.astype(np.int64), sizes // 4)


def _counted(values: NDArray[Any]) -> Counter[int]:
    found, counts = np.unique(values, return_counts=True)
    return Counter(dict(zip(found.tolist(), counts.tolist(), strict=True)))
