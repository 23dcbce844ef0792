"""Writing articles and what was read from them: one transaction a batch, nothing twice.

The loader holds the only write lock, so that what it looked up stays true until it commits:
it decides in Python what each article is (new, changed, read anew, the same) and writes every
table once, with plain inserts. Unchanged articles are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam

from kb.archive import bulk, derived, fulltext, tables
from kb.archive.directory import upsert
from kb.archive.judgement_tables import recall
from kb.archive.judgements.overlay import Verdicts
from kb.archive.lookup import (
    Known,
    brings_back,
    free_ids,
    is_past,
    known_revisions,
    known_stories,
)
from kb.archive.places import Places, day_at, day_of
from kb.archive.readings import write_readings
from kb.archive.records import LoadCount, short_key
from kb.article import Article
from kb.reading import Reading

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
    moved: dict[int, tuple[int, int] | None] = field(default_factory=dict)
    """Articles that are new or have another text, with the revision and place they had before."""
    recalls: dict[tuple[int, datetime], int] = field(default_factory=dict)
    """When articles went back to an earlier revision, or had a later text than one found now."""
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
    free = Places(connection, {day_of(article.published_at) for article, _ in pairs})
    verdicts = Verdicts(connection, keys)
    for key, (article, taken) in zip(keys, pairs, strict=True):
        reading = verdicts.apply(key, article, taken)
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
            place = free.take(day_of(article.published_at))
            state = known[key] = Known(next(ids[0]), next(ids[1]), digest, None, 1, seen, place)
            batch.moved[state.article_id] = None
            row = {"id": state.article_id, "key": key, "first_seen": seen, "last_seen": seen}
            row["gone_at"] = None
            batch.inserted[state.article_id] = row | _columns(article, state)
            made = _revision(article, state, state.revision_id, digest, now, run_id)
            batch.revisions.append(made)
            older[state.article_id, digest] = (state.revision_id, None)
        elif (past := older.get((state.article_id, digest))) is not None:
            if not brings_back(article, state):
                batch.counts["same"] += 1
                continue
            batch.counts["changed"] += 1
            _make_current(batch, article, state, past, now, free)
            batch.recalls[state.article_id, state.last_seen] = state.revision_id
        else:
            batch.counts["changed"] += 1
            state.revisions += 1
            past = (next(ids[1]), None)
            batch.revisions.append(_revision(article, state, past[0], digest, now, run_id))
            if is_past(article, state):
                batch.counted[state.article_id] = state.revisions
                batch.recalls[state.article_id, state.last_seen] = state.revision_id
                batch.readings[past[0]] = (state.article_id, reading)
                older[state.article_id, digest] = (past[0], reading.reader)
                continue
            _make_current(batch, article, state, past, now, free)
        if state.reader != reading.reader:
            state.reader = reading.reader
            batch.readings[state.revision_id] = (state.article_id, reading)
        older[state.article_id, digest] = (state.revision_id, state.reader)
    _write(connection, batch, now, run_id)
    verdicts.keep(batch.readings, {key: state.revision_id for key, state in known.items()})
    return LoadCount(**batch.counts)


def _make_current(
    batch: _Batch,
    article: Article,
    state: Known,
    past: tuple[int, str | None],
    now: datetime,
    free: Places,
) -> None:
    """Let the story have this text, a revision with its reader's version, from now on."""
    batch.moved.setdefault(state.article_id, (state.revision_id, state.place))
    if day_of(article.published_at) != day_at(state.place):
        state.place = free.take(day_of(article.published_at))
    state.content_hash = article.content_hash
    state.revision_id, state.reader = past
    state.last_seen = article.seen_at or now
    _update(batch, _columns(article, state), state.article_id)
    batch.changed[state.article_id] = state.last_seen


def _update(batch: _Batch, row: Row, article_id: int) -> None:
    batch.counted.pop(article_id, None)  # the row counts them, too
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
    _index(connection, batch)
    if batch.revisions:
        from kb.archive.reuse import store as reuse  # numpy, which readers do without

        reuse.add(connection, batch.revisions)
    recalls = [
        {"article_id": id_, "at": at, "revision_id": revision_id}
        for (id_, at), revision_id in batch.recalls.items()
    ]
    upsert(connection, recall, recalls)
    fresh = {row["id"] for row in batch.revisions}
    numbers = write_readings(connection, batch.readings, fresh, now, run_id)
    touched = {*batch.inserted, *batch.updated, *(id_ for id_, _ in batch.readings.values())}
    derived.refresh(connection, touched, batch.readings, numbers, fresh=batch.inserted)


def _index(connection: Connection, batch: _Batch) -> None:
    """Let the full-text index follow the articles to their current texts."""
    gone, come = {}, {}
    for article_id, before in batch.moved.items():
        row = batch.inserted.get(article_id) or batch.updated[article_id]
        now = (row["revision_id"], row["place"])
        if now != before:
            come[now[0]] = now[1]
            if before is not None:
                gone[before[0]] = before[1]
    texts = {row["id"]: row for row in batch.revisions if row["id"] in come}
    fulltext.move(connection, gone, {id_: come[id_] for id_ in come.keys() - texts.keys()})
    fulltext.add(connection, ((come[id_], row) for id_, row in texts.items()))


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
        "place": state.place,
    }


def _revision(
    article: Article,
    state: Known,
    revision_id: int,
    digest: str,
    now: datetime,
    run_id: int | None,
) -> Row:
    return {
        "id": revision_id,
        "article_id": state.article_id,
        "number": state.revisions,
        "content_hash": digest,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "boilerplate": article.boilerplate,
        "authors": list(article.authors),
        "keywords": list(article.keywords),
        "captions": list(article.captions),
        "published_at": article.published_at,
        "parser": article.parser,
        "capture_digest": article.capture_digest,
        "seen_at": article.seen_at or now,
        "run_id": run_id,
    }
