"""The tables of the archive, the same on SQLite and PostgreSQL.

The full-text index `search` is not among them: its form depends on the engine, see `index.py`.
Ids of articles and revisions are given out by the loader, which holds the only write lock.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kb.archive.columns import Code, UtcDateTime
from kb.article import FIELDS
from kb.reading import KINDS

UNDATED = datetime(1, 1, 1, tzinfo=UTC)
"""Stands in `article.ordered_at` for an unknown date, so that it comes last."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=False)


def _run() -> Column[int]:
    return Column("run_id", Integer, ForeignKey("run.id"))


meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("status", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("counts", JSON),
)

outlet = Table(
    "outlet",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("home", String, nullable=False),
    Column("level", String, nullable=False),
    Column("family", String, nullable=False),
)

capture = Table(
    "capture",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("outlet", String),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("outcome", String, nullable=False),
    Column("warc", String),
    Column("offset", BigInteger),
    Column("length", BigInteger),
    Column("digest", String),
    Column("etag", Text),
    Column("last_modified", String),
    _run(),
    UniqueConstraint("key", "fetched_at", "status"),
)

article = Table(
    "article",
    metadata,
    _id(),
    Column("key", String, nullable=False, unique=True),
    Column("url", Text),
    Column("outlet", String, index=True),
    Column("revision_id", Integer, nullable=False, unique=True),
    Column("revisions", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("published_at", UtcDateTime),
    Column("ordered_at", UtcDateTime, nullable=False),
    Column("published_from", String),
    Column("modified_at", UtcDateTime),
    Column("section", String),
    Column("words", Integer, nullable=False),
    Column("source_file", Text),
    Column("capture_digest", String),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("gone_at", UtcDateTime),
)
# `ordered_at` is the date of publication, or UNDATED: an order without nulls is the same on both
# engines, and one index serves it, pages and date filters.
Index(None, article.c.ordered_at, article.c.id)

revision = Table(
    "revision",
    metadata,
    _id(),
    Column("article_id", Integer, ForeignKey("article.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("boilerplate", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("published_at", UtcDateTime),
    Column("parser", String, nullable=False),
    Column("capture_digest", String),
    Column("seen_at", UtcDateTime, nullable=False),
    _run(),
    UniqueConstraint("article_id", "content_hash"),
)

reading = Table(
    "reading",
    metadata,
    Column(
        "revision_id", Integer, ForeignKey("revision.id"), primary_key=True, autoincrement=False
    ),
    Column("reader", String, nullable=False),
    Column("sentences", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _run(),
)

entry = Table(
    "entry",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("name_en", String),
    Column("level", String),
    Column("programme", String),
    Column("parent", String),
    Column("data", JSON, nullable=False),
)

# Clustered by revision: reading and replacing one revision's mentions touches one place, and
# SQLite needs no second index for it.
mention = Table(
    "mention",
    metadata,
    Column(
        "revision_id", Integer, ForeignKey("revision.id"), primary_key=True, autoincrement=False
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Integer, nullable=False),
    Column("kind", Code(KINDS), nullable=False),
    Column("entity_id", String),
    Column("name", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("field", Code(FIELDS), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("method", String, nullable=False),
    Column("score", Float, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, mention.c.entity_id, mention.c.article_id)
_UNLINKED = text("entity_id IS NULL")
Index(None, mention.c.name, sqlite_where=_UNLINKED, postgresql_where=_UNLINKED)

quarantine = Table(
    "quarantine",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("source", Text, nullable=False),
    Column("stage", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    _run(),
)
