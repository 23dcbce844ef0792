"""The passage that is shown, and the spans in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.archive.grammar import parse, phrases
from kb.archive.index import LONGEST_TOKEN
from kb.archive.snippet import LENGTH, snippet
from kb.text import characters, tokens

FILLER = "Một câu không có gì đáng kể nằm ở đây cho dài thêm. " * 12
LONG = "ă" * LONGEST_TOKEN


def show(typed: str, *texts: str, folded: bool = False) -> tuple[str, list[str]]:
    text, spans, source, places = snippet(texts, tuple(phrases(parse(typed))), folded)
    stored = [texts[source][start:end].replace("\n", " ") for start, end in places]
    assert stored == [text[start:end] for start, end in spans]
    return text, [text[start:end] for start, end in spans]


def test_without_match_it_is_the_beginning() -> None:
    text, shown = show("vắng", "", "Câu đầu.\nCâu hai.")
    assert (text, shown) == ("Câu đầu. Câu hai.", [])
    text, _ = show("vắng", FILLER)
    assert text.startswith("Một câu")
    assert text.endswith(" …")
    assert show("vắng", "", "") == ("", [])


@pytest.mark.parametrize(
    ("typed", "folded", "expected"),
    [
        ("sáng tạo", False, ["Sáng", "Tạo"]),
        ('"sáng tạo"', False, ["Sáng Tạo"]),
        ("sang tao", True, ["Sáng", "Tạo"]),
        ("sang tao", False, []),
        ("tro*", True, ["trống", "tròn"]),
        ('không "tròn méo"', False, ["không"]),
        ("-không tròn", False, ["tròn"]),
        ("161/KH-UB*", False, ["161/KH-UBND"]),
        ("sáng OR (tạo -trống)", False, ["Sáng", "Tạo"]),
    ],
)
def test_what_is_highlighted(typed: str, folded: bool, expected: list[str]) -> None:
    body = "Nhà Sáng Tạo theo 161/KH-UBND không méo, trống vẫn tròn."
    assert show(typed, body, folded=folded)[1] == expected


def test_overlapping_matches_are_one_highlight() -> None:
    assert show('"không gian" OR "gian sáng tạo"', "Một không gian sáng tạo")[1] == [
        "không gian sáng tạo"
    ]


def test_the_window_has_most_of_the_different_words() -> None:
    body = f"Gốm, gốm và gốm. {FILLER} Thợ gốm gặp thợ mộc ở chợ. {FILLER}"
    text, shown = show("gốm mộc chợ", body)
    assert shown == ["gốm", "mộc", "chợ"]
    assert text.startswith("… ")
    assert text.endswith(" …")


def test_the_lead_comes_before_the_body_where_both_are_as_good() -> None:
    assert show("chợ", "Chợ trong sapô.", "Chợ trong bài.")[0] == "Chợ trong sapô."
    assert show("chợ hoa", "Chợ trong sapô.", "Chợ hoa.")[0] == "Chợ hoa."


def test_a_long_phrase_is_shown_from_its_beginning() -> None:
    words = " ".join(f"từ{n}" for n in range(150))
    text, shown = show(f'"{words}"', f"{FILLER}{words} {FILLER}")
    assert shown[0].startswith("từ0 từ1 ")
    assert len(text) <= 2 * LENGTH


@given(
    st.lists(
        st.sampled_from(["sáng", "tạo", "Hoà", "hòa", "a_b", "-", "x\n", "𝒜", "ă" * 66, "ă" * 64]),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["sáng", '"sáng tạo"', '"tạo tạo"', "hoà", "hoa*", LONG, f'"x {LONG}ă"']),
    st.booleans(),
)
def test_what_is_highlighted_are_words_of_the_index(
    words: list[str], typed: str, folded: bool
) -> None:
    text = characters(" ".join(words))
    (phrase,) = phrases(parse(typed))
    wanted = phrase.folded if folded else phrase.exact
    there = [
        ((one.folded if folded else one.exact)[:LONGEST_TOKEN], one.start, one.end)
        for one in tokens(text)
    ]
    found = False
    for place in range(len(there) - len(wanted) + 1):
        *firsts, last = (one[0] for one in there[place : place + len(wanted)])
        ends = last.startswith(wanted[-1]) if phrase.prefix else last == wanted[-1]
        found = found or (tuple(firsts) == wanted[:-1] and ends)
    _, spans, _, places = snippet((text,), (phrase,), folded)
    assert bool(spans) == found
    starts, stops = {one[1] for one in there}, {one[2] for one in there}
    assert all(start in starts and end in stops for start, end in places)
