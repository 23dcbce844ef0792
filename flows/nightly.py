"""The nightly job: crawl → extract → read → load, outlet by outlet, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from crawlers.child import CrawlReport
from flows.crawling import CrawlPlan, crawl_outlet, log_lines, note_crawl, write_known
from flows.pool import Pool
from flows.runner import Runner
from flows.stages import Tally, Workshop, prepare, process
from kb.archive import Archive
from kb.capture import Rejection
from kb.errors import ConfigError
from kb.extract import documents
from kb.outlets import load_outlets
from kb.settings import Settings

Say = Callable[[str, str], None]
"""Called with an outlet's id and one line about what it is doing."""


@dataclass(slots=True)
class OutletNight:
    """One outlet's night: addresses found by the crawl, pages fetched, and what they became."""

    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    refused: int = 0
    gone: int = 0
    failed: int = 0
    """Requests that failed and pages that could not be used."""
    tally: Tally = field(default_factory=Tally)
    error: str | None = None
    """Why the crawl of this outlet did not finish."""


@dataclass(slots=True)
class NightReport:
    """What one nightly run did."""

    run_id: int
    outlets: dict[str, OutletNight]

    @property
    def total(self) -> Tally:
        """All outlets together."""
        return sum((night.tally for night in self.outlets.values()), Tally())

    @property
    def failures(self) -> int:
        """Outlets that did not finish, failed requests, and items put aside."""
        return sum(night.failed + (night.error is not None) for night in self.outlets.values())


def choose_outlets(folder: Path | None, ids: tuple[str, ...]) -> list[str]:
    """Return the outlets of a folder to crawl: those named, or all that are switched on.

    Raises:
        ConfigError: an id that no file has, or nothing is switched on.
    """
    known = load_outlets(folder)
    unknown = [name for name in ids if name not in known]
    if unknown:
        raise ConfigError(f"no outlet {', '.join(unknown)}; `kb outlets list` shows them all")
    chosen = list(ids) or [name for name, outlet in known.items() if outlet.enabled]
    if not chosen:
        raise ConfigError("every outlet is switched off; name one with --outlets")
    return chosen


def nightly(
    archive: Archive,
    runner: Runner,
    settings: Settings,
    *,
    folder: Path | None = None,
    ids: tuple[str, ...] = (),
    since: date | None = None,
    say: Say = lambda outlet, line: None,
) -> NightReport:
    """Run the whole job and return its report; one outlet's failure never stops the others.

    Raises:
        ConfigError: outlets or registry are wrong; nothing was done.
        ArchiveError: the archive cannot be written; what was crawled lies in the data folder.
    """
    chosen = choose_outlets(folder, ids)
    with Pool(settings.workers) as pool:
        shop = prepare(archive, pool, "nightly", outlets=folder, registries=settings.registries)
        report = NightReport(shop.run_id, {name: OutletNight() for name in chosen})
        status = "failed"
        try:
            _crawl_and_load(shop, runner, settings, report, since, say)
            status = "done" if not report.failures else "done with failures"
        finally:
            archive.finish_run(shop.run_id, status, _counts(report))
    return report


def _crawl_and_load(
    shop: Workshop,
    runner: Runner,
    settings: Settings,
    report: NightReport,
    since: date | None,
    say: Say,
) -> None:
    run = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{shop.run_id}"
    out = settings.data_dir / "captures" / run
    plan = CrawlPlan(shop.outlets, out, out / "known.jsonl", run, since)
    write_known(shop.archive, list(report.outlets), plan.known)
    steps = {name: partial(crawl_outlet, plan, name, _teller(name, say)) for name in report.outlets}
    for name, result in runner.run(steps):
        night = report.outlets[name]
        if isinstance(result, Exception):
            night.error = str(result)
        else:
            say(name, "reading")
            _load_outlet(shop, settings, night, name, result)
        if night.error is not None:
            _put_aside(shop, night, [Rejection(name, "crawl", night.error)])
        say(name, "done")


def _teller(name: str, say: Say) -> Callable[[dict[str, object]], None]:
    done = 0

    def tell(line: dict[str, object]) -> None:
        nonlocal done
        done += 1
        say(name, f"{done} pages")

    return tell


def _load_outlet(
    shop: Workshop, settings: Settings, night: OutletNight, name: str, report: CrawlReport
) -> None:
    """Bring one finished or broken-off crawl into the archive."""
    counts = report.outlets.get(name)
    if counts is not None:
        night.found, night.fetched, night.unchanged = counts.found, counts.stored, counts.unchanged
        night.refused, night.gone = counts.refused, counts.gone
    night.tally = process(shop, documents(report.warcs, max_bytes=settings.max_page_bytes))
    night.failed += len(night.tally.rejected)
    # After the texts: what is not in the archive yet must be asked for again next time.
    note_crawl(shop.archive, report, shop.run_id)
    failed = [
        Rejection(line["url"], "crawl", str(line["reason"] or f"HTTP {line['status']}"))
        for line in log_lines(report.log)
        if line["outcome"] == "failed"
    ]
    _put_aside(shop, night, failed)
    if not report.finished:
        night.error = f"the crawl ended early ({report.finish_reason}); see {report.log.parent}"


def _put_aside(shop: Workshop, night: OutletNight, rejected: list[Rejection]) -> None:
    shop.archive.reject(rejected, shop.run_id)
    night.failed += len(rejected)


def _counts(report: NightReport) -> dict[str, object]:
    """Return the report as the ledger keeps it."""
    return {
        "outlets": {
            name: {
                "found": night.found,
                "fetched": night.fetched,
                "new": night.tally.count.new,
                "changed": night.tally.count.changed,
                "failed": night.failed,
                "error": night.error,
            }
            for name, night in report.outlets.items()
        },
        "initiatives": dict(report.total.initiatives),
    }
