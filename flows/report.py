"""What one night did: counts by outlet, alarms, what needs a person; and as the ledger keeps it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from crawlers.child import CrawlReport
from flows.alarm import Alarm, Watch
from flows.crawling import Told
from flows.leftover import Resumed
from flows.stages import Tally, added
from kb.outlets import Outlet

TOLD = 5
"""Addresses and reasons of one kind that the ledger keeps; all are in the crawl log."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a person has to look at. `facts` fill the sentence that tells it."""

    kind: str
    outlet: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class OutletNight:
    """One outlet's night: addresses found by the crawl, pages fetched, and what they became."""

    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    refused: int = 0
    gone: int = 0
    skipped: int = 0
    listed: int = 0
    bytes: int = 0
    """Received, as sent."""
    failed: int = 0
    """Requests that failed and pages that could not be used."""
    tally: Tally = field(default_factory=Tally)
    error: str | None = None
    """Why the crawl of this outlet did not finish."""
    given_up: str | None = None
    """Why nothing more was asked before the end."""
    restarts: int = 0
    """How often its crawl died and was started again."""
    crawler_errors: int = 0
    unkept: tuple[str, ...] = ()
    """WARC files that could not be taken to where captures are kept, and why."""
    told: Told = field(default_factory=Told)
    watched: dict[str, int] = field(default_factory=dict)
    """Pages `tried` and `read`, second opinions `asked` and `agreed`."""
    alarms: list[Alarm] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    """Of the clock, for its crawl and its way into the archive."""

    def note(self, report: CrawlReport, told: Told) -> None:
        """Take over what a crawl tells of this outlet (its only one)."""
        counts = next(iter(report.outlets.values()), None)
        if counts is not None:
            self.found, self.fetched, self.unchanged = counts.found, counts.stored, counts.unchanged
            self.refused, self.gone, self.skipped = counts.refused, counts.gone, counts.skipped
            self.listed, self.bytes = counts.listed, counts.bytes
            self.given_up = counts.given_up
        self.restarts, self.crawler_errors = report.restarts, report.errors
        self.unkept, self.told = report.faults, told
        if not report.finished:
            self.error = f"the crawl ended early ({report.finish_reason}); see {report.log.parent}"

    def watch(self, watch: Watch) -> None:
        """Take over how many pages were compared."""
        self.watched = {
            "tried": watch.tried,
            "read": watch.pages,
            "asked": watch.asked,
            "agreed": watch.agreed,
        }

    def needs(self, outlet: Outlet, today: date) -> list[Need]:
        """Return what a person has to look at, alarms apart."""
        found = []
        if self.error is not None:
            found.append(Need("error", outlet.id, {"reason": self.error}))
        if self.given_up is not None and not self.given_up.startswith(("budget", "asked only at")):
            found.append(Need("given_up", outlet.id, {"reason": self.given_up}))
        if self.told.over:
            found.append(Need("over", outlet.id, {"over": self.told.over}))
        if self.told.listings and not self.listed:
            # Why robots.txt could not be had says more than that nothing was allowed then.
            (reason, _), *_ = (self.told.faults or self.told.refusals).most_common(1) or [("–", 0)]
            found.append(Need("unlisted", outlet.id, {"reason": reason}))
        if self.restarts:
            found.append(Need("restarts", outlet.id, {"count": self.restarts}))
        if self.crawler_errors:
            found.append(Need("crawler", outlet.id, {"count": self.crawler_errors}))
        found += [Need("unkept", outlet.id, {"reason": reason}) for reason in self.unkept[:TOLD]]
        if outlet.valid_until is not None and outlet.valid_until < today:
            found.append(Need("valid", outlet.id, {"day": outlet.valid_until.isoformat()}))
        return found

    def counts(self) -> dict[str, Any]:
        """Return it as the ledger keeps it."""
        count = self.tally.count
        plain = ("found", "fetched", "unchanged", "refused", "gone", "skipped", "listed", "bytes")
        return {
            **{name: getattr(self, name) for name in plain},
            "new": count.new,
            "changed": count.changed,
            "same": count.same + count.reread + self.unchanged,
            "failed": self.failed,
            "error": self.error,
            "given_up": self.given_up,
            "restarts": self.restarts,
            "over": self.told.over,
            "faults": dict(self.told.faults.most_common(TOLD)),
            "refusals": dict(self.told.refusals.most_common(TOLD)),
            "unused": dict(Counter(one.reason for one in self.tally.rejected).most_common(TOLD)),
            "seconds": {name: round(spent, 2) for name, spent in self.seconds.items()},
            **self.watched,
        }


@dataclass(slots=True)
class NightReport:
    """What one nightly run did."""

    run_id: int
    outlets: dict[str, OutletNight]
    interrupted: tuple[int, ...] = ()
    """Earlier runs that were found to have been cut off."""
    resumed: Resumed = field(default_factory=Resumed)
    """What those had captured and this one has loaded."""
    whole: bool = True
    """Whether its outlets were asked for all that they list, not since a day or for addresses."""
    strangers: int = 0
    """Given addresses of no declared outlet."""
    bad_lines: int = 0
    """Given lines that are no addresses."""
    needs: list[Need] = field(default_factory=list)
    seconds: float = 0.0
    """Of the clock, from the first request to the last article."""

    @property
    def total(self) -> Tally:
        """All outlets together, and what was taken up of others."""
        others = (t for name, t in self.resumed.tallies.items() if name not in self.outlets)
        return sum((*(night.tally for night in self.outlets.values()), *others), Tally())

    @property
    def failures(self) -> int:
        """Outlets that did not finish, failed requests, and items put aside."""
        aside = self.strangers + self.bad_lines
        own = (night.failed + (night.error is not None) for night in self.outlets.values())
        return aside + sum(own)

    @property
    def alarms(self) -> list[Alarm]:
        """All alarms, by outlet."""
        return [alarm for night in self.outlets.values() for alarm in night.alarms]

    def counts(self) -> dict[str, Any]:
        """Return the report as the ledger keeps it, JSON-ready."""
        total = self.total
        spent = {"crawl": sum(n.seconds.get("crawl", 0.0) for n in self.outlets.values())}
        return {
            "whole": self.whole,
            "outlets": {name: night.counts() for name, night in self.outlets.items()},
            "initiatives": dict(total.initiatives),
            "alarms": [alarm.as_row() for alarm in self.alarms],
            "needs": [asdict(need) for need in self.needs],
            "resumed": self.resumed.counts(),
            "strangers": self.strangers,
            "bad_lines": self.bad_lines,
            "articles": total.articles,
            "words": total.words,
            "seconds": {
                "all": round(self.seconds, 2),
                **{k: round(v, 2) for k, v in added(spent, total.seconds).items()},
            },
        }
