"""Counts as pandas frames, laid out so that `plot()` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from kb.archive import Archive, Query
from kb.archive.records import By
from kb.errors import QueryError
from kb.research import figures
from kb.research.columns import Row
from kb.research.frames import DTYPES

Measure = Literal["articles", "share"]
_STEPS = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}


def attention(
    archive: Archive, query: Query, by: By, measure: Measure | None = None
) -> pd.DataFrame:
    """Return what a query finds by period, from the first to the last that has any.

    The index `start` is the first day of each period (time of Vietnam) and knows its step;
    `articles` counts what is found, `total` all articles of the same outlets in it, `share` is the
    one by the other (0 to 1; NaN where nothing was collected). Articles without a date are in no
    period. With `measure` only that column, so that `plot()` draws one thing.

    Raises:
        QueryError: `by` is none of day, week, month, quarter and year, or there is no such measure.
    """
    _known(measure)
    found = _framed("attention", figures.attention(archive, query, by)).set_index("start")
    found.index = pd.DatetimeIndex(found.index, freq=_STEPS[by])
    return found if measure is None else found[[measure]]


def attentions(
    archive: Archive, of: Sequence[str], query: Query, by: By, measure: Measure | None
) -> pd.DataFrame:
    """Return one column for each entity of `of` (ids or names): its articles, or their share, by
    period; `plot()` draws a line for each.

    Raises:
        QueryError: see `attention`.
    """
    if query.actors:
        raise QueryError("actor: each asks for one entity after the other, name no other beside")
    chosen: Measure = measure or "articles"
    columns = [
        attention(archive, replace(query, actors=(one,)), by)[chosen].rename(one)
        for one in dict.fromkeys(of)
    ]
    if not columns:
        return attention(archive, query, by, chosen)
    found = pd.concat(columns, axis=1).sort_index()
    found.index = pd.DatetimeIndex(found.index, name="start")
    whole = found.asfreq(_STEPS[by]) if len(found) else found
    # A period in which an entity stands nowhere: no articles; a share of nothing stays unknown.
    return whole.fillna(0).astype("int64") if chosen == "articles" else whole


def share_of_voice(archive: Archive, of: Sequence[str], query: Query) -> pd.DataFrame:
    """Return for each entity of `of` (ids or names) its articles and their share.

    `total` is the denominator: articles that mention any of them. One that mentions several
    counts for each, so that shares may add up to more than 1.
    """
    rows = figures.share_of_voice(archive, of, query)
    return _framed("share-of-voice", rows).set_index("entity")


def co_mentions(archive: Archive, entity: str, query: Query, limit: int) -> pd.DataFrame:
    """Return who and what is named in the same articles as an entity, most articles first."""
    return _framed("co-mentions", figures.co_mentions(archive, entity, query, limit))


def _framed(name: str, rows: list[Row]) -> pd.DataFrame:
    types = {column: DTYPES[type_] for column, type_ in figures.FIGURES[name].items()}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _known(measure: str | None) -> None:
    if measure not in (None, "articles", "share"):
        raise QueryError(f"measure must be articles or share, not {measure!r}")
