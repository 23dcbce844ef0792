"""The passage that is shown, and the spans in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.archive.grammar import parse, phrases
from kb.archive.snippet import LENGTH, snippet
from kb.text import characters

FILLER = "Một câu không có gì đáng kể nằm ở đây cho dài thêm. " * 12


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
        st.sampled_from(["sáng", "tạo", "x\n", "đô", "𝒜", ",", "dàidàidài" * 20]), max_size=90
    ),
    st.sampled_from(["sáng", '"sáng tạo"', "đô OR tạo*", "dai*", "𝒜 sáng -đô"]),
    st.booleans(),
)
def test_spans_are_ordered_and_stand_on_what_matches(
    words: list[str], typed: str, folded: bool
) -> None:
    text = characters(" ".join(words))
    made, spans, source, places = snippet(("", text), tuple(phrases(parse(typed))), folded)
    assert [text[start:end].replace("\n", " ") for start, end in places] == [
        made[start:end] for start, end in spans
    ]
    assert source == 1 if text else not places
    assert len(made) <= 2 * LENGTH + 4
    assert made.strip("… ") in text.replace("\n", " ")
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert all(0 <= start < end <= len(made) for start, end in spans)
    assert all(made[start:end].strip() == made[start:end] for start, end in spans)
