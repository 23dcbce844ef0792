"""Exported references, read back by the libraries that reference managers are built on."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

import kb
from kb.archive import Archive
from kb.article import VIETNAM, Article
from kb.errors import ConfigError
from kb.reading import Reading
from kb.research import Desk, kind_of, make_query, typed_rows, writer_for
from tests.research.conftest import FESTIVAL

TITLE = "Phố đi bộ 50% & chợ phiên_1: {thử} \\ 100$ #1"


class _Outlet:
    id, name, home, level, family = "bao-thu", "Báo Thử", "https://bao-thu.example", "hanoi", "epi"


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Three articles: complete, with signs that TeX and RIS read as commands, almost empty."""
    url = f"sqlite:///{tmp_path_factory.mktemp('references') / 'kb.sqlite'}"
    articles = [
        Article(
            f"{FESTIVAL} mở cửa", "Khai mạc lúc 20 giờ.\nVào cửa tự do.", "Thân bài.",
            url="https://bao-thu.example/le-hoi_1.html?a=1&b=2", outlet="bao-thu",
            authors=("Đặng Thị Hường", "Lê Ý"), section="Văn hóa",
            # Half past midnight in Hanoi is still the day before in Greenwich.
            published_at=datetime(2025, 11, 9, 0, 30, tzinfo=VIETNAM),
        ),
        Article(TITLE, "ER  - không phải hết bài", "Thân.", outlet="bao-khac"),
        Article("Bài không ngày", "", "Thân bài nữa."),
    ]  # fmt: skip
    with Archive.open(url) as archive:
        archive.sync_outlets([_Outlet()])
        archive.load([(one, Reading((), "thử", 1, 1)) for one in articles], None)
    with kb.open(url) as desk:
        yield desk


def written(desk: Desk, format: str, query: str = "") -> str:
    kind = kind_of("articles")
    out = BytesIO()
    count = writer_for(format)(kind, typed_rows(kind, desk.archive, make_query(query)), out)
    assert count == len(desk.articles(query))
    return out.getvalue().decode()


def test_ris_is_a_newspaper_article_with_its_paper_and_day(press: Desk) -> None:
    records = {one["title"]: one for one in rispy.loads(written(press, "ris"))}
    assert len(records) == 3
    whole = records[f"{FESTIVAL} mở cửa"]
    assert whole["type_of_reference"] == "NEWS"
    assert whole["authors"] == ["Đặng Thị Hường", "Lê Ý"]
    assert whole["secondary_title"] == "Báo Thử"
    assert (whole["date"], whole["year"], whole["section"]) == ("2025/11/09/", "2025", "Văn hóa")
    assert whole["urls"] == ["https://bao-thu.example/le-hoi_1.html?a=1&b=2"]
    assert whole["abstract"] == "Khai mạc lúc 20 giờ. Vào cửa tự do."
    assert records[TITLE]["abstract"] == "ER  - không phải hết bài".replace("  ", " ")
    assert "date" not in records["Bài không ngày"]


def test_every_record_of_ris_begins_with_its_type_and_ends(press: Desk) -> None:
    lines = written(press, "ris").split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert [line.strip() for line in lines].count("ER  -") == 3


def test_bibtex_keeps_names_whole_and_signs_harmless(press: Desk) -> None:
    library = parse_string(written(press, "bibtex"))
    assert not library.failed_blocks
    entries = {entry.key: entry.fields_dict for entry in library.entries}
    assert len(entries) == 3
    (whole,) = (one for one in entries.values() if "author" in one)
    assert whole["author"].value == "{Đặng Thị Hường} and {Lê Ý}"
    assert whole["date"].value == "2025-11-09"
    assert whole["journal"].value == "Báo Thử"
    assert whole["url"].value == "https://bao-thu.example/le-hoi_1.html?a=1&b=2"
    (odd,) = (one for one in entries.values() if "Phố đi bộ" in one["title"].value)
    assert odd["title"].value == (
        r"{Phố đi bộ 50\% \& chợ phiên\_1: \{thử\} \textbackslash{} 100\$ \#1}"
    )


def test_csl_is_rendered_by_a_citation_processor(press: Desk) -> None:
    items = json.loads(written(press, "csl-json", FESTIVAL))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        book = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        book.register(Citation([CitationItem(items[0]["id"])]))
        (line,) = map(str, book.bibliography())
    assert "Đặng Thị Hường" in line
    assert f"{FESTIVAL} mở cửa" in line
    assert "Báo Thử" in line
    assert "2025" in line


def test_csl_leaves_out_what_is_not_known(press: Desk) -> None:
    items = {one["title"]: one for one in json.loads(written(press, "csl-json"))}
    assert set(items["Bài không ngày"]) == {"id", "type", "title", "language"}
    assert items[f"{FESTIVAL} mở cửa"]["issued"] == {"date-parts": [[2025, 11, 9]]}
    assert items[TITLE]["container-title"] == "bao-khac"


@pytest.mark.parametrize("format", ["ris", "bibtex", "csl-json"])
def test_only_articles_are_references(press: Desk, format: str) -> None:
    kind = kind_of("mentions")
    rows = typed_rows(kind, press.archive, make_query())
    with pytest.raises(ConfigError, match="export articles"):
        writer_for(format)(kind, rows, BytesIO())


def test_nothing_found_is_an_empty_file(press: Desk, tmp_path: Path) -> None:
    kind = kind_of("articles")
    for format, text in (("ris", ""), ("bibtex", ""), ("csl-json", "[]\n")):
        path = tmp_path / format
        with path.open("wb") as file:
            assert writer_for(format)(kind, iter(()), file) == 0
        assert path.read_text("utf-8") == text
