"""Complete results as files: CSV, JSON lines, Parquet and Excel, row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from kb.errors import ConfigError
from kb.research.columns import Kind, Row, Type

_BATCH = 5000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXCEL_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
_EXCEL_TEXT = 32_767
"""Characters that a cell of a sheet holds."""
_CUT = " […: longer than an Excel cell holds; export csv or parquet]"


def _plain(value: object) -> object:
    """Return a value as a cell of text: moments and days in ISO, lists joined by `; `."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return value


def _guarded(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula (OWASP, CSV injection)."""
    plain = _plain(value)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain


def write_csv(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write UTF-8 CSV with a header; dates in ISO, lists joined by `; `, formulas guarded."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(kind.columns)
        count = 0
        for row in rows:
            writer.writerow([_guarded(row[name]) for name in kind.columns])
            count += 1
        return count
    finally:
        text.detach()


def write_jsonl(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write one JSON object a line."""
    count = 0
    for row in rows:
        out.write(_json(row).encode() + b"\n")
        count += 1
    return count


def write_json(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write one JSON list of objects."""
    count = 0
    for count, row in enumerate(rows, 1):
        out.write((b"[" if count == 1 else b",\n") + _json(row).encode())
    out.write(b"]\n" if count else b"[]\n")
    return count


def _json(row: Row) -> str:
    ready = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
    return json.dumps(ready, ensure_ascii=False)


_ARROW: dict[Type, pa.DataType] = {
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="Asia/Ho_Chi_Minh"),
}


def write_parquet(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write Parquet with typed columns: lists as lists, days as days, moments with their zone."""
    schema = pa.schema([(name, _ARROW[type_]) for name, type_ in kind.columns.items()])
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_table(pa.Table.from_pylist(batch, schema))
            count += len(batch)
    return count


def write_xlsx(kind: Kind, rows: Iterable[Row], out: BinaryIO) -> int:
    """Write an Excel workbook: frozen header, filter, real dates (time of Vietnam, no zone).

    Raises:
        ConfigError: more rows than a sheet holds; nothing is cut silently.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "remove_timezone": True}) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("kb")
        for column, (name, type_) in enumerate(kind.columns.items()):
            sheet.set_column(column, column, _WIDTHS[type_])
            sheet.write_string(0, column, name, bold)
        sheet.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > _EXCEL_ROWS:
                raise ConfigError("more rows than an Excel sheet holds; export csv or parquet")
            for column, name in enumerate(kind.columns):
                value = row[name]
                if isinstance(value, datetime):
                    sheet.write_datetime(count, column, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(count, column, value, day)
                elif isinstance(value, bool):
                    sheet.write_boolean(count, column, value)
                elif isinstance(value, int | float):
                    sheet.write_number(count, column, value)
                elif value is not None:
                    sheet.write_string(count, column, _cell(str(_plain(value))))
        sheet.autofilter(0, 0, count, len(kind.columns) - 1)
    return count


def _cell(text: str) -> str:
    """Return a text as a sheet can hold it; one that is cut says so at its end."""
    if len(text) <= _EXCEL_TEXT:
        return text
    return text[: _EXCEL_TEXT - len(_CUT)] + _CUT


_WIDTHS: dict[Type, int] = {
    "int": 10, "float": 8, "bool": 8, "text": 30, "texts": 24, "date": 11, "time": 17,
}  # fmt: skip


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


Writer = Callable[[Kind, Iterable[Row], BinaryIO], int]
FORMATS: dict[str, Writer] = {
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
}
BINARY = ("parquet", "xlsx")
"""Formats that make no sense on a terminal."""


def writer_for(name: str) -> Writer:
    """Return the writer of a format: it takes a kind, rows and a file, and returns a count.

    Raises:
        ConfigError: there is no such format.
    """
    if name not in FORMATS:
        raise ConfigError(f"no format {name!r}; choose one of {', '.join(FORMATS)}")
    return FORMATS[name]
