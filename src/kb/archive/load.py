"""Writing articles and what was read from them: one transaction a batch, nothing twice.

The loader holds the only write lock, so that what it looked up stays true until it commits:
it decides in Python what each article is (new, changed, read anew, the same) and writes every
table once, with plain inserts. Unchanged articles are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete

from kb.archive import bulk, tables
from kb.archive.lookup import (
    Known,
    brings_back,
    chunks,
    free_ids,
    is_past,
    known_revisions,
    known_stories,
)
from kb.archive.records import LoadCount, short_key
from kb.article import Article
from kb.reading import Assignment, Commitment, Holding, Mention, Quote, Reading

Row = dict[str, Any]
_OUTCOMES = ("new", "changed", "reread", "same")


@dataclass(slots=True)
class _Batch:
    """Rows to write, by table; articles by id, since a batch may hold a story twice."""

    inserted: dict[int, Row] = field(default_factory=dict)
    updated: dict[int, Row] = field(default_factory=dict)
    changed: dict[int, datetime] = field(default_factory=dict)
    """When articles with another text were seen with it."""
    counted: dict[int, int] = field(default_factory=dict)
    """How many revisions articles have that got an older one."""
    revisions: list[Row] = field(default_factory=list)
    readings: dict[int, tuple[int, Reading]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_OUTCOMES, 0))


def load(
    connection: Connection, pairs: Sequence[tuple[Article, Reading]], run_id: int | None
) -> LoadCount:
    """Write a batch inside the caller's write transaction and say what became of it."""
    keys = [short_key(article.key) for article, _ in pairs]
    known = known_stories(connection, keys)
    older = known_revisions(connection, [state.article_id for state in known.values()])
    ids = free_ids(connection, tables.article), free_ids(connection, tables.revision)
    now = datetime.now(UTC)
    batch = _Batch()
    for key, (article, reading) in zip(keys, pairs, strict=True):
        digest = article.content_hash
        state = known.get(key)
        if state is not None and state.content_hash == digest:
            if state.reader == reading.reader:
                batch.counts["same"] += 1
                continue
            batch.counts["reread"] += 1
            _update(batch, _columns(article, state), state.article_id)
        elif state is None:
            batch.counts["new"] += 1
            seen = article.seen_at or now
            state = known[key] = Known(next(ids[0]), next(ids[1]), digest, None, 1, seen)
            row = {"id": state.article_id, "key": key, "first_seen": seen, "last_seen": seen}
            batch.inserted[state.article_id] = row | _columns(article, state)
            batch.revisions.append(_revision(article, state, state.revision_id, now, run_id))
            older[state.article_id, digest] = (state.revision_id, None)
        elif (past := older.get((state.article_id, digest))) is not None:
            if not brings_back(article, state):
                batch.counts["same"] += 1
                continue
            batch.counts["changed"] += 1
            _make_current(batch, article, state, past, now)
        else:
            batch.counts["changed"] += 1
            state.revisions += 1
            past = (next(ids[1]), None)
            batch.revisions.append(_revision(article, state, past[0], now, run_id))
            if is_past(article, state):
                batch.counted[state.article_id] = state.revisions
                batch.readings[past[0]] = (state.article_id, reading)
                older[state.article_id, digest] = (past[0], reading.reader)
                continue
            _make_current(batch, article, state, past, now)
        if state.reader != reading.reader:
            state.reader = reading.reader
            batch.readings[state.revision_id] = (state.article_id, reading)
        older[state.article_id, digest] = (state.revision_id, state.reader)
    _write(connection, batch, now, run_id)
    return LoadCount(**batch.counts)


def _make_current(
    batch: _Batch, article: Article, state: Known, past: tuple[int, str | None], now: datetime
) -> None:
    """Let the story have this text, a revision with its reader's version, from now on."""
    state.content_hash = article.content_hash
    state.revision_id, state.reader = past
    state.last_seen = article.seen_at or now
    _update(batch, _columns(article, state), state.article_id)
    batch.changed[state.article_id] = state.last_seen


def _update(batch: _Batch, row: Row, article_id: int) -> None:
    if article_id in batch.inserted:
        batch.inserted[article_id].update(row)
    else:
        batch.updated[article_id] = row | {"article_id": article_id}


def _write(connection: Connection, batch: _Batch, now: datetime, run_id: int | None) -> None:
    bulk.insert(connection, tables.article, list(batch.inserted.values()))
    article = tables.article.c
    one = tables.article.update().where(article.id == bindparam("article_id"))
    if batch.updated:
        connection.execute(one, list(batch.updated.values()))
    if batch.changed:
        seen = [{"article_id": id_, "seen": at} for id_, at in batch.changed.items()]
        connection.execute(one.values(last_seen=bindparam("seen"), gone_at=None), seen)
    if batch.counted:
        more = [{"article_id": id_, "count": n} for id_, n in batch.counted.items()]
        connection.execute(one.values(revisions=bindparam("count")), more)
    bulk.insert(connection, tables.revision, batch.revisions)
    bulk.index_revisions(connection, batch.revisions)
    fresh = {row["id"] for row in batch.revisions}
    for ids in chunks([id_ for id_ in batch.readings if id_ not in fresh]):
        for table in (*_READ, tables.reading):
            connection.execute(delete(table).where(table.c.revision_id.in_(ids)))
    readings = [
        {
            "revision_id": id_,
            "reader": reading.reader,
            "sentences": reading.sentences,
            "words": reading.words,
            "at": now,
            "run_id": run_id,
        }
        for id_, (_, reading) in batch.readings.items()
    ]
    bulk.insert(connection, tables.reading, readings)
    for table, (part, record) in _READ.items():
        own = [entry.name for entry in fields(record)]
        columns = ["revision_id", "number", "article_id", *own]
        bulk.insert_records(connection, table, columns, _read(batch, part, own))


_READ: dict[Table, tuple[str, type[Any]]] = {
    tables.mention: ("mentions", Mention),
    tables.quote: ("quotes", Quote),
    tables.commitment: ("commitments", Commitment),
    tables.assignment: ("assignments", Assignment),
    tables.holding: ("holdings", Holding),
}
"""Where the parts of a reading are kept, with the records that they consist of."""


def _read(batch: _Batch, part: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    values = attrgetter(*names)
    for revision_id, (article_id, reading) in batch.readings.items():
        for number, record in enumerate(getattr(reading, part)):
            yield (revision_id, number, article_id, *values(record))


def _columns(article: Article, state: Known) -> Row:
    """Return what the `article` table holds of the current revision."""
    return {
        "url": article.url,
        "outlet": article.outlet,
        "revision_id": state.revision_id,
        "revisions": state.revisions,
        "title": article.title,
        "lead": article.lead,
        "authors": list(article.authors),
        "published_at": article.published_at,
        "ordered_at": article.published_at or tables.UNDATED,
        "published_from": article.published_from,
        "modified_at": article.modified_at,
        "section": article.section,
        "words": article.words,
        "source_file": article.source_file,
        "capture_digest": article.capture_digest,
    }


def _revision(
    article: Article, state: Known, revision_id: int, now: datetime, run_id: int | None
) -> Row:
    return {
        "id": revision_id,
        "article_id": state.article_id,
        "number": state.revisions,
        "content_hash": article.content_hash,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "boilerplate": article.boilerplate,
        "authors": list(article.authors),
        "published_at": article.published_at,
        "parser": article.parser,
        "capture_digest": article.capture_digest,
        "seen_at": article.seen_at or now,
        "run_id": run_id,
    }
