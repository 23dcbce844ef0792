"""What the archive knows already of stories that are about to be read or loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Integer, Table, func, select

from kb.archive import tables
from kb.archive.engine import stream
from kb.archive.records import short_key
from kb.article import Article

_LISTS = ("authors", "keywords", "captions")
_CHUNK = 500  # values in one IN list
_Value = TypeVar("_Value")


@dataclass(slots=True)
class Known:
    """A story as the archive knows it, kept up to date while the batch is decided."""

    article_id: int
    revision_id: int
    content_hash: str
    reader: str | None
    revisions: int
    last_seen: datetime
    """When the current text was last seen at its outlet, or loaded from a file."""
    place: int = 0
    """Where it stands in the order of all, see `places`."""


def is_past(article: Article, state: Known) -> bool:
    """Whether an article's text, known or not, is older than the story's current one.

    A file that does not say when it was fetched never brings an old text back.
    """
    return article.seen_at is not None and article.seen_at <= state.last_seen


def brings_back(article: Article, state: Known) -> bool:
    """Whether a text that the story had before is its current one again."""
    return article.seen_at is not None and article.seen_at > state.last_seen


def unread(connection: Connection, articles: Sequence[Article], reader: str) -> list[Article]:
    """Return, in order, the articles that a load would change: new text or another reader."""
    keys = [short_key(article.key) for article in articles]
    stories = known_stories(connection, keys)
    older = known_revisions(connection, [state.article_id for state in stories.values()])
    known = {key: (state.content_hash, state.reader) for key, state in stories.items()}
    found = []
    for key, article in zip(keys, articles, strict=True):
        digest = article.content_hash
        state = stories.get(key)
        if (
            state is not None
            and state.content_hash != digest
            and (state.article_id, digest) in older
            and not brings_back(article, state)
        ):
            continue
        if known.get(key) != (digest, reader):
            known[key] = (digest, reader)
            found.append(article)
    return found


def outdated(connection: Connection, reader: str) -> Iterator[Article]:
    """Yield the current text of each article that `reader` has not read, oldest article first."""
    article, revision, last = tables.article.c, tables.revision.c, tables.reading.c
    own = ("url", "outlet", "published_from", "modified_at", "section", "source_file")
    text = (
        "title", "lead", "body", "authors", "published_at", "capture_digest", "boilerplate",
        "parser", "keywords", "captions",
    )  # fmt: skip
    statement = (
        select(*(article[name] for name in own), *(revision[name] for name in text))
        .join_from(tables.article, tables.revision, revision.id == article.revision_id)
        .outerjoin(tables.reading, last.revision_id == article.revision_id)
        .where(last.reader.is_distinct_from(reader))
        .order_by(article.id)
    )
    for row in stream(connection, statement):
        yield Article(**dict(row) | {name: tuple(row[name]) for name in _LISTS})


def known_stories(connection: Connection, keys: Iterable[str]) -> dict[str, Known]:
    article, revision, reading = tables.article.c, tables.revision.c, tables.reading.c
    statement = select(
        article.key,
        article.id,
        article.revision_id,
        revision.content_hash,
        reading.reader,
        article.revisions,
        article.last_seen,
        article.place,
    ).select_from(
        tables.article.join(tables.revision, revision.id == article.revision_id).outerjoin(
            tables.reading, reading.revision_id == article.revision_id
        )
    )
    return {
        row[0]: Known(*row[1:])
        for part in chunks(sorted(set(keys)))
        for row in connection.execute(statement.where(article.key.in_(part)))
    }


def known_revisions(
    connection: Connection, article_ids: Iterable[int]
) -> dict[tuple[int, str], tuple[int, str | None]]:
    revision, reading = tables.revision.c, tables.reading.c
    statement = select(
        revision.article_id, revision.content_hash, revision.id, reading.reader
    ).select_from(tables.revision.outerjoin(tables.reading, reading.revision_id == revision.id))
    return {
        (row[0], row[1]): (row[2], row[3])
        for part in chunks(sorted(set(article_ids)))
        for row in connection.execute(statement.where(revision.article_id.in_(part)))
    }


def free_ids(connection: Connection, table: Table) -> Iterator[int]:
    """Yield the next free ids; safe because nobody else writes."""
    last = connection.execute(
        select(func.coalesce(func.max(table.c.id), 0, type_=Integer))
    ).scalar_one()
    while True:
        last += 1
        yield last


def chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
