"""The archive's ledger: runs, what they fetched, and what they put aside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.archive import tables
from kb.archive.columns import UtcDateTime
from kb.archive.directory import upsert
from kb.archive.engine import stream
from kb.archive.records import CaptureRow, KnownPage, short_key
from kb.article import story_key
from kb.capture import Rejection

_CHUNK = 500
_JUST = timedelta(minutes=1)


def start_run(connection: Connection, kind: str, detail: Mapping[str, Any]) -> int:
    """Note that a run of some kind (`nightly`, `ingest` …) has begun and return its id.

    One that the same `process` of the detail has just begun is that run: the connection was lost
    before the answer came.
    """
    c = tables.run.c
    if "process" in detail:
        just = datetime.now(UTC) - _JUST
        own = (c.kind == kind, c.status == "running", c.started_at >= just)
        for id_, said in connection.execute(select(c.id, c.detail).where(*own)):
            if said == dict(detail):
                return int(id_)
    row = {"kind": kind, "started_at": datetime.now(UTC), "status": "running"}
    statement = tables.run.insert().values(**row, detail=dict(detail))
    return int(connection.execute(statement.returning(tables.run.c.id)).scalar_one())


def finish_run(connection: Connection, run_id: int, status: str, counts: Mapping[str, Any]) -> None:
    """Note how a run ended; `counts` is JSON-ready."""
    statement = tables.run.update().where(tables.run.c.id == run_id)
    row = {"finished_at": datetime.now(UTC), "status": status, "counts": dict(counts)}
    connection.execute(statement.values(**row))


def runs(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Return the last runs, newest first, with all columns."""
    statement = select(tables.run).order_by(tables.run.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(statement).mappings()]


def reject(connection: Connection, rejections: Sequence[Rejection], run_id: int | None) -> None:
    """Put items into the quarantine; the same item for the same reason again is dated anew."""
    now = datetime.now(UTC)
    rows = {}
    for item in rejections:
        parts = (item.source, item.stage, item.reason)
        key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
        names = ("source", "stage", "reason")
        rows[key] = {"key": key, **dict(zip(names, parts, strict=True)), "at": now}
    upsert(connection, tables.quarantine, [row | {"run_id": run_id} for row in rows.values()])


def quarantine(connection: Connection, since: datetime | None) -> list[dict[str, Any]]:
    """Return what was put aside (source, stage, reason, at), newest first."""
    c = tables.quarantine.c
    statement = select(c.source, c.stage, c.reason, c.at).order_by(c.at.desc(), c.key)
    if since is not None:
        statement = statement.where(c.at >= since)
    return [dict(row) for row in connection.execute(statement).mappings()]


def count_quarantine(connection: Connection) -> dict[str, int]:
    """Return how many items were put aside at each stage."""
    c = tables.quarantine.c
    statement = select(c.stage, func.count()).group_by(c.stage).order_by(c.stage)
    return {row[0]: row[1] for row in connection.execute(statement)}


def add_captures(connection: Connection, rows: Sequence[CaptureRow], run_id: int | None) -> None:
    """Add lines of crawl logs; those that are there already change nothing.

    An article whose page answered was seen then, and is not gone.
    """
    if not rows:
        return
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = [
        {name: getattr(row, name) for name in row.__slots__}
        | {"key": short_key(story_key(row.url)), "run_id": run_id}
        for row in rows
    ]
    connection.execute(make(tables.capture).on_conflict_do_nothing(), values)
    c = tables.article.c
    seen: dict[str, datetime] = {}
    for value in values:
        if value["status"] in _ANSWERED:
            key, at = value["key"], value["fetched_at"]
            seen[key] = max(at, seen.get(key, at))
    if not seen:
        return
    same, moment = c.key == bindparam("story"), bindparam("moment", type_=UtcDateTime)
    values = [{"story": key, "moment": at} for key, at in seen.items()]
    statement = tables.article.update()
    connection.execute(statement.where(same, c.last_seen < moment).values(last_seen=moment), values)
    connection.execute(statement.where(same, c.gone_at < moment).values(gone_at=None), values)


_ANSWERED = (200, 304)
_TOLD = (*_ANSWERED, 404, 410)
"""A page that is gone has been looked at, too: it waits for the next look as others do."""


def known_pages(connection: Connection, outlets: Iterable[str] | None) -> Iterator[KnownPage]:
    """Yield every page with a full response, by address, for conditional requests."""
    c = tables.capture.c
    wanted = [] if outlets is None else [c.outlet.in_(tuple(outlets))]
    number = func.row_number().over(partition_by=c.key, order_by=(c.fetched_at.desc(), c.id.desc()))
    full = select(
        c.key, c.url, c.outlet, c.etag, c.last_modified, c.digest, c.fetched_at, number.label("n")
    )
    last = full.where(c.status == 200, *wanted).subquery()
    seen = select(c.key, func.min(c.fetched_at), func.max(c.fetched_at)).where(c.status.in_(_TOLD))
    dates = seen.group_by(c.key).subquery("seen")
    names = ("url", "outlet", "etag", "last_modified", "digest")
    statement = (
        select(*(last.c[name] for name in names), *list(dates.c)[1:], last.c.fetched_at)
        .join(dates, and_(dates.c.key == last.c.key, last.c.n == 1))
        .order_by(last.c.key)
    )
    for row in stream(connection, statement):
        yield KnownPage(*row.values())


def mark_gone(connection: Connection, urls: Sequence[str], at: datetime) -> int:
    """Note that pages answer no longer (404, 410) and return how many articles that concerns."""
    c = tables.article.c
    keys = sorted({short_key(story_key(url)) for url in urls})
    marked = 0
    for start in range(0, len(keys), _CHUNK):
        found = and_(c.key.in_(keys[start : start + _CHUNK]), c.gone_at.is_(None))
        marked += connection.execute(
            tables.article.update().where(found).values(gone_at=at)
        ).rowcount
    return marked
