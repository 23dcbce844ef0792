"""Where an article stands in the order of all: one number, day first.

The full-text index and the tables for counting are sorted by it, so that the newest hits come
without sorting, a period is a range, and the day of a hit is part of its number. Within a day it
says nothing: pages order the articles of a day by their moments.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from kb.archive import tables
from kb.article import VIETNAM
from kb.errors import ArchiveError

BITS = 17
"""Of a place, for the articles of one day: 131,072."""
FIRST_DAY = date(1000, 1, 1).toordinal()
"""Articles without a date stand before it, those that claim to be older stand on it."""
DATED = FIRST_DAY << BITS


def day_of(published_at: datetime | None) -> int:
    """Return the ordinal of the day in Vietnam; 0 without a date."""
    if published_at is None:
        return 0
    return max(published_at.astimezone(VIETNAM).toordinal(), FIRST_DAY)


def start(day: int) -> int:
    """Return the first place of a day; all that have no date are of one day."""
    return day << BITS if day >= FIRST_DAY else 0


def day_at(place: int) -> int:
    """Return the day of a place, 0 for the undated."""
    return place >> BITS if place >= DATED else 0


def following(day: int) -> int:
    """Return the first place after a day."""
    return (day + 1) << BITS if day >= FIRST_DAY else DATED


# One statement for all days: as a union of so many its text would take longer than its answer.
_HIGHEST = (
    f"SELECT d.value, (SELECT max(place) FROM article WHERE place >= d.value << {BITS}"
    f" AND place < (d.value + 1) << {BITS}) FROM "
)


class Places:
    """Free places by day; safe because nobody else writes."""

    def __init__(self, connection: Connection, days: Iterable[int]) -> None:
        self._next: dict[int, int] = {}
        wanted = sorted(set(days))
        if 0 in wanted:
            place = tables.article.c.place
            highest = connection.execute(select(func.max(place)).where(place < DATED)).scalar()
            self._next[0] = 0 if highest is None else highest + 1
        dated = [day for day in wanted if day]
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(_HIGHEST + "json_each(?) AS d", (json.dumps(dated),))
        else:
            rows = connection.exec_driver_sql(
                _HIGHEST + "unnest(%s::bigint[]) AS d(value)", (dated,)
            )
        for day, highest in rows:
            self._next[day] = start(day) if highest is None else highest + 1

    def take(self, day: int) -> int:
        """Return a place on a day that was named.

        Raises:
            ArchiveError: the day is full.
        """
        place = self._next[day]
        if place >= following(day):
            raise ArchiveError(f"more than {1 << BITS:,} articles of {date.fromordinal(day)}")
        self._next[day] = place + 1
        return place
