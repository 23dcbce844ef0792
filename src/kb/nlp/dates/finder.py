"""Vietnamese dates, periods and recurrences in text, resolved against the day of publication.

A date is never made finer than the text gives it: "cuối tháng 6" is the month of June. Lunar
dates are recognised and left unresolved. Only Gregorian numbers that can be a date are one:
scores, fractions, decree and phone numbers are not.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from kb.nlp.dates.grammar import WEEKDAY, any_of, scan, words
from kb.nlp.dates.resolve import resolve
from kb.nlp.dates.spans import TimeSpan, day_of
from kb.text import lower

_CLOCK = r"(?:\d{1,2}(?: giờ|h|g|:)(?: ?\d\d)?(?: phút)?,? )?"
_ASIDE = r"(?: ?\([^()\n]{1,60}\)|,)?"
_UNTIL = re.compile(rf"\s?[-–]\s?|{_ASIDE} (?:đến|tới|cho đến|cho tới)(?: hết)? {_CLOCK}")
_STOP = re.compile(r"[.!?;]\s|\n")
_BREAK = re.compile(r"[.!?;]\s|\n|\b(?:dự kiến|sẽ|kế hoạch|phấn đấu)\b")
_LEAD = re.compile(
    rf"(?<!\w)(?P<word>(?P<since>{any_of('since')})|(?P<until>{any_of('until')})"
    rf"|(?P<before>{any_of('before')})|(?P<after>{any_of('after')})|{any_of('within')})"
    rf"(?: {any_of('until_tails')})? $"
)
_LEAD_ENDS = tuple(
    f"{one} " for one in words("since", "until", "before", "after", "within", "until_tails")
)
"""Quick to look for: most times have no preposition."""
_LONGEST_LEAD = 24
_HEAD = re.compile(r"(?:^|[.!?;…]\s|\n)$")
_TILL_NOW = re.compile(r" (?:cho )?(?:đến|tới) (?:hôm )?nay\b")
_AHEAD_BEFORE = re.compile(rf"\b{any_of('ahead')}\b[^,;.]*$")
_AHEAD_AFTER = re.compile(rf",[^,;.]{{0,40}}\b{any_of('ahead')}\b")
_ADVERB = re.compile(r"(?:^|[.!?;,\n]\s?|hồi |vào |trong |\btừ )$")
_TWO_DAYS = ("day", "day")
_WEEKDAY = re.compile(r"(?:thứ |chủ nhật)")
_ONE_WEEKDAY = re.compile(WEEKDAY)
_WEEKDAYS = re.compile(rf"{WEEKDAY}(?:{_UNTIL.pattern}){WEEKDAY}")
_TODAY = frozenset({"now", "weekday", "week", "half", "year", "ahead", "season"})
"""What is said from the day of publication, whatever date stands before it."""


def find_dates(text: str, published: date | None) -> list[TimeSpan]:
    """Return the dates, periods and recurrences of clean text, in order, without overlap.

    A date without a year takes that of a full date before it in the sentence, else the one that
    lies nearest to `published`; where there is neither, `first` and `last` are None. A span
    begins with its preposition if that bounds the time ("từ", "đến", "trước" …).
    """
    small = lower(text)
    found: list[TimeSpan] = []
    anchor = _Anchor(small, published)
    for name, match in scan(text, small):
        basis = published if name in _TODAY else anchor.basis(match.start())
        span = resolve(name, match, basis)
        if span is None:
            continue
        if name == "weekday" and not (match["ww"] or match["wn"]):
            span = _coming(span, small)
        span = _trim(span, small)
        anchor.note(span, leans=basis is not published)
        _add(found, span, small)
    return [
        _led(one, small, found[n - 1].end if n else 0, published) for n, one in enumerate(found)
    ]


class _Anchor:
    """The full date that incomplete ones after it in the sentence lean on."""

    def __init__(self, text: str, published: date | None) -> None:
        self._text, self._published = text, published
        self._day: date | None = None
        self._end = 0
        self._ends = _BREAK if published else _STOP

    def basis(self, start: int) -> date | None:
        """Return the day that what stands at a place is seen from.

        A word of planning in between turns to the future, if the day of publication is known.
        """
        near = self._day is not None and start - self._end < 200
        if near and not self._ends.search(self._text, self._end, start):
            return self._day
        return self._published

    def note(self, span: TimeSpan, *, leans: bool) -> None:
        """Remember a date whose year is given or was taken from one before."""
        day = span.first
        if day is not None and not span.recurs and (span.year_given or leans):
            own = span.precision in ("day", "month") or self._is_when(span, day)
            self._day, self._end = (day, span.end) if own else (None, 0)
        elif not span.recurs:
            self._day = None

    def _is_when(self, span: TimeSpan, day: date) -> bool:
        """Tell "hồi năm 2021", on which days of that year lean, from "kế hoạch năm 2026"."""
        past = self._published is None or day.year < self._published.year
        before = self._text[max(0, span.start - 6) : span.start]
        return span.precision == "year" and past and bool(_ADVERB.search(before))


def _coming(span: TimeSpan, text: str) -> TimeSpan:
    """Turn a weekday alone to the next one where the clause speaks of what is to come."""
    if span.first is None:
        return span
    ahead = _AHEAD_BEFORE.search(text, max(0, span.start - 60), span.start)
    if not ahead and not _AHEAD_AFTER.match(text, span.end):
        return span
    day = span.first + timedelta(7)
    return replace(span, first=day, last=day)


def _add(found: list[TimeSpan], span: TimeSpan, text: str) -> None:
    """Add a span, made one with those before it as far as they belong together."""
    found.append(span)
    if len(found) > 2 and found[-2].lunar:  # "từ 25/1 (tức 26 tháng Chạp) đến 2/2"
        last = _joined(found[-3], span, text)
        found[-3:] = last if len(last) == 1 else found[-3:]
    while len(found) > 1:
        last = _joined(found[-2], found[-1], text)
        found[-2:] = last
        if len(last) > 1:
            return


def _joined(one: TimeSpan, other: TimeSpan, text: str) -> list[TimeSpan]:
    """Make one of "ngày 4 tháng 12 đến hết ngày 18 tháng 12", and of "ngày 5/3 hằng năm"."""
    between = text[one.end : other.start]
    days = _WEEKDAYS.fullmatch(text, one.start, one.end) is not None
    if other.recurs and between == " " and (days or one.precision in ("day", "month", "quarter")):
        whole = replace(other, start=one.start, lunar=one.lunar)
        return [whole]
    weekdays = other.recurs and _WEEKDAY.match(text, other.start) and not one.year_given
    if weekdays and between in (", ", " và ") and one.precision == "day":
        return [replace(other, start=one.start)]  # "thứ bảy và chủ nhật hằng tuần"
    named = [
        _ONE_WEEKDAY.fullmatch(text, each.start, each.end) is not None for each in (one, other)
    ]
    if between in (" (", "(") and named[1] and not named[0] and one.precision in ("day", "range"):
        return [one]  # "7/11 (thứ Sáu)"
    if between == " (" and not one.year_given and (one.precision, other.precision) == _TWO_DAYS:
        same = one.first and other.first and one.first.weekday() == other.first.weekday()
        return [replace(one, first=other.first, last=other.last) if same else one, other]
    if one.recurs or other.recurs or not _UNTIL.fullmatch(between):
        return [one, other]
    points = ("day", "month", "quarter", "year")
    since = text[max(0, one.start - _LONGEST_LEAD) : one.start]
    alike = one.precision == other.precision or ((m := _LEAD.search(since)) and m["since"])
    if one.precision in points and other.precision in points and alike:
        first, last = one.first, other.last
        if first and last and not one.year_given and not all(named):
            first = day_of(last.year, first.month, first.day) or first
            if first > last:
                first = day_of(first.year - 1, first.month, first.day)
        if first and last and all(named) and first > last:
            last += timedelta(7)  # each is the one next to the day of publication
        if first and last and first <= last:
            precision = "range" if first < last else other.precision  # from noon to midnight
            return [replace(other, start=one.start, first=first, last=last, precision=precision)]
    return [one, other]


def _led(span: TimeSpan, text: str, floor: int, published: date | None) -> TimeSpan:
    """Take in the preposition before a time, which may leave one of its ends open.

    "Đến ngày 5/6, …" at the head of a sentence tells of that day if it has passed.
    """
    if not text.endswith(_LEAD_ENDS, 0, span.start):
        return span
    lead = _LEAD.search(text, max(floor, span.start - _LONGEST_LEAD), span.start)
    if lead is None:
        return span
    span = replace(span, start=lead.start(), lead=lead["word"])
    if span.recurs or span.precision == "range" or span.lunar:
        return span
    if lead["since"]:
        now = _TILL_NOW.match(text, span.end)
        return replace(span, last=None, end=now.end() if now else span.end)
    if lead["until"]:
        told = span.last is not None and published is not None and span.last <= published
        heads = lead["word"] == "đến" and _HEAD.search(text, max(0, lead.start() - 2), lead.start())
        return span if told and heads and span.precision == "day" else replace(span, first=None)
    if lead["before"]:
        return replace(span, first=None, last=span.first and span.first - timedelta(1))
    if lead["after"]:
        return replace(span, first=span.last + timedelta(1) if span.last else None, last=None)
    return span


def _trim(span: TimeSpan, text: str) -> TimeSpan:
    end = span.end
    while text[end - 1] in " ,(":
        end -= 1
    if text.startswith(")", end) and text.count("(", span.start, end):
        end += text.count("(", span.start, end) > text.count(")", span.start, end)
    return span if end == span.end else replace(span, end=end)
