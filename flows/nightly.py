"""The nightly job: crawl → extract → read → load, outlet by outlet, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from crawlers.child import CrawlReport
from flows.addresses import Addresses, sort_addresses
from flows.alarm import Watch
from flows.crawling import (
    CrawlPlan,
    clear,
    crawl_outlet,
    log_lines,
    note_crawl,
    places,
    told,
    write_known,
)
from flows.leftover import attempts, carry_over, take_up
from flows.measures import rules
from flows.pool import Pool
from flows.report import TOLD, Need, NightReport, OutletNight
from flows.runner import Runner
from flows.silence import silence
from flows.stages import Extracted, Workshop, prepare, process
from kb.archive import Archive
from kb.archive.retry import losses
from kb.archive.usual import OutletRun, last_articles, outlet_runs
from kb.article import VIETNAM, Article
from kb.capture import Rejection
from kb.errors import ConfigError
from kb.extract import documents
from kb.outlets import Outlet, load_outlets
from kb.settings import Settings

Say = Callable[[str, str], None]
"""Called with an outlet's id and one line about what it is doing."""

__all__ = ["NightReport", "OutletNight", "choose_outlets", "nightly"]


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
    urls: Iterable[str] | None = None,
    urls_name: str = "urls",
    say: Say = lambda outlet, line: None,
) -> NightReport:
    """Run the whole job and return its report; one outlet's failure never stops the others.

    `urls` are lines with addresses to fetch instead of what the outlets list, also of outlets
    that are switched off; `urls_name` is what messages call that list.

    Raises:
        ConfigError: outlets or registry are wrong; nothing was done.
        ArchiveError: the archive cannot be written; what was crawled lies in the data folder.
    """
    given: Addresses | None = None
    if urls is None:
        chosen = choose_outlets(folder, ids)
    else:
        only = choose_outlets(folder, ids) if ids else []
        given = sort_addresses(urls, urls_name, load_outlets(folder), only)
        chosen = list(given.by_outlet)
        if not (chosen or given.strangers or given.bad):
            raise ConfigError(f"{urls_name} names no address: write one a line")
    with Pool(settings.workers) as pool:
        shop = prepare(archive, pool, "nightly", settings, outlets=folder)
        nights = {name: OutletNight() for name in chosen}
        whole = given is None and since is None
        report = NightReport(shop.run_id, nights, interrupted=shop.interrupted, whole=whole)
        status, began = "failed", monotonic()
        try:
            _Night(shop, settings, report, since, given, say).run(runner)
            status = "done" if not report.failures else "done with failures"
        finally:
            report.seconds = monotonic() - began
            archive.finish_run(shop.run_id, status, report.counts())
    return report


class _Night:
    """One run under way: the outlets' crawls side by side, their articles one after another."""

    def __init__(
        self,
        shop: Workshop,
        settings: Settings,
        report: NightReport,
        since: date | None,
        given: Addresses | None,
        say: Say,
    ) -> None:
        self._shop, self._settings, self._report, self._say = shop, settings, report, say
        self._given, self._whole = given, given is None and since is None
        self._at = datetime.now(UTC)
        self._lost = losses(shop.archive.engine)
        self._outlets = load_outlets(shop.outlets)
        self._left: list[Path] = []
        run = f"{self._at:%Y%m%dT%H%M%S}-{shop.run_id}"
        out = settings.data_dir / "captures" / run
        known, by_outlet = out / "known.jsonl", given.by_outlet if given else {}
        captures = settings.captures or None
        self._plan = CrawlPlan(
            shop.outlets, out, known, run, since, given=by_outlet, captures=captures
        )

    def run(self, runner: Runner) -> None:
        """Crawl and load every outlet."""
        if self._given is not None:
            self._put_aside_given(self._given)
        names = list(self._report.outlets)
        self._take_up()
        write_known(self._shop.archive, names, self._plan.known)
        back = self._at - timedelta(days=rules().days)
        runs = outlet_runs(self._shop.archive, names, back, self._shop.run_id)
        steps = {name: partial(self._crawl, name) for name in names}
        for name, result in runner.run(steps):
            night = self._report.outlets[name]
            began = monotonic()
            if isinstance(result, Exception):
                night.error = str(result)
            else:
                self._say(name, "reading")
                self._load(night, self._outlets[name], result, runs[name])
            if night.error is not None:
                self._put_aside(night, [Rejection(name, "crawl", night.error)])
            night.seconds["load"] = monotonic() - began
            self._say(name, "done")
        self._tell_needs()

    def _take_up(self) -> None:
        """Load what runs that were cut off had captured, so that it is known and not fetched."""
        report, night = self._report, self._report.outlets
        self._left = attempts(self._shop.archive, self._plan.out.parent, report.run_id)
        report.resumed = take_up(self._shop, self._settings, self._left, self._say)
        for name, tally in report.resumed.tallies.items():
            if name in night:
                night[name].tally = tally
                night[name].failed = len(tally.rejected)

    def _crawl(self, name: str) -> CrawlReport:
        seconds, began, done = self._report.outlets[name].seconds, monotonic(), 0

        def tell(line: dict[str, object]) -> None:
            nonlocal done
            done += 1
            self._say(name, f"{done} pages")

        try:
            out = self._plan.out / f"{name}-1"
            if self._whole and not out.exists():
                self._report.resumed.pending += carry_over(self._left, name, out)
            return crawl_outlet(self._plan, name, tell)
        finally:
            seconds["crawl"] = seconds.get("crawl", 0.0) + monotonic() - began

    def _load(
        self, night: OutletNight, outlet: Outlet, crawl: CrawlReport, runs: list[OutletRun]
    ) -> None:
        """Bring one finished or broken-off crawl into the archive, and compare it with the past."""
        shop, most = self._shop, self._settings.max_page_bytes
        night.note(crawl, told(crawl.log))
        watch = Watch(outlet.id, last_articles(shop.archive, outlet.id, rules().window), runs)

        def seen(batch: Extracted) -> None:
            watch.see(one for one in batch if isinstance(one, Article))
            watch.refuse(one for one in batch if isinstance(one, Rejection))

        tally = process(shop, documents(places(crawl), max_bytes=most), seen=seen)
        night.tally += tally
        night.failed += len(tally.rejected)
        # After the texts: what is not in the archive yet must be asked for again next time.
        note_crawl(shop.archive, crawl, shop.run_id)
        failed = [
            Rejection(line["url"], "crawl", str(line["reason"] or f"HTTP {line['status']}"))
            for line in log_lines(crawl.log)
            if line["outcome"] == "failed"
        ]
        self._put_aside(night, failed)
        night.alarms = watch.alarms(most)
        night.watch(watch)
        if self._whole and night.told.listings:  # else it was not the outlet's hour
            quiet = silence(outlet, runs, self._at, night.found, night.tally.count.new)
            if quiet is not None:
                quiet.facts["listings"] = night.told.listings[:TOLD]
                night.alarms.append(quiet)
        clear(crawl)

    def _put_aside(self, night: OutletNight, rejected: list[Rejection]) -> None:
        self._shop.archive.reject(rejected, self._shop.run_id)
        night.failed += len(rejected)

    def _put_aside_given(self, given: Addresses) -> None:
        self._shop.archive.reject([*given.strangers, *given.bad], self._shop.run_id)
        self._report.strangers, self._report.bad_lines = len(given.strangers), len(given.bad)

    def _tell_needs(self) -> None:
        report, today = self._report, self._at.date()
        for name, night in report.outlets.items():
            report.needs += night.needs(self._outlets[name], today)
        for kind, count in (("strangers", report.strangers), ("bad_lines", report.bad_lines)):
            if count:
                report.needs.append(Need(kind, facts={"count": count}))
        for number in report.interrupted:
            report.needs.append(Need("interrupted", facts={"run": number}))
        before = [run for run in self._shop.archive.runs(2) if run["id"] != report.run_id]
        if before and before[0]["started_at"] > self._at:
            at = before[0]["started_at"].astimezone(VIETNAM)
            facts = {"run": before[0]["id"], "at": f"{at:%d/%m/%Y %H:%M}"}
            report.needs.append(Need("clock", facts=facts))
        if lost := losses(self._shop.archive.engine) - self._lost:
            report.needs.append(Need("database", facts={"count": lost}))
        if self._shop.pool.lost:
            report.needs.append(Need("workers", facts={"count": self._shop.pool.lost}))
        if report.resumed.files or report.resumed.pending:
            report.needs.append(Need("resumed", facts=report.resumed.counts()))
