"""The times of commitments: still to come, joined, and due."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from kb.nlp.dates import TimeSpan
from kb.nlp.dates.spans import day_of

_STALE = timedelta(days=90)
"""A date without a year that lies further back than this, after "sẽ", is next year's."""
_ONE_MORE = re.compile(r" và (?:ngày )?(\d{1,2})[/.-](\d{1,2})(?![\d/.-]\d)")


def ahead(span: TimeSpan, published: date | None) -> TimeSpan | None:
    """Return a date that has not passed; one without a year may be meant for the next."""
    until = span.last or span.first
    if published is None or until is None or until >= published:
        return span
    if (
        span.year_given
        or span.last is None
        or published - until < _STALE
        or span.precision == "year"
    ):
        return None
    first, last = span.first, span.last
    return replace(span, first=first and next_year(first), last=last and next_year(last))


def joined(text: str, when: TimeSpan, dates: Sequence[TimeSpan]) -> TimeSpan:
    """Let a time run on to the one that "và" joins to it ("tháng 5 và tháng 6", "6/5 và 7/5")."""
    if when.last is not None and (day := _ONE_MORE.match(text, when.end)):
        later = day_of(when.last.year, int(day[2]), int(day[1]))
        return when if later is None or later < when.last else replace(when, last=later)
    for one in dates:
        alike = text[when.end : one.start] == " và " and one.precision == when.precision
        if alike and one.last is not None and when.last is not None and one.last > when.last:
            when = replace(when, last=one.last, end=one.end)
    return when


def due(when: TimeSpan) -> str | None:
    """Return the last day as it is named: "trước ngày 30/9" is due on the 30th, not on the 29th."""
    if when.last is None:
        return None
    before = when.lead == "trước" and when.precision == "day"
    return (when.last + timedelta(1) if before else when.last).isoformat()


def next_year(day: date) -> date:
    last_day = day.month == 2 and day.day >= 28
    return day.replace(year=day.year + 1, day=28 if last_day else day.day)


def within_term(when: TimeSpan, before: int, dates: Sequence[TimeSpan]) -> TimeSpan:
    """Give a recurrence the days of the term that opens its sentence ("Nhiệm kỳ 2023-2028, …")."""
    terms = [one for one in dates if one.end <= before and one.precision == "range"]
    if not when.recurs or when.first or when.last or not terms:
        return when
    return replace(when, first=terms[0].first, last=terms[0].last)
