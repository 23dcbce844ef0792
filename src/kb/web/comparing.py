"""Up to five queries side by side: how often each over time, in numbers or as a share."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from kb.archive.explain import Language
from kb.archive.periods import following, start
from kb.archive.records import Bucket, By
from kb.reading import KINDS
from kb.research.exports.text import guarded
from kb.text import characters
from kb.web import periods
from kb.web.chart import MOST_LINES, Chart, Value, lines
from kb.web.exporting import note
from kb.web.facets import LEVELS
from kb.web.form import LONGEST, SearchForm, understood
from kb.web.language import Words, words_for
from kb.web.sources import Sources, sources
from kb.web.view import render

Measure = Literal["articles", "share"]
MEASURES: Final[tuple[Measure, ...]] = ("articles", "share")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Compared:
    """One of the queries: its place (1 to 5), how it was understood and what not, and what it
    finds."""

    number: int
    form: SearchForm
    said: str
    remarks: tuple[str, ...]
    total: int
    months: tuple[Bucket, ...]


@dataclass(frozen=True)
class Comparison:
    """What an address asks to compare; `shared` are the filters that hold for each query."""

    texts: tuple[str, ...]
    shared: SearchForm
    by: str | None
    measure: Measure

    def address(self, path: str = "/compare", **changes: str) -> str:
        """Return the address that asks for the same, but for some of by and measure."""
        own = {"by": self.by, "measure": self.measure if self.measure != "articles" else None}
        rest = [(k, v) for k, v in {**own, **changes}.items() if v]
        pairs = [*(("q", text) for text in self.texts), *self.shared.query.to_params(), *rest]
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read(params: QueryParams) -> Comparison:
    """Take what can be understood from the parameters of an address."""
    typed = [" ".join(characters(text)[:LONGEST].split()) for text in params.getlist("q")]
    texts = tuple(dict.fromkeys(text for text in typed if text))[:MOST_LINES]
    shared = SearchForm.read(params).changed(text="", order="newest")
    measure: Measure = "share" if params.get("measure") == "share" else "articles"
    return Comparison(texts, shared, params.get("by"), measure)


@router.api_route("/compare", methods=["GET", "HEAD"])
def compare(request: Request) -> Response:
    """Show up to five queries in one chart and one table."""
    here, words = sources(request), words_for(request)
    asked = read(request.query_params)
    found = _found(here, asked, words)
    span = _span(found)
    by = periods.chosen(asked.by, *span) if span else None
    drawn = list(_over_time(here, asked, found, span, by)) if span and by else []
    context = {
        "asked": asked,
        "found": found,
        "chart": _chart(asked, drawn, by, words) if by else None,
        "measures": [(one, asked.address(measure=one)) for one in MEASURES],
        "tabs": [
            (one, asked.address(by=one), one == by)
            for one in (periods.offered(*span) if span else ())
        ],
        "fields": [*asked.texts, *[""] * (MOST_LINES - len(asked.texts))],
        "download": asked.address("/compare.csv"),
        "form": asked.shared,
        "outlets": here.outlets(),
        "kinds": KINDS,
        "levels": LEVELS,
        "entries": here.entries,
        "chips": [
            (name, value, asked_without(asked, name, value))
            for name, value, _ in asked.shared.filters()
        ],
    }
    return render(request, "compare.html", context)


@router.get("/compare.csv")
def download(request: Request) -> Response:
    """Answer with the figures of the chart and their denominators, as CSV."""
    here, words = sources(request), words_for(request)
    asked = read(request.query_params)
    found = _found(here, asked, words)
    span = _span(found)
    by = periods.chosen(asked.by, *span) if span else "month"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["from", "to", "query", "articles", "total", "share"])
    for one, buckets in _over_time(here, asked, found, span, by) if span else ():
        for bucket in buckets:
            first, last = periods.bounds(bucket.start, by, one.form)
            share = bucket.articles / bucket.total if bucket.total else ""
            row = [first.isoformat(), last.isoformat(), one.form.text, bucket.articles]
            writer.writerow([guarded(cell) for cell in (*row, bucket.total, share)])
    for one in found:
        note(request, "attention", "csv", one.form.query)
    headers = {"Content-Disposition": 'attachment; filename="compare.csv"'}
    # Excel knows UTF-8 by the mark alone.
    body = "\ufeff" + out.getvalue()
    return Response(body, 200, headers, media_type="text/csv; charset=utf-8")


def asked_without(asked: Comparison, name: str, value: str) -> str:
    """Return the address of a comparison without one of the shared filters."""
    pairs = [one for one in asked.shared.query.to_params() if one != (name, value)]
    shared = SearchForm.read(QueryParams(pairs))
    return Comparison(asked.texts, shared, asked.by, asked.measure).address()


def _found(here: Sources, asked: Comparison, words: Words) -> list[Compared]:
    made = []
    language: Language = "en" if words.language == "en" else "vi"
    for number, text in enumerate(asked.texts, start=1):
        form = asked.shared.changed(text=text)
        page = here.archive.search(form.asked(1))
        months = tuple(here.archive.histogram(form.query, "month")) if page.total else ()
        said = understood(text, page.folded, words) or text
        told = here.archive.explain(form.query, page.folded, page.total)
        remarks = tuple(one.said(language) for one in told.remarks)
        made.append(Compared(number, form, said, remarks, page.total, months))
    return made


def _span(found: Sequence[Compared]) -> tuple[date, date] | None:
    bounds = [
        (periods.bounds(one.months[0].start, "month", one.form)[0],
         periods.bounds(one.months[-1].start, "month", one.form)[1])
        for one in found if one.months
    ]  # fmt: skip
    return (min(a for a, _ in bounds), max(b for _, b in bounds)) if bounds else None


def _over_time(
    here: Sources, asked: Comparison, found: Sequence[Compared], span: tuple[date, date], by: By
) -> Iterator[tuple[Compared, list[Bucket]]]:
    """Yield each query with the same periods; a share of nothing found has its denominator, too."""
    totals = {one.start: one.total for one in here.archive.histogram(asked.shared.query, by)}
    for one in found:
        yield one, _buckets(here, one, span, by, totals)


def _buckets(
    here: Sources, one: Compared, span: tuple[date, date], by: By, totals: Mapping[date, int]
) -> list[Bucket]:
    """Return the periods of the whole chart for one of its queries, nothing left out."""
    query = one.form.query
    again = bool(one.months) and by != "month"
    own = here.archive.histogram(query, by) if again else one.months
    known = {bucket.start: bucket for bucket in own}
    made, first = [], start(span[0], by)
    while first <= span[1]:
        made.append(known.get(first, Bucket(first, 0, totals.get(first, 0))))
        first = following(first, by)
    return made


def _chart(
    asked: Comparison, drawn: Sequence[tuple[Compared, list[Bucket]]], by: By, words: Words
) -> Chart:
    named = [
        (one.form.text, [_value(bucket, by, one, asked, words) for bucket in buckets])
        for one, buckets in drawn
    ]
    found = [one for one, _ in drawn]
    share = asked.measure == "share"
    ranked = sorted(found, key=lambda one: (-one.total, one.number))
    listed = "; ".join(f"{one.form.text}: {words.count('articles', one.total)}" for one in ranked)
    return lines(
        "compared",
        words("compare.chart_share") if share else words("compare.chart"),
        named,
        desc=words("compare.desc", listed=listed),
        how=words("compare.how_share") if share else words("compare.how"),
        head=[words("period.period"), *(one.form.text for one in found)],
        write=partial(_written, words, share),
        whole=not share,
    )


def _written(words: Words, share: bool, number: float) -> str:
    return words.share(round(number * 10), 1000) if share else words.number(round(number))


def _value(bucket: Bucket, by: By, one: Compared, asked: Comparison, words: Words) -> Value:
    label, short = periods.called(bucket.start, by, words)
    since, until = periods.bounds(bucket.start, by, one.form)
    if asked.measure == "share":
        number = 100 * bucket.articles / bucket.total if bucket.total else 0.0
        said = words.share(bucket.articles, bucket.total)
    else:
        number, said = float(bucket.articles), words.count("articles", bucket.articles)
    href = one.form.changed(since=since, until=until).address() if bucket.articles else None
    return Value(label, number, said, href, short=short)
