"""Listings as a table for people, JSON or CSV for programs; data on stdout, words on stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kb.article import VIETNAM
from kb.settings import settings
from kb.text import read_yaml

Row = dict[str, Any]
errors = Console(stderr=True, highlight=False, soft_wrap=True)
MOST = 2**31 - 1
"""The largest number that an option takes: what every database counts."""
_PIPED = 200
"""Columns of a table that goes to a file or another program."""


class Format(StrEnum):
    """How a listing is printed."""

    table = "table"
    json = "json"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the list.")]


def listing(
    rows: Iterable[Row], columns: Sequence[str], format: Format, *, title: str | None = None
) -> None:
    """Print rows; JSON is one list of objects with all their keys, the others show `columns`."""
    if format is Format.json:
        print(json.dumps([_ready(row) for row in rows], ensure_ascii=False, indent=1))
    elif format is Format.csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    else:
        table, said = Table(title=title, title_justify="left", header_style="bold"), words()
        for name in columns:
            table.add_column(said.get(f"head_{name}", name), overflow="fold")
        for row in rows:
            table.add_row(*(_cell(row.get(name), brief=True) for name in columns))
        terminal().print(table)


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Leave a closed pipe to `kb.cli.main`: Rich would end with a failure."""
        raise


def terminal() -> Console:
    """Return stdout for tables and text; as wide as the terminal, or wide enough for a file."""
    out = _Terminal(highlight=False, markup=False)
    return out if out.is_terminal else _Terminal(highlight=False, markup=False, width=_PIPED)


def _ready(row: Row) -> Row:
    return {name: _local(value) for name, value in row.items()}


def _local(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat(timespec="seconds")
    return list(value) if isinstance(value, tuple) else value


def _cell(value: object, *, brief: bool = False) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and brief:
        return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return str(_local(value))


def words(language: str | None = None, file: str = "words.yaml") -> dict[str, str]:
    """Return the program's words in a language (None: the one that is set), by key."""
    return _languages(file)[language or settings().language]


@cache
def _languages(file: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = read_yaml(files("kb.cli").joinpath(file).read_text("utf-8"))
    return found
