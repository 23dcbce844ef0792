"""Rows as text: CSV, JSON and JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from kb.research.columns import Kind, Row
from kb.research.exports.base import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet might run (OWASP, CSV injection)."""


def guarded(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula: it gets a quote before it."""
    cell = plain(value)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def write_csv(kind: Kind, rows: Iterable[Row], out: BinaryIO, *, bom: bool = False) -> int:
    """Write UTF-8 CSV with a header; dates in ISO, lists joined by `; `, formulas guarded.

    `bom`: begin with the mark by which Excel knows UTF-8.
    """
    if bom:
        out.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(kind.columns)
        count = 0
        for row in rows:
            writer.writerow([guarded(row[name]) for name in kind.columns])
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
