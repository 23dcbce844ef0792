"""Ledgers made up of nights, to be judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kb.archive import Archive
from kb.archive.tables import run as runs
from kb.settings import Settings

NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


def settings(home: Path, **more: float | str) -> Settings:
    """Return settings on a folder of their own that nobody is told anything by."""
    plain = {"database_url": "", "alerts": "", "heartbeat_url": "", "language": "en"}
    return Settings.model_validate({"data_dir": home, **plain, **more})


def night(
    hours_ago: float,
    *new: int,
    status: str = "done",
    errors: Mapping[str, str] | None = None,
    **counts: object,
) -> dict[str, Any]:
    """Return a row of the ledger: a night of an hour that brought `new` articles by outlet."""
    at = NOW - timedelta(hours=hours_ago)
    outlets = {f"o{n}": {"new": count, "failed": 0, "error": None} for n, count in enumerate(new)}
    ended = status not in ("running", "interrupted")
    for outlet, error in (errors or {}).items():
        outlets[outlet]["error"] = error
    return {
        "kind": "nightly",
        "started_at": at - timedelta(hours=1),
        "finished_at": at if ended else None,
        "status": status,
        "detail": {},
        "counts": {"outlets": outlets, "alarms": [], **counts} if ended else None,
    }


def keep(home: Path, *rows: dict[str, Any]) -> None:
    """Write rows into the ledger of an archive, the oldest first."""
    with Archive.open(settings(home).url) as archive, archive.engine.begin() as connection:
        connection.execute(runs.insert(), list(rows))
