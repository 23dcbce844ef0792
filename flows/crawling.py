"""The crawl stage: one child process an outlet, and its log brought into the archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawlers.child import CrawlReport, crawl
from crawlers.report import Line, finish_reason
from kb.archive import Archive, CaptureRow

_STORED = ("stored", "unchanged", "gone")


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """One night's crawl: `folder` (None: the bundled outlets) and where it writes."""

    folder: Path | None
    out: Path
    known: Path
    run: str
    since: date | None = None
    max_pages: int = 500


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
    return crawl(
        plan.folder,
        [outlet],
        out,
        known=plan.known,
        since=plan.since,
        on_line=on_line,
        max_pages=plan.max_pages,
        run=plan.run,
    )


def note_crawl(archive: Archive, report: CrawlReport, run_id: int) -> None:
    """Bring a crawl's log into the archive: captures, pages seen again, pages gone."""
    pages = [line for line in log_lines(report.log) if line["kind"] == "article"]
    archive.add_captures([_row(line, report.log.parent) for line in pages if _kept(line)], run_id)
    gone = [line["url"] for line in pages if line["outcome"] == "gone"]
    archive.mark_gone(gone, datetime.now(UTC))


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


def _row(line: dict[str, Any], folder: Path) -> CaptureRow:
    names = Line.__dataclass_fields__.keys() & CaptureRow.__dataclass_fields__.keys()
    values = {name: line[name] for name in names}
    if line["warc"]:
        values["warc"] = str(folder / line["warc"])
    return CaptureRow(fetched_at=datetime.fromisoformat(line["at"]), **values)
