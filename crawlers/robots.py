"""robots.txt on record, and RFC 9309's rule for one that cannot be read."""

from __future__ import annotations

from typing import Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from crawlers.reasons import reason
from crawlers.report import Line, Outcome
from crawlers.state import state_of
from kb.outlets import outlet_for

_CLOSED = b"User-agent: *\nDisallow: /\n"
_CLOSED_FLAG = "closed"
"""Marks the answer that stands for a robots.txt which could not be had."""
_LONGEST = 512_000
"""Bytes of a robots.txt that are read, as RFC 9309 has it."""


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's own, which takes a robots.txt that leads in a circle, cannot be unpacked or has
    no end for one that allows everything: here it allows nothing."""

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        parser = self._parserimpl.from_crawler(self.crawler, _CLOSED)
        waiting = cast("Deferred[RobotParser]", self._parsers[netloc])
        self._parsers[netloc] = parser
        state = state_of(self.crawler)
        outlet = outlet_for(f"https://{netloc}/", state.job.outlets)
        if outlet is not None:
            why = f"{reason(exc)}: nothing is allowed"
            url = f"{urlsplit(outlet.home).scheme}://{netloc}/robots.txt"
            state.note(Line(outlet.id, url, "robots", "failed", reason=why))
        waiting.callback(parser)


class RobotsRecord:
    """Downloader middleware outside of retries and redirects: sees the final answer.

    An unreachable robots.txt (5xx, no connection) closes the host, a missing one (4xx) opens
    it; Scrapy alone would take both for open.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Log the answer to a robots.txt request; replace one that closes or opens the host."""
        if not _is_robots(request) or _CLOSED_FLAG in response.flags:
            return response
        if response.status == 200:
            self._log(request, response.status, None)
            return response.replace(body=response.body[:_LONGEST])
        if 400 <= response.status < 500 and response.status != 429:
            self._log(request, response.status, f"HTTP {response.status}: everything is allowed")
            return response.replace(body=b"")
        return self._closed(request, response.status, f"HTTP {response.status}")

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """Answer in place of a robots.txt that could not be fetched."""
        if not _is_robots(request):
            return None
        return self._closed(request, None, reason(exception))

    def _closed(self, request: Request, status: int | None, why: str) -> Response:
        self._log(request, status, f"{why}: nothing is allowed", failed=True)
        return TextResponse(
            request.url, body=_CLOSED, encoding="utf-8", request=request, flags=[_CLOSED_FLAG]
        )

    def _log(
        self, request: Request, status: int | None, why: str | None, failed: bool = False
    ) -> None:
        state = state_of(self._crawler)
        outlet = request.meta.get("download_slot")
        if outlet is not None:
            outcome: Outcome = "failed" if failed else "listed"
            state.note(Line(outlet, request.url, "robots", outcome, status, why))


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))
