"""Requests for listings and articles, each made once in a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.job import key
from crawlers.past import Pending
from crawlers.report import Line, PageKind
from crawlers.state import RunState
from kb.outlets import Outlet

GIVEN = "given"
"""What found an address that the caller gave."""
_PRIORITIES: dict[PageKind, int] = {"feed": 30, "section": 20, "sitemap": 10, "article": 0}
_REVISIT_PRIORITY = -10

Callback = Callable[..., Any]


@dataclass(slots=True)
class Asking:
    """Makes requests; `callbacks` by kind of page, `errback` for those without an answer."""

    state: RunState
    callbacks: dict[PageKind, Callback]
    errback: Callback

    def listing(self, outlet: Outlet, pending: Pending) -> Request:
        """Return the request for a feed, a section or a sitemap."""
        found_by, page = pending.found_by, pending.page
        return self._request(outlet, pending.url, pending.kind, found_by=found_by, page=page)

    def is_unread(self, listing: str) -> bool:
        """Whether a listing is asked for the first time, now or before an interruption."""
        return listing not in self.state.past.listed and self.state.first(listing)

    def article(
        self,
        outlet: Outlet,
        url: str,
        found_by: str | None,
        changed: datetime | None = None,
        held: Response | None = None,
    ) -> Request | None:
        """Return the (conditional) request for a story that was not asked for in this run.

        `held` is an answer that waits for its own.
        """
        job, story = self.state.job, key(outlet, url)
        if not self.state.first(story):
            return None
        known = job.known.get(story)
        if known is not None and found_by != GIVEN and not job.is_due(known, changed):
            later = known.next_look(outlet.looks, job.started)
            when = f"not before {later:%Y-%m-%d %H:%M}" if later else "no more"
            told = f"known since {known.first_seen:%Y-%m-%d}, looked at again {when}"
            line = Line(outlet.id, known.url, "article", "skipped", reason=told, found_by=found_by)
            self.state.note(line)
            return None
        request = self._request(outlet, url, "article", found_by=found_by, story=story, held=held)
        if known is not None:
            request.priority = _REVISIT_PRIORITY
            if known.etag:
                request.headers["If-None-Match"] = known.etag
            if known.last_modified:
                request.headers["If-Modified-Since"] = known.last_modified
        return request

    def _request(self, outlet: Outlet, url: str, kind: PageKind, **meta: object) -> Request:
        return Request(
            url,
            callback=self.callbacks[kind],
            errback=self.errback,
            priority=_PRIORITIES[kind],
            # the queue is named at once, so that the scheduler takes turns between outlets
            meta={"outlet": outlet.id, "download_slot": outlet.id, "kind": kind, **meta},
        )
