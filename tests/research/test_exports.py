"""Exported files, read back by the programs that people open them with."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl.utils import get_column_letter
from pandas.testing import assert_frame_equal
from typer.main import get_command

from kb.cli.main import app
from kb.errors import ConfigError
from kb.research import (
    BINARY,
    KINDS,
    Desk,
    frame,
    kind_of,
    make_query,
    typed_rows,
    writer_for,
)
from kb.research.exports import ALL, FORMATS, TABLES, base, format_for, source, workbook
from kb.research.exports.text import guarded
from tests.research.conftest import LONG, stories

ZONE = "Asia/Ho_Chi_Minh"
HOUR = timedelta(hours=1)


def written(
    desk: Desk, kind: str, format: str, query: str = "", *, full_text: bool = False
) -> bytes:
    chosen = kind_of(kind, full_text=full_text)
    out = BytesIO()
    count = writer_for(format)(chosen, typed_rows(chosen, desk.archive, make_query(query)), out)
    assert count == len(frame(kind, desk.archive, make_query(query)))
    return out.getvalue()


def times(kind: str) -> list[str]:
    return [name for name, type_ in KINDS[kind].columns.items() if type_ == "time"]


def known(column: pd.Series[Any], dtype: object) -> pd.Series[Any]:
    """Return a column with a type; of one that is empty a reader of files cannot tell it."""
    if column.isna().all():
        column = pd.Series([pd.NaT] * len(column))
        return column.astype("datetime64[us]").dt.tz_localize(getattr(dtype, "tz", None))
    return column.astype(dtype)  # type: ignore[call-overload,no-any-return]


def days(kind: str) -> list[str]:
    return [name for name, type_ in KINDS[kind].columns.items() if type_ == "date"]


def lists(kind: str) -> list[str]:
    return [name for name, type_ in KINDS[kind].columns.items() if type_ == "texts"]


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with lists as `; ` joined texts and nothing but object columns and NaN."""
    joined = table.map(lambda cell: "; ".join(cell) if isinstance(cell, list | tuple) else cell)
    return joined.astype(object).where(joined.notna() & (joined != ""), np.nan)


@pytest.mark.parametrize("kind", KINDS)
def test_parquet_is_the_frame(desk: Desk, kind: str) -> None:
    expected = frame(kind, desk.archive, make_query())
    data = BytesIO(written(desk, kind, "parquet"))
    schema = pq.read_schema(data)
    assert schema.names == list(expected)
    assert {str(schema.field(name).type) for name in times(kind)} <= {f"timestamp[us, tz={ZONE}]"}
    assert {str(schema.field(name).type) for name in days(kind)} <= {"date32[day]"}
    found = pd.read_parquet(data).astype({name: expected[name].dtype for name in expected})
    for name in lists(kind):
        found[name] = found[name].map(tuple)
    assert_frame_equal(found, expected)


def test_the_sheet_about_a_workbook_can_be_read_whole(desk: Desk) -> None:
    """A text of two lines has a row of two lines: no office suite makes it higher on opening."""
    data = BytesIO()
    FORMATS["xlsx"].write(source(desk.archive, "ledger", make_query()), data)
    book = openpyxl.load_workbook(data)
    about, rows = book.worksheets[-1], book.worksheets[0]
    wide = {name: about.column_dimensions[name].width for name in "AB"}
    for cells in about.iter_rows(max_col=2):
        for cell, width in zip(cells, wide.values(), strict=True):
            lines = (about.row_dimensions[cell.row].height or 15) // 15
            assert len(str(cell.value or "")) <= lines * width
            assert not cell.value or cell.alignment.wrap_text
    assert rows.print_title_rows in ("1:1", "$1:$1")
    assert rows.page_setup.orientation == "landscape"
    widths = {cell.value: rows.column_dimensions[cell.column_letter].width for cell in rows[1]}
    assert widths["text"] > widths["owner"] > widths["initiative_id"]


def test_a_parquet_file_says_what_it_is(desk: Desk) -> None:
    query = make_query(outlet="bao-thu")
    data = BytesIO()
    FORMATS["parquet"].write(source(desk.archive, "articles", query), data)
    kept = {k.decode(): v.decode() for k, v in pq.read_metadata(data).metadata.items()}
    assert (kept["kb.query"], kept["kb.kind"], kept["kb.rows"]) == (
        "outlet=bao-thu", "articles", "2",
    )  # fmt: skip
    assert kept["kb.program"].startswith("vietnamese-press-kb ")
    assert kept["kb.readers"] == "thử+1 (5)"
    found = pd.read_parquet(data)
    told = found.attrs["about"]
    assert {f"kb.{name}": value for name, value in told.items()}.items() <= kept.items()
    assert kept["kb.rows"] == str(len(found))


def test_a_frame_says_what_others_need_to_compute_it_again(desk: Desk) -> None:
    told = desk.about(desk.articles("mở", outlet="bao-thu"))
    assert (told["kind"], told["query"], told["rows"]) == ("articles", "q=mở; outlet=bao-thu", "1")
    assert told["readers"] == "thử+1 (5)"
    voice = desk.about(desk.share_of_voice(["sea-forum", "Đỗ Thúy Hòa"], labels="vi"))
    assert (voice["kind"], voice["of"]) == ("share-of-voice", "['sea-forum', 'Đỗ Thúy Hòa']")
    assert desk.about(desk.attention(by="week"))["by"] == "week"
    assert desk.about(desk.timeline("sea-forum", today=date(2026, 1, 2)))["today"] == "2026-01-02"
    json.dumps(voice)
    with pytest.raises(ConfigError, match="no frame of an archive"):
        desk.about(pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("kind", KINDS)
def test_jsonl_is_the_frame(desk: Desk, kind: str) -> None:
    expected = frame(kind, desk.archive, make_query())
    lines = written(desk, kind, "jsonl").decode("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert all(list(row) == list(expected) for row in rows)
    for name in times(kind):
        said = [row[name] for row in rows]
        assert all(text is None or text.endswith("+07:00") for text in said)
        for row in rows:
            row[name] = pd.Timestamp(row[name]) if row[name] else pd.NaT
    for name in days(kind):
        said = [row[name] for row in rows]
        assert all(text is None or len(text) == len("2026-01-31") for text in said)
        for row in rows:
            row[name] = pd.Timestamp(row[name]) if row[name] else pd.NaT
    assert_frame_equal(plain(pd.DataFrame(rows)), plain(expected), check_dtype=False)
    assert json.loads(written(desk, kind, "json")) == [json.loads(line) for line in lines]


@pytest.mark.parametrize("kind", KINDS)
def test_csv_is_the_frame(desk: Desk, kind: str) -> None:
    expected = frame(kind, desk.archive, make_query())
    types = {name: expected[name].dtype for name in expected if expected[name].dtype == "string"}
    data = BytesIO(written(desk, kind, "csv"))
    found = pd.read_csv(data, dtype=types, parse_dates=[*times(kind), *days(kind)])
    for name in [*times(kind), *days(kind)]:
        found[name] = known(found[name], expected[name].dtype)
    for column in [*map(str, types), *lists(kind)]:
        found[column] = found[column].str.removeprefix("'")
    assert_frame_equal(plain(found), plain(expected), check_dtype=False)


@pytest.mark.parametrize("kind", KINDS)
def test_xlsx_is_the_frame(desk: Desk, kind: str) -> None:
    expected = frame(kind, desk.archive, make_query())
    for name in times(kind):
        expected[name] = expected[name].dt.tz_localize(None)
    types = {name: "string" for name in expected if expected[name].dtype == "string"}
    found = pd.read_excel(BytesIO(written(desk, kind, "xlsx")), dtype=types)  # type: ignore[arg-type]
    for name in [*times(kind), *days(kind)]:
        found[name] = known(found[name], "datetime64[us]")
    assert_frame_equal(plain(found), plain(expected), check_dtype=False)


def test_a_workbook_has_real_dates_a_frozen_header_and_a_filter(desk: Desk) -> None:
    sheet = openpyxl.load_workbook(BytesIO(written(desk, "articles", "xlsx"))).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    header = [cell.value for cell in sheet[1]]
    assert header == list(KINDS["articles"].columns)
    assert all(cell.font.bold for cell in sheet[1])
    last = get_column_letter(len(header))
    assert sheet.auto_filter.ref == f"A1:{last}{sheet.max_row}"
    moment = sheet.cell(2, header.index("published_at") + 1)
    assert moment.is_date
    assert moment.value == datetime(2025, 11, 9, 20, 5, 30)
    assert "hh:mm" in moment.number_format


def test_days_and_truths_are_what_they_are_in_every_format(desk: Desk) -> None:
    sheet = openpyxl.load_workbook(BytesIO(written(desk, "commitments", "xlsx"))).active
    assert sheet is not None
    due = sheet.cell(2, list(KINDS["commitments"].columns).index("due_to") + 1)
    assert (due.value, due.number_format) == (datetime(2026, 1, 31), "yyyy-mm-dd")
    sheet = openpyxl.load_workbook(BytesIO(written(desk, "quotes", "xlsx"))).active
    assert sheet is not None
    direct = list(KINDS["quotes"].columns).index("direct") + 1
    assert [sheet.cell(row, direct).value for row in (2, 3)] == [False, True]
    rows = csv.DictReader(written(desk, "commitments", "csv").decode().splitlines())
    assert [row["due_to"] for row in rows] == ["2026-01-31", "", ""]
    rows = csv.DictReader(written(desk, "quotes", "csv").decode().splitlines())
    assert [(row["direct"], row["text"][:2]) for row in rows] == [("false", "Lễ"), ("true", "'-")]
    lines = written(desk, "quotes", "jsonl").splitlines()
    assert [json.loads(line)["direct"] for line in lines] == [False, True]


def test_no_text_becomes_a_formula(desk: Desk) -> None:
    """Texts that begin like a formula are text: in Excel by their type, in CSV by a quote."""
    sheet = openpyxl.load_workbook(
        BytesIO(written(desk, "articles", "xlsx", full_text=True))
    ).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    values = {cell.value for cell in cells}
    formula = next(article for article, _ in stories() if article.title.startswith("="))
    assert {formula.title, formula.lead, formula.body} <= values
    text = written(desk, "articles", "csv", full_text=True).decode("utf-8")
    (row,) = (
        row for row in csv.DictReader(text.splitlines(keepends=True)) if "HYPER" in row["title"]
    )
    for name, value in (
        ("title", formula.title),
        ("lead", formula.lead),
        ("body", formula.body),
        ("authors", formula.authors[0]),
    ):
        assert row[name] == f"'{value}"
    rows = list(csv.reader(text.splitlines(keepends=True)))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("format", [name for name in TABLES if name not in BINARY])
def test_vietnamese_is_written_as_it_is(desk: Desk, texts: list[str], format: str) -> None:
    data = written(desk, "articles", format).decode("utf-8")
    whole = data if format == "csv" else json.dumps(
        [json.loads(line) for line in data.splitlines()] if format == "jsonl" else json.loads(data),
        ensure_ascii=False,
    )  # fmt: skip
    for text in texts:
        escaped = json.dumps(text, ensure_ascii=False)[1:-1]
        assert (text.replace('"', '""') if format == "csv" else escaped) in whole
    assert "\\u" not in data
    assert "Đặng Hường" in data


def test_a_text_longer_than_a_cell_says_that_it_was_cut(desk: Desk) -> None:
    sheet = openpyxl.load_workbook(
        BytesIO(written(desk, "articles", "xlsx", full_text=True))
    ).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    bodies = [row[rows[0].index("body")] for row in rows[1:]]
    (cut,) = (body for body in bodies if isinstance(body, str) and body.startswith(LONG[:100]))
    assert len(cut) == 32_767
    assert cut.endswith("export csv or parquet]")
    assert LONG.strip() in written(desk, "articles", "csv", full_text=True).decode("utf-8")


def test_more_rows_than_a_sheet_holds_go_on_further_sheets(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "ROWS", 2)
    book = openpyxl.load_workbook(BytesIO(written(desk, "articles", "xlsx")))
    assert book.sheetnames == ["kb", "kb 2", "kb 3", "Thông tin · About"]
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames[:3]]
    assert [len(rows) for rows in sheets] == [3, 3, 2]
    assert {rows[0] for rows in sheets} == {tuple(KINDS["articles"].columns)}
    ids = [row[0] for rows in sheets for row in rows[1:]]
    assert ids == list(frame("articles", desk.archive, make_query())["article_id"])


def test_a_workbook_says_what_it_is(desk: Desk) -> None:
    out = BytesIO()
    query = make_query("lễ hội", since="2020-01-01", initiative="design-festival")
    count = format_for("xlsx", "quotes").write(source(desk.archive, "quotes", query), out)
    sheet = openpyxl.load_workbook(out)["Thông tin · About"]
    told = {str(row[0]): row[1:3] for row in sheet.iter_rows(values_only=True) if row[0]}
    by_label = {name.partition(" · ")[2]: row[0] for name, row in told.items()}
    asked = "q=lễ hội; from=2020-01-01; initiative=design-festival"
    assert by_label["Query (empty: everything)"] == asked
    assert by_label["Rows"] == str(count) == "2"
    assert by_label["Versions of the reader (texts read)"] == "thử+1 (5)"
    assert str(by_label["Program"]).startswith("vietnamese-press-kb ")
    assert abs(datetime.fromisoformat(str(by_label["Made at"])) - datetime.now(UTC)) < HOUR
    assert told["direct"] == (
        "true: nguyên văn; false: thuật lại",
        "true: verbatim; false: reported",
    )
    assert set(KINDS["quotes"].columns) <= set(told)


def test_csv_begins_with_the_mark_of_utf_8_when_it_is_asked_for(desk: Desk) -> None:
    one = source(desk.archive, "articles", make_query())
    plain, marked = BytesIO(), BytesIO()
    FORMATS["csv"].write(one, plain)
    again = source(desk.archive, "articles", make_query())
    FORMATS["csv"].write(replace(again, bom=True), marked)
    assert marked.getvalue() == b"\xef\xbb\xbf" + plain.getvalue()
    assert not plain.getvalue().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_begins_like_a_formula_is_guarded(begin: str) -> None:
    assert guarded(f"{begin}1+1") == f"'{begin}1+1"
    assert guarded([f"{begin}1+1", "x"]) == f"'{begin}1+1; x"


@pytest.mark.parametrize("value", ["1=1", "Đà Nẵng", "", None, -5, -0.5, True])
def test_what_is_no_formula_stays(value: object) -> None:
    assert guarded(value) == ("true" if value is True else value)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_refuses_what_it_cannot_hold_and_says_what_can(name: str) -> None:
    holds = FORMATS[name].kinds or tuple(KINDS)
    for kind in (*KINDS, ALL):
        if kind in holds:
            assert format_for(name, kind) is FORMATS[name]
        else:
            with pytest.raises(ConfigError, match=f"{name} cannot hold {kind}, only "):
                format_for(name, kind)


@pytest.mark.parametrize("format", TABLES)
def test_no_rows_still_have_their_columns(desk: Desk, format: str) -> None:
    data = written(desk, "mentions", format, "khôngcótừnày")
    columns = list(KINDS["mentions"].columns)
    if format == "jsonl":
        assert data == b""
    elif format == "json":
        assert json.loads(data) == []
    else:
        read = getattr(pd, "read_excel" if format == "xlsx" else f"read_{format}")
        found = read(BytesIO(data))
        assert (list(found), len(found)) == (columns, 0)


def test_many_rows_are_written_in_batches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(desk, "mentions", "parquet")
    monkeypatch.setattr(base, "BATCH", 2)
    pieces = BytesIO(written(desk, "mentions", "parquet"))
    assert pq.ParquetFile(pieces).num_row_groups == 3
    assert pq.read_table(pieces).equals(pq.read_table(BytesIO(whole)))


def test_the_help_of_the_command_names_every_kind_and_format() -> None:
    params = {one.name: one for one in get_command(app).commands["export"].params}  # type: ignore[attr-defined]
    assert set(re.findall(r"[a-z]+", params["kind"].help)) - {"or"} == {*KINDS, ALL}
    assert set(FORMATS) <= set(re.findall(r"[a-z0-9-]+", params["format"].help))


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(ConfigError, match=r"'docx'.*csv, json, jsonl, parquet, xlsx"):
        writer_for("docx")


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_libreoffice_opens_the_file(desk: Desk, tmp_path: Path, format: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    source = tmp_path / f"bài.{format}"
    source.write_bytes(written(desk, "articles", format))
    # 44: comma, 34: quotes, 76: UTF-8; all as on screen
    csv_in = ["--infilter=CSV:44,34,76,1"] if format == "csv" else []
    csv_out = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", *csv_in, "--convert-to", csv_out]
    command += ["--outdir", str(tmp_path / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    (result,) = (tmp_path / "out").iterdir()
    with result.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = [article.title for article, _ in stories()]
    assert sorted(row["title"].removeprefix("'") for row in rows) == sorted(titles)
    assert any("2025-11-09" in row["published_at"] for row in rows)
