"""The tables of reuse: what each text is known by, and which passages stand in earlier articles.

`sketch` is the index, a few hundred bytes a revision; the other two follow from it and from the
texts, and `Archive.rebuild_reuse` makes all three anew.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from kb.archive.columns import Code
from kb.archive.tables import metadata
from kb.article import FIELDS

Kind = Literal["reprint", "source", "background"]
REUSES: tuple[Kind, ...] = ("reprint", "source", "background")


def _revision() -> Column[int]:
    key = ForeignKey("revision.id")
    return Column("revision_id", Integer, key, primary_key=True, autoincrement=False)


def _earlier() -> tuple[Column[int], Column[int]]:
    return (
        Column("earlier_article_id", Integer, nullable=False),
        Column("earlier_revision_id", Integer, nullable=False),
    )


sketch = Table(
    "sketch",
    metadata,
    _revision(),
    Column("article_id", Integer, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("prints", LargeBinary, nullable=False),
)
# `at`: seconds since 1970 (UTC) at which the text stood in public, as far as is known: the date
# of publication for the first revision, else when it was seen.

reuse = Table(
    "reuse",
    metadata,
    _revision(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Integer, nullable=False),
    Column("kind", Code(REUSES), nullable=False),
    Column("field", Code(FIELDS), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    *_earlier(),
    Column("earlier_field", Code(FIELDS), nullable=False),
    Column("earlier_start", Integer, nullable=False),
    Column("earlier_end", Integer, nullable=False),
    Column("similarity", Float, nullable=False),
    Column("share", Float, nullable=False),
    Column("resemblance", Float, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, reuse.c.earlier_article_id, reuse.c.article_id)

origin = Table(
    "origin",
    metadata,
    _revision(),
    Column("article_id", Integer, nullable=False, index=True),
    Column("share", Float, nullable=False),
    *_earlier(),
    Column("earlier_share", Float, nullable=False),
    Column("reprint_of", Integer, index=True),
    sqlite_with_rowid=False,
)
# One row for a text that has anything from elsewhere: how much in all, and from which article
# most; `reprint_of` is that article where it is nearly everything.
