"""Dates: the formats that outlets use, their order, and what cannot be true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kb.extract.dates import VIETNAM, choose, parse_iso, parse_url, parse_visible, plausible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-07T08:01:53+07:00", "2026-03-07T08:01:53+07:00"),
        ("2026-03-07T08:52:11.000 +07:00", "2026-03-07T08:52:11+07:00"),
        ("2024-05-11T17:42:54+0700", "2024-05-11T17:42:54+07:00"),
        ("2024-05-11T10:42:54Z", "2024-05-11T10:42:54+00:00"),
        ("2026-03-07T00:01:00", "2026-03-07T00:01:00+07:00"),
        ("2026-03-07 08:07", "2026-03-07T08:07:00+07:00"),
    ],
)
def test_iso_and_nearly_iso(text: str, expected: str) -> None:
    read = parse_iso(text)
    assert read == (datetime.fromisoformat(expected), True)
    assert read[0].utcoffset() == datetime.fromisoformat(expected).utcoffset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07/03/2026 08:47", "2026-03-07T08:47"),
        ("- 07/03/2026 08:47", "2026-03-07T08:47"),
        ("07/03/2026 08:01 GMT+7", "2026-03-07T08:01"),
        ("Thứ bảy, 7/3/2026, 08:01 (GMT+7)", "2026-03-07T08:01"),
        ("Thứ Bảy, 07/03/2026 - 08:52", "2026-03-07T08:52"),
        ("07/03/2026   08:52 (GMT+07:00)", "2026-03-07T08:52"),
        ("18:42' - 13/09/2023", "2023-09-13T18:42"),
        ("18:27 | 14/08/2026", "2026-08-14T18:27"),
        ("Thứ Hai 09/09/2024 , 15:37 (GMT+7)", "2024-09-09T15:37"),
        ("07-03-2026 - 00:01 AM", "2026-03-07T00:01"),
        ("05-09-2026 - 17:09 PM", "2026-09-05T17:09"),
        ("5.9.2026 - 5:09 PM", "2026-09-05T17:09"),
        ("9h30, ngày 7 tháng 3 năm 2026", "2026-03-07T09:30"),
        ("Cập nhật 7 tháng 3, 2026", "2026-03-07T00:00"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    read = parse_visible(text)
    assert read is not None
    assert read[0] == datetime.fromisoformat(expected).replace(tzinfo=VIETNAM)
    assert read[1] is not expected.endswith("T00:00")


def test_offset_in_the_text_wins_over_the_zone() -> None:
    read = parse_visible("07/03/2026 08:47 (GMT+9)")
    assert read is not None
    assert read[0].utcoffset() == timedelta(hours=9)


def test_offset_is_no_time_of_day() -> None:
    assert parse_visible("07/03/2026 (GMT+07:00)") == (datetime(2026, 3, 7, tzinfo=VIETNAM), False)


@pytest.mark.parametrize("text", ["Chiều 6/5", "tháng 11/2023", "31/02/2024", "99/99/2024", ""])
def test_no_date_is_made_up(text: str) -> None:
    assert parse_visible(text) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bai-viet-185230913163941350.htm", "2023-09-13T16:39:41"),
        ("bai-viet-18826030622484142.chn", "2026-03-06T22:48:41"),
        ("bai-viet-20260307075519174.htm", "2026-03-07T07:55:19"),
        ("bai-viet-102260228093004191.htm?x=1", "2026-02-28T09:30:04"),
    ],
)
def test_url_holds_the_time_of_creation(path: str, expected: str) -> None:
    found = parse_url(f"https://mau.example/{path}")
    assert found == datetime.fromisoformat(expected).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize("path", ["bai-4672302.html", "bai-99999999999999999.htm", "d538952.html"])
def test_other_ids_are_no_dates(path: str) -> None:
    assert parse_url(f"https://mau.example/{path}") is None


def test_plausible() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert plausible(now + timedelta(days=1), now)
    assert not plausible(now + timedelta(days=3), now)
    assert not plausible(datetime(1996, 12, 31, tzinfo=UTC), now)


def test_choose_takes_the_best_source_that_can_be_true() -> None:
    found = choose([("meta", "2099-01-01T00:00:00"), ("visible", "11/05/2024 17:42")])
    assert found is not None
    assert (found.source, found.when.hour) == ("visible", 17)
    assert choose([("meta", None), ("visible", "hôm qua")]) is None


def test_day_alone_gives_way_to_the_hour_of_the_same_day() -> None:
    found = choose([("meta", "2024-05-11"), ("visible", "11/05/2024 17:42")])
    assert found is not None
    assert (found.source, found.when.hour) == ("visible", 17)
    other = choose([("meta", "2024-05-11"), ("json-ld", "2024-05-12T09:00:00+07:00")])
    assert other is not None
    assert (other.source, other.exact) == ("meta", False)


def test_zone_of_the_outlet() -> None:
    tokyo = timezone(timedelta(hours=9))
    found = choose([("visible", "11/05/2024 17:42")], tokyo)
    assert found is not None
    assert found.when.utcoffset() == timedelta(hours=9)
