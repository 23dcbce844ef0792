"""Feeds, sitemaps and sections of a probe: what each names, and the articles among that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.http import Response
from scrapy.utils.gz import gunzip, gzip_magic_number

from crawlers.job import key
from crawlers.lines import is_html
from crawlers.links import links
from crawlers.listing import Entry, NotAListing, entries
from crawlers.probe import EXAMPLES, Listed
from crawlers.probe_fetch import Fetch
from crawlers.reasons import reason
from crawlers.report import PageKind

_SOON = timedelta(hours=1)
"""How far clocks may differ: what is dated later than that is not believed."""


class Listings:
    """Tries listings and remembers which articles they name."""

    def __init__(self, fetch: Fetch, largest: int) -> None:
        """`largest` is the limit of an unpacked sitemap in bytes."""
        self.rows: list[Listed] = []
        self._fetch, self._largest = fetch, largest
        self._named: dict[str, tuple[str, str, datetime | None]] = {}

    def newest(self) -> list[tuple[str, str, datetime | None]]:
        """Return the articles named so far (address, listing, date), the newest first."""
        soon = datetime.now(UTC) + _SOON

        def age(named: tuple[str, str, datetime | None]) -> float:
            changed = named[2]
            return changed.timestamp() if changed is not None and changed <= soon else 0.0

        return sorted(self._named.values(), key=age, reverse=True)

    async def listing(self, kind: PageKind, url: str, found_by: str | None = None) -> str | None:
        """Try a feed or sitemap, gzipped or not; return the newest of the sitemaps it names."""
        response = await self._fetch.page(url, kind, found_by)
        if not isinstance(response, Response):
            self.rows.append(Listed(kind, url, *response, found_by=found_by))
            return None
        gzipped = gzip_magic_number(response)
        try:
            body = gunzip(response.body, max_size=self._largest) if gzipped else response.body
            found = entries(body, response.url, self._fetch.outlet.zone)
        except (NotAListing, OSError, EOFError, ValueError) as error:
            self._unusable(kind, response, f"no feed or sitemap: {reason(error)}", url, found_by)
            return None
        further = [each for each in found if each.is_sitemap]
        row = self._row(kind, url, [each for each in found if not each.is_sitemap], response)
        row |= {"sitemaps": len(further), "gzipped": gzipped, "found_by": found_by}
        self.rows.append(Listed(**row))
        return further[0].url if further else None

    async def section(self, url: str) -> None:
        """Try a section's page."""
        response = await self._fetch.page(url, "section")
        if not isinstance(response, Response):
            self.rows.append(Listed("section", url, *response))
        elif not is_html(response):
            self._unusable("section", response, "not HTML", url)
        else:
            found = links(response.body, response.url)
            pages = [Entry(each, None) for each in found.found if self._fetch.outlet.owns(each)]
            row = self._row("section", url, pages, response)
            self.rows.append(Listed(**row, next_page=found.next_page(response.url)))

    def _unusable(
        self, kind: PageKind, response: Response, why: str, url: str, found_by: str | None = None
    ) -> None:
        self.rows.append(Listed(kind, url, "failed", response.status, why, found_by=found_by))
        self._fetch.state.answer(response, "failed", why)

    def _row(
        self, kind: PageKind, url: str, found: Iterable[Entry], response: Response
    ) -> dict[str, Any]:
        """Return the facts about what a listing names, and keep its articles."""
        outlet = self._fetch.outlet
        pages: dict[str, Entry] = {}
        for each in found:
            pages.setdefault(key(outlet, each.url), each)
        stories = {key: one for key, one in pages.items() if self._fetch.is_article(one.url)}
        for story, each in stories.items():
            self._named.setdefault(story, (outlet.canonical(each.url), url, each.changed))
        dates = [each.changed for each in pages.values() if each.changed is not None]
        others = [each.url for story, each in pages.items() if story not in stories]
        self._fetch.state.answer(response, "listed", f"{len(stories)} article links")
        return {
            "kind": kind,
            "url": url,
            "outcome": "listed",
            "status": response.status,
            "links": len(pages),
            "articles": len(stories),
            "dated": len(dates),
            "newest": max(dates, default=None),
            "oldest": min(dates, default=None),
            "others": tuple(others[:EXAMPLES]),
        }
