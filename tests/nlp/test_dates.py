"""Dates: what counts as one, what it is resolved to, and that nothing is made finer or up."""

from __future__ import annotations

from datetime import date

import pytest

from kb.nlp.dates import TimeSpan, find_dates

TODAY = date(2025, 5, 7)
"""A Wednesday."""


def found(text: str, published: date | None = TODAY) -> list[tuple[str, str, str]]:
    """Return surface, period and precision of every date; equal ends are given once."""
    return [
        (text[one.start : one.end], period(one), one.precision)
        for one in find_dates(text, published)
    ]


def period(one: TimeSpan) -> str:
    if one.first is None or one.last is None:
        return one.recurs or "?"
    return "/".join(dict.fromkeys((one.first.isoformat(), one.last.isoformat())))


@pytest.mark.parametrize(
    ("text", "surface", "when", "precision"),
    [
        ("Chiều 6/5, thư viện mở lại.", "Chiều 6/5", "2025-05-06", "day"),
        ("Ngày 30/10/2019, đoàn đến.", "Ngày 30/10/2019", "2019-10-30", "day"),
        ("ký ngày 9 tháng 5 năm 2024", "ngày 9 tháng 5 năm 2024", "2024-05-09", "day"),
        ("Sáng nay trời đẹp", "Sáng nay", "2025-05-07", "day"),
        ("đến hôm qua vẫn vậy", "hôm qua", "2025-05-06", "day"),
        ("hẹn chiều mai", "chiều mai", "2025-05-08", "day"),
        ("hôm nay, ngày 7/5/2025, khai mạc", "hôm nay, ngày 7/5/2025", "2025-05-07", "day"),
        ("tối thứ bảy tuần này", "thứ bảy tuần này", "2025-05-10", "day"),
        ("thứ 3 tuần tới", "thứ 3 tuần tới", "2025-05-13", "day"),
        ("đến đầu năm sau", "đầu năm sau", "2026-01-01/2026-12-31", "year"),
        ("từ 6/5 đến 17 giờ ngày 9/5", "6/5 đến 17 giờ ngày 9/5", "2025-05-06/2025-05-09", "range"),
        ("hẹn chủ nhật tới", "chủ nhật tới", "2025-05-11", "day"),
        ("vào tuần tới", "tuần tới", "2025-05-12/2025-05-18", "week"),
        ("tháng 11/2023 và", "tháng 11/2023", "2023-11-01/2023-11-30", "month"),
        ("vào cuối tháng 6.", "cuối tháng 6", "2025-06-01/2025-06-30", "month"),
        ("tháng tới", "tháng tới", "2025-06-01/2025-06-30", "month"),
        ("tháng mười hai", "tháng mười hai", "2025-12-01/2025-12-31", "month"),
        ("từ tháng 6-7/2025", "tháng 6-7/2025", "2025-06-01/2025-07-31", "range"),
        ("quý III/2023", "quý III/2023", "2023-07-01/2023-09-30", "quarter"),
        ("trong quý III", "quý III", "2025-07-01/2025-09-30", "quarter"),
        ("quý tới", "quý tới", "2025-07-01/2025-09-30", "quarter"),
        ("quý 2 năm sau", "quý 2 năm sau", "2026-04-01/2026-06-30", "quarter"),
        ("trong năm nay", "năm nay", "2025-01-01/2025-12-31", "year"),
        ("năm tới", "năm tới", "2026-01-01/2026-12-31", "year"),
        ("xong vào cuối năm", "vào cuối năm", "2025-01-01/2025-12-31", "year"),
        ("từ 2027 sẽ thu phí", "2027", "2027-01-01/2027-12-31", "year"),
        ("6 tháng đầu năm", "6 tháng đầu năm", "2025-01-01/2025-06-30", "range"),
        ("nửa cuối năm 2026", "nửa cuối năm 2026", "2026-07-01/2026-12-31", "range"),
        ("giai đoạn 2021 - 2025", "giai đoạn 2021 - 2025", "2021-01-01/2025-12-31", "range"),
        ("nhiệm kỳ 2020-2025", "nhiệm kỳ 2020-2025", "2020-01-01/2025-12-31", "range"),
        ("trong ba tháng tới", "ba tháng tới", "2025-05-01/2025-08-31", "range"),
        ("trong 10 ngày tới", "10 ngày tới", "2025-05-07/2025-05-17", "range"),
        ("trong 5 năm tới", "5 năm tới", "2025-01-01/2030-12-31", "range"),
        ("nghỉ từ ngày 30/8-3/9", "từ ngày 30/8-3/9", "2025-08-30/2025-09-03", "range"),
        ("mở cửa 9-11/5/2025", "9-11/5/2025", "2025-05-09/2025-05-11", "range"),
        ("từ 28/12 đến 3/1", "từ 28/12 đến 3/1", "2024-12-28/2025-01-03", "range"),
    ],
)
def test_times_have_the_precision_that_the_text_gives(
    text: str, surface: str, when: str, precision: str
) -> None:
    assert found(text) == [(surface, when, precision)]


def test_two_full_dates_with_a_word_of_reaching_are_one_period() -> None:
    text = "từ ngày 4 tháng 6 năm 2025 đến hết ngày 18 tháng 7 năm 2025"
    assert [(when, kind) for _, when, kind in found(text)] == [("2025-06-04/2025-07-18", "range")]


def test_an_aim_and_its_vision_are_two_dates() -> None:
    years = [when[:4] for _, when, _ in found("đến năm 2030, tầm nhìn đến năm 2045")]
    assert years == ["2030", "2045"]


@pytest.mark.parametrize(
    ("text", "recurs"),
    [
        ("1 năm/1 lần", "P1Y"),
        ("hằng năm", "P1Y"),
        ("hội chợ thường niên", "P1Y"),
        ("mỗi quý", "P3M"),
        ("hàng tháng", "P1M"),
        ("chủ nhật hằng tuần", "P1W"),
        ("2 năm một lần", "P2Y"),
        ("mỗi năm 2 lần", "P6M"),
        ("4 lần/năm", "P3M"),
        ("định kỳ 6 tháng", "P6M"),
    ],
)
def test_recurrences_are_durations(text: str, recurs: str) -> None:
    (one,) = find_dates(text, TODAY)
    assert (one.recurs, one.first, one.last) == (recurs, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "tức 10/3 Âm lịch",
        "mùng 10 tháng 3 âm lịch",
        "mùng 6 tháng Giêng",
        "rằm tháng bảy",
        "30 Tết",
        "trong tháng Chạp",
    ],
)
def test_lunar_dates_are_left_unresolved(text: str) -> None:
    (one,) = find_dates(text, TODAY)
    assert one.lunar
    assert one.first is None


@pytest.mark.parametrize(
    "text",
    [
        "đội nhà thắng 2-1",
        "tỷ lệ 3/4",
        "được 2/10 điểm",
        "chiếm 1/3 ngân sách",
        "vào vòng 1/8",
        "phục vụ 24/7",
        "Nghị quyết 09",
        "số 39/2024/NĐ-CP",
        "Thông tư 12/2023/TT-BXD",
        "gọi 0912.12.2023",
        "đi quốc lộ 1A",
        "ở phút 90+6",
        "mùa giải 2024/25",
        "ngày 31/2",
        "ngày 31/2/2024",
        "tháng 13",
        "trong những năm tới",
        "gần ba năm nay",
        "nhà số 7/5",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "published", "when"),
    [
        ("tháng 12", date(2025, 1, 9), "2024-12-01/2024-12-31"),
        ("tháng 12 tới", date(2025, 1, 9), "2025-12-01/2025-12-31"),
        ("tháng 3", date(2025, 11, 9), "2025-03-01/2025-03-31"),
        ("ngày 2/1", date(2025, 12, 28), "2026-01-02"),
        ("ngày 28/12", date(2026, 1, 3), "2025-12-28"),
        ("ngày 29/2", date(2025, 2, 20), "2024-02-29"),
    ],
)
def test_a_missing_year_is_the_nearest_sensible_one(text: str, published: date, when: str) -> None:
    ((_, resolved, _),) = found(text, published)
    assert resolved == when


def test_a_missing_year_leans_on_a_full_date_before_it() -> None:
    text = "Ngày 10/3/2019, dự án khởi động và đến tháng 6 thì dừng. Tháng 8 lại mở."
    assert [when[:7] for _, when, _ in found(text)] == ["2019-03", "2019-06", "2025-08"]


def test_without_any_year_the_span_is_known_and_the_day_is_not() -> None:
    assert found("hôm qua, ngày 6/5 và tháng 6", None) == [
        ("hôm qua, ngày 6/5", "?", "day"),
        ("tháng 6", "?", "month"),
    ]
    assert found("ngày 31/2", None) == []
    (one,) = find_dates("ngày 6/5/2024", None)
    assert one.first == date(2024, 5, 6)


def test_the_year_says_where_it_comes_from() -> None:
    given = [one.year_given for one in find_dates("ngày 6/5/2024; ngày 9/6", TODAY)]
    assert given == [True, False]


def test_letters_that_grow_when_lowered_do_not_move_spans() -> None:
    assert found("İstanbul, tháng 6") == [("tháng 6", "2025-06-01/2025-06-30", "month")]
