"""Which of the times of a clause is the one for which something is planned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import zip_longest

from kb.nlp.commitments.clauses import Clause, any_of, cues
from kb.nlp.commitments.judge import titled, verb
from kb.nlp.commitments.times import ahead
from kb.nlp.dates import TimeSpan

_REACH = 400
"""Code points after a cue within which its date stands."""
_BEFORE = 120
"""Code points between a date and the cue after it."""
_FINENESS = {"day": 0, "week": 1, "range": 1, "month": 2, "quarter": 3, "year": 4}
_NEXT = timedelta(1)
"""What was said "tomorrow" was said when the story had another day."""
_WORD = 8
"""Code points of a verb."""


def governed(
    text: str,
    clause: Clause,
    cue: re.Match[str] | None,
    published: date | None,
    tags: Mapping[int, str],
) -> TimeSpan | None:
    """Return the date that the cue governs: the first after it, else the last before it.

    A day to come that stands before the cue is that of the doing, not of the saying. Without a
    cue it is the first, but a day rather than the year of a name ("kỳ thi năm 2025 … ngày 26/6").

    Args:
        text: the sentence in lower case.
        tags: parts of speech by where a word begins.
    """
    spans = [ahead(one, published) for one in clause.dates]
    days = [one for one in spans if one is not None and not one.recurs]
    other = [one for one in spans if one is not None and one.recurs]
    days = [one for one, other in zip_longest(days, days[1:]) if not _again(one, other)]
    if cue is None:
        named = [x for x in days if x.precision == "year" and x.start and not x.lead]
        finer = [x for x in days if x.precision in ("day", "range")]
        return next(iter((finer if named and days[0] is named[0] else []) + days + other), None)
    after = [
        one
        for one in days
        if 0 <= one.start - cue.start() < _REACH
        and not any_of("says").search(text, cue.end() + 3, one.start)
        and not _reasoned(text, verb(text, cue.end()), one.start, tags)
        and not _of_another(text, cue.end(), one.start)
        and not (one.precision == "year" and titled(text, cue.end(), one.start))
    ]
    after.sort(key=lambda one: _FINENESS.get(one.precision, 1))
    before = [
        one
        for one in days
        if 0 <= cue.start() - one.end < _BEFORE
        and (
            _later(one, published, _NEXT) or not any_of("speech").search(text, one.end, cue.start())
        )
        and not any_of("dated", after=r"\W*$").search(text[max(0, one.core - 40) : one.core])
        and text[one.end : cue.start()].strip() != "và"
    ]
    if after and any_of("moves").match(text, verb(text, cue.end())):
        return after[0]
    if after and before and (_later(before[-1], published) or _today(before[-1], published)):
        fine = _FINENESS.get(before[-1].precision, 1)
        if fine == 0 or fine < _FINENESS.get(after[0].precision, 1):
            return before[-1]
    return next(iter(after + before[::-1] + other), None)


def _again(one: TimeSpan, other: TimeSpan | None) -> bool:
    """Tell whether a week is said again by its days ("cuối tuần này, từ ngày 5 đến 7/5")."""
    near = other is not None and other.start - one.end <= 2
    return near and one.precision == "week" and other is not None and other.precision != "week"


def _reasoned(text: str, acts: int, end: int, tags: Mapping[int, str]) -> bool:
    """Tell whether a date is that of a reason, a term … named behind what is done."""
    reason = any_of("reasons").search(text, acts + _WORD, end)
    first = next((at for at in range(acts, end) if tags.get(at, "")[:1] == "V"), end)
    return reason is not None and first < reason.start()


def _later(span: TimeSpan, published: date | None, after: timedelta = timedelta()) -> bool:
    """Tell whether a time begins after the day of publication."""
    first = span.first or span.last
    return published is not None and first is not None and first - after > published


def _today(span: TimeSpan, published: date | None) -> bool:
    return span.precision == "day" and span.first == published is not None


def _of_another(text: str, start: int, end: int) -> bool:
    """Tell whether a date is that of a noun's own cue ("… việc cắt giảm dự kiến trong năm nay")."""
    *_, cue = [None, *cues().finditer(text, start + 12, end)]
    if cue is None or "," in text[start:end]:
        return False
    return not any_of("fillers").sub("", text[cue.end() : end]).strip()
