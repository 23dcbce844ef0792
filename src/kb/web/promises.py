"""Commitments with what later articles say of them, as the page of an entry lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kb.archive import Archive, Query
from kb.web.facts import in_sentence

Row = dict[str, Any]
SHOWN = 8
"""Commitments on the page of an entry, the newest."""


@dataclass(frozen=True, slots=True)
class Told:
    """A commitment (its row of the ledger, in its sentence), and later ones on it, oldest first."""

    row: Row
    evidence: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Promises:
    """The newest commitments that answer a query, and how many there are in all."""

    told: Sequence[Told]
    total: int


def promises(archive: Archive, query: Query) -> Promises:
    """Return the newest commitments of a query with their evidence."""
    page = archive.page("commitments", query)
    rows = in_sentence(archive, query, archive.ledger_page(page, query))

    def place(row: Row) -> tuple[int, str, int, int]:
        return row["article_id"], row["field"], row["start"], row["end"]

    return Promises([_told(list(group)) for _, group in groupby(rows, key=place)], page.total)


def _told(rows: list[Row]) -> Told:
    found = [
        {
            "at": row["evidence_published_at"],
            "article_id": row["evidence_article_id"],
            "outlet": row["evidence_outlet"],
            "kind": row["evidence"],
            "sentence": row["evidence_sentence"],
            "place": f"s-{row['evidence_field']}-{row['evidence_start']}",
        }
        for row in rows
        if row["evidence"] is not None
    ]
    return Told(rows[0], found)
