"""JSON records: declared fields stay as they are; wrong ones are named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kb.errors import BadInput
from kb.extract import from_record


def test_full_record(story: dict[str, Any]) -> None:
    body = "\n".join([*story["paragraphs"], story["caption"], "Đoàn Hải"])
    record = {
        "url": "https://mau.example/1.htm",
        "outlet": "mau.example",
        "title": story["title"],
        "lead": None,
        "body": body,
        "published_at": "2024-05-11T17:42:00+07:00",
        "authors": ["Đoàn Hải"],
        "likes": 3,
    }
    article = from_record(record, source_file="tap.jsonl:1")
    assert (article.title, article.lead, article.body) == (story["title"], "", body)
    assert (article.outlet, article.authors, article.parser) == (
        "mau.example",
        ("Đoàn Hải",),
        "record/1",
    )
    assert article.published_at == datetime.fromisoformat("2024-05-11T17:42:00+07:00")
    assert (article.published_from, article.source_file) == ("record", "tap.jsonl:1")


def test_tail_of_other_headlines_is_cut(story: dict[str, Any]) -> None:
    body = "\n".join([*story["paragraphs"], "Xem thêm:", story["related"]])
    article = from_record({"body": body}, source_file="x")
    assert article.body.split("\n") == story["paragraphs"]
    assert article.boilerplate.split("\n") == ["Xem thêm:", story["related"]]


def test_heading_with_paragraphs_below_stays(story: dict[str, Any]) -> None:
    rows = ["Xem thêm", *story["paragraphs"]]
    article = from_record({"title": "t", "body": "\n".join(["a", *rows])}, source_file="x")
    assert article.body.split("\n") == ["a", *rows]


def test_given_date_only_where_the_record_has_none() -> None:
    given = datetime(2024, 1, 2, tzinfo=UTC)
    dated = from_record(
        {"title": "t", "published_at": "2024-05-11"}, source_file="x", published=given
    )
    assert dated.published_from == "record"
    undated = from_record({"title": "t"}, source_file="x", published=given)
    assert (undated.published_at, undated.published_from) == (given, "given")
    impossible = from_record({"title": "t", "published_at": "1887-05-11"}, source_file="x")
    assert (impossible.published_at, impossible.published_from) == (None, None)
    told = [one.misdated for one in (dated, undated, impossible)]
    assert told == ["", "", "1887-05-11"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "neither title nor body"),
        ({"title": " ", "body": None}, "neither title nor body"),
        ({"title": 3}, "field title is 3, not text"),
        ({"title": "t", "url": ["x"]}, r'field url is \["x"\], not text'),
        ({"title": "t", "published_at": "hôm qua"}, "published_at is not a date"),
        ({"title": "t", "authors": [3]}, "field authors"),
    ],
)
def test_wrong_records(record: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        from_record(record, source_file="x")
