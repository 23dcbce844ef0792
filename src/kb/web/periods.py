"""How often over time: the articles found by day, week, month, quarter or year, as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from kb.archive import Query
from kb.archive.periods import following
from kb.archive.records import Bucket, By
from kb.web.chart import Chart, Value, bars
from kb.web.form import SearchForm
from kb.web.language import Words
from kb.web.sources import Sources

BYS: Final[tuple[By, ...]] = ("day", "week", "month", "quarter", "year")
DAYS: Final[dict[By, int]] = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_QUARTERS: Final = ("I", "II", "III", "IV")
"""In figures a quarter would look like a month."""
MOST = 120
"""Bars of a chart; more are thinner than they can be told apart."""
_PLENTY = 40
"""Bars that a chart has by itself, if it can."""


def usual(first: date, last: date) -> By:
    """Return the period that makes a readable chart of a span."""
    span = (last - first).days + 1
    return next((by for by in BYS if span / DAYS[by] <= _PLENTY), "year")


def offered(first: date, last: date) -> list[By]:
    """Return the periods that a span can be shown by: neither one bar nor a hedge of them."""
    span = (last - first).days + 1
    found = [by for by in BYS if span / DAYS[by] <= MOST and span > DAYS[by]]
    return found or [usual(first, last)]


def chosen(asked: str | None, first: date, last: date) -> By:
    """Return the period that was asked for, if the span can be shown by it."""
    return next((by for by in offered(first, last) if by == asked), usual(first, last))


def called(start: date, by: By, words: Words) -> tuple[str, str]:
    """Return what a period is called, and the same in short for the axis."""
    match by:
        case "day":
            return f"{start:%d/%m/%Y}", f"{start:%d/%m}"
        case "week":
            return words("period.week", day=f"{start:%d/%m/%Y}"), f"{start:%d/%m}"
        case "month":
            return f"{start:%m/%Y}", f"{start:%m/%Y}"
        case "quarter":
            said = words("period.quarter", n=(start.month + 2) // 3, year=start.year)
            return said, f"{_QUARTERS[(start.month - 1) // 3]}/{start.year}"
    return str(start.year), str(start.year)


def chart(here: Sources, form: SearchForm, words: Words, asked: str | None) -> Shown | None:
    """Return the chart of what a form finds, by the period asked for if that can be shown; each
    bar leads to the same, in its period alone."""
    query = replace(form.query, after=None, order="newest")
    found = _counted(here, query, "month")
    if not found:
        return None
    first = bounds(found[0].start, "month", form)[0]
    last = bounds(found[-1].start, "month", form)[1]
    by = chosen(asked, first, last)
    if by != "month":
        found = _counted(here, query, by)
    drawn = _chart(found, by, form, words)
    pairs = [(one, [*form.query.to_params(), ("by", one)]) for one in offered(first, last)]
    tabs = [(one, f"/search?{urlencode(pair)}", one == by) for one, pair in pairs]
    return Shown(drawn, tuple(tabs), first, last)


def _counted(here: Sources, query: Query, by: By) -> Sequence[Bucket]:
    return here.kept.of(("histogram", query, by), lambda: here.archive.histogram(query, by))


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart, (period, address, whether it is shown) of each it can be shown by, and its span."""

    chart: Chart
    tabs: tuple[tuple[str, str, bool], ...]
    first: date
    last: date


def _chart(found: Sequence[Bucket], by: By, form: SearchForm, words: Words) -> Chart:
    peak = max(found, key=lambda one: one.articles)
    said = {
        "first": called(found[0].start, by, words)[0],
        "last": called(found[-1].start, by, words)[0],
        "peak": called(peak.start, by, words)[0],
        "n": words.count("articles", peak.articles),
    }
    how = words("period.how")
    if form.query.reuse == "folded":
        how += " " + words("period.folded")
    return bars(
        "by-period",
        words(f"period.title.{by}"),
        [_value(one, by, form, words) for one in found],
        desc=words("period.desc", **said),
        how=how,
        head=[
            words("period.period"), words("entry.articles"), words("period.total"),
            words("initiative.share"),
        ],
        write=lambda number: words.number(round(number)),
        choose="range",
    )  # fmt: skip


def bounds(start: date, by: By, form: SearchForm) -> tuple[date, date]:
    """Return first and last day of a period, as far as a form asks for them."""
    end = following(start, by) - timedelta(days=1)
    since, until = form.query.since, form.query.until
    return max(start, since) if since else start, min(end, until) if until else end


def _value(one: Bucket, by: By, form: SearchForm, words: Words) -> Value:
    label, short = called(one.start, by, words)
    since, until = bounds(one.start, by, form)
    return Value(
        label=label,
        number=one.articles,
        said=words.count("articles", one.articles),
        href=form.changed(since=since, until=until).address() if one.articles else None,
        more=(words.number(one.total), words.share(one.articles, one.total)),
        since=since.isoformat(),
        until=until.isoformat(),
        short=short,
    )
