"""The one spider: feeds, sitemaps and sections lead to article pages; those become captures."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar, cast

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.utils.gz import gunzip, gzip_magic_number
from twisted.python.failure import Failure

from crawlers.config import AGENT, VERSION
from crawlers.job import Job, Known, key
from crawlers.lines import failure_line, is_html, refusal, response_line
from crawlers.listing import Entry, NotAListing, entries
from crawlers.report import Line, Outcome, PageKind
from crawlers.state import RunState
from crawlers.warc import Place, WarcFile, payload_digest
from kb.outlets import Outlet

SITEMAPS = 50
"""Further sitemaps followed for one outlet in one run, the newest first."""


class PressSpider(Spider):
    """Crawls the outlets of one `Job`; writes log, captures and statistics to its folder."""

    name = "press"
    priorities: ClassVar[dict[str, int]] = {"feed": 30, "section": 20, "sitemap": 10, "article": 0}
    revisit_priority: ClassVar[int] = -10

    def __init__(self, job: Job, **kwargs: Any) -> None:  # noqa: ANN401 (Scrapy's signature)
        super().__init__(**kwargs)
        self.job = job
        self.state = RunState(job)
        self._sitemaps: Counter[str] = Counter()
        self._links = LinkExtractor(deny_extensions=())
        self._warcs = {
            name: WarcFile(job.out / f"{name}-{job.run}.warc.gz", name, f"{AGENT}/{VERSION}")
            for name in job.outlets
        }

    async def start(self) -> AsyncIterator[Request]:
        """Yield the listings of every outlet, then what is young enough to look at again."""
        for outlet in self.job.outlets.values():
            for url in outlet.feeds:
                yield self._request(outlet, url, "feed")
            for url in outlet.sections:
                yield self._request(outlet, url, "section")
            for url in outlet.sitemaps:
                yield self._request(outlet, url, "sitemap")
            for known in self.state.young(outlet):
                if (
                    request := self._article(outlet, outlet.canonical(known.url), "revisit")
                ) is not None:
                    yield request

    def _request(
        self, outlet: Outlet, url: str, kind: PageKind, found_by: str | None = None
    ) -> Request:
        callbacks = {"article": self.parse_article, "section": self.parse_section}
        return Request(
            url,
            callback=callbacks.get(kind, self.parse_listing),
            errback=self.failed,
            priority=self.priorities[kind],
            meta={"outlet": outlet.id, "kind": kind, "found_by": found_by},
        )

    # --- listings ------------------------------------------------------------------------------

    def parse_listing(self, response: Response) -> Iterator[Request]:
        """Read a feed or sitemap (gzipped or not): further sitemaps and articles."""
        outlet = self._outlet(response)
        if response.status != 200:
            self._note(response, *refusal(response.status))
            return
        try:
            body = response.body
            if gzip_magic_number(response):
                body = gunzip(body, max_size=self.settings.getint("DOWNLOAD_MAXSIZE"))
            found = entries(body, response.url, outlet.zone)
        except (NotAListing, OSError, EOFError, ValueError) as error:
            self._note(response, "failed", f"no feed or sitemap: {error}")
            return
        yield from self._listed(response, ((e.url, e.changed) for e in found if not e.is_sitemap))
        yield from self._further(outlet, (e for e in found if e.is_sitemap), response.url)

    def parse_section(self, response: Response) -> Iterator[Request]:
        """Read the links of a section's or the front page."""
        if response.status != 200:
            self._note(response, *refusal(response.status))
        elif not isinstance(response, HtmlResponse):
            self._note(response, "failed", "not HTML")
        else:
            links = self._links.extract_links(response)
            yield from self._listed(response, ((link.url, None) for link in links))

    def _listed(
        self, response: Response, links: Iterable[tuple[str, datetime | None]]
    ) -> Iterator[Request]:
        outlet = self._outlet(response)
        stories: dict[str, tuple[str, datetime | None]] = {}
        for url, changed in links:
            if outlet.is_article(url):
                stories.setdefault(key(outlet, url), (outlet.canonical(url), changed))
        requests: list[Request] = []
        over = 0
        for story, (url, changed) in stories.items():
            if self.job.is_old(outlet, changed):
                continue
            self.state.found(outlet, story)
            new = story not in self.job.known
            if new and not self.state.has_room(outlet):
                over += self.state.leave(outlet, story)
            elif (request := self._article(outlet, url, response.url)) is not None:
                requests.append(request)
                if new:
                    self.state.plan(outlet)
        beyond = f", {over} beyond the budget of {self.job.max_pages} pages" if over else ""
        self._note(response, "listed", f"{len(stories)} article links{beyond}")
        yield from requests

    def _further(self, outlet: Outlet, found: Iterable[Entry], index: str) -> Iterator[Request]:
        for entry in found:
            if self.job.is_old(outlet, entry.changed) or not self.state.first(entry.url):
                continue
            if self._sitemaps[outlet.id] >= SITEMAPS:
                reason = f"only {SITEMAPS} sitemaps are read in one run; this and older ones wait"
                line = Line(outlet.id, entry.url, "sitemap", "skipped", reason=reason)
                self.state.note(line)
                return
            self._sitemaps[outlet.id] += 1
            yield self._request(outlet, entry.url, "sitemap", index)

    # --- articles ------------------------------------------------------------------------------

    def _article(self, outlet: Outlet, url: str, found_by: str) -> Request | None:
        """Return the (conditional) request for a story that was not asked for in this run."""
        story = key(outlet, url)
        if not self.state.first(story):
            return None
        known = self.job.known.get(story)
        if known is not None and not self.job.is_young(known):
            reason = f"known since {known.first_seen:%Y-%m-%d}"
            line = Line(
                outlet.id, known.url, "article", "skipped", reason=reason, found_by=found_by
            )
            self.state.note(line)
            return None
        request = self._request(outlet, url, "article", found_by)
        request.meta["story"] = story
        if known is not None:
            request.priority = self.revisit_priority
            if known.etag:
                request.headers["If-None-Match"] = known.etag
            if known.last_modified:
                request.headers["If-Modified-Since"] = known.last_modified
        return request

    def parse_article(self, response: Response) -> None:
        """Store a new or changed page; note what else came back."""
        outlet, asked = self._outlet(response), response.meta["story"]
        known = self.job.known.get(asked)
        story = key(outlet, response.url)
        if response.status == 304:
            self._note(response, "unchanged", digest=known.digest if known else None)
        elif response.status in {404, 410}:
            self._note(response, "gone", f"HTTP {response.status}")
        elif response.status != 200:
            self._note(response, *refusal(response.status))
        elif not outlet.is_article(response.url):
            outcome: Outcome = "gone" if known else "skipped"
            self._note(response, outcome, f"redirected to {response.url}, no article")
        elif story != asked and not self.state.first(story):
            self._note(response, "skipped", f"same story as {response.url}")
        elif not response.body.strip():
            self._note(response, "skipped", "empty")
        elif not is_html(response):
            self._note(response, "skipped", "not HTML")
        else:
            known = self.job.known.get(story, known)
            digest = payload_digest(response.body)
            if known is not None and known.digest == digest:
                self._note(response, "unchanged", digest=digest)
            else:
                self._note(response, "stored", digest=digest, place=self._store(outlet, response))

    def _store(self, outlet: Outlet, response: Response) -> Place:
        try:
            return self._warcs[outlet.id].add(response)
        except OSError as error:
            raise CloseSpider(f"cannot write captures: {error}") from error

    # --- the record ----------------------------------------------------------------------------

    def failed(self, failure: Failure) -> None:
        """Note a request that got no response, or was not made."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = cast("BaseException", failure.value)
        self.state.note(failure_line(request, error, self._known(request)))

    def _note(
        self,
        response: Response,
        outcome: Outcome,
        reason: str | None = None,
        *,
        digest: str | None = None,
        place: Place | None = None,
    ) -> None:
        known = self._known(response.request)
        self.state.note(response_line(response, outcome, reason, known, digest, place))

    def _known(self, request: Request | None) -> Known | None:
        return self.job.known.get(request.meta.get("story", "")) if request else None

    def _outlet(self, response: Response) -> Outlet:
        return self.job.outlets[response.meta["outlet"]]

    def closed(self, reason: str) -> None:
        """Close every file; the statistics tell the caller whether the crawl came to its end."""
        for warc in self._warcs.values():
            warc.close()
        written = [warc.path.name for warc in self._warcs.values() if warc.path.exists()]
        stats = self.crawler.stats
        errors = int(stats.get_value("log_count/ERROR", 0)) if stats is not None else 0
        self.state.log.close(reason, written, errors)
