"""SQLite's own form of `mention`: names and methods by number, surfaces only where they differ.

A row takes half the room so. The view `mention` has the columns of `tables.mention` and triggers
that let it be written to; whole batches go by `compacted`, since a trigger a row is slow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from kb.archive import tables
from kb.archive.columns import Code
from kb.archive.lookup import free_ids
from kb.archive.spellings import relate
from kb.reading import KINDS, Reading
from kb.text import name_form

COLUMNS = (
    "revision_id", "number", "article_id", "name_id", "surface", "field", "start", "end",
    "sentence_start", "sentence_end", "method_id", "score",
)  # fmt: skip
Key = tuple[str, str | None, str]
"""Kind, entry and name."""
Readings = Mapping[int, tuple[int, Reading]]
"""Article id and reading by revision id."""
Numbers = Mapping[int, Sequence[int]]
"""By revision id the number of the name of each of its mentions."""


def name_ids(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """Return the numbers of names, giving new ones to those that have none."""
    wanted = dict.fromkeys(keys)
    if not wanted:
        return {}
    names = list({name for _, _, name in wanted})
    # One statement and one parameter, however many they are.
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(_NAMED + "(SELECT value FROM json_each(?))",
                                          (json.dumps(names),))  # fmt: skip
    else:
        rows = connection.exec_driver_sql(_NAMED + "(SELECT unnest(%s::text[]))", (names,))
    found = {(KINDS[kind], entity_id, name): id_ for kind, entity_id, name, id_ in rows}
    new = [key for key in wanted if key not in found]
    if new:
        ids = free_ids(connection, tables.name)
        found |= {key: next(ids) for key in new}
        forms = [name_form(name) for _, _, name in new]
        columns = ("kind", "entity_id", "name", "id", "form")
        made = [
            dict(zip(columns, (*key, found[key], form), strict=True))
            for key, form in zip(new, forms, strict=True)
        ]
        connection.execute(tables.name.insert(), made)
        relate(connection, {form for key, form in zip(new, forms, strict=True) if key[1] is None})
    return found


_NAMED = "SELECT kind, entity_id, name, id FROM name WHERE name IN "


def numbered(connection: Connection, readings: Readings) -> Numbers:
    """Return the numbers of the names that the mentions of readings have, in their order."""
    keys = {
        id_: [(one.kind, one.entity_id, one.name) for one in reading.mentions]
        for id_, (_, reading) in readings.items()
    }
    numbers = name_ids(connection, chain.from_iterable(keys.values()))
    return {id_: list(map(numbers.__getitem__, found)) for id_, found in keys.items()}


def rows(connection: Connection, readings: Readings, numbers: Numbers) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `mention_row` for the mentions of readings."""
    methods = _methods(
        connection, {one.method for _, reading in readings.values() for one in reading.mentions}
    )
    code = _code(tables.mention.c.field.type)
    for id_, (article_id, reading) in readings.items():
        for number, (one, name) in enumerate(zip(reading.mentions, numbers[id_], strict=True)):
            yield (
                id_,
                number,
                article_id,
                name,
                None if one.surface == one.name else one.surface,
                code[one.field],
                one.start,
                one.end,
                one.sentence_start,
                one.sentence_end,
                methods[one.method],
                one.score,
            )


def compacted(
    connection: Connection, names: Sequence[str], records: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `mention_row` for those of `mention`, whose columns are `names`.

    Kinds and fields may be words or, as rows of another archive come, their codes.
    """
    rows = list(records)
    if not rows:
        return
    at: Mapping[str, int] = {name: place for place, name in enumerate(names)}
    keys = list(map(itemgetter(at["kind"], at["entity_id"], at["name"]), rows))
    if any(isinstance(key[0], int) for key in keys):
        keys = [(_word(kind), entity, name) for kind, entity, name in keys]
    numbers = name_ids(connection, keys)
    methods = _methods(connection, {row[at["method"]] for row in rows})
    code = _code(tables.mention.c.field.type)
    taken = itemgetter(*(at[name] for name in _TAKEN))
    for row, key in zip(rows, keys, strict=True):
        (revision, number, article, surface, field, start, end, first, last, method, score) = taken(
            row
        )
        yield (
            revision,
            number,
            article,
            numbers[key],
            None if surface == key[2] else surface,
            code.get(field, field),
            start,
            end,
            first,
            last,
            methods[method],
            score,
        )


_TAKEN = (
    "revision_id", "number", "article_id", "surface", "field", "start", "end", "sentence_start",
    "sentence_end", "method", "score",
)  # fmt: skip


def _word(kind: str | int) -> str:
    return KINDS[kind] if isinstance(kind, int) else kind


def _code(type_: Any) -> dict[Any, int]:  # noqa: ANN401
    assert isinstance(type_, Code)
    return {word: place for place, word in enumerate(type_.words)}


def _methods(connection: Connection, wanted: set[str]) -> dict[str, int]:
    rows = connection.exec_driver_sql("SELECT name, id FROM mention_method")
    known: dict[str, int] = {row[0]: row[1] for row in rows}
    if new := sorted(wanted - known.keys()):
        connection.exec_driver_sql(
            "INSERT INTO mention_method (name) VALUES (?)", [(name,) for name in new]
        )
        return _methods(connection, set())
    return known
