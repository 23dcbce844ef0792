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

    id: int
    kind: str
    status: str
    at: datetime
    finished: bool
    new: int
    changed: int
    failed: int


def last_run(archive: Archive) -> LastRun | None:
    """Return the newest run; None before the first."""
    rows = archive.runs(1)
    return summary(rows[0]) if rows else None


def summary(run: Mapping[str, Any]) -> LastRun:
    """Return a run of the ledger in one line."""
    counts: Mapping[str, Any] = run["counts"] or {}
    # The nightly job counts by outlet, an ingest for the whole of it.
    parts = list(counts["outlets"].values()) if "outlets" in counts else [counts]
    failed = sum(_number(part, "failed") or _number(part, "rejected") for part in parts)
    return LastRun(
        id=run["id"],
        kind=run["kind"],
        status=run["status"],
        at=run["finished_at"] or run["started_at"],
        finished=run["finished_at"] is not None,
        new=sum(_number(part, "new") for part in parts),
        changed=sum(_number(part, "changed") for part in parts),
        failed=failed + sum(part.get("error") is not None for part in parts),
    )


def _number(counts: Mapping[str, Any], name: str) -> int:
    found = counts.get(name, 0)
    return found if isinstance(found, int) else 0
