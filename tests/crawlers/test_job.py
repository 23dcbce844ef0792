"""What is known from earlier crawls, and what counts as young and old."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.job import Job, Known, key, load_known
from kb.errors import ConfigError
from kb.outlets import Limits, Outlet

OUTLET = Outlet.model_validate(
    {
        "id": "thu",
        "name": "Báo Thử",
        "home": "https://thu.example",
        "level": "local",
        "family": "generic",
        "article_url": r"-\d+\.html$",
        "sections": ["https://thu.example/"],
    }
)
FIRST = datetime(2026, 3, 7, 18, tzinfo=UTC)


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_known_is_found_by_any_spelling_of_the_address(tmp_path: Path) -> None:
    line = {
        "url": "http://www.thu.example/tin-1.html?utm_source=zalo",
        "etag": '"a"',
        "last_modified": None,
        "digest": "sha1:X",
        "first_seen": "2026-03-07T01:00:00",
        "last_seen": "2026-03-07T02:00:00",
    }
    known = load_known(write(tmp_path / "known.jsonl", line), {"thu": OUTLET})
    found = known[key(OUTLET, "https://m.thu.example/tin-1.html#top")]
    assert found == Known(
        url="http://www.thu.example/tin-1.html?utm_source=zalo",
        outlet="thu",
        first_seen=datetime(2026, 3, 7, 1, tzinfo=UTC),
        last_seen=datetime(2026, 3, 7, 2, tzinfo=UTC),
        etag='"a"',
        digest="sha1:X",
    )


def test_known_articles_of_other_outlets_do_not_matter(tmp_path: Path) -> None:
    line = {"url": "https://khac.example/tin-1.html", "first_seen": "2026-03-07T01:00:00Z"}
    assert load_known(write(tmp_path / "known.jsonl", line), {"thu": OUTLET}) == {}


@pytest.mark.parametrize("line", [{"url": "https://thu.example/"}, [], {"url": 1}, "chữ"])
def test_a_bad_line_is_named(tmp_path: Path, line: object) -> None:
    good = {"url": "https://thu.example/a-1.html", "first_seen": "2026-03-07"}
    with pytest.raises(ConfigError, match="line 2"):
        load_known(write(tmp_path / "known.jsonl", good, line), {"thu": OUTLET})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl"):
        load_known(tmp_path / "nowhere.jsonl", {"thu": OUTLET})


def after(**age: float) -> datetime:
    return FIRST + timedelta(**age)


@pytest.mark.parametrize(
    ("seen", "now", "due"),
    [
        (after(), after(seconds=1), True),
        (after(minutes=40), after(minutes=50), True),
        (after(minutes=50), after(hours=1), True),
        (after(hours=1), after(hours=5), False),
        (after(hours=1), after(hours=6), True),
        (after(hours=7), after(hours=23), False),
        (after(hours=7), after(days=1), True),
        (after(days=1), after(days=2), False),
        (after(days=2), after(days=3), True),
        (after(days=3), after(days=6), False),
        (after(days=6), after(days=7), True),
        (after(days=7), after(days=8), False),
        (after(), after(days=14), True),  # the crawler was ill for a fortnight
        (after(), after(days=14, seconds=1), False),
    ],
)
def test_looks_widen_with_age(tmp_path: Path, seen: datetime, now: datetime, due: bool) -> None:
    known = Known("https://thu.example/a-1.html", "thu", FIRST, seen)
    assert Job({"thu": OUTLET}, tmp_path, "r", started=now).is_due(known) is due


def test_an_outlet_may_have_looks_of_its_own(tmp_path: Path) -> None:
    known = Known("https://thu.example/a-1.html", "thu", FIRST, FIRST)
    for looks, due in (((), False), ((timedelta(hours=2),), True)):
        outlet = OUTLET.model_copy(update={"looks": looks})
        job = Job({"thu": outlet}, tmp_path, "r", started=after(hours=3))
        assert job.is_due(known) is due


@pytest.mark.parametrize(
    ("changed", "now", "due"),
    [
        (after(hours=8), after(hours=9), True),  # the sitemap says it was edited since
        (after(hours=6), after(hours=9), False),
        (after(hours=10), after(hours=9), False),  # a date that has not come yet
        (after(days=20), after(days=21), False),  # too old to be looked at
    ],
)
def test_a_listing_s_date_may_call_earlier(
    tmp_path: Path, changed: datetime, now: datetime, due: bool
) -> None:
    known = Known("https://thu.example/a-1.html", "thu", FIRST, after(hours=7))
    assert Job({"thu": OUTLET}, tmp_path, "r", started=now).is_due(known, changed) is due


def test_the_smaller_budget_counts(tmp_path: Path) -> None:
    for own, run, pages in ((None, 500, 500), (20, 500, 20), (20, 5, 5)):
        outlet = OUTLET.model_copy(update={"limits": Limits(pages=own)})
        assert Job({"thu": outlet}, tmp_path, "r", max_pages=run).pages(outlet) == pages


def test_since_is_a_day_in_the_outlet_s_zone(tmp_path: Path) -> None:
    job = Job({"thu": OUTLET}, tmp_path, "r", since=date(2026, 3, 7))
    # 17:30 UTC on the 6th is half past midnight on the 7th in Hà Nội
    assert not job.is_old(OUTLET, datetime(2026, 3, 6, 17, 30, tzinfo=UTC))
    assert job.is_old(OUTLET, datetime(2026, 3, 6, 16, 30, tzinfo=UTC))
    assert not job.is_old(OUTLET, None)
