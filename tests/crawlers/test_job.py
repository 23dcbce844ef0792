"""What is known from earlier crawls, and what counts as young and old."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.job import Job, Known, key, load_known
from kb.errors import ConfigError
from kb.outlets import Outlet

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
NOW = datetime(2026, 3, 7, 18, tzinfo=UTC)


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
        "last_seen": "2026-03-07T01:00:00",
    }
    known = load_known(write(tmp_path / "known.jsonl", line), {"thu": OUTLET})
    found = known[key(OUTLET, "https://m.thu.example/tin-1.html#top")]
    assert found == Known(
        url="http://www.thu.example/tin-1.html?utm_source=zalo",
        outlet="thu",
        first_seen=datetime(2026, 3, 7, 1, tzinfo=UTC),
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


def test_age_counts_from_first_seen(tmp_path: Path) -> None:
    job = Job({"thu": OUTLET}, tmp_path, "r", revisit_days=3, started=NOW)
    known = Known("https://thu.example/a-1.html", "thu", NOW - timedelta(days=3))
    assert job.is_young(known)
    older = Known(known.url, "thu", NOW - timedelta(days=3, seconds=1))
    assert not job.is_young(older)


def test_since_is_a_day_in_the_outlet_s_zone(tmp_path: Path) -> None:
    job = Job({"thu": OUTLET}, tmp_path, "r", since=date(2026, 3, 7))
    # 17:30 UTC on the 6th is half past midnight on the 7th in Hà Nội
    assert not job.is_old(OUTLET, datetime(2026, 3, 6, 17, 30, tzinfo=UTC))
    assert job.is_old(OUTLET, datetime(2026, 3, 6, 16, 30, tzinfo=UTC))
    assert not job.is_old(OUTLET, None)
