"""The tables for Citus: by what each is distributed, and its form without constraints across
machines.

Citus can keep a primary key or a unique constraint only if it has the distribution column, and a
foreign key only to a table that every machine has, or between two distributed tables with that
column on both sides. The form for one machine has keys that are shorter; `distributed` makes the
other one from it. What a constraint no longer says (one article a key) the loader sees to, which
holds the only write lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from kb.text import read_yaml

KEY, GROUP = "distributed_by", "colocated_with"
"""Names in `Table.info` of a distributed form; a table that every machine has, has neither."""


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = read_yaml(
        files("kb.archive").joinpath("shards.yaml").read_text("utf-8")
    )
    return rules


def distribution(table: Table) -> tuple[str, str] | None:
    """Return the distribution column of a table and its group; None: a copy on every machine.

    Raises:
        LookupError: shards.yaml does not say where the table goes.
    """
    rules = _rules()
    if table.name in rules["reference"]:
        return None
    if (column := rules["alone"].get(table.name)) is not None:
        return column, table.name
    if (column := rules["distributed"].get(table.name)) is not None:
        return column, "article"
    if "article_id" in table.c:
        return "article_id", "article"
    raise LookupError(f"shards.yaml: over which machines does {table.name} go?")


def distributed(metadata: MetaData) -> MetaData:
    """Return the form of all tables for Citus, with KEY and GROUP in `Table.info`."""
    made = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        _distributed(table, made)
    return made


def _distributed(table: Table, made: MetaData) -> Table:
    where = distribution(table)
    own = [
        Column(column.name, column.type, nullable=column.nullable, autoincrement=False)
        for column in table.columns
    ]
    key = [column.name for column in table.primary_key]
    parts: list[Any] = []
    info: dict[str, str] = {}
    if where is not None:
        name, group = where
        info = {KEY: name, GROUP: group}
        if name not in table.c:
            own.insert(0, Column(name, Integer, nullable=False))
        key = key if name in key else [name, *key]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            names = constraint.columns.keys()
            if where is None or where[0] in names:
                parts.append(UniqueConstraint(*names))
            else:
                parts.append(Index(None, *names))
        elif isinstance(constraint, ForeignKeyConstraint):
            parts += _foreign(constraint, where)
    for index in table.indexes:
        unique = index.unique and (where is None or where[0] in index.columns)
        parts.append(Index(None, *index.columns.keys(), unique=unique))
    return Table(table.name, made, *own, PrimaryKeyConstraint(*key), *parts, info=info)


def _foreign(
    constraint: ForeignKeyConstraint, where: tuple[str, str] | None
) -> Iterator[ForeignKeyConstraint]:
    target = constraint.referred_table
    to = distribution(target)
    names = [element.parent.name for element in constraint.elements]
    others = [element.column.name for element in constraint.elements]
    if to is not None:
        if where is None or where[1] != to[1]:
            return
        if to[0] not in others:
            names, others = [where[0], *names], [to[0], *others]
    yield ForeignKeyConstraint(names, [f"{target.name}.{name}" for name in others])


def violations(metadata: MetaData) -> Iterator[str]:
    """Yield each constraint that machines could not see to alone."""
    for table in metadata.sorted_tables:
        where = distribution(table)
        for constraint in table.constraints:
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
                names = constraint.columns.keys()
                if where is not None and where[0] not in names:
                    yield f"{table.name} ({', '.join(names)}) lacks {where[0]}"
            elif isinstance(constraint, ForeignKeyConstraint):
                to = distribution(constraint.referred_table)
                if to is None:
                    continue
                pairs = {(one.parent.name, one.column.name) for one in constraint.elements}
                if where is None or where[1] != to[1] or (where[0], to[0]) not in pairs:
                    yield f"{table.name} refers to {constraint.referred_table.name} elsewhere"
        for index in table.indexes:
            if index.unique and where is not None and where[0] not in index.columns:
                yield f"{table.name} ({', '.join(index.columns.keys())}) lacks {where[0]}"


def statements(metadata: MetaData) -> Iterator[str]:
    """Yield what Citus has to be told of the tables, once `distributed` has been created."""
    for table in metadata.sorted_tables:
        where = distribution(table)
        if where is None:
            yield f"SELECT create_reference_table('{table.name}')"
            continue
        name, group = where
        place = "none" if table.name == group else group
        given = f"'{table.name}', '{name}', colocate_with => '{place}'"
        yield f"SELECT create_distributed_table({given})"
