"""Politeness that Scrapy reads but does not apply: Crawl-delay and Retry-After; and back-off."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawlers.listing import moment
from crawlers.state import RunState, state_of

LONGEST_WAIT = 300.0
"""Seconds; an outlet that asks for more is left alone for this run."""
USUAL_WAIT = 30.0
"""Seconds to wait after a 429 that does not say how long."""
LONGEST_BACKOFF = 30.0
"""Seconds between two requests to an outlet that keeps failing."""


class Pace:
    """Downloader middleware that sets the delay of an outlet's queue (its downloader slot).

    It listens to `response_downloaded`, which Scrapy sends before it looks for the next
    request, so that no request slips out between a 429 and the pause.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._until: dict[str, float] = {}
        self._failures: Counter[str] = Counter()
        slots = crawler.settings.getdict("DOWNLOAD_SLOTS")
        self._delays: dict[str, float] = {name: slot["delay"] for name, slot in slots.items()}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Raise the outlet's delay to the Crawl-delay of its robots.txt."""
        outlet = request.meta["download_slot"]
        asked = robotparser.crawl_delay(self._crawler.settings["ROBOTSTXT_USER_AGENT"])
        if asked is None or asked <= self._delays[outlet]:
            return
        if asked > LONGEST_WAIT:
            self._state.give_up(outlet, f"its robots.txt wants {asked:.0f} s between requests")
            return
        self._delays[outlet] = asked
        self._set(outlet, asked)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Pause the outlet's queue after 429 or 503, slow down with each failure in a row, and
        go on as before when that is over."""
        outlet = request.meta["download_slot"]
        wait = self._wait(response)
        if wait is not None and wait > LONGEST_WAIT:
            self._state.give_up(outlet, f"asked to wait {wait:.0f} s (HTTP {response.status})")
        elif wait is not None:
            self._until[outlet] = monotonic() + wait
            self._set(outlet, max(wait + _latency(request), self._delays[outlet]))
        elif response.status >= 500:
            self._slow_down(outlet, _latency(request))
        else:
            self._failures[outlet] = 0
            self._resume(outlet)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Slow down after a request that got no answer."""
        if not isinstance(exception, IgnoreRequest):
            self._slow_down(request.meta["download_slot"], 0.0)

    def _slow_down(self, outlet: str, latency: float) -> None:
        self._failures[outlet] += 1
        delay = self._delays[outlet] * 2.0 ** min(self._failures[outlet], 16)
        delay = max(min(delay, LONGEST_BACKOFF), self._delays[outlet])
        if outlet not in self._until or monotonic() >= self._until[outlet]:
            self._until.pop(outlet, None)
            self._set(outlet, delay + latency)

    def _resume(self, outlet: str) -> None:
        # Of several requests on their way, none ends the pause that another was told to make.
        if monotonic() >= self._until.get(outlet, 0.0):
            self._until.pop(outlet, None)
            self._set(outlet, self._delays[outlet])

    @property
    def _state(self) -> RunState:
        return state_of(self._crawler)

    def _wait(self, response: Response) -> float | None:
        if response.status not in {429, 503}:
            return None
        header = response.headers.get(b"Retry-After")
        asked = seconds(header.decode("latin-1")) if header else None
        return USUAL_WAIT if asked is None and response.status == 429 else asked

    def _set(self, outlet: str, delay: float) -> None:
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        # an idle slot is dropped after a minute and made anew from these settings
        downloader.per_slot_settings[outlet]["delay"] = delay
        if outlet in downloader.slots:
            downloader.slots[outlet].delay = delay


def _latency(request: Request) -> float:
    """Return how long the answer took: Scrapy counts a delay from the start of the request."""
    return float(request.meta.get("download_latency", 0.0))


def seconds(retry_after: str) -> float | None:
    """Return the seconds that a Retry-After header (a number or an HTTP date) asks for."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    when = moment(text, UTC)
    return None if when is None else max(0.0, (when - datetime.now(UTC)).total_seconds())
