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
    if one.first is None and one.last is None:
        return one.recurs or "?"
    ends = (day.isoformat() if day else "" for day in (one.first, one.last))
    return "/".join(dict.fromkeys(ends))


@pytest.mark.parametrize(
    ("text", "surface", "when", "precision"),
    [
        ("Chiều 6/5, thư viện mở lại.", "Chiều 6/5", "2025-05-06", "day"),
        ("Ngày 30/10/2019, đoàn đến.", "Ngày 30/10/2019", "2019-10-30", "day"),
        ("ký ngày 9 tháng 5 năm 2024", "ngày 9 tháng 5 năm 2024", "2024-05-09", "day"),
        ("Sáng nay trời đẹp", "Sáng nay", "2025-05-07", "day"),
        ("mãi đến hôm qua vẫn vậy", "đến hôm qua", "/2025-05-06", "day"),
        ("hẹn chiều mai", "chiều mai", "2025-05-08", "day"),
        ("hôm nay, ngày 7/5/2025, khai mạc", "hôm nay, ngày 7/5/2025", "2025-05-07", "day"),
        ("tối thứ bảy tuần này", "tối thứ bảy tuần này", "2025-05-10", "day"),
        ("thứ 3 tuần tới", "thứ 3 tuần tới", "2025-05-13", "day"),
        ("đến đầu năm sau", "đến đầu năm sau", "/2026-12-31", "year"),
        (
            "từ 6/5 đến 17 giờ ngày 9/5",
            "từ 6/5 đến 17 giờ ngày 9/5",
            "2025-05-06/2025-05-09",
            "range",
        ),
        ("hẹn chủ nhật tới", "chủ nhật tới", "2025-05-11", "day"),
        ("vào tuần tới", "tuần tới", "2025-05-12/2025-05-18", "week"),
        ("tháng 11/2023 và", "tháng 11/2023", "2023-11-01/2023-11-30", "month"),
        ("vào cuối tháng 6.", "cuối tháng 6", "2025-06-01/2025-06-30", "month"),
        ("tháng tới", "tháng tới", "2025-06-01/2025-06-30", "month"),
        ("tháng mười hai", "tháng mười hai", "2025-12-01/2025-12-31", "month"),
        ("từ tháng 6-7/2025", "từ tháng 6-7/2025", "2025-06-01/2025-07-31", "range"),
        ("quý III/2023", "quý III/2023", "2023-07-01/2023-09-30", "quarter"),
        ("trong quý III", "trong quý III", "2025-07-01/2025-09-30", "quarter"),
        ("quý tới", "quý tới", "2025-07-01/2025-09-30", "quarter"),
        ("quý 2 năm sau", "quý 2 năm sau", "2026-04-01/2026-06-30", "quarter"),
        ("trong năm nay", "trong năm nay", "2025-01-01/2025-12-31", "year"),
        ("năm tới", "năm tới", "2026-01-01/2026-12-31", "year"),
        ("xong vào cuối năm", "cuối năm", "2025-01-01/2025-12-31", "year"),
        ("từ 2027 sẽ thu phí", "từ 2027", "2027-01-01/", "year"),
        ("6 tháng đầu năm", "6 tháng đầu năm", "2025-01-01/2025-06-30", "range"),
        ("nửa cuối năm 2026", "nửa cuối năm 2026", "2026-07-01/2026-12-31", "range"),
        ("giai đoạn 2021 - 2025", "giai đoạn 2021 - 2025", "2021-01-01/2025-12-31", "range"),
        ("nhiệm kỳ 2020-2025", "nhiệm kỳ 2020-2025", "2020-01-01/2025-12-31", "range"),
        ("trong ba tháng tới", "trong ba tháng tới", "2025-05-01/2025-08-31", "range"),
        ("trong 10 ngày tới", "trong 10 ngày tới", "2025-05-07/2025-05-17", "range"),
        ("trong 5 năm tới", "trong 5 năm tới", "2025-01-01/2030-12-31", "range"),
        ("nghỉ từ ngày 30/8-3/9", "từ ngày 30/8-3/9", "2025-08-30/2025-09-03", "range"),
        ("mở cửa 9-11/5/2025", "9-11/5/2025", "2025-05-09/2025-05-11", "range"),
        ("từ 28/12 đến 3/1", "từ 28/12 đến 3/1", "2024-12-28/2025-01-03", "range"),
    ],
)
def test_times_have_the_precision_that_the_text_gives(
    text: str, surface: str, when: str, precision: str
) -> None:
    assert found(text) == [(surface, when, precision)]


@pytest.mark.parametrize(
    ("text", "surface", "when"),
    [
        ("sẽ hát vào ngày 24/5 (thứ Bảy)", "ngày 24/5", "2025-05-24"),
        ("ngày 24/05/2025 (Thứ Bảy), chợ mở", "ngày 24/05/2025", "2025-05-24"),
        (
            "mở từ ngày 6/6 (thứ Sáu) đến ngày 8/6/2025",
            "từ ngày 6/6 (thứ Sáu) đến ngày 8/6/2025",
            "2025-06-06/2025-06-08",
        ),
        ("từ ngày 6/6 đến ngày 8/6 (Chủ nhật)", "từ ngày 6/6 đến ngày 8/6",
         "2025-06-06/2025-06-08"),
        ("từ ngày 30/8, đến hết ngày 2/9/2025", "từ ngày 30/8, đến hết ngày 2/9/2025",
         "2025-08-30/2025-09-02"),
        (
            "nghỉ từ ngày 25/01/2026 (tức mùng 7 tháng Chạp) đến ngày 02/02/2026",
            "từ ngày 25/01/2026 (tức mùng 7 tháng Chạp) đến ngày 02/02/2026",
            "2026-01-25/2026-02-02",
        ),
        ("sẽ mở từ thứ Năm đến thứ Ba", "từ thứ Năm đến thứ Ba", "2025-05-08/2025-05-13"),
        ("sẽ mở từ thứ Hai đến thứ Sáu hằng tuần", "từ thứ Hai đến thứ Sáu hằng tuần", "P1W"),
    ],
)  # fmt: skip
def test_a_weekday_beside_a_date_says_no_other_day(text: str, surface: str, when: str) -> None:
    assert [(one, other) for one, other, _ in found(text)] == [(surface, when)]


def test_figures_with_their_weekday_are_a_day() -> None:
    days = [(one, when) for one, when, _ in found("tối 6/6 (thứ sáu), 7/6 (thứ bảy)")]
    assert days == [("tối 6/6", "2025-06-06"), ("7/6", "2025-06-07")]
    assert found("hơn 6/7 (thứ bậc) hộ") == []


@pytest.mark.parametrize(
    ("text", "surface", "when"),
    [
        ("làm ở đây từ năm 2015.", "từ năm 2015", "2015-01-01/"),
        ("bán từ cuối năm 2019 đến nay", "từ cuối năm 2019 đến nay", "2019-01-01/"),
        ("cao nhất kể từ tháng 10/2003", "kể từ tháng 10/2003", "2003-10-01/"),
        ("Tính đến ngày 4/5, quỹ có", "Tính đến ngày 4/5", "/2025-05-04"),
        ("xong đến hết quý II/2025", "đến hết quý II/2025", "/2025-06-30"),
        ("nộp trước ngày 4-6", "trước ngày 4-6", "/2025-06-03"),
        ("mở lại sau ngày 10/7", "sau ngày 10/7", "2025-07-11/"),
        ("Đến ngày 5/5, đội đã về", "Đến ngày 5/5", "2025-05-05"),
        ("Đến ngày 5/6, đội sẽ về", "Đến ngày 5/6", "/2025-06-05"),
    ],
)
def test_a_preposition_belongs_to_the_span_and_may_leave_an_end_open(
    text: str, surface: str, when: str
) -> None:
    assert [(one, other) for one, other, _ in found(text)] == [(surface, when)]


def test_the_core_lies_behind_the_preposition() -> None:
    text = "xong trước tháng 6"
    (one,) = find_dates(text, TODAY)
    assert (one.lead, text[one.core : one.end]) == ("trước", "tháng 6")


@pytest.mark.parametrize(
    ("text", "surface", "when"),
    [
        ("gặp nhau vào thứ Sáu", "thứ Sáu", "2025-05-02"),
        ("họp xong vào thứ hai", "thứ hai", "2025-05-05"),
        ("sẽ họp vào thứ hai", "thứ hai", "2025-05-12"),
        ("thứ Sáu, ngày 9/5 dương lịch", "thứ Sáu, ngày 9/5 dương lịch", "2025-05-09"),
        ("lượt trận thứ hai ngày 9/5", "ngày 9/5", "2025-05-09"),
        ("vào tháng 6 tới, xưởng", "tháng 6", "2025-06-01/2025-06-30"),
        ("trong tháng 5 này", "trong tháng 5 này", "2025-05-01/2025-05-31"),
        ("vào cuối tuần này", "cuối tuần này", "2025-05-10/2025-05-11"),
        ("kéo dài đến hết cuối tuần", "đến hết cuối tuần", "/2025-05-11"),
        ("7 tháng năm 2024", "7 tháng năm 2024", "2024-01-01/2024-07-31"),
        ("vào mùa hè năm sau", "mùa hè năm sau", "2026-01-01/2026-12-31"),
        ("đình làng dựng năm 1859", "năm 1859", "1859-01-01/1859-12-31"),
        ("on December 4, 2024", "December 4, 2024", "2024-12-04"),
        ("phiên 02/05 tăng", "02/05", "2025-05-02"),
        ("thu từ 1-7, theo lịch", "từ 1-7", "2025-07-01/"),
        ("mở trong tháng 4 đến ngày 6/5", "trong tháng 4", "2025-04-01/2025-04-30"),
    ],
)
def test_other_ways_to_name_a_time(text: str, surface: str, when: str) -> None:
    first, *_ = found(text)
    assert first[:2] == (surface, when)


def test_a_day_in_brackets_is_a_date_of_its_own() -> None:
    assert found("hôm nay (7.5) và thứ Bảy (17/5)") == [
        ("hôm nay", "2025-05-07", "day"),
        ("7.5", "2025-05-07", "day"),
        ("thứ Bảy", "2025-05-17", "day"),
        ("17/5", "2025-05-17", "day"),
    ]
    assert [one for one, _, _ in found("ngày mai 8.5; ngày mai, 8/5")] == [
        "ngày mai 8.5",
        "ngày mai, 8/5",
    ]


def test_years_after_a_year_are_dates_too() -> None:
    assert [one for one, _, _ in found("trong năm 2022, 2023 và 2024")] == [
        "trong năm 2022",
        "2023",
        "2024",
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("hẹn vào ngày 4 và 5-6.", ["ngày 4 2025-06-04", "5-6 2025-06-05"]),
        (
            "các ngày 3, 5 và 7/5, tổ kiểm tra",
            ["ngày 3 2025-05-03", "5 2025-05-05", "7/5 2025-05-07"],
        ),
        ("trong 2 ngày 6/5 và 7/5.", ["ngày 6/5 2025-05-06", "7/5 2025-05-07"]),
        ("nghỉ 30/4 và 1/5.", ["30/4 2025-04-30", "1/5 2025-05-01"]),
        ("gặp 19/ 11 và", ["19/ 11 2024-11-19"]),
        ("Chiều 6/ 5/ 2024 họp", ["Chiều 6/ 5/ 2024 2024-05-06"]),
        ("ngày 30 và 4/2", ["4/2 2025-02-04"]),
        ("thắng 2, 3 và 4/5 trận", []),
        ("chiếm 3/4 và 4/5 dân số", []),
    ],
)
def test_days_in_a_row_share_the_month_of_the_last(text: str, days: list[str]) -> None:
    assert [f"{one} {when}" for one, when, _ in found(text)] == days


def test_two_full_dates_with_a_word_of_reaching_are_one_period() -> None:
    text = "từ ngày 4 tháng 6 năm 2025 đến hết ngày 18 tháng 7 năm 2025"
    assert [(when, kind) for _, when, kind in found(text)] == [("2025-06-04/2025-07-18", "range")]


def test_an_aim_and_its_vision_are_two_dates() -> None:
    years = [when for _, when, _ in found("đến năm 2030, tầm nhìn đến năm 2045")]
    assert years == ["/2030-12-31", "/2045-12-31"]


@pytest.mark.parametrize(
    ("text", "recurs"),
    [
        ("1 năm/1 lần", "P1Y"),
        ("hằng năm", "P1Y"),
        ("hội chợ được tổ chức thường niên", "P1Y"),
        ("mọi năm", "P1Y"),
        ("nộp trước ngày 30/6 hằng năm", "P1Y"),
        ("ngày 25 hằng tháng", "P1M"),
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
        "từ mùng 3 đến mùng 10 tháng Giêng Âm lịch",
        "ngày mùng 3 tháng giêng năm Ất Tỵ 2025",
        "trong năm Ất Tỵ 2025",
        "vui Tết 2025",
        "mùng 10 tháng 1 âm lịch hằng năm",
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
        "trong tuần qua",
        "giới trẻ ngày nay",
        "những ngày qua",
        "họp cổ đông thường niên",
        "đội hình (4-2-3-1)",
        "ở mùa giải 2023-2024",
        "tại V-League 2024-2025",
        "Thế vận hội Mùa hè 2024",
        "đứng thứ hai ở bảng này",
        "ở vị trí thứ 5",
        "áo của May 10",
        "từ 3-5 triệu đồng",
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
        ("ngày 26/6 tới đây", date(2024, 6, 29), "2024-06-26"),
        ("ngày 26/5 tới đây", date(2024, 6, 29), "2025-05-26"),
    ],
)
def test_a_missing_year_is_the_nearest_sensible_one(text: str, published: date, when: str) -> None:
    ((_, resolved, _),) = found(text, published)
    assert resolved == when


def test_a_missing_year_leans_on_a_full_date_before_it() -> None:
    text = "Ngày 10/3/2019, dự án khởi động và đến tháng 6 thì dừng. Tháng 8 lại mở."
    assert [when[:8] for _, when, _ in found(text)] == ["2019-03-", "/2019-06", "2025-08-"]


def test_days_lean_on_the_year_in_which_they_are_said_to_lie() -> None:
    text = "Phòng tranh mở ba lần trong năm 2021 vào các ngày 08/03 (Huế), 18/03 (Vinh) và 09/04."
    assert [one for one, _, _ in found(text)] == ["trong năm 2021", "ngày 08/03", "18/03", "09/04"]
    assert [when for _, when, _ in found(text)[1:]] == ["2021-03-08", "2021-03-18", "2021-04-09"]
    assert found("Kế hoạch năm 2024 ký ngày 6/5.")[1][1] == "2025-05-06"


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
