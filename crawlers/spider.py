"""The one spider: feeds, sitemaps and sections lead to article pages; those become captures."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Self, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from crawlers.asking import Asking
from crawlers.captures import Captures
from crawlers.config import SOFTWARE
from crawlers.discovery import Discovery
from crawlers.job import Job
from crawlers.report import UNWRITTEN
from crawlers.state import RunState
from crawlers.stories import Stories


class PressSpider(Spider):
    """Crawls the outlets of one `Job`; writes log, captures and statistics to its folder."""

    name = "press"

    def __init__(self, job: Job, largest: int, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.job = job
        self.captures = Captures(job, SOFTWARE)
        self.state = RunState(job)
        asking = Asking(self.state, {}, self.failed)
        self.discovery = Discovery(self.state, asking, largest)
        self.stories = Stories(self.state, asking, self.captures)
        asking.callbacks |= {
            "feed": self.discovery.read_listing,
            "sitemap": self.discovery.read_listing,
            "section": self.discovery.read_section,
            "article": self.stories.read,
        }

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        return super().from_crawler(crawler, *args, largest=largest, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Yield the requests that the run begins with."""
        for request in self.discovery.start():
            yield request

    async def failed(self, failure: Failure) -> None:
        """Note a request that got no response, or was not made."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.state.failure(request, cast("BaseException", failure.value))
        await self.stories.release(request, None)

    def closed(self, reason: str) -> None:
        """Close every file; the statistics tell the caller whether the crawl came to its end."""
        try:
            self._close(reason)
        except OSError as error:
            # A full disk. Scrapy would wait for ever for what cannot be closed.
            with suppress(OSError):
                print(f"the crawl's files cannot be written: {error}", file=sys.stderr, flush=True)
            os._exit(UNWRITTEN)

    def _close(self, reason: str) -> None:
        self.captures.close()
        self.state.past.close()
        stats = self.crawler.stats
        more = {
            "errors": int(stats.get_value("log_count/ERROR", 0)) if stats is not None else 0,
            "strangers": self.discovery.strangers,
            "kept": self.captures.kept,
            "faults": self.captures.faults,
        }
        self.state.log.close(reason, more)
