"""Months and quarters in a row, and how often something returns."""

from __future__ import annotations

from datetime import date

import pytest

from kb.nlp.dates import find_dates

TODAY = date(2025, 6, 10)


@pytest.mark.parametrize(
    ("text", "surface", "first", "last"),
    [
        ("xong trong quý 1 - 2/2020", "trong quý 1 - 2/2020", "2020-01-01", "2020-06-30"),
        ("mở quý I và II/2026 tại Vinh", "quý I và II/2026", "2026-01-01", "2026-06-30"),
        ("triển khai quý I, II năm 2026", "quý I, II năm 2026", "2026-01-01", "2026-06-30"),
        ("các quý I, II và III/2026", "quý I, II và III/2026", "2026-01-01", "2026-09-30"),
        ("quý III-IV/2025", "quý III-IV/2025", "2025-07-01", "2025-12-31"),
        ("quý IV/2025 - I/2026", "quý IV/2025 - I/2026", "2025-10-01", "2026-03-31"),
        ("quý IV đến quý I năm tới", "quý IV đến quý I năm tới", "2025-10-01", "2026-03-31"),
        ("tháng 3 - 4/2026", "tháng 3 - 4/2026", "2026-03-01", "2026-04-30"),
        ("tháng 3 và 4/2026", "tháng 3 và 4/2026", "2026-03-01", "2026-04-30"),
        ("các tháng 3, 4 và 5 năm 2026", "tháng 3, 4 và 5 năm 2026", "2026-03-01", "2026-05-31"),
    ],
)
def test_a_row_of_months_or_quarters_is_one_period(
    text: str, surface: str, first: str, last: str
) -> None:
    (one,) = find_dates(text, TODAY)
    assert (text[one.start : one.end], one.precision) == (surface, "range")
    assert (str(one.first), str(one.last)) == (first, last)


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("tháng 3 và 10/2026", ["tháng 3", "10/2026"]),
        ("tháng 5, 2 đội lên đường", ["tháng 5"]),
        ("quý I, 3 người được cử đi", ["quý I"]),
        ("quý I và quý III/2026", ["quý I", "quý III/2026"]),
        ("triển khai quý I", ["quý I"]),
        ("triển khai năm tới", ["năm tới"]),
    ],
)
def test_what_does_not_follow_on_stays_apart(text: str, surfaces: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_dates(text, TODAY)] == surfaces


@pytest.mark.parametrize(
    ("text", "surface", "recurs"),
    [
        ("hội thi mở mỗi hai năm ở Vinh", "mỗi hai năm", "P2Y"),
        ("liên hoan cứ mỗi 5 năm", "cứ mỗi 5 năm", "P5Y"),
        ("trại sáng tác hai năm một lần", "hai năm một lần", "P2Y"),
        ("giải được trao 3 năm/lần", "3 năm/lần", "P3Y"),
        ("kiểm tra 6 tháng/1 lần", "6 tháng/1 lần", "P6M"),
        ("hội diễn 5 năm tổ chức một lần", "5 năm tổ chức một lần", "P5Y"),
        ("cứ ba năm phường mở hội một lần", "cứ ba năm phường mở hội một lần", "P3Y"),
        ("cứ hai năm lại mở hội", "cứ hai năm", "P2Y"),
        ("đối thoại một năm hai lần", "một năm hai lần", "P6M"),
        ("mở tối thứ sáu và chủ nhật hằng tuần", "tối thứ sáu và chủ nhật hằng tuần", "P1W"),
        ("giao ban định kỳ mỗi 2 tuần", "định kỳ mỗi 2 tuần", "P2W"),
    ],
)
def test_how_often_something_returns(text: str, surface: str, recurs: str) -> None:
    (one,) = find_dates(text, TODAY)
    assert (text[one.start : one.end], one.recurs) == (surface, recurs)


def test_hours_of_one_day_are_that_day() -> None:
    (one,) = find_dates("cấm xe từ 8h ngày 17/6/2025 đến 17h ngày 17/6/2025", TODAY)
    assert (one.first, one.last, one.precision) == (date(2025, 6, 17), date(2025, 6, 17), "day")


@pytest.mark.parametrize("text", ["đổi người sau mỗi ba ngày", "mỗi năm tháng ấy đều nhớ"])
def test_what_only_happens_after_some_days_does_not_return(text: str) -> None:
    assert [one for one in find_dates(text, TODAY) if one.recurs != "P1Y"] == []
