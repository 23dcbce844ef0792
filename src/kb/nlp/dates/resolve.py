"""Which days an expression of time names, seen from the day of publication."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from kb.nlp.dates.grammar import QUARTERS
from kb.nlp.dates.spans import Period, TimeSpan, day_of, months_of, nearest, years_of

_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5, "nhật": 6}
_YEARS = {"nay": 0, "này": 0, "tới": 1, "sau": 1, "ngoái": -1, "trước": -1}
_DAYS = {"nay": 0, "qua": -1, "mai": 1, "kia": -2, "kìa": 2}
_UNITS = {"ngày": "D", "tuần": "W", "tháng": "M", "quý": "Q", "năm": "Y"}
_SUMMER_ENDS = {"xuân": 4, "hè": 8, "hạ": 8, "thu": 11, "đông": 12}
"""The month in which each season ends: before, "mùa hè tới" is this year's."""
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def resolve(name: str, match: re.Match[str], basis: date | None) -> TimeSpan | None:
    """Return the span of one match of the grammar; None if there is no such day.

    `name` is the kind of the match, `basis` the day from which missing parts are taken.
    """
    return _READERS[name](match, basis)


def _made(
    match: re.Match[str],
    period: Period | None,
    precision: str,
    *,
    recurs: str | None = None,
    lunar: bool = False,
    given: bool = True,
) -> TimeSpan:
    """Return a span; "tới", "vừa qua" point to the year and stay outside."""
    first, last = period or (None, None)
    end = match.start("hint") if match.groupdict().get("hint") else match.end()
    return TimeSpan(match.start(), end, first, last, recurs, lunar, precision, given)


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


def _day_in(
    day: int, month: int, year: int | None, basis: date | None, hint: str | None = None
) -> tuple[bool, date | None]:
    """Return whether such a day exists, and which one it is if the year is known."""
    if year is not None:
        found = day_of(year, month, day)
        return found is not None, found
    if basis is None:
        return day_of(2000, month, day) is not None, None
    near = [day_of(basis.year + n, month, day) for n in (-1, 0, 1)]
    real = [one for one in near if one]
    return bool(real), nearest(real, basis, hint) if real else None


def _weekday(word: str) -> int:
    return int(word) - 2 if word.isdigit() else _WEEKDAYS[word]


def _without(span: TimeSpan, match: re.Match[str]) -> TimeSpan:
    """Leave out a weekday before the date that is none ("lượt trận thứ hai ngày 22/6")."""
    said = match["of"]
    if not said or span.first is None or _weekday(said.split()[-1]) == span.first.weekday():
        return span
    rest = match.string[match.end("of") :]
    return replace(span, start=match.end("of") + len(rest) - len(rest.lstrip(" ,")))


def _read_day(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    day, month = int(match["d"]), int(match["m"] or match["mw"])
    if match["lunar"]:
        possible = 1 <= day <= 30 and 1 <= month <= 12
        return _made(match, None, "day", lunar=True) if possible else None
    year = _year(match, basis, "y", "yx")
    exists, found = _day_in(day, month, year, basis, match["hint"])
    period = (found, found) if found else None
    if not exists:
        return None
    return _without(_made(match, period, "day", given=year is not None), match)


def _read_shared(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    """Read a day whose month stands behind the last of its row: `ngày 4 và 5/6`."""
    year = _year(match, basis, "y", "yx")
    exists, found = _day_in(int(match["d"]), int(match["m"] or match["mw"]), year, basis)
    period = (found, found) if found else None
    return _made(match, period, "day", given=year is not None) if exists else None


def _read_days(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    month, year = int(match["m"] or match["mw"]), _year(match, basis, "y", "yx")
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
    precision = {"tháng": "month", "năm": "year", "tết": "range"}.get(match[0].split()[0], "day")
    return _made(match, None, precision, lunar=True)


def _read_now(match: re.Match[str], basis: date | None) -> TimeSpan:
    word = "mai" if match["tomorrow"] else match["dw"] or "nay"
    day = basis + timedelta(_DAYS[word]) if basis else None
    return _made(match, (day, day) if day else None, "day", given=False)


def _week(basis: date, word: str) -> date:
    """Return the Monday of "tuần này", "tuần tới" … as seen on a day."""
    away = {"này": 0, "tới": 1, "sau": 1}.get(word, -1)
    return basis - timedelta(basis.weekday()) + timedelta(weeks=away)


def _read_weekday(match: re.Match[str], basis: date | None) -> TimeSpan:
    """Read a weekday; one without a week is the last (`find_dates` turns to the next)."""
    if basis is None:
        return _made(match, None, "day", given=False)
    number = _weekday(match["wd"] or match["sun"])
    if match["wn"] == "tới":
        day = basis + timedelta((number - basis.weekday() - 1) % 7 + 1)
    elif match["ww"] or match["wn"]:
        day = _week(basis, match["ww"] or "này") + timedelta(number)
    else:
        day = basis - timedelta((basis.weekday() - number) % 7)
    return _made(match, (day, day), "day", given=False)


def _read_week(match: re.Match[str], basis: date | None) -> TimeSpan:
    if basis is None:
        return _made(match, None, "week", given=False)
    monday = _week(basis, match["ww"] or "này")
    begin = monday + timedelta(5) if match["end"] or not match["ww"] else monday
    return _made(match, (begin, monday + timedelta(6)), "week", given=False)


def _month_year(month: int, basis: date, hint: str | None) -> int:
    """Return the year of a month named alone: this year's, unless another is much nearer."""
    near = nearest([date(basis.year + n, month, 15) for n in (-1, 0, 1)], basis, hint)
    return near.year if hint or abs(month - basis.month) >= 9 else basis.year


def _read_month(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    if match["mr"]:
        if basis is None:
            return _made(match, None, "month", given=False)
        count = basis.year * 12 + basis.month - 1 + {"này": 0, "trước": -1}.get(match["mr"], 1)
        return _made(match, months_of(count // 12, count % 12 + 1), "month", given=False)
    month = _number(match["m"] or match["mn"])
    if not 1 <= month <= 12:
        return None
    year = _year(match, basis)
    given = year is not None
    if year is None and basis:
        year = _month_year(month, basis, match["hint"])
    return _made(match, months_of(year, month) if year else None, "month", given=given)


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
    period = (months_of(begins, first)[0], months_of(year, last)[1])
    return _made(match, period, "range", given=given)


def _read_my(match: re.Match[str], _: date | None) -> TimeSpan | None:
    month = int(match["m"])
    return _made(match, months_of(int(match["y"]), month), "month") if 1 <= month <= 12 else None


def _read_quarter(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    if match["qr"]:
        if basis is None:
            return _made(match, None, "quarter", given=False)
        count = basis.year * 4 + (basis.month - 1) // 3
        count += {"này": 0, "trước": -1}.get(match["qr"], 1)
        return _made(match, months_of(count // 4, count % 4 * 3 + 1, 3), "quarter", given=False)
    first = QUARTERS[match["q"]] * 3 - 2
    year = _year(match, basis)
    given = year is not None
    if year is None and basis:
        year = _month_year(first + 1, basis, match["hint"])
    return _made(match, months_of(year, first, 3) if year else None, "quarter", given=given)


def _read_quarters(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    first, last = QUARTERS[match["q1"]], QUARTERS[match["q"]]
    year = _year(match, basis)
    given = year is not None
    if year is None and basis:
        year = _month_year(last * 3 - 1, basis, None)
    if year is None:
        return _made(match, None, "range", given=False)
    begins = _year(match, None, "y1") or year - (first > last)
    period = (months_of(begins, first * 3 - 2, 3)[0], months_of(year, last * 3 - 2, 3)[1])
    return _made(match, period, "range", given=given) if period[0] < period[1] else None


def _read_half(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    count = match["n"] or match["months"]
    months = _number(count) if count else 6
    year = _year(match, basis, "y", "yx")
    given = year is not None
    year = year or (basis.year if basis else None)
    if not 1 <= months <= 12:
        return None
    begin = 13 - months if match["side"] == "cuối" else 1
    return _made(match, months_of(year, begin, months) if year else None, "range", given=given)


def _read_ahead(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    count, unit = _number(match["n"]), match["u"]
    if basis is None:
        return _made(match, None, "range", given=False)
    if unit == "năm":
        period = years_of(basis.year, basis.year + count)
    elif unit == "tháng":
        until = basis.year * 12 + basis.month - 1 + count
        period = (basis.replace(day=1), months_of(until // 12, until % 12 + 1)[1])
    else:
        period = (basis, basis + timedelta(count * (7 if unit == "tuần" else 1)))
    return _made(match, period, "range", given=False)


def _read_years(match: re.Match[str], _: date | None) -> TimeSpan | None:
    first, last = int(match["y1"]), int(match["y"])
    return _made(match, years_of(first, last), "range") if first < last else None


def _read_year(match: re.Match[str], basis: date | None) -> TimeSpan:
    year = _year(match, basis)
    if year is None and basis and match["edge"]:
        year = basis.year
    given = bool(match["y"])
    return _made(match, years_of(year, year) if year else None, "year", given=given)


def _read_season(match: re.Match[str], basis: date | None) -> TimeSpan:
    """Read "mùa hè này": no finer than the year that it lies in."""
    year = _year(match, basis)
    if match["yw"] == "tới" and basis and basis.month < _SUMMER_ENDS[match["season"]]:
        year = basis.year
    period = years_of(year, year) if year else None
    return _made(match, period, "year", given=bool(match["y"]))


def _read_bare(match: re.Match[str], _: date | None) -> TimeSpan:
    return _made(match, years_of(int(match["y"]), int(match["y"])), "year")


def _read_english(match: re.Match[str], basis: date | None) -> TimeSpan | None:
    year = _year(match, basis)
    month = _ENGLISH.index(match["em"][:3]) + 1
    exists, found = _day_in(int(match["d"]), month, year, basis)
    period = (found, found) if found else None
    return _made(match, period, "day", given=year is not None) if exists else None


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


_READERS: dict[str, Callable[[re.Match[str], date | None], TimeSpan | None]] = {
    "rate": _read_rate, "times": _read_rate, "turn": _read_period, "every": _read_period,
    "period": _read_period, "each": _read_each, "lunar": _read_lunar, "days": _read_days,
    "day": _read_day, "shared": _read_shared, "now": _read_now, "weekday": _read_weekday,
    "week": _read_week, "months": _read_months, "half": _read_half, "month": _read_month,
    "quarters": _read_quarters, "quarter": _read_quarter, "ahead": _read_ahead,
    "years": _read_years, "year": _read_year, "season": _read_season, "bare": _read_bare,
    "my": _read_my, "english": _read_english,
}  # fmt: skip
