"""Charts as numbers that `templates/charts.html` draws: bars or lines over periods or names.

A page makes a list of `Value`, calls `bars(…)` or `lines(…)` and puts the `Chart` into its
context; its template says `{% import "charts.html" as charts %}`, and where the chart belongs
`{{ charts.figure(chart, w) }}`: title, description, drawing, "Cách tính" and the table with the
same figures. Widths are percent, which the browser stretches; heights are CSS pixels, so that
text is never squeezed. `charts.meter(part, most)` is the bar beside a figure in a list.

Each bar or point leads to the articles that it counts (`Value.href`), and so does its cell in the
table. Of more than `MOST_STOPS` links those of the drawing are no tab stops: the table has them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

HEIGHT = 140
"""Height of the plot, in CSS pixels."""
ABOVE, BELOW = 24, 32
"""Room for figures over the plot, and for labels under it."""
MOST_LINES = 5
"""As many lines as there are dashes, shapes and colours in style.css."""
MOST_STOPS = 24
_FILLED = 0.68  # of each bar's share of the width
_CROWDED = 12  # bars from which on figures stand on the axis, not over each bar
_DENSE = 30
_SIGN = 2.7  # percent: a sign of a label, where the plot is 290 pixels wide
_EDGE = 9.0  # percent: labels so near the edge begin or end there
_STEPS = (1, 2, 2.5, 5, 10)
_MOST_TICKS = 4


@dataclass(frozen=True, slots=True)
class Value:
    """What one bar or point shows.

    `label` is the period or name as axis and table say it, `said` the number as it is written
    ("12 bài", "3,4%"); `href` leads to the articles counted, `more` are further cells of its row;
    `since` and `until` (ISO days, both included) let a range be drawn over the chart.
    """

    label: str
    number: float
    said: str
    href: str | None = None
    more: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    short: str = ""
    """The label under the axis, where the whole is too long for it."""

    @property
    def axis(self) -> str:
        """The label under the axis."""
        return self.short or self.label


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or point laid out: `left`, `width`, `middle` are percent, `y` and `height` pixels."""

    value: Value
    left: float
    width: float
    middle: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `number` (1 to 5) chooses dash, shape and colour; `path` are points of a box of
    1000 by `HEIGHT`."""

    number: int
    name: str
    marks: tuple[Mark, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the plot, or a label under it: `place` is pixels down, or percent across."""

    place: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its name, and (text, address or None) of each cell."""

    label: str
    cells: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template needs; `head` are the headings of the table's columns."""

    id: str
    title: str
    desc: str
    how: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    bars: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    crowded: bool = False
    stops: bool = True
    choose: str | None = field(default=None)
    """Id of a form with `from` and `to`: a range can be drawn with the pointer (search.js)."""

    @property
    def height(self) -> int:
        """Height of the whole drawing, in CSS pixels."""
        return ABOVE + HEIGHT + BELOW

    @property
    def dense(self) -> bool:
        """Whether points must be small to be told apart."""
        return len(self.rows) > _DENSE

    @property
    def ground(self) -> int:
        """Where the axis lies, in CSS pixels from the top."""
        return ABOVE + HEIGHT


def bars(
    id_: str,
    title: str,
    values: Sequence[Value],
    *,
    desc: str,
    how: str,
    head: Sequence[str],
    write: Callable[[float], str],
    whole: bool = True,
    choose: str | None = None,
) -> Chart:
    """Lay out a bar for each value, in the order given.

    Args:
        id_: prefix of the ids in the page; one chart of a page each.
        desc: what somebody who does not see it must know: span, peak, where the table is.
        how: how it is counted ("Cách tính" stands before it).
        head: headings of the table: of the labels, of the numbers, and of each of `Value.more`.
        write: writes a number on the axis.
        whole: numbers are whole, and so are the ticks.
    """
    top, ticks = _scale([one.number for one in values], write, whole)
    crowded = len(values) > _CROWDED
    rows = tuple(
        Row(one.label, ((one.said, one.href), *((text, None) for text in one.more)))
        for one in values
    )
    return Chart(
        id_, title, desc, how, tuple(head), rows, ticks if crowded else (),
        _labels([one.axis for one in values]),
        bars=_marks(values, top), crowded=crowded,
        stops=sum(1 for one in values if one.href) <= MOST_STOPS, choose=choose,
    )  # fmt: skip


def lines(
    id_: str,
    title: str,
    named: Sequence[tuple[str, Sequence[Value]]],
    *,
    desc: str,
    how: str,
    head: Sequence[str],
    write: Callable[[float], str],
    whole: bool = True,
) -> Chart:
    """Lay out up to five lines over the same labels: pairs of a name and its values.

    `head` names the column of the labels, then each line; the rest is as with `bars`.
    """
    named = named[:MOST_LINES]
    top, ticks = _scale([v.number for _, values in named for v in values], write, whole)
    found = []
    for number, (name, values) in enumerate(named, start=1):
        marks = _marks(values, top)
        path = " ".join(f"{one.middle * 10:.1f},{one.y - ABOVE:.1f}" for one in marks)
        found.append(Line(number, name, marks, path))
    first = named[0][1] if named else ()
    labels = [one.axis for one in first]
    rows = tuple(
        Row(one.label, tuple((v.said, v.href) for v in (values[place] for _, values in named)))
        for place, one in enumerate(first)
    )
    stops = sum(1 for _, values in named for one in values if one.href) <= MOST_STOPS
    return Chart(
        id_, title, desc, how, tuple(head), rows, ticks, _labels(labels),
        lines=tuple(found), crowded=True, stops=stops,
    )  # fmt: skip


def _marks(values: Sequence[Value], top: float) -> tuple[Mark, ...]:
    step = 100 / len(values) if values else 0.0
    found = []
    for place, one in enumerate(values):
        # One article among thousands still has a bar.
        height = max(2.0, HEIGHT * one.number / top) if one.number else 0.0
        found.append(
            Mark(
                one,
                round(step * (place + (1 - _FILLED) / 2), 3),
                round(step * _FILLED, 3),
                round(step * (place + 0.5), 3),
                round(ABOVE + HEIGHT - height, 1),
                round(height, 1),
            )
        )
    return tuple(found)


def _scale(
    numbers: Sequence[float], write: Callable[[float], str], whole: bool
) -> tuple[float, tuple[Tick, ...]]:
    """Return the number at the top of the plot, and round numbers up to it."""
    highest = max(numbers, default=0.0)
    if highest <= 0:
        return 1.0, ()
    rough = highest / _MOST_TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(one * power for one in _STEPS if one * power >= rough * 0.999)
    if whole:
        step = float(max(1, ceil(step)))
    count = max(1, floor(highest / step + 1e-9))
    shown = (step * number for number in range(1, count + 1))
    return highest, tuple(
        Tick(round(ABOVE + HEIGHT * (1 - one / highest), 1), write(one)) for one in shown
    )


def _labels(texts: Sequence[str]) -> tuple[Tick, ...]:
    """Return as many labels as fit on a telephone, the last one always."""
    most = 8 if max(map(len, texts), default=0) <= 4 else 5
    every = -(-len(texts) // most) or 1
    found = []
    for place, text in enumerate(texts):
        if (len(texts) - 1 - place) % every:
            continue
        middle = 100 * (place + 0.5) / len(texts)
        if len(texts) > 2 and middle < _EDGE:
            found.append(Tick(0.0, text, "start"))
        elif len(texts) > 2 and middle > 100 - _EDGE:
            found.append(Tick(100.0, text, "end"))
        else:
            found.append(Tick(round(middle, 3), text))
    kept: list[Tick] = []
    for one in reversed(found):  # what begins or ends at the edge is nearer to the next
        if not kept or _span(one)[1] + 1 <= _span(kept[-1])[0]:
            kept.append(one)
    return tuple(reversed(kept))


def _span(label: Tick) -> tuple[float, float]:
    """Return where a label begins and ends on a telephone, in percent."""
    wide = _SIGN * len(label.text)
    left = label.place - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, left + wide
