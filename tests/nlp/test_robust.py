"""Any text at all gives a reading whose spans hold in the text as given."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.article import FIELDS, Article
from kb.nlp import Reader, parts
from kb.nlp.tag import split
from kb.nlp.tag.sentences import LONGEST
from kb.reading import Reading
from kb.registry import load_registry

_READER: list[Reader] = []


def read(body: str, title: str = "", lead: str = "") -> Reading:
    if not _READER:
        _READER.append(Reader(load_registry()))
    article = Article(title=title, lead=lead, body=body)
    reading = _READER[0].read([article])[0]
    check(article, reading)
    return reading


def check(article: Article, reading: Reading) -> None:
    """Every record holds what stands at its place; mentions lie in order within sentences."""
    for one in reading.mentions:
        text = article.text(one.field)
        assert text[one.start : one.end] == one.surface != ""
        assert 0 <= one.sentence_start <= one.start < one.end <= one.sentence_end <= len(text)
    for field in FIELDS:
        spans = [(one.start, one.end) for one in reading.mentions if one.field == field]
        assert spans == sorted(spans)
    for said in (*reading.quotes, *reading.commitments):
        assert article.text(said.field)[said.start : said.end] == said.text != ""
    for told in (*reading.assignments, *reading.holdings):
        assert 0 <= told.start < told.end <= len(article.text(told.field))


# Pieces of news in which every stage finds something, to be broken by what stands between.
PIECES = [
    "Sở Văn hóa và Thể thao Hà Nội",
    "UBND các quận, huyện: Hoàng Mai, Đống Đa và thị xã Sơn Tây",
    "bà Lê Thu Hằng, Giám đốc Bảo tàng Hà Nội, cho biết",
    "“Chúng tôi sẽ mở cửa”, ông Trần Quốc Bảo nói.",
    "Dự kiến đến hết quý II/2026 thành phố sẽ khánh thành 5 không gian sáng tạo.",
    "giao Sở Du lịch chủ trì, phối hợp với UBND quận Tây Hồ tổ chức Lễ hội Thiết kế sáng tạo",
    "Theo Nghị định số 12/2023/NĐ-CP, ngày 2/10/2025, TP.HCM và UNESCO ký kết.",
    "đội tuyển Việt Nam thắng Thái Lan 2-1 ở SEA Games 33",
    "PGS.TS. Đỗ Văn Khoa",
]
BREAKS = [
    "", " ", "  ", "\n", "\r\n", "\r", "\t", "\v", "\f", "\x00", "\x1c", "\x85", "\u2028", "\u2029",
    "\u00a0", "\u3000", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2066",
    "\ud800", "\udfff", "\U0010ffff", "\u0301", "\u0323", "\u0360", "\ufffd", "İ", "ß", "ﬁ", "Ǆ",
    "Ð", "ð", "👩‍👩‍👧", "🇻🇳", "א", "مرحبا", "中", "한", "e\u0301", "&nbsp;", "&amp;amp;", "&#x110;",
    "<b>", "</p>", "<br/>", "\"", "“", "”", "‘", "'", "«", "(", ")", "[", "…", "...", ".", ":", ";",
    "-", "–", "*", "/", "@", "#", "1", "9" * 40, "A", "a.",
]  # fmt: skip
news = st.lists(st.sampled_from(PIECES) | st.sampled_from(BREAKS), max_size=12).map("".join)
broken = st.tuples(news, st.sampled_from(["NFC", "NFD", "NFKD", "upper", "lower", "title"])).map(
    lambda pair: (
        unicodedata.normalize(pair[1], pair[0])
        if pair[1].startswith("NF")
        else getattr(pair[0], pair[1])()
    )
)
anything = st.text(alphabet=st.characters(), max_size=60)  # lone surrogates as well

SLOW = settings(
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@SLOW
@given(broken | anything, news, anything)
def test_any_text_is_read(body: str, title: str, lead: str) -> None:
    read(body, title, lead)


@SLOW
@given(broken)
def test_a_text_is_read_alike_alone_and_among_others(body: str) -> None:
    alone = read(body)
    others = [Article(title=one, lead="", body=one * 3) for one in PIECES]
    among = _READER[0].read([*others, Article(title="", lead="", body=body), *others])
    assert among[len(others)] == alone


@given(st.text(alphabet='aB1. ?!…\t\r\n\u00a0"', max_size=80))
def test_sentences_part_a_text_at_blanks(text: str) -> None:
    spans = split(text)
    assert all(a < b for a, b in spans)
    edges = [0, *itertools.chain.from_iterable(spans), len(text)]
    assert edges == sorted(edges)
    assert all(not text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert all(text[a:b] == text[a:b].strip() and "\n" not in text[a:b] for a, b in spans)


ALONE = ["", " ", "\n\n", "\u200b", "\ud800", "\u0301", "\x00", "👍", "&", "<p></p>", "“", "٣"]


@pytest.mark.parametrize("text", ALONE)
def test_next_to_nothing_is_a_reading_without_names(text: str) -> None:
    reading = read(text, text, text)
    assert (reading.mentions, reading.quotes, reading.holdings) == ((), (), ())


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "A" * 1_000_000,
        "Hà Nội " * 3_000,
        "a." * 50_000,
        "A. " * 5_000,
        "“" * 5_000,
        "(" * 5_000,
        "\u0301" * 20_000,
        "1" * 100_000,
        "ngày 2/10/2025, " * 500,
        "ông Trần Quốc Bảo nói “có”, " * 200,
    ],
    ids=lambda text: f"{len(text)} of {text[:7]!r}",
)
def test_monotonous_texts_are_read(text: str) -> None:
    read(text)


def test_texts_longer_than_any_story_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "\n".join(PIECES * 3)
    whole = read(body, title=PIECES[0], lead=body)
    monkeypatch.setattr(parts, "LONGEST", 400)
    cut = read(body, title=PIECES[0], lead=body)
    assert (cut.sentences, cut.words) == (whole.sentences, whole.words)
    kept = [[(m.field, m.start, m.end) for m in one.mentions] for one in (cut, whole)]
    assert len(set(kept[0]) & set(kept[1])) > 0.9 * len(kept[1])
    assert len(cut.assignments) == len(whole.assignments) > 0
    assert len(cut.holdings) == len(whole.holdings) > 0
    for broken_up in ("Nguyễn" * 500, "a " * 1000 + "\n" + "b" * 1000, "e\u0301" * 900):
        read(broken_up, title=broken_up, lead=broken_up)


def test_what_is_too_long_for_a_sentence_is_cut_at_a_space() -> None:
    words = "một hai ba " * LONGEST
    spans = split(words)
    assert all(end - start <= LONGEST for start, end in spans)
    assert " ".join(words[start:end] for start, end in spans) == words.strip()
    assert split("x" * (LONGEST + 1)) == [(0, LONGEST), (LONGEST, LONGEST + 1)]
