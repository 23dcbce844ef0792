"""Every word that an expression of time may begin with is looked at."""

from __future__ import annotations

import pytest

from kb.nlp.dates.grammar import scan

AFTER = {
    "ngày": "6/5", "mùng": "6/5", "mồng": "6/5", "hôm": "qua", "thứ": "bảy tuần này",
    "chủ": "nhật tới", "rạng": "sáng nay", "định kỳ": "hai năm", "cứ": "hai năm một lần",
    "mọi": "năm", "thường": "niên", "rằm": "tháng giêng", "tháng": "6/2025", "tuần": "tới",
    "quý": "2 năm sau", "năm": "2026", "giai đoạn": "2026-2030", "nhiệm kỳ": "2025-2030",
    "thời kỳ": "2021-2030", "mùa": "hè 2025", "tết": "2026", "đầu": "tháng 6", "giữa": "tháng 6",
    "cuối": "tháng 6", "hết": "tháng 6", "nửa": "đầu năm 2026", "january": "12, 2025",
    "may": "12, 2025", "december": "12",
} | dict.fromkeys(("sáng", "trưa", "chiều", "tối", "đêm", "khuya"), "nay") | dict.fromkeys(
    ("mỗi", "hằng", "hàng", "từng"), "quý"
)  # fmt: skip


def begun(text: str) -> list[str]:
    return [match[0] for _, match in scan(text, text.lower())]


@pytest.mark.parametrize("word", AFTER)
def test_a_time_is_found_by_its_first_word(word: str) -> None:
    time = f"{word} {AFTER[word]}"
    assert begun(f"Chợ họp {time}, rồi mở {time} nữa")[0].startswith(word)


@pytest.mark.parametrize(
    "count",
    ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "12"],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["tháng", "tuần", "ngày", "năm"])
def test_a_time_is_found_by_a_count(count: str, unit: str) -> None:
    assert begun(f"Chợ họp cách {count} {unit} một lần") == [f"{count} {unit} một lần"]


@pytest.mark.parametrize("text", ["ba lần mỗi quý", "7/5/2025", "2026-2030", "năm lần một năm"])
def test_a_time_is_found_by_a_figure_or_a_rate(text: str) -> None:
    assert begun(f"Họp {text}, chứ không phải chuyện khác") == [text]


def test_nothing_begins_inside_a_word() -> None:
    assert begun("bảng ngàyngày 6 và xtháng 6 và a7/5/2025") == []
