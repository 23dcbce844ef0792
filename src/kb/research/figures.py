"""Figures that are computed, not listed: their columns and rows, without pandas.

The frames, the interface and the command line hand out the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from kb.archive import Archive, Query
from kb.archive.records import By
from kb.research.columns import Row, Type
from kb.research.timeline import events

Columns = dict[str, Type]
FIGURES: Final[dict[str, Columns]] = {
    "attention": {"start": "date", "articles": "int", "total": "int", "share": "float"},
    "share-of-voice": {"entity": "text", "articles": "int", "total": "int", "share": "float"},
    "co-mentions": {"kind": "text", "entity_id": "text", "name": "text", "articles": "int"},
    "timeline": {
        "at": "time", "event": "text", "article_id": "int", "outlet": "text", "actor": "text",
        "text": "text", "due_from": "date", "due_to": "date", "outcome": "text", "promise": "int?",
    },
}  # fmt: skip
"""By name the columns with their types; `share` is missing where nothing was collected."""


def attention(archive: Archive, query: Query, by: By = "month") -> list[Row]:
    """Return by period, none left out between the first and the last that has any: its first day
    (`start`), `articles` found, `total` of the same outlets, and the `share` (0 to 1; None where
    nothing was collected).

    Raises:
        QueryError: there is no such period.
    """
    return [
        {
            "start": one.start,
            "articles": one.articles,
            "total": one.total,
            "share": one.articles / one.total if one.total else None,
        }
        for one in archive.histogram(query, by)
    ]


def share_of_voice(archive: Archive, of: Sequence[str], query: Query) -> list[Row]:
    """Return for each of some entities (ids or names) its `articles`, the `total` that mention any
    of them, and the `share` (0 to 1)."""
    return [asdict(one) for one in archive.share_of_voice(of, query)]


def co_mentions(archive: Archive, of: str, query: Query, limit: int) -> list[Row]:
    """Return who and what is named in the same articles as an entity (id or name), most articles
    first."""
    return [asdict(one) for one in archive.co_mentions(of, query, limit)]


def timeline(archive: Archive, query: Query, today: date | None = None) -> list[Row]:
    """Return the events of the initiatives that a query names, oldest first, every column in each
    (see `kb.research.timeline`)."""
    names = FIGURES["timeline"]
    found: list[dict[str, Any]] = events(archive, query, today)
    return [{name: row.get(name) for name in names} for row in found]
