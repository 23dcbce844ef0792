"""Column types that both engines store and return alike."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: timezone-aware in Python, UTC in the database, sortable on both engines.

    SQLite has no timezone: there it is `YYYY-MM-DD HH:MM:SS.ffffff` of UTC.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no timezone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """On SQLite in one step: every row has several, and two formatters would cost more."""
        return _sortable if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _sortable(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no timezone")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


class Day(TypeDecorator[date]):
    """A day: taken as a date or as ISO text (`2026-01-31`), given back as a date."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: date | str | None, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Code(TypeDecorator[str]):
    """One of a few words, stored as its place in the list (append only, never reorder)."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words
        self._codes = {word: code for code, word in enumerate(words)}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        return None if value is None else self._codes[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words[value]


class Packed(TypeDecorator[str]):
    """Text that SQLite keeps deflated; PostgreSQL packs long values by itself.

    In SQL the stored form is seen: wrap the column in `unpacked` there.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return pack(value) if dialect.name == "sqlite" else value  # type: ignore[return-value]

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> str | None:
        return unpack(value)


def pack(text: str | None) -> str | bytes | None:
    """Return text deflated, or as it is where that saves nothing."""
    if not text:
        return text
    plain = text.encode()
    if len(plain) > _WINDOW:
        packed = zlib.compress(plain)
    else:  # as small, and a third of the time goes into making larger tables ready
        packer = zlib.compressobj(6, zlib.DEFLATED, 13, 6)
        packed = packer.compress(plain) + packer.flush()
    return packed if len(packed) < len(plain) else text


_WINDOW = 1 << 13


def unpack(value: str | bytes | None) -> str | None:
    """Return the text that `pack` was given."""
    return zlib.decompress(value).decode() if isinstance(value, bytes) else value


class unpacked(FunctionElement[str]):
    """The text of a Packed column within SQL."""

    type = Text()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        # As plain text: else what comes out would be taken for packed again.
        super().__init__(column)


@compiles(unpacked)
def _plain(element: unpacked, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return compiler.process(element.clauses, **options)


@compiles(unpacked, "sqlite")
def _inflated(element: unpacked, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"unpack({compiler.process(element.clauses, **options)})"


class Integers(TypeDecorator[Sequence[int]]):
    """Whole numbers from 0 to 2**31 - 1, four bytes each."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> bytes | None:
        return None if value is None else array("i", value).tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sequence[int] | None:
        return None if value is None else array("i", value)
