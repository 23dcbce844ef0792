"""What one run has seen, spent and given up; the middlewares and the spider share it."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.job import Job, Known, key
from crawlers.lines import failure_line, response_line
from crawlers.past import Past, Pending
from crawlers.report import CrawlLog, Line, Outcome
from crawlers.warc import Place
from kb.outlets import Outlet

STRIKES = 10
"""Failures in a row after which an outlet is left alone for this run."""
_SETTLED = {"stored", "unchanged", "gone", "refused"}
"""Outcomes after which an interrupted crawl does not ask again."""


class RunState:
    """The memory of one run, begun or continued."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.past = Past(job.out, job.outlets)
        self.log = CrawlLog(job.out, job.outlets, self.past.lines)
        self.given_up: dict[str, str] = {}
        """Outlet id → why nothing more is asked of it in this run."""
        self._asked: set[str] = set()
        self._found: set[str] = set()
        self._planned: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._strikes: Counter[str] = Counter()
        self._restore()

    def _restore(self) -> None:
        for line in self.past.lines:
            if line.kind != "article":
                continue
            self._spent[line.outlet] += line.status is not None or line.outcome == "failed"
            if line.outcome in _SETTLED or (line.status is not None and line.outcome != "failed"):
                for url in filter(None, (line.url, line.asked)):
                    self._asked.add(key(self.job.outlets[line.outlet], url))

    def note(self, line: Line) -> None:
        """Log a line, and give the outlet up after `STRIKES` failures in a row."""
        self.log.write(line)
        if line.kind == "robots" or (line.status is None and line.outcome != "failed"):
            return
        failed = line.outcome == "failed"
        self._strikes[line.outlet] = self._strikes[line.outlet] + 1 if failed else 0
        if self._strikes[line.outlet] == STRIKES:
            self.give_up(line.outlet, f"given up after {STRIKES} failures in a row")

    def answer(
        self,
        response: Response,
        outcome: Outcome,
        reason: str | None = None,
        *,
        digest: str | None = None,
        place: Place | None = None,
    ) -> None:
        """Note what came of an answer."""
        known = self.known(response.request)
        self.note(response_line(response, outcome, reason, known, digest, place))

    def failure(self, request: Request, error: BaseException) -> None:
        """Note a request that got no answer, or was not made."""
        self.note(failure_line(request, error, self.known(request)))

    def known(self, request: Request | None) -> Known | None:
        """Return what is known of the story that a request asks for."""
        return self.job.known.get(request.meta.get("story", "")) if request else None

    def outlet(self, response: Response) -> Outlet:
        """Return the outlet that was asked."""
        return self.job.outlets[response.meta["outlet"]]

    def give_up(self, outlet: str, reason: str) -> None:
        """Ask nothing more of an outlet in this run."""
        self.given_up.setdefault(outlet, reason)
        self.log.counts[outlet].given_up = self.given_up[outlet]

    def found(self, outlet: Outlet, story: str) -> bool:
        """Count a story that a listing names, once; say whether it is new to the crawler."""
        if story in self._found:
            return False
        self._found.add(story)
        self.log.counts[outlet.id].found += 1
        return story not in self.job.known

    def first(self, address: str) -> bool:
        """Whether a story or listing is asked for the first time in this run."""
        if address in self._asked:
            return False
        self._asked.add(address)
        return True

    def has_room(self, outlet: Outlet) -> bool:
        """Whether the budget allows one more newly listed article."""
        return self._planned[outlet.id] < self.job.pages(outlet)

    def plan(self, outlet: Outlet) -> None:
        """Take room for a newly listed article, so that a long sitemap fills no queue."""
        self._planned[outlet.id] += 1

    def leave(self, outlet: Outlet, story: str) -> bool:
        """Count a story that finds no room, once; say whether it was the first time."""
        left = self.first(story)
        self.log.counts[outlet.id].skipped += left
        return left

    def remember(self, pending: Pending) -> None:
        """Keep an address that is still to be asked for, should the crawl be interrupted."""
        self.past.add(pending)

    def spend(self, outlet: Outlet, meta: dict[str, Any]) -> bool:
        """Take one page from the outlet's budget; retries and redirects of it are free."""
        if meta.get("paid"):
            return True
        if self._spent[outlet.id] >= self.job.pages(outlet):
            return False
        self._spent[outlet.id] += 1
        meta["paid"] = True
        return True

    def receive(self, outlet: Outlet, count: int) -> None:
        """Count bytes as they arrive; give the outlet up when it has sent its budget."""
        counts = self.log.counts[outlet.id]
        counts.bytes += count
        if counts.bytes >= outlet.limits.bytes:
            self.give_up(outlet.id, f"budget of {outlet.limits.bytes} bytes is spent")

    def due(self, outlet: Outlet) -> list[Known]:
        """Return the known articles of an outlet that are asked for again, listed or not."""
        known = self.job.known.values()
        return [each for each in known if each.outlet == outlet.id and self.job.is_due(each)]


class _Keeper(Protocol):
    state: RunState


def state_of(crawler: Crawler) -> RunState:
    """Return the memory of the run that a middleware serves: the spider keeps it."""
    return cast("_Keeper", crawler.spider).state
