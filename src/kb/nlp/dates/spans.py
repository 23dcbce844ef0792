"""One expression of time, and the arithmetic of days, months and years."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

Period = tuple[date, date]
_LATE = timedelta(10)
"""A story that was written so long before it appeared may still say "tới"."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """One expression of time: `start:end` are code points of the text.

    `first` and `last` bound the day, month … named; one of them is None where the text leaves
    that end open ("đến năm 2030"), both where it is unresolved. `recurs` is an ISO 8601 duration.
    `precision` is `day`, `week`, `month`, `quarter`, `year`, `range` or `recurrence`.
    `year_given` is False where the year was taken from the day of publication. `lead` is the
    preposition that the span begins with, in lower case ("từ", "trước"), empty without one.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    recurs: str | None
    lunar: bool
    precision: str
    year_given: bool = True
    lead: str = ""

    @property
    def core(self) -> int:
        """Where the time itself begins, behind its preposition."""
        return self.start + len(self.lead) + bool(self.lead)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day if there is such a one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_of(year: int, month: int, months: int = 1) -> Period:
    """Return the first and last day of a month, or of some from it on within the year."""
    end = month + months - 1
    return date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1])


def years_of(first: int, last: int) -> Period:
    """Return the first and last day of some years."""
    return date(first, 1, 1), date(last, 12, 31)


def nearest(candidates: list[date], basis: date, hint: str | None) -> date:
    """Return the candidate nearest to a day, on the side that "tới" or "vừa qua" points to."""
    if hint:
        ahead, late = "tới" in hint, basis - _LATE
        side = [one for one in candidates if (one >= late if ahead else one <= basis)]
        candidates = side or candidates
    return min(candidates, key=lambda one: abs(one - basis))
