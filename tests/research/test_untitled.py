"""References to articles without a title, which the contract of records allows."""

from __future__ import annotations

import json
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
from kb.reading import Reading
from kb.research import Desk, kind_of, make_query, typed_rows, writer_for
from kb.research.pack.sources import Citations

BODY = "Làng Chài thả đèn giấy trên sông từ chập tối."
SAID = "[Bài không có tít]"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Desk]:
    address = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    at = datetime(2025, 9, 6, 18, 30, tzinfo=VIETNAM)
    article = Article("", "", BODY, outlet="bao-thu", authors=("Lê Ý",), published_at=at)
    with Archive.open(address) as archive:
        archive.load([(article, Reading((), "thử", 1, 9))], None)
    with kb.open(address) as desk:
        yield desk


def written(desk: Desk, format: str) -> str:
    kind, out = kind_of("articles"), BytesIO()
    assert writer_for(format)(kind, typed_rows(kind, desk.archive, make_query()), out) == 1
    return out.getvalue().decode()


def test_a_record_of_ris_is_listed_by_a_description(press: Desk) -> None:
    (one,) = rispy.loads(written(press, "ris"))
    assert (one["title"], one["secondary_title"]) == (SAID, "bao-thu")


def test_an_entry_of_bibtex_has_the_title_it_must(press: Desk) -> None:
    (entry,) = parse_string(written(press, "bibtex")).entries
    assert entry.fields_dict["title"].value == f"{{{SAID}}}"


def test_csl_has_no_title_where_there_is_none(press: Desk) -> None:
    (item,) = json.loads(written(press, "csl-json"))
    assert "title" not in item


def test_a_source_of_a_report_is_described(press: Desk) -> None:
    citations = Citations()
    citations.cite(1)
    (source,) = citations.sources(press.archive)
    assert source.citation == f"Lê Ý. {SAID}. bao-thu, 06/09/2025 18:30."
