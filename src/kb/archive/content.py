"""What an archive holds as one number, whatever the engine, the ids and the times of its runs.

A table's sum is that of the SHA-256 of its rows modulo 2^256 (the additive multiset hash of
Bellare and Micciancio, 1997): rows may come in any order, and a doubled row counts twice, so
that whole archives are compared in constant memory. It tells damage, not forgery.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    UniqueConstraint,
    func,
    select,
)

from kb.archive.tables import metadata
from kb.text import read_yaml

Progress = Callable[[str, int, int], None]
"""Called with what is being done (a table's name), how much of it is done, and of how much."""
_MODULUS = 1 << 256
_PAGE = 2_000


def silent(what: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(slots=True)
class Sum:
    """How many rows, and their sum; equal for the same rows in whatever order."""

    rows: int = 0
    total: int = 0

    def add(self, values: Iterable[Any]) -> None:
        """Count one row."""
        self.rows += 1
        digest = hashlib.sha256(canonical(values)).digest()
        self.total = (self.total + int.from_bytes(digest, "big")) % _MODULUS

    def __str__(self) -> str:
        return f"{self.rows}:{self.total:064x}"


def canonical(values: Iterable[Any]) -> bytes:
    """Return a row's values, as the tables' types give them back, in one form for all engines."""
    text = json.dumps(
        list(values), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("utf-8", "surrogatepass")


def _plain(value: object) -> str | list[int]:
    match value:
        case array():
            return value.tolist()
        case datetime() | date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
    raise TypeError(f"a {type(value).__name__} has no canonical form")


def size(connection: Connection, table: FromClause) -> int:
    """Return how many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def exact(connection: Connection, table: Table, progress: Progress = silent) -> Sum:
    """Return the sum of whole rows, ids and all: equal in a copy."""
    return _sum(connection, select(table), table.name, size(connection, table), progress)


def content(connection: Connection, progress: Progress = silent) -> dict[str, Sum]:
    """Return the sum of each table's content, with the keys of rows in place of their ids."""
    return {
        table.name: _sum(
            connection, statement(table), table.name, size(connection, table), progress
        )
        for table in metadata.sorted_tables
        if table.name not in _rules()["tables"]
    }


def content_hash(sums: Mapping[str, Sum]) -> str:
    """Return one SHA-256 (hex) for the sums of `content`; empty tables do not change it."""
    lines = [f"{name} {found}" for name, found in sorted(sums.items()) if found.rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sum(
    connection: Connection, query: Select[Any], name: str, total: int, progress: Progress
) -> Sum:
    found = Sum()
    progress(name, 0, total)
    for page in pages(connection, query):
        for row in page:
            found.add(row)
        progress(name, found.rows, total)
    return found


def pages(
    connection: Connection, query: Select[Any], rows: int = _PAGE
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows of a query in lists of so many, never holding more."""
    result = connection.execute(query.execution_options(yield_per=rows))
    try:
        yield from result.partitions()
    finally:
        result.close()


# --- keys in place of ids --------------------------------------------------------------------


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = read_yaml(
        files("kb.archive").joinpath("content.yaml").read_text("utf-8")
    )
    return rules


def statement(table: Table) -> Select[Any]:
    """Return a query for a table's content: no ids, no run, and keys of what it refers to."""
    source: FromClause = table
    columns: list[ColumnElement[Any]] = []

    def show(alias: FromClause, table: Table, names: Iterable[str]) -> None:
        nonlocal source
        for name in names:
            target = reference(table.c[name])
            if target is None:
                columns.append(alias.c[name])
                continue
            to = target.table.alias()
            source = source.outerjoin(to, to.c[target.name] == alias.c[name])
            show(to, target.table, key(target.table))

    show(table, table, _shown(table))
    return select(*columns).select_from(source)


def _shown(table: Table) -> list[str]:
    left_out = _rules()["columns"]
    return [
        column.name
        for column in table.columns
        if f"{table.name}.{column.name}" not in left_out
        and f"*.{column.name}" not in left_out
        and not is_surrogate(column)
        # The revision's article: `kb archive check` sees that it is.
        and not (column.name == "article_id" and "revision_id" in table.c)
    ]


def is_surrogate(column: Column[Any]) -> bool:
    """Whether a column is a number that only this archive knows its row by."""
    alone = list(column.table.primary_key) == [column]
    return alone and isinstance(column.type, Integer) and reference(column) is None


def reference(column: Column[Any]) -> Column[Any] | None:
    """Return the surrogate key that a column holds, by its foreign key or by its name."""
    if (named := _rules()["references"].get(column.name)) is not None:
        return metadata.tables[named].c["id"]
    for foreign in column.foreign_keys:
        if is_surrogate(foreign.column):
            return foreign.column
    return None


@cache
def key(table: Table) -> tuple[str, ...]:
    """Return the columns by which a row of a table is known in every archive.

    Raises:
        LookupError: neither content.yaml nor a unique constraint says it.
    """
    if (said := _rules()["keys"].get(table.name)) is not None:
        return tuple(said)
    unique = [
        tuple(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    unique += [tuple(index.columns.keys()) for index in table.indexes if index.unique]
    if len(unique) != 1:
        raise LookupError(f"content.yaml: by what is a row of {table.name} known? Add it to keys")
    return unique[0]
