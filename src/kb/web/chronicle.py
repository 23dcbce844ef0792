"""What became of an initiative in the order of time: announced, assigned, promised, said, reported
and silent; as a list, and as a strip on which each has its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from typing import Any, Final

from kb.archive import Archive, Query
from kb.archive.around import First
from kb.archive.promises import left_silent
from kb.article import VIETNAM
from kb.web.facts import anchor
from kb.web.language import local
from kb.web.promises import Told

Row = dict[str, Any]
KINDS: Final = ("announced", "assigned", "promised", "quoted", "reported", "silent")
"""From the top of the strip to its foot; each has a shape of its own in the template."""
SHOWN = 24
"""Assignments and quotes that are looked at, the newest; commitments are `promises.SHOWN`."""
LANE = 36
"""Height of a lane of the strip, in CSS pixels."""
_EDGE = 2.0  # percent that stay free on both sides of the strip
_MOST_YEARS = 6


@dataclass(frozen=True, slots=True)
class Event:
    """Something that an article reports. `actors` are ids or None, names, and roles or None;
    `others` is how many more the article quotes, in words not shown here; `outcome` is what a
    later article says of a promise; `place` is the anchor in the article."""

    kind: str
    at: datetime
    article_id: int
    outlet: str | None
    text: str
    place: str = ""
    actors: tuple[tuple[str | None, str, str | None], ...] = ()
    others: int = 0
    outcome: str | None = None
    number: int = 0

    @property
    def address(self) -> str:
        """Where it stands: the article, at the sentence."""
        return f"/articles/{self.article_id}" + (f"#{self.place}" if self.place else "")


@dataclass(frozen=True, slots=True)
class Dot:
    """An event on the strip: percent across, and the number of its lane."""

    event: Event
    left: float
    lane: int


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Events, the newest first, by year; the strip with its lanes and years (percent, year)."""

    years: Sequence[tuple[int, Sequence[Event]]]
    dots: Sequence[Dot]
    lanes: Sequence[str]
    marks: Sequence[tuple[float, int]]

    @property
    def height(self) -> int:
        """Height of the strip, in CSS pixels."""
        return LANE * len(self.lanes) + 28


def chronicle(
    archive: Archive, query: Query, first: First | None, told: Iterable[Told]
) -> Chronicle:
    """Return what is known of an initiative's course: the first article, the newest assignments
    and quotes of a query, and the commitments given with their evidence."""
    found = [*_first(first), *_assigned(archive, query), *_promised(told), *_said(archive, query)]
    found.sort(key=lambda one: (one.at, KINDS.index(one.kind), one.article_id), reverse=True)
    events = [replace(one, number=number) for number, one in enumerate(found, start=1)]
    years = [(year, list(group)) for year, group in groupby(events, key=lambda e: local(e.at).year)]
    return Chronicle(years, *_strip(events))


def _first(first: First | None) -> Iterator[Event]:
    if first is not None:
        yield Event("announced", first.published_at, first.article_id, first.outlet, first.title)


def _assigned(archive: Archive, query: Query) -> Iterator[Event]:
    """Yield assignments; the bodies that one sentence gives one task are one event."""
    rows = [
        row for row in archive.page("assignments", query, counted=False).rows if row["published_at"]
    ]
    for _, group in groupby(rows, key=lambda row: (row["article_id"], row["field"], row["task"])):
        given = list(group)
        actors = dict.fromkeys((row["actor_id"], row["actor"], row["role"]) for row in given)
        yield _event("assigned", given[0], given[0]["task"], "assignments", tuple(actors))


def _promised(told: Iterable[Told]) -> Iterator[Event]:
    for one in told:
        row = one.row
        who = ((row["owner_id"], row["owner"], None),) if row["owner"] else ()
        if row["published_at"]:
            yield _event("promised", row, row["text"], "commitments", who)
            if left_silent(row["proposed"], row["status"]):
                last: date = row["due_to"] or row["due_from"]
                at = datetime.combine(last, time.max, VIETNAM)
                place = anchor(row, "commitments")
                yield Event("silent", at, row["article_id"], row["outlet"], row["text"], place, who)
        for piece in one.evidence:
            yield Event(
                "reported", piece["at"], piece["article_id"], piece["outlet"], piece["sentence"],
                piece["place"], outcome=piece["kind"],
            )  # fmt: skip


def _said(archive: Archive, query: Query) -> Iterator[Event]:
    """Yield quotes; of one article one event: its first words, who spoke them, and how many more
    it quotes."""
    page = archive.page("quotes", query, counted=False)
    rows = list(page.rows)
    if page.after and rows:  # the page may end within an article, whose speakers are all counted
        last = rows[-1]["article_id"]
        whole = archive.quotes_rows(replace(query, articles=(last,)))
        rows = [row for row in rows if row["article_id"] != last] + list(whole)
    dated = [row for row in rows if row["published_at"]]
    for _, group in groupby(dated, key=lambda row: int(row["article_id"])):
        said = [row for row in group if row["speaker"]]
        if said:
            first = next((row for row in said if row["direct"]), said[0])
            text = first["text"].strip('“”" ')
            text = f"“{text}”" if first["direct"] else text
            speakers = {row["speaker_id"] or row["speaker"] for row in said}
            who = ((first["speaker_id"], first["speaker"], None),)
            event = _event("quoted", first, text, "quotes", who)
            yield replace(event, others=len(speakers) - 1)


def _event(kind: str, row: Row, text: str, facts: str, actors: tuple[Any, ...]) -> Event:
    return Event(
        kind, row["published_at"], row["article_id"], row["outlet"], text,
        anchor(row, facts), actors,
    )  # fmt: skip


def _strip(
    events: Sequence[Event],
) -> tuple[list[Dot], list[str], list[tuple[float, int]]]:
    if not events:
        return [], [], []
    lanes = [kind for kind in KINDS if any(one.kind == kind for one in events)]
    start = datetime(local(events[-1].at).year, 1, 1, tzinfo=VIETNAM)
    end = datetime(local(events[0].at).year + 1, 1, 1, tzinfo=VIETNAM)

    def left(at: datetime) -> float:
        return round(_EDGE + (100 - 2 * _EDGE) * ((at - start) / (end - start)), 2)

    span = range(start.year, end.year)
    every = -(-len(span) // _MOST_YEARS)
    marks = [(left(datetime(year, 1, 1, tzinfo=VIETNAM)), year) for year in span[::every]]
    return [Dot(one, left(one.at), lanes.index(one.kind)) for one in events], lanes, marks
