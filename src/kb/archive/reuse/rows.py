"""Reuse as a listing of rows, with the export columns."""

from __future__ import annotations

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.archive.as_of import moment
from kb.archive.listing import Key, Listing, Row
from kb.archive.query import Query
from kb.archive.reuse_tables import origin, reuse
from kb.archive.rows import FIRST, NEWEST, Known
from kb.archive.search import plan

_article, _revision = tables.article.c, tables.revision.c
_OWN = (
    "article_id", "kind", "earlier_article_id", "similarity", "share", "resemblance", "field",
    "start", "end", "earlier_field", "earlier_start", "earlier_end",
)  # fmt: skip


def list_reuse(connection: Connection, query: Query, known: Known = FIRST) -> Listing:
    """List passages of matching articles that stand in earlier ones.

    By article (newest first) and place in it; of what stands now. `field[start:end]` is `text`;
    the earlier span counts in the earlier article's revision number `earlier_revision`.
    """
    decided = plan(connection, query, *known)
    there = tables.article.alias("earlier_article")
    state = tables.revision.alias("earlier_revision")
    statement = (
        select(*(reuse.c[name] for name in _OWN), _revision.lead, _revision.body)
        .add_columns(
            _article.url,
            _article.outlet,
            _article.published_at,
            there.c.url.label("earlier_url"),
            there.c.outlet.label("earlier_outlet"),
            there.c.published_at.label("earlier_published_at"),
            state.c.number.label("earlier_revision"),
            origin.c.share.label("reused"),
            origin.c.reprint_of,
        )
        .join_from(tables.article, reuse, reuse.c.revision_id == _article.revision_id)
        .join(tables.revision, _revision.id == _article.revision_id)
        .join(there, there.c.id == reuse.c.earlier_article_id)
        .join(state, state.c.id == reuse.c.earlier_revision_id)
        .join(origin, origin.c.revision_id == reuse.c.revision_id)
        .where(*decided.conditions)
    )
    if query.as_of is not None:
        statement = statement.where(state.c.seen_at <= moment(query.as_of))
    return Listing(decided, statement, (*NEWEST, Key(reuse.c.number)), _with_text, numbered=True)


def _with_text(row: Row) -> Row:
    text = {"lead": row.pop("lead"), "body": row.pop("body")}[row["field"]]
    return {**row, "text": text[row["start"] : row["end"]]}
