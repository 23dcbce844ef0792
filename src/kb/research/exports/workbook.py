"""Rows as an Excel workbook, row by row, with a sheet that says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO, Final

import xlsxwriter

from kb.research.columns import Kind, Row, Type
from kb.research.exports.base import Source, about, plain
from kb.research.words import both, described_columns

ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
TEXT = 32_767
"""Characters that a cell of a sheet holds."""
_CUT = " […: longer than an Excel cell holds; export csv or parquet]"
_ABOUT = "Thông tin · About"
_WIDTHS: dict[Type, int] = {
    "int": 10, "int?": 10, "float": 8, "bool": 8, "text": 30, "texts": 24, "date": 11, "time": 17,
}  # fmt: skip
_LONG: Final = {"title", "lead", "body", "text", "task", "sentence", "evidence_sentence"}
_SHORT: Final = {"outlet", "evidence_outlet", "earlier_outlet", "field", "method", "kind", "status"}
_LONG_WIDTH, _SHORT_WIDTH = 60, 16
"""Of columns of sentences, and of names of few letters and ids, in characters."""
_ABOUT_WIDTHS = (44, 66)
"""Of the first and the other columns of the sheet about the file, in characters."""
_LINE = 15
"""Points of height that a line takes."""
_A4 = 9
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}


def write_xlsx(source: Source, out: BinaryIO) -> int:
    """Write a workbook: frozen header, filter, real dates (time of Vietnam, no zone).

    What does not fit on the sheet `kb` goes on `kb 2`, `kb 3` …; the last sheet names query,
    time, counts, versions and what each column holds.
    """
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        formats = {
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        counts = []
        for number, rows in enumerate(_sheets(source.rows), 1):
            sheet = book.add_worksheet("kb" if number == 1 else f"kb {number}")
            counts.append(_fill(sheet, source.kind, rows, formats))
        _describe(book.add_worksheet(_ABOUT), source, counts, formats)
    return sum(counts)


def _sheets(rows: Iterable[Row]) -> Iterator[Iterator[Row]]:
    """Yield the rows of each sheet; of the first one even if there are none."""
    taken = iter(rows)
    yield islice(taken, ROWS)
    while (first := next(taken, None)) is not None:
        yield islice(chain([first], taken), ROWS)


def _fill(sheet: Any, kind: Kind, rows: Iterable[Row], formats: dict[str, Any]) -> int:  # noqa: ANN401
    for column, (name, type_) in enumerate(kind.columns.items()):
        sheet.set_column(column, column, _width(name, type_))
        sheet.write_string(0, column, name, formats["bold"])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")
    columns = [
        (column, name, _cell_writer(sheet, type_, formats))
        for column, (name, type_) in enumerate(kind.columns.items())
    ]
    count = 0
    for count, row in enumerate(rows, 1):
        for column, name, write in columns:
            if (value := row[name]) is not None:
                write(count, column, value)
    sheet.autofilter(0, 0, count, len(kind.columns) - 1)
    return count


def _width(name: str, type_: Type) -> int:
    if type_ == "text" and (name in _SHORT or name.endswith("_id")):
        return _SHORT_WIDTH
    return _LONG_WIDTH if name in _LONG else _WIDTHS[type_]


def _cell_writer(
    sheet: Any,  # noqa: ANN401
    type_: Type,
    formats: dict[str, Any],
) -> Callable[[int, int, Any], None]:
    """Return what writes a value of a type into a cell."""

    def text(row: int, column: int, value: object) -> None:
        sheet.write_string(row, column, fitting(str(plain(value))))

    def moment(row: int, column: int, value: datetime) -> None:
        if value.year < 1900:  # Excel's calendar begins then
            text(row, column, value)
        else:
            sheet.write_datetime(row, column, value, formats["moment"])

    def day(row: int, column: int, value: date) -> None:
        if value.year < 1900:
            text(row, column, value)
        else:
            sheet.write_datetime(row, column, value, formats["day"])

    writers: dict[Type, Callable[[int, int, Any], None]] = {
        "int": sheet.write_number, "int?": sheet.write_number, "float": sheet.write_number,
        "bool": sheet.write_boolean, "text": text, "texts": text, "date": day, "time": moment,
    }  # fmt: skip
    return writers[type_]


def fitting(text: str) -> str:
    """Return a text as a cell can hold it; one that is cut says so at its end."""
    if len(text) <= TEXT:
        return text
    return text[: TEXT - len(_CUT)] + _CUT


def _describe(sheet: Any, source: Source, counts: list[int], formats: dict[str, Any]) -> None:  # noqa: ANN401
    sheet.set_column(0, 0, _ABOUT_WIDTHS[0])
    sheet.set_column(1, 2, _ABOUT_WIDTHS[1], formats["wrap"])
    told = about(source) | {"rows": str(sum(counts)), "sheets": str(len(counts))}
    lines: list[tuple[str, ...]] = [(both(name), value) for name, value in told.items()]
    lines += [(), (both("column"), "Tiếng Việt", "English")]
    header = len(lines) - 1
    lines += [
        (name, one["vi"], one["en"])
        for name, one in described_columns(source.name, source.kind.columns).items()
    ]
    sheet.freeze_panes(0, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    for row, line in enumerate(lines):
        # No office suite makes a row higher by itself when it opens the file.
        lengths = zip(line, (_ABOUT_WIDTHS[0], *[_ABOUT_WIDTHS[1]] * 2), strict=False)
        high = max((-(-len(cell) // (width - 4)) for cell, width in lengths), default=1)
        sheet.set_row(row, _LINE * max(1, high))
        for column, cell in enumerate(line):
            bold = column == 0 or row == header
            sheet.write_string(row, column, fitting(cell), formats["head" if bold else "wrap"])
