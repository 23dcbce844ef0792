"""What one run has seen, spent and given up; the middlewares and the spider share it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crawlers.job import Job, Known
from crawlers.report import CrawlLog, Line
from kb.outlets import Outlet

STRIKES = 10
"""Failures in a row after which an outlet is left alone for this run."""


class RunState:
    """The memory of one run."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.log = CrawlLog(job.out, job.outlets)
        self.given_up: dict[str, str] = {}
        """Outlet id → why nothing more is asked of it in this run."""
        self._asked: set[str] = set()
        self._found: set[str] = set()
        self._planned: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._strikes: Counter[str] = Counter()

    def note(self, line: Line) -> None:
        """Log a line, and give the outlet up after `STRIKES` failures in a row."""
        self.log.write(line)
        if line.kind == "robots" or (line.status is None and line.outcome != "failed"):
            return
        failed = line.outcome == "failed"
        self._strikes[line.outlet] = self._strikes[line.outlet] + 1 if failed else 0
        if self._strikes[line.outlet] == STRIKES:
            self.give_up(line.outlet, f"given up after {STRIKES} failures in a row")

    def give_up(self, outlet: str, reason: str) -> None:
        """Ask nothing more of an outlet in this run."""
        self.given_up.setdefault(outlet, reason)

    def found(self, outlet: Outlet, story: str) -> None:
        """Count a story that a listing names, once."""
        if story not in self._found:
            self._found.add(story)
            self.log.counts[outlet.id].found += 1

    def first(self, address: str) -> bool:
        """Whether a story or listing is asked for the first time in this run."""
        if address in self._asked:
            return False
        self._asked.add(address)
        return True

    def has_room(self, outlet: Outlet) -> bool:
        """Whether the budget allows one more newly listed article."""
        return self._planned[outlet.id] < self.job.max_pages

    def plan(self, outlet: Outlet) -> None:
        """Take room for a newly listed article, so that a long sitemap fills no queue."""
        self._planned[outlet.id] += 1

    def leave(self, outlet: Outlet, story: str) -> bool:
        """Count a story that finds no room, once; say whether it was the first time."""
        left = self.first(story)
        self.log.counts[outlet.id].skipped += left
        return left

    def spend(self, outlet: Outlet, meta: dict[str, Any]) -> bool:
        """Take one page from the outlet's budget; retries and redirects of it are free."""
        if meta.get("paid"):
            return True
        if self._spent[outlet.id] >= self.job.max_pages:
            return False
        self._spent[outlet.id] += 1
        meta["paid"] = True
        return True

    def young(self, outlet: Outlet) -> list[Known]:
        """Return the known articles of an outlet that are asked for again, listed or not."""
        known = self.job.known.values()
        return [each for each in known if each.outlet == outlet.id and self.job.is_young(each)]
