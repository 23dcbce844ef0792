"""Hours, limits and looks of an outlet, and which addresses are one story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from kb.errors import ConfigError
from kb.outlets import LOOKS, Limits, Outlet, load_outlets, page_number
from tests.outlets.test_outlets import only, write


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of one day in Hà Nội, as UTC."""
    return datetime(2026, 3, 7, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.mark.parametrize(
    ("hours", "open_at", "closed_at"),
    [
        ("22:00-06:00", (at(22), at(23, 59), at(0), at(5, 59)), (at(6), at(12), at(21, 59))),
        (" 1:30 – 4:00 ", (at(1, 30), at(3, 59)), (at(1, 29), at(4))),
    ],
)
def test_hours_are_those_of_the_outlet_s_own_clock(
    tmp_path: Path, hours: str, open_at: tuple[datetime, ...], closed_at: tuple[datetime, ...]
) -> None:
    outlet = only(write(tmp_path, hours=hours))
    assert all(map(outlet.is_open, open_at))
    assert not any(map(outlet.is_open, closed_at))


def test_without_hours_an_outlet_is_always_open(tmp_path: Path) -> None:
    assert all(only(write(tmp_path)).is_open(at(hour)) for hour in range(24))


def test_looks_and_limits_are_read(tmp_path: Path) -> None:
    outlet = only(write(tmp_path, looks=["6h", "2d"], limits={"pages": 20, "bytes": 1_000_000}))
    assert outlet.looks == (timedelta(hours=6), timedelta(days=2))
    assert outlet.limits == Limits(pages=20, bytes=1_000_000)
    assert only(write(tmp_path, looks=[])).looks == ()


def test_the_defaults_widen_and_check_certificates(tmp_path: Path) -> None:
    outlet = only(write(tmp_path))
    assert outlet.looks == LOOKS
    gaps = [later - earlier for earlier, later in pairwise(LOOKS)]
    assert gaps == sorted(gaps)
    assert outlet.verify_tls
    assert all(each.verify_tls for each in load_outlets().values())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hours": "22h-6h"}, "hours: must be two times of day such as 22:00-06:00"),
        ({"hours": "25:00-06:00"}, "hours: "),
        ({"hours": "06:00-06:00"}, "hours: must not begin and end at the same time"),
        ({"looks": ["7d", "1d"]}, "looks: must grow from one age to the next"),
        ({"looks": ["1 tuần"]}, "looks: must be hours or days such as 6h or 3d"),
        ({"looks": "1d"}, "looks: must be a list of ages such as"),
        ({"limits": {"bytes": 0}}, "limits.bytes: "),
        ({"limits": {"page": 3}}, "limits.page: is not a known key"),
        ({"verify_tls": "có"}, "verify_tls: "),
    ],
)
def test_faults_name_file_and_key(tmp_path: Path, change: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_outlets(write(tmp_path, **change))
    assert str(error.value).startswith(f"thu.yaml: {told}")


# --- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://thu.example/van-hoa/tin-1234567.html",
        "https://www.thu.example/van-hoa/tin-1234567.html?utm_campaign=x&utm_la=y",
        "https://mobile.thu.example/van-hoa/tin-1234567.html?gclid=1&dclid=2&_ga=3",
        "https://wap.thu.example/van-hoa/tin-1234567.html#binh-luan",
        "https://amp.thu.example/van-hoa/tin-1234567.html",
        "https://thu.example/amp/van-hoa/tin-1234567.html",
        "https://thu.example/van-hoa/tin-1234567.html/amp/",
        "https://thu.example/van-hoa/tin-1234567.html.amp",
        "https://thu.example/van-hoa/tin-1234567-amp.html",
        "https://thu.example/van-hoa/tin-1234567.amp.html",
        "https://thu.example/van-hoa/tin-1234567.html?outputType=amp&amp=1",
    ],
)
def test_one_story_has_one_address(tmp_path: Path, url: str) -> None:
    canonical = only(write(tmp_path)).canonical(url)
    assert canonical == "https://thu.example/van-hoa/tin-1234567.html"


@pytest.mark.parametrize(
    "url",
    [
        "https://thu.example/tin-1234567.html?trang=2&id=7",
        "https://thu.example/ampe-ke/tin-1234567.html",
        "https://thu.example/amp/chuyen-muc",
        "https://phu.thu.example/amp/tin-1234567.html",
        "https://thu.example/tin-1234567.html?id=utm_source",
    ],
)
def test_what_is_another_address_stays_one(tmp_path: Path, url: str) -> None:
    assert only(write(tmp_path)).canonical(url) == url


def test_a_canonical_address_is_its_own(tmp_path: Path) -> None:
    outlet: Outlet = only(write(tmp_path))
    for url in ("http://m.thu.example/amp/a-1234567.html?utm_id=3", "https://khac.example/?a=1&b"):
        assert outlet.canonical(outlet.canonical(url)) == outlet.canonical(url)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://thu.example/van-hoa", 1),
        ("https://thu.example/van-hoa.htm", 1),
        ("https://www.thu.example/van-hoa/", 1),
        ("https://thu.example/van-hoa?page=2", 2),
        ("https://thu.example/van-hoa/trang-12.htm", 12),
        ("https://thu.example/van-hoa/trang/3", 3),
        ("https://thu.example/van-hoa-p4", 4),
        ("https://thu.example/van-hoa/p5/", 5),
    ],
)
def test_the_pages_of_a_section_share_a_stem(url: str, number: int) -> None:
    assert page_number(url) == ("thu.example/van-hoa", number)
