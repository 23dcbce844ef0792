"""What is usual: each outlet's last articles and nights, to judge a new night by; and runs that
never ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import func, select

from kb.archive import tables
from kb.archive.archive import Archive
from kb.archive.engine import reading, writing
from kb.archive.retry import lasting

RUNNING, INTERRUPTED = "running", "interrupted"
ENDED = ("done", "done with failures")
FEWEST = 3
"""Nights from which on something is usual."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of one article besides its text.

    `parser` and `published_from` are as in `kb.article.Article`; `words` of title, lead and body.
    """

    url: str | None
    parser: str
    published_from: str | None
    published_at: datetime | None
    lead: bool
    authors: bool
    section: bool
    words: int


@dataclass(frozen=True, slots=True)
class OutletRun:
    """What the ledger keeps of one outlet in one finished run; `counts` as that run wrote them."""

    run_id: int
    at: datetime
    counts: dict[str, Any]


@lasting
def last_articles(archive: Archive, outlet: str, limit: int) -> list[Shape]:
    """Return the newest articles of an outlet (by when they were first seen), the newest first."""
    a, r = tables.article.c, tables.revision.c
    statement = (
        select(
            a.url,
            r.parser,
            a.published_from,
            a.published_at,
            func.length(a.lead),
            a.authors,
            a.section,
            a.words,
        )
        .join(tables.revision, r.id == a.revision_id)
        .where(a.outlet == outlet)
        .order_by(a.first_seen.desc(), a.id.desc())
        .limit(limit)
    )
    with reading(archive.engine) as connection:
        return [
            Shape(*row[:4], bool(row[4]), bool(row[5]), bool(row[6]), row[7])
            for row in connection.execute(statement)
        ]


@lasting
def outlet_runs(
    archive: Archive, outlets: Collection[str], since: datetime, before: int
) -> dict[str, list[OutletRun]]:
    """Return the nightly runs begun since a moment and before run `before`, by outlet, oldest
    first; a run that did not end told nothing and is left out."""
    c = tables.run.c
    statement = (
        select(c.id, c.started_at, c.counts)
        .where(
            c.kind == "nightly", c.started_at >= since, c.id < before, c.finished_at.is_not(None)
        )
        .order_by(c.id)
    )
    found: dict[str, list[OutletRun]] = {name: [] for name in outlets}
    with reading(archive.engine) as connection:
        for number, at, counts in connection.execute(statement):
            for name, one in ((counts or {}).get("outlets") or {}).items():
                if name in found:
                    found[name].append(OutletRun(number, at, one))
    return found


@lasting
def usual_mentions(archive: Archive, before: int, nights: int) -> dict[str, float]:
    """Return the median of each initiative's mentions over the last nights that were asked for all
    that outlets list, before run `before`; empty while there were fewer than `FEWEST`."""
    c = tables.run.c
    statement = (
        select(c.counts)
        .where(c.kind == "nightly", c.id < before, c.status.in_(ENDED))
        .order_by(c.id.desc())
    )
    found: list[dict[str, int]] = []
    with reading(archive.engine) as connection:
        for (counts,) in connection.execute(statement.limit(2 * nights)):
            if (counts or {}).get("whole", True) and "outlets" in (counts or {}):
                found.append(counts.get("initiatives") or {})
    found = found[:nights]
    if len(found) < FEWEST:
        return {}
    names = {name for one in found for name in one}
    return {name: median(one.get(name, 0) for one in found) for name in names}


@lasting
def running(archive: Archive) -> list[dict[str, Any]]:
    """Return the runs that have not ended, with all columns, oldest first."""
    statement = select(tables.run).where(tables.run.c.status == RUNNING).order_by(tables.run.c.id)
    with reading(archive.engine) as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


@lasting
def mark_interrupted(archive: Archive, runs: Sequence[int]) -> None:
    """Note that runs were cut off; when, nobody knows, so that they keep no end."""
    if not runs:
        return
    c = tables.run.c
    statement = tables.run.update().where(c.id.in_(runs), c.status == RUNNING)
    with writing(archive.engine) as connection:
        connection.execute(statement.values(status=INTERRUPTED))


@lasting
def run_by_id(archive: Archive, number: int | None, kind: str = "nightly") -> dict[str, Any] | None:
    """Return a run with all columns: that of a number, or the last of a kind that has ended."""
    c = tables.run.c
    chosen = c.id == number if number is not None else (c.kind == kind) & c.finished_at.is_not(None)
    with reading(archive.engine) as connection:
        row = connection.execute(select(tables.run).where(chosen).order_by(c.id.desc())).first()
        return None if row is None else dict(row._mapping)


@lasting
def ended_runs(archive: Archive, kind: str) -> set[int]:
    """Return the runs of a kind that came to their end, with failures or without."""
    c = tables.run.c
    statement = select(c.id).where(c.kind == kind, c.status.in_(ENDED))
    with reading(archive.engine) as connection:
        return set(connection.execute(statement).scalars())


@lasting
def loaded_files(archive: Archive) -> set[str]:
    """Return the names, without their folders, of the WARC files whose captures are noted."""
    statement = select(tables.capture.c.warc).where(tables.capture.c.warc.is_not(None)).distinct()
    with reading(archive.engine) as connection:
        return {name.rpartition("/")[2] for name in connection.execute(statement).scalars()}
