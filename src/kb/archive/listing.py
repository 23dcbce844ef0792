"""A complete result as one statement: streamed whole, counted, or read page by page by key.

A page goes on after the key of the last row of the one before it, so that rows that were added
meanwhile move nothing, and nothing is passed over.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from kb.archive.as_of import as_it_stood
from kb.archive.columns import UtcDateTime
from kb.archive.engine import stream_plain
from kb.archive.query import Query
from kb.archive.search import Plan
from kb.errors import QueryError

Row = dict[str, Any]
Values = list[Any]
_KEY = "key_"


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order."""

    column: ColumnElement[Any]
    descending: bool = False


class Result(Protocol):
    """Rows of one kind that answer a query."""

    @property
    def plan(self) -> Plan: ...
    def rows(self, connection: Connection) -> Iterator[Row]: ...
    def count(self, connection: Connection) -> int: ...
    def page(
        self, connection: Connection, limit: int, after: Values | None
    ) -> tuple[list[Row], Values | None]: ...


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows that one statement selects, in an order in which no two share a place.

    `finish` makes of what is selected the row that is handed out.
    """

    plan: Plan
    statement: Select[Any]
    order: tuple[Key, ...]
    finish: Callable[[Row], Row] = dict
    numbered: bool = False
    """Whether the last of the order is the row's number in its text, which pages give besides."""

    def rows(self, connection: Connection) -> Iterator[Row]:
        """Yield all rows in their order."""
        for row, _ in self._stream(connection, None, None):
            yield self.finish(row)

    def count(self, connection: Connection) -> int:
        """Return how many rows there are."""
        inner = as_it_stood(self.statement, self._query.as_of).subquery("counted")
        return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())

    def page(
        self, connection: Connection, limit: int, after: Values | None
    ) -> tuple[list[Row], Values | None]:
        """Return the rows after a key (None: the first), and the last one's key if more follow.

        Raises:
            QueryError: the key is none of this kind's.
        """
        found = list(self._stream(connection, limit + 1, after))
        shown = [self.finish(row) | self._number(key) for row, key in found[:limit]]
        return shown, found[limit - 1][1] if len(found) > limit else None

    def item(self, connection: Connection, number: int) -> Row | None:
        """Return the row of a number, of the texts of one article; None if there is none."""
        for row, key in self._stream(connection, None, None):
            if self._number(key).get("number") == number:
                return self.finish(row) | self._number(key)
        return None

    def _number(self, key: Values) -> Row:
        return {"number": key[-1]} if self.numbered else {}

    @property
    def _query(self) -> Query:
        return self.plan.filters.query

    def _stream(
        self, connection: Connection, limit: int | None, after: Values | None
    ) -> Iterator[tuple[Row, Values]]:
        keys = [key.column.label(f"{_KEY}{n}") for n, key in enumerate(self.order)]
        # The moment comes first: what is selected from it has no articles of today.
        inner = as_it_stood(self.statement.add_columns(*keys), self._query.as_of).subquery("listed")
        order = [Key(inner.c[f"{_KEY}{n}"], key.descending) for n, key in enumerate(self.order)]
        statement = select(inner).order_by(
            *(key.column.desc() if key.descending else key.column for key in order)
        )
        if after is not None:
            statement = statement.where(later(order, after))
        names = [column.name for column in inner.c][: -len(keys)]
        for row in stream_plain(connection, statement.limit(limit)):
            yield dict(zip(names, row, strict=False)), list(row[len(names) :])


def later(order: Sequence[Key], after: Values) -> ColumnElement[bool]:
    """Return the condition that a row comes after a key.

    Raises:
        QueryError: the key has other columns than the order.
    """
    if len(after) != len(order):
        raise QueryError("after is not the end of an earlier page")
    bounds = [_bound(key, value) for key, value in zip(order, after, strict=True)]
    steps = []
    for place, key in enumerate(order):
        same = [order[n].column == bounds[n] for n in range(place)]
        beyond = key.column < bounds[place] if key.descending else key.column > bounds[place]
        steps.append(and_(*same, beyond))
    first = order[0].column
    # Implied by the rest, but an index understands it.
    near = first <= bounds[0] if order[0].descending else first >= bounds[0]
    return and_(near, or_(*steps))


def _bound(key: Key, value: Any) -> ColumnElement[Any]:  # noqa: ANN401
    type_ = key.column.type
    try:
        if isinstance(type_, UtcDateTime):
            value = datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError("no zone")
        elif type_.python_type is date:
            value = date.fromisoformat(value)
        elif type_.python_type is int and not (isinstance(value, int) and abs(value) < 1 << 62):
            raise ValueError("no number")
        elif type_.python_type is str and (not isinstance(value, str) or "\0" in value):
            raise ValueError("no text")
    except (TypeError, ValueError) as error:
        raise QueryError("after is not the end of an earlier page") from error
    return literal(value, type_)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows of a kind, as `SearchPage` is one of articles.

    `total` counts the rows of all pages; `folded` is that of the query's words.
    """

    rows: tuple[Row, ...]
    total: int
    folded: bool
    after: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """From where a page goes on: what the first page decided and counted, and a key."""

    folded: bool
    found: int
    total: int
    key: Values

    def write(self) -> str:
        """Return it as text for an address."""
        values = [self.folded, self.found, self.total, *map(_plain, self.key)]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return what `write` wrote.

        Raises:
            QueryError: it is nothing of the kind.
        """
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            folded, found, total, *key = json.loads(base64.urlsafe_b64decode(padded))
            numbers: tuple[int, int] = int(found), int(total)
            if not all(0 <= number < 1 << 62 for number in numbers):
                raise ValueError("out of range")
            return cls(bool(folded), *numbers, key)
        except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError) as error:
            raise QueryError(f"after={text!r} is not the end of an earlier page") from error


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
