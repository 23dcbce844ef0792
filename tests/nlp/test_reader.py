"""Reading: sentences and mentions whose offsets hold in the text as given."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.tag import split
from kb.registry import load_registry


def article(body: str, title: str = "", lead: str = "") -> Article:
    return Article(title=title, lead=lead, body=body)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def test_sentences_end_at_lines_and_stops_only() -> None:
    text = (
        "Tiêu đề không dấu chấm\nPGS.TS. Trần Lâm đến TP. Hà Nội. Ông ở lại? Có! Xem a.vn/b.html."
    )
    assert sentences(text) == [
        "Tiêu đề không dấu chấm",
        "PGS.TS. Trần Lâm đến TP. Hà Nội.",
        "Ông ở lại?",
        "Có!",
        "Xem a.vn/b.html.",
    ]


def test_equal_sentences_have_their_own_places() -> None:
    text = "Đúng. Đúng. Sai."
    assert split(text) == [(0, 5), (6, 11), (12, 16)]


AWKWARD = [
    "Lễ hội Thiết kế sáng tạo Hà Nội khai mạc tại Bảo tàng Hà Nội, bà Lê Minh Châu cho biết.",
    unicodedata.normalize("NFD", "Sở Văn hóa và Thể thao Hà Nội mời ông Trần Quốc Khánh."),
    "\ufeffHà\u200b Nội và U\u00adNESCO ký kết; Ðại diện UNESCO tại Việt Nam dự.",
    "Trung tâm Thiết kế\tsáng   tạo Hà Nội\r\nđặt tại Bảo tàng Hà Nội",
    "\ud800 Hà Nội",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_spans_are_code_points_of_the_text_as_given(reader: Reader, text: str) -> None:
    reading = reader.read([article(text, title=text, lead=text)])[0]
    assert {mention.field for mention in reading.mentions} == {"title", "lead", "body"}
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.surface
        assert mention.sentence_start <= mention.start < mention.end <= mention.sentence_end


def test_registry_names_win_over_the_taggers(reader: Reader) -> None:
    text = "UBND thành phố Hà Nội giao Sở Văn hóa và Thể thao Hà Nội chủ trì."
    mentions = reader.read([article(text)])[0].mentions
    assert [(m.surface, m.method) for m in mentions] == [
        ("UBND thành phố Hà Nội", "registry:exact"),
        ("Sở Văn hóa và Thể thao Hà Nội", "registry:exact"),
    ]


def test_unknown_names_are_kept_as_candidates(reader: Reader) -> None:
    mentions = reader.read([article("Nghệ sĩ Đặng Trúc Quỳnh sống ở Thái Nguyên.")])[0].mentions
    assert {(m.surface, m.kind, m.entity_id) for m in mentions} >= {
        ("Đặng Trúc Quỳnh", "person", None),
        ("Thái Nguyên", "place", None),
    }


def test_reading_counts_and_names_its_version(reader: Reader) -> None:
    readings = reader.read([article("Hà Nội đẹp.\nRất đẹp."), article("")])
    assert [reading.sentences for reading in readings] == [2, 0]
    assert [reading.words for reading in readings] == [6, 0]  # "Hà Nội" is one word
    assert readings[1].mentions == ()
    assert readings[0].reader.endswith(load_registry().version)


@pytest.mark.parametrize("number", ["001", "003", "004"])
def test_initiatives_of_the_seeds(reader: Reader, shared: Path, number: str) -> None:
    """Every initiative that the gold has, and no other, in the body as the gold bounds it."""
    records = json.loads((shared / "gold" / "seeds.json").read_text("utf-8"))
    gold = next(record for record in records if record["file"].startswith(number))
    raw = (shared / "seeds" / gold["file"]).read_text("utf-8")
    start, end = gold["body_span"]
    reading = reader.read([article(raw[start:end], title=gold["title"])])[0]
    found = {m.entity_id for m in reading.mentions if m.kind == "initiative"}
    assert found == set(gold["initiatives"])
    programmes = {m.entity_id for m in reading.mentions if m.kind == "programme"}
    assert programmes >= set(gold.get("programmes", []))
