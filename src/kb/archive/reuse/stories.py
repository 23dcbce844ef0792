"""Reprints folded under the story that had it first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.archive.as_of import as_it_stood, moment
from kb.archive.lookup import chunks
from kb.archive.reuse_tables import origin


def representatives(
    connection: Connection, article_ids: Iterable[int], as_of: date | None = None
) -> dict[int, int]:
    """Return for each article the first of its chain of reprints; itself if it is none.

    Only current texts count, or those of a moment (`as_of`), and of the earlier ones those that
    the archive had by then. A chain cannot be a ring: every link goes back in time.
    """
    first = {id_: id_ for id_ in article_ids}
    statement = (
        select(origin.c.article_id, origin.c.reprint_of)
        .join(tables.article, tables.article.c.revision_id == origin.c.revision_id)
        .where(origin.c.reprint_of.is_not(None))
    )
    if as_of is not None:
        revision = tables.revision.c
        there = select(revision.id).where(revision.seen_at <= moment(as_of))
        statement = statement.where(origin.c.earlier_revision_id.in_(there))
    known: dict[int, int] = {}
    asked: set[int] = set()
    while wanted := set(first.values()) - asked:
        asked |= wanted
        for ids in chunks(sorted(wanted)):
            some = statement.where(origin.c.article_id.in_(ids))
            found = connection.execute(as_it_stood(some, as_of))
            known |= {row[0]: row[1] for row in found}
        for id_, reached in first.items():
            while reached in known:
                reached = known[reached]
            first[id_] = reached
    return first
