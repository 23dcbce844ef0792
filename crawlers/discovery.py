"""Where articles are found: feeds, sitemaps, sections page by page, a given list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.gz import gunzip, gzip_magic_number

from crawlers.asking import GIVEN, Asking
from crawlers.job import key
from crawlers.lines import is_html, refusal
from crawlers.links import LONGEST, TAGS, links
from crawlers.listing import Entry, NotAListing, entries
from crawlers.past import Pending
from crawlers.reasons import reason
from crawlers.report import Line
from crawlers.state import RunState
from kb.outlets import Outlet, outlet_for

AGAIN = "revisit"
"""What found a known article whose time to be looked at has come."""


class Discovery:
    """Yields the requests that a run begins with, and those that its listings lead to."""

    def __init__(self, state: RunState, asking: Asking, largest: int) -> None:
        """`largest` is the limit of an unpacked sitemap in bytes."""
        self.strangers: list[str] = []
        """Given addresses that belong to none of the outlets."""
        self._state, self._job, self._asking = state, state.job, asking
        self._largest = largest
        self._sitemaps: Counter[str] = Counter()

    def start(self) -> Iterator[Request]:
        """Yield what was given; else the listings of every outlet, what an interrupted crawl
        had still before it, and what is to be looked at again."""
        if self._job.given:
            yield from self._given()
            return
        outlets = self._job.outlets.values()
        for outlet in outlets:
            for pending in _listings(outlet):
                if self._asking.is_unread(pending.url):
                    yield self._asking.listing(outlet, pending)
        for pending in self._state.past.pending:
            if (left := self._left(pending)) is not None:
                yield left
        for outlet in outlets:
            for known in self._state.due(outlet):
                url = outlet.canonical(known.url)
                if (again := self._asking.article(outlet, url, AGAIN)) is not None:
                    yield again

    def _given(self) -> Iterator[Request]:
        for url in self._job.given:
            outlet = outlet_for(url, self._job.outlets)
            if outlet is None:
                self.strangers.append(url)
                continue
            request = self._asking.article(outlet, outlet.canonical(url), GIVEN)
            if request is not None:
                yield request

    def _left(self, pending: Pending) -> Request | None:
        outlet = self._job.outlets[pending.outlet]
        if pending.kind != "article":
            self._sitemaps[outlet.id] += pending.kind == "sitemap"
            unread = self._asking.is_unread(pending.url)
            return self._asking.listing(outlet, pending) if unread else None
        if self._state.found(outlet, key(outlet, pending.url)):
            self._state.plan(outlet)
        return self._asking.article(outlet, pending.url, pending.found_by)

    def read_listing(self, response: Response) -> Iterator[Request]:
        """Read a feed or sitemap (gzipped or not): further sitemaps and articles."""
        outlet = self._state.outlet(response)
        if response.status != 200:
            self._state.answer(response, *refusal(response.status))
            return
        try:
            body = response.body
            if gzip_magic_number(response):
                body = gunzip(body, max_size=self._largest)
            found = entries(body, response.url, outlet.zone)
        except (NotAListing, OSError, EOFError, ValueError) as error:
            self._state.answer(response, "failed", f"no feed or sitemap: {reason(error)}")
            return
        further = self._further(outlet, (e for e in found if e.is_sitemap), response.url)
        pages = [(e.url, e.changed) for e in found if not e.is_sitemap]
        yield from self._listed(response, pages, further)

    def read_section(self, response: Response) -> Iterator[Request]:
        """Read the links of a section's or the front page, and its next page while there is
        something new."""
        if response.status != 200:
            self._state.answer(response, *refusal(response.status))
        elif not is_html(response):
            self._state.answer(response, "failed", "not HTML")
        else:
            outlet = self._state.outlet(response)
            found = links(response.body, response.url)
            page = int(response.meta["page"]) + 1
            url = found.next_page(response.url)
            more = []
            wanted = url is not None and page <= outlet.limits.section_pages
            if url is not None and wanted and outlet.owns(url) and self._asking.is_unread(url):
                more = [Pending(outlet.id, url, "section", response.url, page)]
            cut = f", no more than {TAGS} tags are read" if found.cut else ""
            pairs = ((url, None) for url in found.found)
            yield from self._listed(response, pairs, more, only_if_new=True, remark=cut)

    def _listed(
        self,
        response: Response,
        pages: Iterable[tuple[str, datetime | None]],
        further: list[Pending],
        *,
        only_if_new: bool = False,
        remark: str = "",
    ) -> Iterator[Request]:
        """Note what a listing names and yield requests for it and for further listings."""
        outlet = self._state.outlet(response)
        stories = _stories(outlet, pages)
        requests: list[Request] = []
        over = new = 0
        for story, (url, changed) in stories.items():
            if self._job.is_old(outlet, changed):
                continue
            new += self._state.found(outlet, story)
            known = story in self._job.known
            if not known and not self._state.has_room(outlet):
                over += self._state.leave(outlet, story)
                continue
            request = self._asking.article(outlet, url, response.url, changed)
            if request is not None:
                self._state.remember(Pending(outlet.id, url, "article", response.url))
                requests.append(request)
                if not known:
                    self._state.plan(outlet)
        for pending in further if new or not only_if_new else []:
            self._state.remember(pending)
            requests.append(self._asking.listing(outlet, pending))
        beyond = f", {over} beyond the budget of {self._job.pages(outlet)} pages" if over else ""
        self._state.answer(response, "listed", f"{len(stories)} article links{beyond}{remark}")
        yield from requests

    def _further(self, outlet: Outlet, found: Iterable[Entry], index: str) -> list[Pending]:
        limit = outlet.limits.sitemaps
        further: list[Pending] = []
        for entry in found:
            old = self._job.is_old(outlet, entry.changed)
            if old or not self._asking.is_unread(entry.url):
                continue
            if self._sitemaps[outlet.id] >= limit:
                told = f"only {limit} sitemaps are read in one run; this and older ones wait"
                self._state.note(Line(outlet.id, entry.url, "sitemap", "skipped", reason=told))
                break
            self._sitemaps[outlet.id] += 1
            further.append(Pending(outlet.id, entry.url, "sitemap", index))
        return further


def _listings(outlet: Outlet) -> Iterator[Pending]:
    for url in outlet.feeds:
        yield Pending(outlet.id, url, "feed")
    for url in outlet.sections:
        yield Pending(outlet.id, url, "section")
    for url in outlet.sitemaps:
        yield Pending(outlet.id, url, "sitemap")


def _stories(
    outlet: Outlet, pages: Iterable[tuple[str, datetime | None]]
) -> dict[str, tuple[str, datetime | None]]:
    """Return the articles among addresses by story: what to ask for, and its date."""
    stories: dict[str, tuple[str, datetime | None]] = {}
    for named, changed in pages:
        url = outlet.canonical(named) if outlet.owns(named) else named
        if len(url) <= LONGEST and outlet.is_article(url):
            stories.setdefault(key(outlet, url), (url, changed))
    return stories
