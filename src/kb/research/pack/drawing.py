"""Bars by period as SVG, drawn here: no script, no font, nothing from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kb.research.pack.blocks import Chart

WIDTH: Final = 720
HEIGHT: Final = 170
_TOP, _BASE = 20, 138
"""Where the tallest bar ends and where all stand, in pixels from above."""
_LEFT: Final = 34
_FILLED = 0.7
_MOST_LABELS = 12
_MOST_FIGURES = 24
"""More bars than this have their figure only in the table and on pointing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One period; places and sizes in pixels."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    labelled: bool
    figure: str
    told: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The bars of a chart, with the lines behind them."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    """Height and count of each line."""


def drawing(chart: Chart) -> Drawing:
    """Lay out the bars of a chart; on a long axis only some are labelled."""
    highest = _round(max((count for _, count, _ in chart.bars), default=1))
    step = (WIDTH - _LEFT) / max(1, len(chart.bars))
    every = -(-len(chart.bars) // _MOST_LABELS)
    bars = []
    for place, (label, count, _) in enumerate(chart.bars):
        height = (_BASE - _TOP) * count / highest
        x = _LEFT + step * (place + (1 - _FILLED) / 2)
        bars.append(
            Bar(
                round(x, 1), round(_BASE - height, 1), round(step * _FILLED, 1), round(height, 1),
                round(_LEFT + step * (place + 0.5), 1), label, place % every == 0,
                str(count) if count and len(chart.bars) <= _MOST_FIGURES else "",
                f"{label}: {count}",
            )
        )  # fmt: skip
    marks = {highest, highest // 2} - {0}
    lines = tuple((_BASE - (_BASE - _TOP) * mark / highest, mark) for mark in sorted(marks))
    return Drawing(tuple(bars), lines)


def _round(highest: int) -> int:
    """Return the figure at which an axis ends: the next of 1, 2, 4, 5, 10, 20 …"""
    power = 1
    while True:
        for figure in (1, 2, 4, 5, 10):
            if highest <= figure * power:
                return figure * power
        power *= 10
