"""What was said on an initiative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kb.archive import Archive, Query
from kb.research.pack.sources import Citations
from kb.text import canonical

Place = tuple[str, int, int]
NEAR = 400
"""Code points between a name and a quotation that is on it: two or three sentences."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation; `direct`: in the speaker's own words."""

    speaker: str
    role: str | None
    text: str
    direct: bool
    at: datetime | None
    article_ids: tuple[int, ...]
    numbers: tuple[int, ...] = ()

    def cited(self, citations: Citations) -> Said:
        """Return it with the numbers of its sources."""
        return replace(self, numbers=citations.cite(*self.article_ids))


def said(
    archive: Archive, query: Query, mentions: Sequence[dict[str, Any]], most: int
) -> list[Said]:
    """Return quotations of named speakers on an initiative, at most so many, the earliest first.

    On it are those that name it, or stand near its name or under a headline with it (`NEAR`). If
    there are more, the nearest and those in the speaker's own words; words printed again are one.
    """
    named: dict[int, list[Place]] = {}
    for row in mentions:
        span = row["field"], row["start"], row["end"]
        named.setdefault(row["article_id"], []).append(span)
    found: dict[str, tuple[tuple[int, bool], Said]] = {}
    for row in archive.quotes_rows(query):
        distance = _distance(
            (row["field"], row["start"], row["end"]), named.get(row["article_id"], ())
        )
        if not row["speaker"] or distance is None:
            continue
        rank = distance, not row["direct"]
        one = Said(
            row["speaker"], row["role"], " ".join(row["text"].split()), row["direct"],
            row["published_at"], (row["article_id"],),
        )  # fmt: skip
        key = canonical(one.text)
        if key in found:  # rows come newest first: the earlier printing is the one to cite
            rank = min(rank, found[key][0])
            one = replace(one, article_ids=(*one.article_ids, *found[key][1].article_ids))
        found[key] = rank, one
    best = sorted(found.values(), key=lambda pair: pair[0])[:most]
    return sorted(
        (one for _, one in best), key=lambda one: (one.at is None, one.at and one.at.timestamp())
    )


def _distance(quote: Place, named: Sequence[Place]) -> int | None:
    """Return how far (code points) a quotation stands from a name; None: it is not on it."""
    field, start, end = quote
    gaps = [max(0, first - end, start - last) for where, first, last in named if where == field]
    nearest = min(gaps, default=NEAR + 1)
    if nearest <= NEAR:
        return nearest
    return NEAR if any(where == "title" for where, _, _ in named) else None
