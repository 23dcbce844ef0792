"""The tables of the archive, the same on SQLite and PostgreSQL.

The full-text index is not among them: its form depends on the engine, see `index.py`. On SQLite
`mention` is a view that can be written to, see `compact.py`.
Ids of articles and revisions are given out by the loader, which holds the only write lock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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
    select,
    text,
    union_all,
)

from kb.archive.columns import Code, Day, Integers, Packed, UtcDateTime
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


def _revision() -> Column[int]:
    key = ForeignKey("revision.id")
    return Column("revision_id", Integer, key, primary_key=True, autoincrement=False)


def _texts(*names: str, nullable: bool = True) -> list[Column[str]]:
    return [Column(name, String, nullable=nullable) for name in names]


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
    *_texts("name", "home", "level", "family", nullable=False),
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
    Column("place", BigInteger, nullable=False, server_default="0"),
)
# `ordered_at` is the date of publication, or UNDATED: an order without nulls is the same on both
# engines, and one index serves it, pages and date filters.
Index(None, article.c.ordered_at, article.c.id)
Index(None, article.c.place, unique=True)

revision = Table(
    "revision",
    metadata,
    _id(),
    Column("article_id", Integer, ForeignKey("article.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("body", Packed, nullable=False),
    Column("boilerplate", Packed, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("keywords", JSON, nullable=False, server_default="[]"),
    Column("captions", JSON, nullable=False, server_default="[]"),
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
    _revision(),
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
    *_texts("kind", "name", nullable=False),
    *_texts("name_en", "level", "programme", "parent"),
    Column("data", JSON, nullable=False),
)


def _read(name: str, *columns: Column[Any]) -> Table:
    """Return a table of spans that a reader took from revisions, with an index for each id.

    Clustered by revision: reading and replacing what one revision has touches one place, and
    SQLite needs no second index for it.
    """
    return Table(
        name,
        metadata,
        _revision(),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("article_id", Integer, nullable=False),
        *columns,
        Column("field", Code(FIELDS), nullable=False),
        Column("start", Integer, nullable=False),
        Column("end", Integer, nullable=False),
        *(Index(None, one.name, "article_id") for one in columns if one.name.endswith("_id")),
        sqlite_with_rowid=False,
    )


mention = _read(
    "mention",
    Column("kind", Code(KINDS), nullable=False),
    Column("entity_id", String),
    Column("name", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("method", String, nullable=False),
    Column("score", Float, nullable=False),
)
_UNLINKED = text("entity_id IS NULL")
Index(None, mention.c.name, sqlite_where=_UNLINKED, postgresql_where=_UNLINKED)

quote = _read(
    "quote",
    *_texts("speaker_id", "speaker", "role", "cue"),
    *_texts("text", nullable=False),
    Column("direct", Boolean, nullable=False),
)
commitment = _read(
    "commitment",
    *_texts("initiative_id", "owner_id", "owner", "recurs", "quantity"),
    *_texts("text", nullable=False),
    Column("due_from", Day),
    Column("due_to", Day),
)
assignment = _read(
    "assignment",
    *_texts("actor_id", "initiative_id"),
    *_texts("actor", "role", "task", nullable=False),
    Column("ambiguous", Boolean, nullable=False),
)
holding = _read(
    "holding",
    *_texts("person_id", "org_id", "org"),
    *_texts("person", "post", nullable=False),
)

# --- what follows from the tables above, kept up with every load: see `derived.py` ------------

name = Table(
    "name",
    metadata,
    _id(),
    Column("kind", Code(KINDS), nullable=False),
    Column("entity_id", String, index=True),
    Column("name", String, nullable=False, index=True),
    Column("form", String, nullable=False, server_default="", index=True),
    Column("kin", Integer),
)
# Every name that a mention has or had, with its kind and entry. `form`: how names are compared
# (`kb.text.name_form`); `kin`: of names without an entry that are written in several ways the
# number of the first of them.
_SEVERAL = text("kin IS NOT NULL")
Index(None, name.c.kin, sqlite_where=_SEVERAL, postgresql_where=_SEVERAL)


def _appearances(named: str) -> Table:
    return Table(
        named,
        metadata,
        Column("name_id", Integer, primary_key=True, autoincrement=False),
        Column("place", BigInteger, primary_key=True, autoincrement=False),
        Column("mentions", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


settled = _appearances("appearance")
recent = _appearances("appearance_recent")
appearance = union_all(select(settled), select(recent)).subquery("appearing")
# Which names the current text of the article at a place mentions, and how often. Read as one; on
# SQLite what was found lately waits apart, see `derived.settle`.

facet = Table(
    "facet",
    metadata,
    Column(
        "place",
        BigInteger().with_variant(Integer, "sqlite"),  # else SQLite gives it an index of its own
        primary_key=True,
        autoincrement=False,
    ),
    Column("article_id", Integer, nullable=False, unique=True),
    Column("outlet", String),
    Column("kinds", SmallInteger, nullable=False),
    Column("names", Integers, nullable=False),
)
# The same by article: bit n of `kinds` is the nth of KINDS, `names` are the numbers of names.
Index(None, facet.c.outlet, facet.c.place)

tally = Table(
    "tally",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("outlet", String, primary_key=True),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)
# Articles by day (its ordinal, 0 for none) and outlet ("" for none).

DERIVED = (name, settled, recent, facet, tally)

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
