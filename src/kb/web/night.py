"""The last run in one line: when it was, what it brought, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.archive import Archive


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run of the ledger: `at` is its end, or its start while it has none."""

    kind: str
    at: datetime
    finished: bool
    new: int
    changed: int
    failed: int


def last_run(archive: Archive) -> LastRun | None:
    """Return the newest run; None before the first."""
    rows = archive.runs(1)
    if not rows:
        return None
    run = rows[0]
    counts: Mapping[str, Any] = run["counts"] or {}
    # The nightly job counts by outlet, an ingest for the whole of it.
    parts = list(counts["outlets"].values()) if "outlets" in counts else [counts]
    failed = sum(part.get("failed", part.get("rejected", 0)) for part in parts)
    return LastRun(
        kind=run["kind"],
        at=run["finished_at"] or run["started_at"],
        finished=run["finished_at"] is not None,
        new=sum(part.get("new", 0) for part in parts),
        changed=sum(part.get("changed", 0) for part in parts),
        failed=failed + sum(part.get("error") is not None for part in parts),
    )
