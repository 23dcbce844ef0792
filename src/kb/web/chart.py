"""Bars over years as numbers that a template draws: the browser stretches the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.archive.reads import YearCount

HEIGHT = 120
"""Height of the tallest bar, in CSS pixels."""
_FILLED = 0.62  # of each year's share of the width
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: `left`, `width` and `middle` are percent of the chart, `height` pixels."""

    count: YearCount
    left: float
    width: float
    middle: float
    height: int
    labelled: bool


def bars(counts: Sequence[YearCount]) -> list[Bar]:
    """Lay out a bar for each year; on a long axis only some years are labelled."""
    if not counts:
        return []
    step = 100 / len(counts)
    highest = max(one.articles for one in counts)
    every = -(-len(counts) // _MOST_LABELS)
    return [
        Bar(
            count=one,
            left=round(step * (place + (1 - _FILLED) / 2), 2),
            width=round(step * _FILLED, 2),
            middle=round(step * (place + 0.5), 2),
            # A year with one article among thousands still has a bar.
            height=max(2, round(HEIGHT * one.articles / highest)) if one.articles else 0,
            labelled=(len(counts) - 1 - place) % every == 0,
        )
        for place, one in enumerate(counts)
    ]
