"""`kb ingest` of what offices keep, and of a foreign crawl."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.cli.conftest import Call
from tests.cli.program import kb
from tests.extract.papers import FEES, HOUSE, LEAD, MARKET, STALLS, WORKSHOP, letter, word

from tests.extract.papers import SCANNED, written  # isort: skip
from tests.extract.test_sieve import crawl


def test_papers_from_file_to_export(tmp_path: Path) -> None:
    (tmp_path / "bai.docx").write_bytes(word((WORKSHOP, 1), LEAD, HOUSE))
    mail = letter(f"Fwd: {MARKET}", f"{MARKET}\n\n{STALLS}\n\n{FEES}\n")
    mail.add_attachment(written(SCANNED), maintype="application", subtype="pdf", filename="a.pdf")
    (tmp_path / "thu.eml").write_bytes(bytes(mail))
    (tmp_path / "ghi.odt").write_bytes(b"PK")
    done = kb(tmp_path, "ingest", "bai.docx", "thu.eml", "ghi.odt")
    assert (done.code, done.out) == (1, "")
    assert "2 mới" in done.err
    assert "2 để riêng" in done.err
    assert "thu.eml/a.pdf: a scan without a text layer" in done.err
    assert "ghi.odt: files ending in .odt are not read (.html, .htm, .txt, .pdf" in done.err
    rows = list(csv.DictReader(io.StringIO(kb(tmp_path, "export", "articles").out)))
    found = {row["source_file"]: row for row in rows}
    assert found.keys() == {"bai.docx", "thu.eml"}
    assert found["bai.docx"]["title"] == WORKSHOP
    assert found["thu.eml"]["title"] == MARKET
    assert found["thu.eml"]["published_from"] == "mail"


def test_what_a_foreign_crawl_holds_is_counted_and_not_put_aside(tmp_path: Path) -> None:
    crawl(tmp_path / "CC-NEWS-1.warc.gz", 40)
    done = kb(tmp_path, "ingest", "CC-NEWS-1.warc.gz", language="en")
    assert done.code == 0
    assert "2 new" in done.err
    assert "0 put aside" in done.err
    line = next(row for row in done.err.splitlines() if row.startswith("Passed over"))
    for part in ("40 pages neither in Vietnamese nor", "40 request records", "1 revisit records"):
        assert part in line
    spoken = kb(tmp_path, "ingest", "CC-NEWS-1.warc.gz", language="vi")
    assert "Bỏ qua trong tệp WARC: 40 " in spoken.err


def test_pages_of_an_outlet_that_the_operator_names_are_all_read(tmp_path: Path) -> None:
    crawl(tmp_path / "a.warc.gz", 3)
    done = kb(tmp_path, "ingest", "a.warc.gz", "--outlet", "vnexpress", language="en")
    assert "5 new" in done.err
    assert "neither in Vietnamese" not in done.err
    assert "3 request records" in done.err


def test_help_names_the_formats(call: Call) -> None:
    said = call("ingest", "--help").out
    for ending in (".html", ".pdf", ".docx", ".eml", ".txt", ".jsonl", ".warc", "CC-NEWS"):
        assert ending in said
