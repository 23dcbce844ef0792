"""A report as blocks of text, before it is HTML or a Word document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "meta", "note", "quote"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look: `href` is an address, a file of the pack or a `#mark` of the report.

    `press`: a newspaper's own words, Vietnamese whatever the report's language. `cite`: what says
    where the words before it are from.
    """

    text: str
    bold: bool = False
    press: bool = False
    href: str | None = None
    cite: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 is the report's, `mark` what links to it."""

    level: int
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an item of a list of that depth; `note` says nothing that needs a source."""

    runs: Runs
    style: Style = "plain"
    depth: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first row is `head`; each row carries its sources in its last cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[int, ...]
    """Shares of the width, in percent."""
    numbers: tuple[int, ...] = ()
    """Columns of numbers, which stand on the right."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts by period: `bars` are label, count and all articles of that time."""

    title: str
    description: str
    bars: tuple[tuple[str, int, int], ...]
    table: Table


Block = Heading | Paragraph | Table | Chart


def sourced(block: Block) -> list[Runs]:
    """Return the statements of a block that must say where they are from."""
    match block:
        case Paragraph(style="note") | Heading():
            return []
        case Paragraph():
            return [block.runs]
        case Table():
            return [tuple(run for cell in row for run in cell) for row in block.rows]
        case Chart():
            return sourced(block.table)
