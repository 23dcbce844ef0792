"""What an export consists of: rows of one kind, and what was asked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from kb.archive import Archive, Query
from kb.archive.origins import readers
from kb.archive.schema import HEAD
from kb.article import VIETNAM
from kb.errors import ConfigError
from kb.research.columns import Kind, Row, kind_of, typed_rows

BATCH = 5000
"""Rows that are held at once."""
ALL = "all"
"""Stands for every kind, in the formats that hold several tables."""
Writer = Callable[[Kind, Iterable[Row], BinaryIO], int]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows to be written, with what they come from where a format needs more than them."""

    name: str
    """A kind, or `all`."""
    kind: Kind
    rows: Iterable[Row]
    archive: Archive | None = None
    query: Query = field(default_factory=Query)
    full_text: bool = False
    bom: bool = False
    """Whether a CSV file begins with the mark by which Excel knows UTF-8."""

    @property
    def asked(self) -> Archive:
        """The archive that the rows come from.

        Raises:
            ConfigError: they come from none.
        """
        if self.archive is None:
            raise ConfigError("this format needs an archive, not rows alone")
        return self.archive

    def of(self, name: str, query: Query | None = None) -> Source:
        """Return the source of another kind, asked the same."""
        wanted = query or self.query
        return source(self.asked, name, wanted, full_text=self.full_text)


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: `write` returns how many rows it wrote, or of what it `counts` instead.

    `kinds`: those that it can hold, none named for every single one; `beside` writes what belongs
    beside the finished file, whose path it is given, and returns those paths.
    """

    write: Callable[[Source, BinaryIO], int]
    media_type: str
    suffix: str
    kinds: tuple[str, ...] = ()
    binary: bool = False
    counts: str = ""
    beside: Callable[[Source, Path], list[Path]] | None = None


def source(archive: Archive, name: str, query: Query, *, full_text: bool = False) -> Source:
    """Return the complete rows of a kind; nothing is read before they are taken.

    Raises:
        ConfigError: there is no such kind.
    """
    if name == ALL:
        return Source(ALL, Kind({}, lambda *_: iter(())), (), archive, query, full_text)
    kind = kind_of(name, full_text=full_text)
    return Source(name, kind, typed_rows(kind, archive, query), archive, query, full_text)


def batches(rows: Iterable[Row], size: int | None = None) -> Iterator[list[Row]]:
    """Yield rows in lists."""
    taken = iter(rows)
    while batch := list(islice(taken, size or BATCH)):
        yield batch


def plain(value: object) -> Any:  # noqa: ANN401
    """Return a value as a cell of text: moments and days in ISO, lists joined by `; `."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return value


def about(wanted: Source) -> dict[str, str]:
    """Return what a reader of the file must know to make it again: query, time, versions."""
    told = {
        "kind": wanted.name,
        "query": described(wanted.query),
        "made_at": datetime.now(VIETNAM).isoformat(timespec="seconds"),
        "program": f"vietnamese-press-kb {version('vietnamese-press-kb')}",
    }
    if wanted.archive is not None:
        told["archive_schema"] = HEAD
        told["readers"] = "; ".join(
            f"{name} ({count})" for name, count in readers(wanted.archive.engine).items()
        )
    return told


def described(query: Query) -> str:
    """Return what was asked, with the names of an address; empty for everything."""
    return "; ".join(f"{name}={value}" for name, value in query.to_params())
