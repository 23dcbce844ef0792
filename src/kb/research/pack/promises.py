"""Commitments on an initiative with what was reported of them: the ledger, folded for reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from kb.archive import Archive, Query
from kb.research.pack.sources import Citations
from kb.text import canonical

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """A later sentence on a commitment, and what it says of it."""

    kind: str
    text: str
    at: datetime
    due_from: date | None
    due_to: date | None
    article_id: int
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment, however often it was printed.

    `status` is what a person decided (`promised` until then), `proposed` what later coverage
    shows; see `kb.archive.promises`.
    """

    text: str
    owner: str | None
    at: datetime | None
    due_from: date | None
    due_to: date | None
    recurs: str | None
    status: str
    status_by: str | None
    status_at: datetime | None
    status_source: str | None
    status_note: str | None
    proposed: str | None
    reports: tuple[Report, ...]
    article_ids: tuple[int, ...]
    numbers: tuple[int, ...] = ()

    def cited(self, citations: Citations) -> Promised:
        """Return it with the numbers of its sources."""
        numbers = citations.cite(*self.article_ids)
        reports = tuple(
            replace(one, numbers=citations.cite(one.article_id)) for one in self.reports
        )
        return replace(self, numbers=numbers, reports=reports)


def promised(archive: Archive, initiative: str, query: Query, today: date) -> list[Promised]:
    """Return the commitments made in a period or falling due in it, by the day when due."""
    found: dict[tuple[Any, ...], Promised] = {}
    for rows in _ledger(archive, replace(query, initiatives=(initiative,)), today):
        one = _promised(rows)
        key = (canonical(one.text), one.due_from, one.due_to)
        before = found.get(key)
        found[key] = _folded(before, one) if before else one
    return sorted(
        found.values(), key=lambda one: (one.due_to or one.due_from or date.max, one.text)
    )


def _ledger(archive: Archive, query: Query, today: date) -> Iterator[list[Row]]:
    queries = [query]
    if query.since:
        # What was promised before the period but fell due in it is part of its account.
        end = query.until + timedelta(days=1) if query.until else None
        before = query.since - timedelta(days=1)
        queries.append(replace(query, since=None, until=before, due_after=before, due_before=end))
    for one in queries:
        rows = archive.ledger_rows(one, today=today)
        for _, group in groupby(rows, key=itemgetter("article_id", "field", "start", "end")):
            yield list(group)


def _promised(rows: list[Row]) -> Promised:
    row = rows[0]
    reports = tuple(
        Report(
            one["evidence"], " ".join(one["evidence_sentence"].split()),
            one["evidence_published_at"], one["evidence_due_from"], one["evidence_due_to"],
            one["evidence_article_id"],
        )
        for one in rows
        if one["evidence"]
    )  # fmt: skip
    return Promised(
        " ".join(row["text"].split()), row["owner"], row["published_at"], row["due_from"],
        row["due_to"], row["recurs"], row["status"], row["status_by"], row["status_at"],
        row["status_source"], row["status_note"], row["proposed"], reports, (row["article_id"],),
    )  # fmt: skip


def _folded(one: Promised, other: Promised) -> Promised:
    """Return one commitment of two printings: the earlier one's, with the sources of both.

    Of the two the one that a person decided counts; a printing is no evidence of another.
    """
    first, second = sorted((one, other), key=_moment)
    ids = tuple(dict.fromkeys((*first.article_ids, *second.article_ids)))
    decided = second if second.status_by and not first.status_by else first
    reports = tuple(each for each in first.reports if each.article_id not in ids)
    return replace(
        first, article_ids=ids, reports=reports, status=decided.status,
        status_by=decided.status_by, status_at=decided.status_at,
        status_source=decided.status_source, status_note=decided.status_note,
        proposed=first.proposed if reports or first.proposed == "silent" else second.proposed,
    )  # fmt: skip


def _moment(one: Promised) -> tuple[bool, float]:
    return one.at is None, one.at.timestamp() if one.at else 0
