"""Days, weeks, months, quarters and years that articles are counted by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from kb.archive import places
from kb.archive.records import Bucket, By
from kb.errors import QueryError


def check(by: str) -> None:
    """See that there is such a period.

    Raises:
        QueryError: there is none.
    """
    if by not in ("day", "week", "month", "quarter", "year"):
        raise QueryError(f"by must be day, week, month, quarter or year, not {by!r}")


def buckets(days: Mapping[int, int], totals: Mapping[int, int], by: By) -> Iterator[Bucket]:
    """Yield the periods from the first to the last that has any, none left out.

    `days` and `totals` count articles by the ordinal of their day; 0, for none, is in no period.
    """
    counts, sums = _summed(days, by), _summed(totals, by)
    if not counts:
        return
    period, last = min(counts), max(counts)
    while period <= last:
        yield Bucket(period, counts[period], sums[period])
        period = following(period, by)


def _summed(days: Mapping[int, int], by: By) -> Counter[date]:
    found: Counter[date] = Counter()
    for day, count in days.items():
        if day >= places.FIRST_DAY:
            found[start(date.fromordinal(day), by)] += count
    return found


def start(day: date, by: By) -> date:
    """Return the first day of the period that a day lies in."""
    match by:
        case "day":
            return day
        case "week":  # from Monday, as ISO 8601 and Vietnam have it
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)


def following(first: date, by: By) -> date:
    """Return the first day of the next period."""
    match by:
        case "day":
            return first + timedelta(days=1)
        case "week":
            return first + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[by]
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
