"""Charts as numbers: heights to scale, labels that fit, links that are tab stops while few."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.web.chart import ABOVE, HEIGHT, MOST_LINES, MOST_STOPS, Chart, Value, bars, lines

_NUMBERS = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=150)


def made(numbers: list[int], label: str = "{}") -> Chart:
    values = [
        Value(label.format(n), one, f"{one} bài", href=f"/{n}" if one else None)
        for n, one in enumerate(numbers)
    ]
    return bars("x", "t", values, desc="d", how="h", head=("a", "b"), write=lambda n: f"{n:g}")


@given(_NUMBERS)
def test_bars_stand_to_scale_within_the_plot(numbers: list[int]) -> None:
    chart = made(numbers)
    highest = max(numbers)
    for mark, number in zip(chart.bars, numbers, strict=True):
        assert mark.value.number == number
        assert (mark.height > 0) == (number > 0)
        assert abs(mark.height - HEIGHT * number / (highest or 1)) <= 2
        assert mark.y + mark.height == pytest.approx(chart.ground, abs=0.2)
        assert 0 <= mark.left < mark.left + mark.width <= 100
        assert mark.y >= ABOVE - 0.1


@given(_NUMBERS)
def test_ticks_are_few_whole_and_in_their_place(numbers: list[int]) -> None:
    chart = made(numbers)
    highest = max(numbers)
    assert len(chart.ticks) <= 5
    for tick in chart.ticks:
        number = float(tick.text)
        assert number == int(number)
        assert 0 < number <= highest
        assert tick.place == pytest.approx(ABOVE + HEIGHT * (1 - number / highest), abs=0.1)


def span(place: float, anchor: str, text: str) -> tuple[float, float]:
    """Return where a label lies across 290 pixels, of which a sign takes seven."""
    wide = 7 / 2.9 * len(text)
    left = place - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, left + wide


@given(st.integers(1, 150), st.sampled_from(["{}", "{:02}/2024", "IV/2024"]))
def test_labels_fit_on_a_telephone(count: int, label: str) -> None:
    chart = made([1] * count, label)
    wide = max(len(one.text) for one in chart.labels) > 4
    assert 1 <= len(chart.labels) <= (5 if wide else 8)
    assert chart.labels[-1].text == label.format(count - 1)
    assert [one.place for one in chart.labels] == sorted(one.place for one in chart.labels)
    spans = [span(one.place, one.anchor, one.text) for one in chart.labels]
    assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_of_many_links_the_table_has_them_alone() -> None:
    assert made([1] * MOST_STOPS).stops
    assert not made([1] * (MOST_STOPS + 1)).stops
    rows = made([3, 0]).rows
    assert [row.cells for row in rows] == [(("3 bài", "/0"),), (("0 bài", None),)]


def test_lines_share_one_scale_and_are_no_more_than_can_be_told_apart() -> None:
    named = [
        (f"q{n}", [Value("a", n, str(n)), Value("b", 10, "10")]) for n in range(MOST_LINES + 2)
    ]
    chart = lines("x", "t", named, desc="", how="", head=("p",), write=str)
    assert [one.number for one in chart.lines] == [1, 2, 3, 4, 5]
    assert {one.marks[1].y for one in chart.lines} == {ABOVE}
    heights = [one.marks[0].height for one in chart.lines]
    assert heights == [0, *(HEIGHT * n / 10 for n in range(1, MOST_LINES))]
    assert chart.rows[0].cells == tuple((str(n), None) for n in range(MOST_LINES))


def test_of_nothing_there_is_an_empty_chart() -> None:
    assert made([0, 0]).ticks == ()
    empty = lines("x", "t", [], desc="", how="", head=(), write=str)
    assert (empty.lines, empty.rows, empty.labels) == ((), (), ())
