"""Sentences as rows of tokens: cut once, the same whatever was cut before."""

from __future__ import annotations

import pytest

from kb.nlp.names import find_names, rows
from kb.nlp.names.rows import Rows
from kb.nlp.names.signs import Matches
from kb.nlp.names.tokens import END, Phrases, Token, cut
from kb.nlp.tag import tagger

CUT = {
    "Bà Hoà, TP. Huế": [(0, "Bà"), (3, "Hoà"), (6, ","), (8, "TP."), (12, "Huế")],
    "Anh T. cùng anh T.": [(0, "Anh"), (4, "T."), (7, "cùng"), (12, "anh"), (16, "T"), (17, ".")],
    "Việt Nam-Campuchia-Lào": [
        (0, "Việt"), (5, "Nam"), (8, "-"), (9, "Campuchia"), (18, "-"), (19, "Lào"),
    ],
    "xe F-16  và Al-Hilal": [(0, "xe"), (3, "F-16"), (9, "và"), (12, "Al-Hilal")],
    "Ôi! mèo, chó; 2, Đ.,": [
        (0, "Ôi"), (2, "!"), (4, "mèo"), (7, ","), (9, "chó"), (12, ";"), (14, "2"), (15, ","),
        (17, "Đ."), (19, ","),
    ],
    "“Áo dài” đẹp…": [(0, "“"), (1, "Áo"), (4, "dài"), (7, "”"), (9, "đẹp"), (12, "…")],
    "\tđi\xa0chợ ": [(1, "đi"), (4, "chợ")],
    "": [],
}  # fmt: skip


def places(known: Rows, sentence: str) -> list[tuple[int, str]]:
    row, starts = known.of(sentence)
    assert row.pop() is END
    return [(start, token.text) for start, token in zip(starts, row, strict=False)]


@pytest.mark.parametrize("most", [2, 60_000], ids=["forgotten at once", "remembered"])
def test_sentences_are_cut_into_syllables_and_marks(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST", most)
    known = Rows()
    for _ in range(2):
        assert {sentence: places(known, sentence) for sentence in CUT} == CUT
    assert most > 2 or len(known) + len(known._alone) <= most + 1


@pytest.mark.parametrize(
    "chunk",
    ["điểm.", "an.", "TP.", "ThS.", "Đ.", "2024.", "15.", "15,", "Huế)", "m².", "kg", "a_b,", "_.",
     "1.500.", "hoà!", "“Áo", "Mỹ-Lào,", ".", "…"],
)  # fmt: skip
def test_plain_chunks_are_cut_like_all_others(chunk: str) -> None:
    for sentence in (chunk, f"{chunk} xa"):
        assert places(Rows(), sentence) == [(a, sentence[a:b]) for a, b in cut(sentence)]


def test_tone_marks_and_capitals_make_no_difference_to_the_form() -> None:
    row, _ = Rows().of("Hoà HÒA hòa")
    assert [token.low for token in row[:3]] == ["hòa"] * 3
    assert [token.capital for token in row[:3]] == [True, True, False]


@pytest.mark.parametrize(
    "head",
    ["Nghị định", "Thông tư", "Quyết định", "Kế hoạch", "Chỉ thị", "Công văn", "Kết luận",
     "Hướng dẫn", "Tờ trình", "Văn bản", "Quy định", "Pháp lệnh", "Sắc lệnh", "Báo cáo", "Luật",
     "Lệnh", "Chương trình", "Giấy phép", "QĐ", "NĐ", "Đề án", "TCVN", "QCVN", "nghị quyết",
     "thông báo", "quyết định", "kế hoạch", "chỉ thị", "công điện", "kết luận", "hướng dẫn",
     "tờ trình", "văn bản", "chương trình", "giấy phép"],
)  # fmt: skip
def test_no_document_is_passed_over(head: str) -> None:
    sentence = f"Hôm qua, phường gửi {head} số 12/KH-UBND cho dân."
    (found,) = find_names([(sentence, tagger().tag([sentence])[0])])
    assert [sentence[one.start : one.end] for one in found] == [f"{head} số 12/KH-UBND"]


def test_the_longest_phrase_is_found() -> None:
    phrases = Phrases(["thành phố", "thành phố Huế", "văn hóa - thể thao", "sở"])
    row = [*(Token(word, word) for word in ("thành", "phố", "huế", "văn", "hóa", ",", "thể")), END]
    assert phrases.at(row, 0) == 3
    assert phrases.at(row, 1) == 1
    assert phrases.at(row, 3, joints=",-") == 3
    row.insert(7, Token("thao", "thao"))
    assert phrases.at(row, 3, joints=",-") == 8
    assert phrases.at(row, 3) == 3


def test_phrases_are_found_before_a_place() -> None:
    phrases = Phrases(["cơn bão", "bão", "bão số"])
    row = [*(Token(word, word) for word in ("cơn", "bão", "số", "ba")), END]
    assert [phrases.before(row, place, most=3) for place in range(5)] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert not phrases.before(row[1:], 1, most=3)  # "bão số" is longer


def test_words_of_matches_count_once_and_whole() -> None:
    matches = Matches(["bóng đá", "vòng loại", "var"])
    row = ["Vòng loại bóng đá, rồi lại vòng loại.", "Bà Varga đi vòng qua chợ.", "", "Có VAR.", ""]
    assert matches.counts(row) == [2, 0, 0, 1, 0]
    assert matches.counts(["Bóng", "đá"]) == [0, 0]
    matches = Matches(["chủ nhà", "đội chủ nhà", "nhà vô địch", "vô địch"])
    assert matches.counts(["Đội chủ nhà vô địch.", "Nhà vô địch", "đội chủ nhàn"]) == [2, 1, 0]
    assert matches.counts([]) == []
