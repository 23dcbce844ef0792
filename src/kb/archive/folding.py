"""Reprints folded: of the articles found that tell one story only the first counts.

Which one is first depends on the query: of a story that only one outlet's reprint of it is found,
that reprint stands for it. Chains of reprints are those of `reuse.stories`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kb.archive import tables
from kb.archive.as_of import as_it_stood
from kb.archive.reuse.stories import representatives
from kb.archive.reuse_tables import origin

_article = tables.article.c
Place = ColumnElement[int]


def numbers(values: Iterable[int], dialect: str) -> Select[Any]:
    """Return a selection of numbers, however many, as one parameter."""
    if dialect == "sqlite":
        listed = bindparam(None, json.dumps(list(values)), String)
        each = func.json_each(listed).table_valued(column("value", Integer))
        return select(each.c.value)
    return select(func.unnest(cast(bindparam(None, list(values)), ARRAY(BigInteger))))


def hidden(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], as_of: date | None
) -> list[int]:
    """Return the places of articles that fulfil some conditions and count under another one.

    Args:
        conditions: those of the query on articles.
        as_of: the moment as which the archive is asked.
    """
    linked = origin.c.reprint_of.is_not(None)
    members = or_(
        _article.id.in_(select(origin.c.article_id).where(linked)),
        _article.id.in_(select(origin.c.reprint_of).where(linked)),
    )
    statement = select(_article.id, _article.place, _article.ordered_at).where(members, *conditions)
    rows = connection.execute(as_it_stood(statement, as_of)).all()
    first = representatives(connection, [row.id for row in rows], as_of)

    def rank(row: Any) -> tuple[bool, bool, Any, int]:  # noqa: ANN401 - a row
        undated = row.ordered_at == tables.UNDATED
        return row.id != first[row.id], undated, row.ordered_at, row.id

    shown: set[int] = set()
    found = []
    for row in sorted(rows, key=rank):
        if first[row.id] in shown:
            found.append(row.place)
        shown.add(first[row.id])
    return sorted(found)
