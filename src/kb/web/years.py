"""The chart of articles by year on the page of an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kb.archive import Query
from kb.archive.records import Bucket
from kb.web.chart import Chart, Value, bars
from kb.web.form import SearchForm
from kb.web.language import Words


def by_year(name: str, query: Query, counts: Sequence[Bucket], words: Words) -> Chart | None:
    """Return the chart of the articles that a query finds by year; None where it finds none."""
    if not counts:
        return None
    peak = max(counts, key=lambda one: (one.articles, one.start))
    values = [_value(one, query, words) for one in counts]
    said = {
        "first": counts[0].start.year,
        "last": counts[-1].start.year,
        "peak": peak.start.year,
        "n": words.count("articles", peak.articles),
    }
    return bars(
        "by-year",
        words("initiative.chart", name=name),
        values,
        desc=words("initiative.chart_desc", **said),
        how=words("initiative.how"),
        head=[
            words("initiative.year"), words("entry.articles"), words("initiative.total"),
            words("initiative.share"),
        ],
        write=lambda number: words.number(round(number)),
    )  # fmt: skip


def _value(one: Bucket, query: Query, words: Words) -> Value:
    year = one.start.year
    asked = replace(query, since=date(year, 1, 1), until=date(year, 12, 31), limit=20)
    return Value(
        label=str(year),
        number=one.articles,
        said=words.count("articles", one.articles),
        href=SearchForm(asked).address() if one.articles else None,
        more=(words.number(one.total), words.share(one.articles, one.total)),
    )
