"""Records that the crawl child writes and its parent reads; no Scrapy here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal, get_args

PageKind = Literal["robots", "feed", "sitemap", "section", "article"]
Outcome = Literal["stored", "unchanged", "gone", "refused", "failed", "listed", "skipped"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

LOG = "crawl.jsonl"
STATS = "stats.json"
FINISHED = "finished"
"""The one finish reason of a crawl that came to its end."""
UNWRITTEN = 74
"""Exit code (`EX_IOERR`) of a crawl whose files could not be written."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the crawl log: one address and what became of it.

    `offset:offset+length` are the bytes of the response record in `warc`, a file beside the
    log; `bytes` is the size of the payload; `found_by` is the listing that named the address,
    `asked` the address that was asked for where it redirected to `url`.
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
    asked: str | None = None


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
    bytes: int = 0
    """Received as sent, listings and what was broken off included."""
    given_up: str | None = None
    """Why nothing more was asked before the end."""

    def add(self, kind: str, outcome: str) -> None:
        """Count one line of the log; robots.txt is no page of the outlet."""
        if kind != "robots" and outcome in OUTCOMES:
            setattr(self, outcome, getattr(self, outcome) + 1)


class CrawlLog:
    """Writes the log line by line, so that a killed crawl leaves all that it did.

    `earlier` are the lines of the crawl that is continued; they stay and count.
    """

    def __init__(self, folder: Path, outlets: Iterable[str], earlier: Sequence[Line] = ()) -> None:
        self._folder = folder
        (folder / STATS).unlink(missing_ok=True)
        self._file: IO[str] = (folder / LOG).open("a", encoding="utf-8", buffering=1)
        self.counts = {outlet: OutletCounts() for outlet in outlets}
        for line in earlier:
            self.counts[line.outlet].add(line.kind, line.outcome)
            self.counts[line.outlet].bytes += line.bytes or 0

    def write(self, line: Line) -> None:
        """Append a line at once and count it."""
        self._file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        self.counts[line.outlet].add(line.kind, line.outcome)

    def close(self, finish_reason: str, more: Mapping[str, object]) -> None:
        """Close the log and write the statistics; they appear whole or not at all."""
        self._file.close()
        stats = {
            "finish_reason": finish_reason,
            "outlets": {name: asdict(count) for name, count in self.counts.items()},
            **more,
        }
        partial = self._folder / f"{STATS}.part"
        partial.write_text(json.dumps(stats, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(self._folder / STATS)


def finish_reason(folder: Path) -> str | None:
    """Return how the crawl in a folder ended, None if it did not or there is none."""
    return stats(folder).get("finish_reason")


def stats(folder: Path) -> dict[str, Any]:
    """Return the statistics of the crawl in a folder, {} if it did not end."""
    try:
        found: dict[str, Any] = json.loads((folder / STATS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found
