"""Records that the crawl child writes and its parent reads; no Scrapy here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal, get_args

PageKind = Literal["robots", "feed", "sitemap", "section", "article"]
Outcome = Literal["stored", "unchanged", "gone", "refused", "failed", "listed", "skipped"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

LOG = "crawl.jsonl"
STATS = "stats.json"
FINISHED = "finished"
"""The one finish reason of a crawl that came to its end."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the crawl log: one address and what became of it.

    `offset:offset+length` are the bytes of the response record in `warc`, a file beside the
    log; `bytes` is the size of the payload; `found_by` is the listing that named the address.
    """

    at: str = field(default_factory=_now, kw_only=True)
    outlet: str
    url: str
    kind: PageKind
    outcome: Outcome
    status: int | None = None
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    bytes: int | None = None
    warc: str | None = None
    offset: int | None = None
    length: int | None = None
    found_by: str | None = None


@dataclass(slots=True)
class OutletCounts:
    """Addresses of one outlet by outcome; `found` are distinct articles named by listings."""

    found: int = 0
    stored: int = 0
    unchanged: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    skipped: int = 0
    listed: int = 0

    def add(self, kind: str, outcome: str) -> None:
        """Count one line of the log; robots.txt is no page of the outlet."""
        if kind != "robots" and outcome in OUTCOMES:
            setattr(self, outcome, getattr(self, outcome) + 1)


class CrawlLog:
    """Writes the log line by line, so that a killed crawl leaves all that it did."""

    def __init__(self, folder: Path, outlets: Mapping[str, object]) -> None:
        self._folder = folder
        self._file: IO[str] = (folder / LOG).open("x", encoding="utf-8", buffering=1)
        self.counts = {outlet: OutletCounts() for outlet in outlets}

    def write(self, line: Line) -> None:
        """Append a line at once and count it."""
        self._file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        self.counts[line.outlet].add(line.kind, line.outcome)

    def close(self, finish_reason: str, warcs: list[str], errors: int) -> None:
        """Close the log and write the statistics; they appear whole or not at all."""
        self._file.close()
        stats = {
            "finish_reason": finish_reason,
            "outlets": {name: asdict(count) for name, count in self.counts.items()},
            "warcs": warcs,
            "errors": errors,
        }
        partial = self._folder / f"{STATS}.part"
        partial.write_text(json.dumps(stats, indent=1), encoding="utf-8")
        partial.replace(self._folder / STATS)
