"""Vietnamese dates, periods and recurrences in text, resolved against the day of publication.

A date is never made finer than the text gives it: "cuối tháng 6" is the month of June. Lunar
dates are recognised and left unresolved. Only Gregorian numbers that can be a date are one:
scores, fractions, decree and phone numbers are not.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kb.nlp.dates.grammar import scan

Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """One expression of time: `start:end` are code points of the text.

    `first` and `last` bound the day, month … named (both None: unresolved); `recurs` is an
    ISO 8601 duration. `precision` is `day`, `week`, `month`, `quarter`, `year`, `range` or
    `recurrence`. `year_given` is False where the year was taken from the day of publication.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    recurs: str | None
    lunar: bool
    precision: str
    year_given: bool = True


_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5, "nhật": 6}
_YEARS = {"nay": 0, "này": 0, "tới": 1, "sau": 1, "ngoái": -1, "trước": -1}
_DAYS = {"nay": 0, "qua": -1, "mai": 1, "kia": -2, "kìa": 2}
_UNITS = {"ngày": "D", "tuần": "W", "tháng": "M", "quý": "Q", "năm": "Y"}

_UNTIL = re.compile(
    r"\s?[-–]\s?| (?:đến|tới|cho đến|cho tới)(?: hết)? (?:\d{1,2}(?: giờ|h|g|:)(?:\d\d)?,? )?"
)
_STOP = re.compile(r"[.!?;]\s|\n")
_BREAK = re.compile(r"[.!?;]\s|\n|\b(?:dự kiến|sẽ|kế hoạch|phấn đấu)\b")


def find_dates(text: str, published: date | None) -> list[TimeSpan]:
    """Return the dates, periods and recurrences of clean text, in order, without overlap.

    A date without a year takes that of a full date before it in the sentence, else the one that
    lies nearest to `published`; where there is neither, `first` and `last` are None.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # İ and a few others grow when lowered
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    found: list[TimeSpan] = []
    for name, inner in scan(lowered):
        basis = _anchor(found, lowered, inner.start(), published) or published
        span = _READERS[name](inner, basis if name not in _TODAY else published)
        if span is not None:
            found.append(_trim(span, lowered))
            if len(found) > 1:
                found[-2:] = _joined(found[-2], found[-1], lowered)
    return found


def _joined(one: TimeSpan, other: TimeSpan, text: str) -> list[TimeSpan]:
    """Make "ngày 4 tháng 12 đến hết ngày 18 tháng 12" one period."""
    if one.recurs or other.recurs or not _UNTIL.fullmatch(text, one.end, other.start):
        return [one, other]
    if one.precision in ("day", "month", "year") and one.precision == other.precision:
        first, last = one.first, other.last
        if first and last and first > last and not one.year_given:
            first = _date(first.year - 1, first.month, first.day)
        if first and last and first < last:
            return [replace(other, start=one.start, first=first, precision="range")]
    return [one, other]


def _anchor(found: list[TimeSpan], text: str, start: int, published: date | None) -> date | None:
    """Return the full date that an incomplete one after it in the sentence leans on.

    A word of planning between them turns to the future, if the day of publication is known.
    """
    if not found or found[-1].first is None or not found[-1].year_given:
        return None
    before = found[-1]
    near = before.precision in ("day", "month") and start - before.end < 200
    ends = _BREAK if published else _STOP
    return before.first if near and not ends.search(text, before.end, start) else None


def _trim(span: TimeSpan, text: str) -> TimeSpan:
    end = span.end
    while text[end - 1] in " ,(":
        end -= 1
    inside = text[span.start : end]
    if inside.count("(") > inside.count(")") and text[end : end + 1] == ")":
        end += 1
    return replace(span, end=end)


def _made(
    match: re.Match[str],
    period: Period | None,
    precision: str,
    *,
    recurs: str | None = None,
    lunar: bool = False,
    given: bool = True,
) -> TimeSpan:
    first, last = period or (None, None)
    return TimeSpan(match.start(), match.end(), first, last, recurs, lunar, precision, given)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(year: int, month: int, months: int = 1) -> Period:
    end = month + months - 1
    return date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1])


def _years(first: int, last: int) -> Period:
    return date(first, 1, 1), date(last, 12, 31)


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text)


def _year(match: re.Match[str], basis: date | None, *names: str) -> int | None:
    """Return the year that the text gives, in figures or as "năm tới"; None if it does not."""
    groups = match.groupdict()
    for name in names or ("y",):
        if groups.get(name):
            return int(groups[name])
    word = groups.get("yw")
    return basis.year + _YEARS[word] if word and basis else None


def _nearest(candidates: list[date], basis: date, hint: str | None) -> date:
    """Return the candidate nearest to a day, on the side that "tới" or "vừa qua" points to."""
    if hint:
        ahead = "tới" in hint
        side = [one for one in candidates if (one >= basis if ahead else one <= basis)]
        candidates = side or candidates
    return min(candidates, key=lambda one: abs(one - basis))


def _day_in(
    day: int, month: int, year: int | None, basis: date | None, hint: str | None = None
) -> tuple[bool, date | None]:
    """Return whether such a day exists, and which one it is if the year is known."""
    if year is not None:
        found = _date(year, month, day)
        return found is not None, found
    if basis is None:
        return _date(2000, month, day) is not None, None
    near = [_date(basis.year + n, month, day) for n in (-1, 0, 1)]
    real = [one for one in near if one]
    return bool(real), _nearest(real, basis, hint) if real else None


def _read_day(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    day, month = int(match["d"]), int(match["m"] or match["mw"])
    if match["lunar"]:
        possible = 1 <= day <= 30 and 1 <= month <= 12
        return _made(match, None, "day", lunar=True) if possible else None
    year = _year(match, basis, "y", "yx")
    exists, found = _day_in(day, month, year, basis, match["hint"])
    period = (found, found) if found else None
    return _made(match, period, "day", given=year is not None) if exists else None


def _read_days(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    month, year = int(match["m"]), _year(match, basis)
    if match["lunar"]:
        return _made(match, None, "range", lunar=True)
    exists, last = _day_in(int(match["d2"]), month, year, basis)
    other = int(match["m1"] or month)
    year_one = _year(match, None, "y1") or (last.year - (other > month) if last else None)
    begins, first = _day_in(int(match["d"]), other, year_one, None)
    if not (exists and begins) or (first and last and first > last):
        return None
    period = (first, last) if first and last else None
    return _made(match, period, "range", given=year is not None)


def _read_lunar(match: re.Match[str], _: date | None) -> TimeSpan:
    whole_month = match[0].startswith("tháng")
    return _made(match, None, "month" if whole_month else "day", lunar=True)


def _read_now(match: re.Match[str], basis: date | None) -> TimeSpan:
    day = basis + timedelta(_DAYS[match["dw"] or "nay"]) if basis else None
    return _made(match, (day, day) if day else None, "day", given=False)


def _week(basis: date, word: str) -> date:
    """Return the Monday of "tuần này", "tuần tới" … as seen on a day."""
    away = {"này": 0, "tới": 1, "sau": 1}.get(word, -1)
    return basis - timedelta(basis.weekday()) + timedelta(weeks=away)


def _read_weekday(match: re.Match[str], basis: date | None) -> TimeSpan:
    if basis is None:
        return _made(match, None, "day", given=False)
    word = match["wd"] or match["sun"]
    number = int(word) - 2 if word.isdigit() else _WEEKDAYS[word]
    if match["wn"] == "tới":
        day = basis + timedelta((number - basis.weekday() - 1) % 7 + 1)
    else:
        day = _week(basis, match["ww"] or "này") + timedelta(number)
    return _made(match, (day, day), "day", given=False)


def _read_week(match: re.Match[str], basis: date | None) -> TimeSpan:
    monday = _week(basis, match["ww"]) if basis else None
    period = (monday, monday + timedelta(6)) if monday else None
    return _made(match, period, "week", given=False)


def _month_year(month: int, basis: date, hint: str | None) -> int:
    """Return the year of a month named alone: this year's, unless another is much nearer."""
    near = _nearest([date(basis.year + n, month, 15) for n in (-1, 0, 1)], basis, hint)
    return near.year if hint or abs(month - basis.month) >= 9 else basis.year


def _read_month(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    if match["mr"]:
        if basis is None:
            return _made(match, None, "month", given=False)
        count = basis.year * 12 + basis.month - 1 + {"này": 0, "trước": -1}.get(match["mr"], 1)
        return _made(match, _month(count // 12, count % 12 + 1), "month", given=False)
    month = _number(match["m"] or match["mn"])
    if not 1 <= month <= 12:
        return None
    year = _year(match, basis)
    given = year is not None
    if year is None and basis:
        year = _month_year(month, basis, match["hint"])
    return _made(match, _month(year, month) if year else None, "month", given=given)


def _read_months(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    first, last = int(match["m1"]), int(match["m"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    year = _year(match, basis)
    given = year is not None
    if year is None and basis:
        year = _month_year(last, basis, None)
    if year is None:
        return _made(match, None, "range", given=False)
    begins = _year(match, None, "y1") or year - (first > last)
    period = (_month(begins, first)[0], _month(year, last)[1])
    return _made(match, period, "range", given=given)


def _read_my(match: re.Match[str], _: date | None) -> TimeSpan | None:
    month = int(match["m"])
    return _made(match, _month(int(match["y"]), month), "month") if 1 <= month <= 12 else None


def _read_quarter(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    if match["qr"]:
        if basis is None:
            return _made(match, None, "quarter", given=False)
        count = basis.year * 4 + (basis.month - 1) // 3
        count += {"này": 0, "trước": -1}.get(match["qr"], 1)
        return _made(match, _month(count // 4, count % 4 * 3 + 1, 3), "quarter", given=False)
    first = _QUARTERS[match["q"]] * 3 - 2
    year = _year(match, basis)
    given = year is not None
    if year is None and basis:
        year = _month_year(first + 1, basis, match["hint"])
    return _made(match, _month(year, first, 3) if year else None, "quarter", given=given)


def _read_half(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    months = _number(match["n"]) if match["n"] else 6
    year = _year(match, basis)
    given = year is not None
    year = year or (basis.year if basis else None)
    if not 1 <= months <= 12:
        return None
    begin = 1 if match["side"] == "đầu" else 13 - months
    return _made(match, _month(year, begin, months) if year else None, "range", given=given)


def _read_ahead(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    count, unit = _number(match["n"]), match["u"]
    if basis is None:
        return _made(match, None, "range", given=False)
    if unit == "năm":
        period = _years(basis.year, basis.year + count)
    elif unit == "tháng":
        until = basis.year * 12 + basis.month - 1 + count
        period = (basis.replace(day=1), _month(until // 12, until % 12 + 1)[1])
    else:
        period = (basis, basis + timedelta(count * (7 if unit == "tuần" else 1)))
    return _made(match, period, "range", given=False)


def _read_years(match: re.Match[str], _: date | None) -> TimeSpan | None:
    first, last = int(match["y1"]), int(match["y"])
    return _made(match, _years(first, last), "range") if first < last else None


def _read_year(match: re.Match[str], basis: date | None) -> TimeSpan:
    year = _year(match, basis)
    if year is None and basis and match["edge"]:
        year = basis.year
    given = bool(match["y"])
    return _made(match, _years(year, year) if year else None, "year", given=given)


def _read_bare(match: re.Match[str], _: date | None) -> TimeSpan:
    return _made(match, _years(int(match["y"]), int(match["y"])), "year")


def _duration(count: int, unit: str) -> str:
    letter = _UNITS[unit]
    return f"P{count * 3}M" if letter == "Q" else f"P{count}{letter}"


def _share(times: int, unit: str) -> str | None:
    """Return how long it is between two of several in a unit; None where that is no whole."""
    months = {"năm": 12, "quý": 3}.get(unit)
    if times == 1:
        return _duration(1, unit)
    return f"P{months // times}M" if months and times and months % times == 0 else None


def _read_rate(match: re.Match[str], _: date | None) -> TimeSpan | None:
    recurs = _share(_number(match["n"]), match["u"])
    return _made(match, None, "recurrence", recurs=recurs) if recurs else None


def _read_period(match: re.Match[str], _: date | None) -> TimeSpan | None:
    count = _number(match["n"])
    recurs = _duration(count, match["u"])
    return _made(match, None, "recurrence", recurs=recurs) if count else None


def _read_each(match: re.Match[str], _: date | None) -> TimeSpan | None:
    unit = "năm" if match["annual"] else match["u"]
    recurs = _share(_number(match["n"]) if match["n"] else 1, unit)
    return _made(match, None, "recurrence", recurs=recurs) if recurs else None


_TODAY = frozenset({"now", "weekday", "week", "half", "year", "ahead"})
"""What is said from the day of publication, whatever date stands before it."""
_READERS: dict[str, Callable[[re.Match[str], date | None], TimeSpan | None]] = {
    "rate": _read_rate, "every": _read_period, "period": _read_period, "each": _read_each,
    "lunar": _read_lunar, "days": _read_days, "day": _read_day, "now": _read_now,
    "weekday": _read_weekday, "week": _read_week, "months": _read_months, "half": _read_half,
    "month": _read_month, "quarter": _read_quarter, "ahead": _read_ahead, "years": _read_years,
    "year": _read_year, "bare": _read_bare, "my": _read_my,
}  # fmt: skip
