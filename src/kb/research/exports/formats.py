"""The formats: one table of what each holds, how it is written and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, BinaryIO, Final

from kb.errors import ConfigError
from kb.research.columns import KINDS, Kind, Row
from kb.research.exports.base import ALL, Format, Source, Writer

_SPANS: Final = ("mentions", "quotes", "commitments", "assignments", ALL)
_GRAPH: Final = (
    "articles", "mentions", "actors", "initiatives", "documents", "assignments", "posts", ALL,
)  # fmt: skip
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _late(module: str, name: str) -> Any:  # noqa: ANN401
    """Return a function by its name; Arrow, Excel and YAML are loaded by who needs them."""
    return getattr(import_module(f"kb.research.{module}"), name)


def _rows(module: str, name: str) -> Callable[[Source, BinaryIO], int]:
    """Return what writes the rows of a source, by a writer of rows."""

    def write(source: Source, out: BinaryIO) -> int:
        count: int = _late(module, name)(source.kind, source.rows, out)
        return count

    return write


def _whole(module: str, name: str) -> Callable[[Source, BinaryIO], int]:
    def write(source: Source, out: BinaryIO) -> int:
        count: int = _late(module, name)(source, out)
        return count

    return write


def _csv(source: Source, out: BinaryIO) -> int:
    from kb.research.exports.text import write_csv

    return write_csv(source.kind, source.rows, out, bom=source.bom)


FORMATS: Final[dict[str, Format]] = {
    "csv": Format(_csv, "text/csv; charset=utf-8", ".csv"),
    "json": Format(_rows("exports.text", "write_json"), "application/json", ".json"),
    "jsonl": Format(_rows("exports.text", "write_jsonl"), "application/jsonl", ".jsonl"),
    "parquet": Format(
        _whole("exports.parquet", "write_parquet"), "application/vnd.apache.parquet", ".parquet",
        binary=True,
    ),
    "xlsx": Format(_whole("exports.workbook", "write_xlsx"), _EXCEL, ".xlsx", binary=True),
    "ris": Format(
        _rows("citations", "write_ris"), "application/x-research-info-systems", ".ris",
        ("articles",),
    ),
    "bibtex": Format(
        _rows("citations", "write_bibtex"), "application/x-bibtex", ".bib", ("articles",)
    ),
    "csl-json": Format(
        _rows("citations", "write_csl"), "application/vnd.citationstyles.csl+json", ".json",
        ("articles",),
    ),
    "ftm": Format(
        _whole("exports.graph", "write_ftm"), "application/jsonl", ".ftm.json", _GRAPH,
        counts="entities",
    ),
    "w3c": Format(
        _whole("exports.annotations", "write_w3c"),
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', ".jsonld", _SPANS,
        counts="annotations",
    ),
    "sqlite": Format(
        _whole("exports.database", "write_sqlite"), "application/vnd.sqlite3", ".db",
        (*KINDS, ALL), binary=True,
        beside=lambda source, path: _late("exports.database", "describe")(source, path),
    ),
}  # fmt: skip
TABLES: Final = ("csv", "json", "jsonl", "parquet", "xlsx")
"""Formats of plain tables, for every kind."""
REFERENCES: Final = ("ris", "bibtex", "csl-json")
"""Formats of lists of references."""
BINARY: Final = tuple(name for name, one in FORMATS.items() if one.binary)
"""Formats that make no sense on a terminal."""


def format_for(name: str, kind: str) -> Format:
    """Return a format that can hold a kind (or `all`).

    Raises:
        ConfigError: there is no such format, or it holds something else; the message says what.
    """
    if name not in FORMATS:
        raise ConfigError(f"no format {name!r}; choose one of {', '.join(FORMATS)}")
    found = FORMATS[name]
    holds = found.kinds or tuple(KINDS)
    if kind not in holds:
        fitting = [one for one in FORMATS if kind in (FORMATS[one].kinds or KINDS)]
        raise ConfigError(
            f"{name} cannot hold {kind}, only {', '.join(holds)}; "
            f"export {kind} as {', '.join(fitting) or 'no format'}"
        )
    return found


_ALSO = {".sqlite": "sqlite", ".sqlite3": "sqlite", ".bibtex": "bibtex", ".ndjson": "jsonl"}
"""Endings that are as usual as those that exports are given."""


def endings() -> dict[str, str]:
    """Return the formats by the endings of file names that stand for them."""
    return {one.suffix: name for name, one in reversed(FORMATS.items())} | _ALSO


def format_named(file: str) -> str | None:
    """Return the format that the ending of a file's name stands for, None if for none."""
    known = endings()
    fitting = [ending for ending in known if file.lower().endswith(ending)]
    return known[max(fitting, key=len)] if fitting else None


def writer_for(name: str) -> Writer:
    """Return the writer of rows in a format: it takes a kind, rows and a file, returns a count.

    Raises:
        ConfigError: there is no such format.
    """
    if name not in FORMATS:
        raise ConfigError(f"no format {name!r}; choose one of {', '.join(FORMATS)}")

    def write(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
        # Articles with their body are the one kind that the table does not list.
        called = next((one for one, known in KINDS.items() if known is kind), "articles")
        return FORMATS[name].write(Source(called, kind, rows), out)

    return write
