"""Delays: Crawl-delay and Retry-After as the queue of the outlet gets them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

from crawlers.pace import LONGEST_BACKOFF, LONGEST_WAIT, USUAL_WAIT, Pace, seconds

URL = "https://thu.example/tin-1.html"


class _Settings(dict[str, Any]):
    getdict = dict.__getitem__


class Scene:
    """A Pace with one outlet of two seconds' delay, and what it did."""

    def __init__(self) -> None:
        self.given_up: list[tuple[str, str]] = []
        self.slot = SimpleNamespace(delay=2.0)
        self.kept = {"thu": {"delay": 2.0, "concurrency": 1}}
        downloader = SimpleNamespace(slots={"thu": self.slot}, per_slot_settings=self.kept)
        state = SimpleNamespace(give_up=lambda *said: self.given_up.append(said))
        settings = {"DOWNLOAD_SLOTS": {"thu": {"delay": 2.0}}, "ROBOTSTXT_USER_AGENT": "kb"}
        crawler: Any = SimpleNamespace(
            settings=_Settings(settings),
            signals=SimpleNamespace(connect=lambda *args, **kwargs: None),
            engine=SimpleNamespace(downloader=downloader),
            spider=SimpleNamespace(state=state),
        )
        self.pace = Pace(crawler)

    def answer(self, status: int, retry_after: str | None = None, latency: float = 0.0) -> float:
        request = Request(URL, meta={"download_slot": "thu", "download_latency": latency})
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        self.pace.response_downloaded(Response(URL, status=status, headers=headers), request)
        return float(self.slot.delay)

    def fail(self, error: Exception | None = None) -> float:
        request = Request(URL, meta={"download_slot": "thu"})
        self.pace.process_exception(request, error or TimeoutError())
        return float(self.slot.delay)

    def robots(self, text: str) -> float:
        parser = ProtegoRobotParser(text.encode(), None)
        self.pace.robots_parsed(parser, Request(URL, meta={"download_slot": "thu"}))
        return float(self.slot.delay)


def test_crawl_delay_lengthens_and_never_shortens() -> None:
    scene = Scene()
    assert scene.robots("User-agent: *\nCrawl-delay: 1") == 2.0
    assert scene.robots("User-agent: *\nCrawl-delay: 7") == 7.0
    assert scene.kept["thu"]["delay"] == 7.0


def test_crawl_delay_of_another_robot_does_not_count() -> None:
    assert Scene().robots("User-agent: otherbot\nCrawl-delay: 7") == 2.0


def test_retry_after_pauses_from_the_answer_on() -> None:
    assert Scene().answer(429, "40", latency=3.0) == 43.0
    assert Scene().answer(503, "40") == 40.0


def test_the_pause_is_never_shorter_than_the_delay() -> None:
    assert Scene().answer(429, "0") == 2.0


def test_429_without_a_time_waits_the_usual_one() -> None:
    assert Scene().answer(429) == USUAL_WAIT


def test_each_failure_in_a_row_doubles_the_delay_up_to_the_longest() -> None:
    scene = Scene()
    assert [scene.answer(503), scene.answer(500), scene.fail()] == [4.0, 8.0, 16.0]
    assert [scene.fail(), scene.fail()] == [LONGEST_BACKOFF, LONGEST_BACKOFF]
    assert scene.answer(404) == 2.0
    assert scene.answer(500, latency=1.5) == 5.5


def test_an_outlet_with_a_long_delay_of_its_own_keeps_it_when_it_fails() -> None:
    scene = Scene()
    scene.robots("User-agent: *\nCrawl-delay: 60")
    assert scene.fail() == 60.0


def test_what_we_would_not_ask_is_no_failure() -> None:
    scene = Scene()
    scene.fail(IgnoreRequest("leads away"))
    assert scene.slot.delay == 2.0


def test_back_off_does_not_shorten_a_pause() -> None:
    scene = Scene()
    scene.answer(429, "40")
    assert scene.fail() == 40.0


def test_an_answer_during_the_pause_does_not_end_it() -> None:
    scene = Scene()
    scene.answer(429, "40")
    assert [scene.answer(200), scene.answer(200), scene.fail()] == [40.0] * 3  # three on their way


def test_after_the_pause_the_old_delay_is_back() -> None:
    scene = Scene()
    scene.robots("User-agent: *\nCrawl-delay: 5")
    scene.answer(429, "0")
    assert scene.answer(200) == 5.0


def test_who_asks_for_too_long_is_left_alone() -> None:
    scene = Scene()
    assert scene.answer(429, str(int(LONGEST_WAIT) + 1)) == 2.0
    assert scene.given_up == [("thu", "asked to wait 301 s (HTTP 429)")]
    assert scene.robots("User-agent: *\nCrawl-delay: 86400") == 2.0
    assert scene.given_up[1] == ("thu", "its robots.txt wants 86400 s between requests")


def test_retry_after_may_be_a_date() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=10)
    assert seconds(format_datetime(soon, usegmt=True)) == pytest.approx(600, abs=30)
    assert seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert seconds("lát nữa") is None


@pytest.mark.parametrize("year", ["1970", "99999999999999999999"])
def test_a_day_of_no_year_of_ours_says_nothing(year: str) -> None:
    assert seconds(f"Mon, 01 Jan {year} 00:00:00 GMT") is None
