"""One request of a probe, and what its answer is worth."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.job import key
from crawlers.lines import failure_line, refusal
from crawlers.reasons import reason
from crawlers.report import Outcome, PageKind
from crawlers.state import RunState
from kb.outlets import Outlet

NoPage = tuple[Outcome, int | None, str]
"""Outcome, status and reason of an address that gave no page."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Asks for one address after the other, through the same middlewares as a crawl."""

    crawler: Crawler
    outlet: Outlet
    state: RunState

    async def page(
        self, url: str, kind: PageKind, found_by: str | None = None
    ) -> Response | NoPage:
        """Return an answer with status 200, else why there is none; the log has that too."""
        outlet = self.outlet
        meta = {"outlet": outlet.id, "download_slot": outlet.id, "kind": kind, "page": 1}
        request = Request(url, meta=meta | {"found_by": found_by, "story": key(outlet, url)})
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # a dozen kinds from Scrapy, Twisted and the guard
            line = failure_line(request, error, None)
            self.state.note(line)
            return line.outcome, None, line.reason or reason(error)
        if response.status == 200:
            return response
        outcome, why = refusal(response.status)
        self.state.answer(response, outcome, why)
        return outcome, response.status, why

    def is_article(self, url: str) -> bool:
        """Whether an address is an article's once it is spelled as it is asked for."""
        return self.outlet.is_article(self.outlet.canonical(url))
