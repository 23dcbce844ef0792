"""Old crawl logs: what the archive and the WARC files tell is kept, the rest goes in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.leftover import attempts
from kb.archive import Archive
from kb.settings import Settings

_LOGS = (
    "crawl.jsonl", "pending.jsonl", "stats.json", "scrapy.log", "child.log", "urls.txt",
    "known.jsonl",
)  # fmt: skip


def prune(archive: Archive, settings: Settings, now: datetime | None = None) -> int:
    """Remove the logs of crawls that began more than `log_days` days ago and belong to a night
    that came to its end (0: keep them all); return how many files. WARC files are never touched."""
    captures = settings.data_dir / "captures"
    if not settings.log_days or not captures.is_dir():
        return 0
    before = (now or datetime.now(UTC)) - timedelta(days=settings.log_days)
    kept = {folder.parent for folder in attempts(archive, captures, 1 << 62)}
    gone = 0
    for run in sorted(captures.iterdir()):
        if run in kept or not _began_before(run, before):
            continue
        for folder in (run, *(one for one in run.iterdir() if one.is_dir())):
            for file in (folder / name for name in _LOGS):
                if file.is_file() and not file.is_symlink():
                    file.unlink()
                    gone += 1
    return gone


def _began_before(run: Path, moment: datetime) -> bool:
    try:
        began = datetime.strptime(run.name.partition("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:  # no folder of a night
        return False
    return run.is_dir() and began < moment
