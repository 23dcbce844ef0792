"""The spider of a probe: one request after the other, each answer judged and none followed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawlers.captures import Captures
from crawlers.config import AGENT, SOFTWARE
from crawlers.job import Job
from crawlers.lines import is_html
from crawlers.links import links
from crawlers.probe import ARTICLES, Listed, Mode, Page, Probe, Robots, Tried, dump
from crawlers.probe_fetch import Fetch
from crawlers.probe_listings import Listings
from crawlers.state import RunState
from kb.outlets.draft import listing_pages, usual

_TRIES = 4
"""Articles asked for until `ARTICLES` of them are stored."""


class ProbeSpider(Spider):
    """Tries the one outlet of a `Job`; writes the log, captures and `probe.json`."""

    name = "probe"

    def __init__(self, job: Job, mode: Mode, largest: int, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        (self._outlet,) = job.outlets.values()
        self._job, self._mode, self._largest = job, mode, largest
        self._found = Probe()
        self.captures = Captures(job, SOFTWARE)
        self.state = RunState(job)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        spider = super().from_crawler(crawler, *args, largest=largest, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep what robots.txt says; the log tells how it was had."""
        named = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        parts = urlsplit(request.url)
        self._found.robots.append(
            Robots(
                url=f"{parts.scheme}://{parts.netloc}/robots.txt",
                status=None,
                reason=None,
                closed=False,
                delay=robotparser.crawl_delay(AGENT),
                allowed=robotparser.allowed(self._outlet.home, AGENT),
                sitemaps=tuple(urljoin(request.url, one) for one in named),
            )
        )

    async def start(self) -> AsyncIterator[Request]:
        """Try everything, in order; yields nothing."""
        fetch = Fetch(self.crawler, self._outlet, self.state)
        tried = Listings(fetch, self._largest)
        self._found.listings = tried.rows
        await (self._home if self._mode == "home" else self._listings)(fetch, tried)
        return
        yield

    def closed(self, reason: str) -> None:
        """Close every file and write down what was found."""
        self.captures.close()
        self.state.past.close()
        dump(self._found, self._job.out)
        stats = self.crawler.stats
        errors = int(stats.get_value("log_count/ERROR", 0)) if stats is not None else 0
        self.state.log.close(reason, {"errors": errors})

    async def _listings(self, fetch: Fetch, tried: Listings) -> None:
        """Try every listing of a declared outlet, then the newest articles that they name."""
        for url in self._outlet.feeds:
            await tried.listing("feed", url)
        for url in self._outlet.sitemaps:
            newest = await tried.listing("sitemap", url)
            if newest is not None:
                await tried.listing("sitemap", newest, found_by=url)
        for url in self._outlet.sections:
            await tried.section(url)
        for named in tried.newest()[:_TRIES]:
            if sum(each.outcome == "stored" for each in self._found.articles) < ARTICLES:
                self._found.articles.append(await self._article(fetch, *named))

    async def _article(
        self, fetch: Fetch, url: str, found_by: str, changed: datetime | None
    ) -> Tried:
        """Ask for an article and capture it."""
        response = await fetch.page(url, "article", found_by)
        if not isinstance(response, Response):
            return Tried(url, found_by, response[0], changed, *response[1:])
        if not fetch.is_article(response.url):
            why = f"redirected to {response.url}, no article"
        elif not is_html(response):
            why = "not HTML"
        elif not response.body.strip():
            why = "empty"
        else:
            place = await self.captures.add(self._outlet.id, response)
            self.state.answer(response, "stored", place=place)
            warc = self._job.out / place.warc
            return Tried(url, found_by, "stored", changed, 200, None, warc, place.offset)
        self.state.answer(response, "skipped", why)
        return Tried(url, found_by, "skipped", changed, response.status, why)

    async def _home(self, fetch: Fetch, tried: Listings) -> None:
        """Keep a new outlet's front page and the pages that list its feeds; see which sitemaps
        there are."""
        home = await self._keep(fetch, self._outlet.home, "home.html")
        if home is None:
            return
        for number, url in enumerate(listing_pages(links(home.body, home.url).found, home.url)):
            if self._outlet.owns(url):
                await self._keep(fetch, url, f"feeds-{number}.html")
        said = [url for each in self._found.robots for url in each.sitemaps]
        for url in list(filter(self._outlet.owns, said)) or usual("sitemaps", home.url):
            await tried.listing("sitemap", url)

    async def _keep(self, fetch: Fetch, url: str, file: str) -> Response | None:
        response = await fetch.page(url, "section")
        if isinstance(response, Response):
            self.state.answer(response, "listed", f"{len(response.body)} bytes")
            (self._job.out / file).write_bytes(response.body)
            self._found.pages.append(Page(response.url, file))
            self._found.listings.append(Listed("section", url, "listed", response.status))
            return response
        self._found.listings.append(Listed("section", url, *response))
        return None
