"""The crawl stage: one child process an outlet, and its log brought into the archive."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawlers.child import TIMEOUT, CrawlReport, crawl
from crawlers.report import Line, finish_reason
from kb.archive import Archive, CaptureRow
from kb.archive.aside import Waiting
from kb.archive.retry import lasting

_STORED = ("stored", "unchanged", "gone")
_GIVEN_SECONDS = 8.0
"""Time for one given address: the usual two seconds between requests, four times over."""
_BEYOND = re.compile(r"(\d+) beyond the budget")
_DETAIL = re.compile(r"\s*\(.*|(?<=HTTP \d\d\d).*")
"""What makes a reason one address's own."""


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """One night's crawl: `folder` (None: the bundled outlets) and where it writes."""

    folder: Path | None
    out: Path
    known: Path
    run: str
    since: date | None = None
    max_pages: int = 500
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses by outlet to fetch instead of what it lists."""
    captures: str | None = None
    """Where finished WARC files are kept (fsspec URL), if not in `out`."""


@dataclass(slots=True)
class Told:
    """What a crawl log tells beside the counts."""

    faults: Counter[str] = field(default_factory=Counter)
    """Requests that failed, by reason."""
    refusals: Counter[str] = field(default_factory=Counter)
    over: int = 0
    """Articles left for another night because a budget was spent."""
    listings: list[str] = field(default_factory=list)
    """What became of each feed, sitemap and section that was asked for."""


def told(log: Path) -> Told:
    """Return what a crawl log tells of failures, refusals, budgets and listings."""
    found = Told()
    for line in log_lines(log):
        reason = str(line["reason"] or f"HTTP {line['status']}")
        if line["outcome"] == "failed":
            found.faults[_DETAIL.sub("", reason)] += 1
        elif line["outcome"] == "refused" and line["kind"] != "robots":
            found.refusals[_DETAIL.sub("", reason)] += 1
        elif line["outcome"] == "skipped" and reason.startswith("budget"):
            found.over += 1
        if line["kind"] in ("feed", "sitemap", "section"):
            found.over += sum(map(int, _BEYOND.findall(reason)))
            if line["outcome"] != "skipped":
                found.listings.append(f"{line['url']}: {reason}")
    return found


@lasting
def write_known(archive: Archive, outlets: Sequence[str], path: Path) -> None:
    """Write what the archive knows of these outlets' pages, for conditional requests."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lines:
        for page in archive.known_pages(outlets):
            row = {
                "url": page.url,
                "etag": page.etag,
                "last_modified": page.last_modified,
                "digest": page.digest,
                "first_seen": page.first_seen.isoformat(),
                "last_seen": page.last_seen.isoformat(),
                "captured_at": page.captured_at.isoformat(),
            }
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def crawl_outlet(
    plan: CrawlPlan, outlet: str, on_line: Callable[[dict[str, object]], None]
) -> CrawlReport:
    """Crawl one outlet in a child process of its own, so that it can hang or crash alone.

    An attempt of the same night that did not come to its end is gone on with.

    Raises:
        CrawlError: the child could not be started.
    """
    attempt = 1
    while (out := plan.out / f"{outlet}-{attempt}").exists() and finish_reason(out) == "finished":
        attempt += 1
    given = plan.given.get(outlet, ())
    return crawl(
        plan.folder,
        [outlet],
        out,
        known=plan.known,
        since=plan.since,
        urls=given,
        timeout=max(TIMEOUT, _GIVEN_SECONDS * len(given)),
        on_line=on_line,
        max_pages=max(plan.max_pages, len(given)),
        run=plan.run,
        captures=plan.captures,
    )


def note_crawl(archive: Archive, report: CrawlReport, run_id: int) -> None:
    """Bring a crawl's log into the archive: captures, pages seen again, pages gone."""
    pages = [line for line in log_lines(report.log) if line["kind"] == "article"]
    archive.add_captures([_row(line, report) for line in pages if _kept(line)], run_id)
    for line in pages:
        if line["outcome"] == "gone":
            archive.mark_gone([line["url"]], datetime.fromisoformat(line["at"]))
    answered = {line[name] for line in pages if _kept(line) for name in ("url", "asked")}
    ended = report.outlets if report.finished else ()
    Waiting(archive).settle([*filter(None, answered), *ended])


def places(report: CrawlReport) -> list[Path | str]:
    """Return where each WARC file of a crawl is to be read: where captures are kept, or here."""
    return [report.kept.get(path.name, path) for path in report.warcs]


def clear(report: CrawlReport) -> None:
    """Remove the files that are kept elsewhere, once they have been read there."""
    for path in report.warcs:
        if path.name in report.kept:
            path.unlink(missing_ok=True)


def log_lines(log: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a crawl log; a last line that was cut short is left out."""
    if not log.exists():
        return
    with log.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield json.loads(line)


def _kept(line: dict[str, Any]) -> bool:
    return line["outcome"] in _STORED and line["status"] is not None


def _row(line: dict[str, Any], report: CrawlReport) -> CaptureRow:
    names = Line.__dataclass_fields__.keys() & CaptureRow.__dataclass_fields__.keys()
    values = {name: line[name] for name in names}
    if line["warc"]:
        values["warc"] = report.kept.get(line["warc"], str(report.log.parent / line["warc"]))
    return CaptureRow(fetched_at=datetime.fromisoformat(line["at"]), **values)
