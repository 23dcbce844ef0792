"""What the loader makes of values before they are written: quick ways lead where slow ones do."""

from __future__ import annotations

import random
import zlib
from datetime import UTC, date, datetime, timedelta, timezone
from unicodedata import combining, normalize

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from kb.archive import Archive, Query, measures, tables
from kb.archive.columnar import distinct, integers
from kb.archive.columns import UtcDateTime, pack, unpack
from kb.archive.index import LONGEST_TOKEN, columns
from kb.article import VIETNAM, story_key
from kb.text import fold, token_strings, token_texts
from tests.archive.stories import ENTRIES, stories

TEXTS = (
    "",
    "Hoà Bình, hòa bình; Đà Nẵng (2024) – “thuỷ thủ”… TP.HCM 161/KH-UBND",
    "Thợ gốm\nở Bát Tràng\n明 日 kể\nvề lò nung",
    "a_b c__d ²³½ § ™ ŠĐOŦ ñandú İstanbul ΟΔΟΣ",
    "x" * (LONGEST_TOKEN + 5) + " ngắn " + "ă" * (LONGEST_TOKEN + 1),
    "x" * LONGEST_TOKEN,
    "Một\u00a0hai\tba\r\nbốn 😀 năm",
)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_tokens_are_the_tokens(text: str) -> None:
    wanted = [[word[:LONGEST_TOKEN] for word in words] for words in token_strings(text)]
    assert [one.split() for one in token_texts(text, LONGEST_TOKEN)] == wanted


def test_texts_of_tokens_hold_for_any_mixture_of_characters() -> None:
    draw = random.Random(4)
    letters = "aăâđeêoôơuưyàạảãáằậệốớừửỹ HQU.,-_“”…²ß§ÐΣ明\n\t"
    for _ in range(2_000):
        text = "".join(draw.choices(letters, k=draw.randrange(40)))
        assert [one.split() for one in token_texts(text, 6)] == [
            [word[:6] for word in words] for words in token_strings(text)
        ], repr(text)


def test_folding_by_code_page_is_folding_letter_by_letter() -> None:
    for letter in map(chr, range(0x3000)):
        bare = "".join(one for one in normalize("NFD", letter) if not combining(one))
        wanted = {"đ": "d", "Đ": "D"}.get(letter, bare if len(bare) == 1 else letter)
        assert fold(letter) == wanted
        assert fold(f"ớ{letter}") == f"o{wanted}"


def test_the_index_holds_body_lead_and_title_exact_and_folded() -> None:
    exact, folded = columns("Hoà nhạc!", "", "Thợ, gốm")
    assert [one.split() for one in exact] == [["thợ", "gốm"], [], ["§", "hòa", "nhạc"]]
    assert [one.split() for one in folded] == [["tho", "gom"], [], ["§", "hoa", "nhac"]]


@pytest.mark.parametrize("length", [0, 1, 300, 4_000, 8_191, 8_192, 8_193, 60_000])
def test_packed_texts_come_back_whatever_their_length(length: int) -> None:
    text = ("Không gian sáng tạo bên sông Hồng. " * (length // 35 + 1))[:length]
    packed = pack(text)
    assert unpack(packed) == text
    if length >= 300:
        assert isinstance(packed, bytes)
        assert len(packed) <= len(zlib.compress(text.encode())) * 1.1


def test_moments_are_written_as_utc_that_sorts() -> None:
    dialect = sqlite.dialect()
    write = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert write is not None
    hanoi = datetime(2024, 3, 1, 6, 30, tzinfo=VIETNAM)
    assert write(hanoi) == "2024-02-29 23:30:00.000000"
    odd = datetime(1, 1, 1, 0, 0, 0, 7, tzinfo=timezone(timedelta(hours=-1)))
    assert write(odd) == "0001-01-01 01:00:00.000007"
    assert write(None) is None
    with pytest.raises(ValueError, match="timezone"):
        write(datetime(2024, 3, 1))
    # as SQLAlchemy reads it again
    kind = UtcDateTime()
    read = kind.dialect_impl(dialect).result_processor(dialect, None)
    assert read is not None
    assert read(write(hanoi)) == hanoi
    assert read(write(odd)) == odd.astimezone(UTC)


ADDRESSES = (
    ("https://www.bao.example/van-hoa/gom-123.html", "bao.example/van-hoa/gom-123.html"),
    ("http://m.bao.example/a/", "bao.example/a"),
    ("https://bao.example", "bao.example"),
    ("https://amp.bao.example//a", "bao.example//a"),
    ("https://BAO.example/A", "bao.example/A"),
    ("https://bao.example/a?utm_source=x&id=2#top", "bao.example/a?id=2"),
    ("https://bao.example/.", "bao.example"),
    ("https://bao.example/g%E1%BB%91m", "bao.example/g%E1%BB%91m"),
)


@pytest.mark.parametrize(("address", "key"), ADDRESSES)
def test_plain_addresses_have_the_keys_of_others(address: str, key: str) -> None:
    assert story_key(address) == key
    # nothing plain about a parameter that is not counted
    if "?" not in address:
        assert story_key(f"{address}?fbclid=1") == key


def test_whole_numbers_are_told_apart_however_they_come(archive: Archive) -> None:
    for values in ([], [3], [1, 2, 5], [5, 1, 5, 2, 1]):
        assert distinct(np.array(values, dtype=np.int64)).tolist() == sorted(set(values))
    archive.load(stories(), None)
    with archive.engine.connect() as connection:
        place = tables.facet.c.place
        expected = sorted(connection.execute(select(place)).scalars())
        assert integers(connection, select(place)).tolist() == expected
        twice = select(place).union_all(select(place)).subquery()
        assert integers(connection, select(twice.c.place)).tolist() == expected
        assert integers(connection, select(place).where(place < 0)).tolist() == []


def test_frequent_names_are_counted_by_day_as_all_others(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.load(stories(), None)
    archive.sync_registry(ENTRIES)
    asked = (
        Query(initiatives=("creative-spaces",)),
        Query(actors=("Hoàng Thị Thủy",)),
        Query(initiatives=("creative-spaces",), since=date(2024, 6, 1)),
        Query(initiatives=("creative-spaces",), until=date(2024, 6, 1)),
        Query(initiatives=("creative-spaces",), outlets=("bao-b",)),
        Query(initiatives=("creative-spaces",), actors=("so-vhtt",)),
        Query(initiatives=("creative-spaces",), text="gian"),
    )
    plain = [archive.histogram(query, "day") for query in asked]
    monkeypatch.setattr(measures, "_FREQUENT", 1)
    assert [archive.histogram(query, "day") for query in asked] == plain
    assert any(plain)
