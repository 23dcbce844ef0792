"""What pages need beyond the archive's own answers; read-only, the same on both engines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from kb.archive import tables
from kb.archive.engine import reading
from kb.reading import Mention

LARGEST_ID = 2**31 - 1
_article, _revision, _mention = tables.article.c, tables.revision.c, tables.mention.c


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article's text: its number, when it was first seen, and its size."""

    number: int
    seen_at: datetime
    words: int
    """Whitespace-separated syllables of title, lead and body."""
    current: bool


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with the text, mentions and history of its current revision; dates are UTC."""

    article_id: int
    url: str | None
    outlet: str | None
    title: str
    lead: str
    body: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_from: str | None
    modified_at: datetime | None
    section: str | None
    words: int
    gone_at: datetime | None
    mentions: tuple[Mention, ...]
    revisions: tuple[Revision, ...]
    parser: str
    """What took the text from the page, and its version."""
    boilerplate: str
    """What it cut away from around the text, one paragraph a line."""


def stored_article(engine: Engine, article_id: int) -> StoredArticle | None:
    """Return an article by its number, None where there is none."""
    if not 0 < article_id <= LARGEST_ID:
        return None
    own = (
        "url", "outlet", "published_from", "modified_at", "section", "words", "gone_at",
    )  # fmt: skip
    text = ("title", "lead", "body", "authors", "published_at", "parser", "boilerplate")
    statement = (
        select(_article.id, _article.revision_id, *(_article[name] for name in own))
        .add_columns(*(_revision[name] for name in text))
        .join_from(tables.article, tables.revision, _revision.id == _article.revision_id)
        .where(_article.id == article_id)
    )
    with reading(engine) as connection:
        row = connection.execute(statement).mappings().first()
        if row is None:
            return None
        return StoredArticle(
            article_id=article_id,
            authors=tuple(row["authors"]),
            mentions=_mentions(connection, row["revision_id"]),
            revisions=_revisions(connection, article_id, row["revision_id"]),
            **{name: row[name] for name in (*own, *text) if name != "authors"},
        )


def _mentions(connection: Connection, revision_id: int) -> tuple[Mention, ...]:
    columns = [_mention[name] for name in Mention.__dataclass_fields__]
    statement = select(*columns).where(_mention.revision_id == revision_id)
    rows = connection.execute(statement.order_by(_mention.number))
    return tuple(Mention(**row) for row in rows.mappings())


def _revisions(connection: Connection, article_id: int, current: int) -> tuple[Revision, ...]:
    names = ("id", "number", "seen_at", "title", "lead", "body")
    statement = select(*(_revision[name] for name in names))
    rows = connection.execute(
        statement.where(_revision.article_id == article_id).order_by(_revision.number)
    )
    return tuple(
        Revision(
            row.number,
            row.seen_at,
            sum(len(text.split()) for text in (row.title, row.lead, row.body)),
            row.id == current,
        )
        for row in rows
    )


def seen_at(engine: Engine, article_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when the current text of each article was first seen."""
    statement = (
        select(_article.id, _revision.seen_at)
        .join_from(tables.article, tables.revision, _revision.id == _article.revision_id)
        .where(_article.id.in_(tuple(article_ids)))
    )
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}


def initiatives_of(engine: Engine, article_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the ids of the initiatives that the current text of each article names."""
    found: dict[int, list[str]] = {}
    statement = (
        select(_mention.article_id, _mention.entity_id)
        .join_from(tables.article, tables.mention, _mention.revision_id == _article.revision_id)
        .where(_article.id.in_(tuple(article_ids)), _mention.kind == "initiative")
        .group_by(_mention.article_id, _mention.entity_id)
        .order_by(_mention.article_id, func.min(_mention.number))
    )
    with reading(engine) as connection:
        for article_id, entity_id in connection.execute(statement):
            found.setdefault(article_id, []).append(entity_id)
    return found


def arrived(engine: Engine, since: datetime, until: datetime) -> list[int]:
    """Return the articles first seen from `since` (included) until `until` (not included)."""
    statement = (
        select(_article.id)
        .where(_article.first_seen >= since, _article.first_seen < until)
        .order_by(_article.id)
    )
    with reading(engine) as connection:
        return list(connection.scalars(statement))
