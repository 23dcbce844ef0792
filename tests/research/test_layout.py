"""Headings in Vietnamese, and frames that `plot()` draws as they are meant."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from kb.archive import Query
from kb.errors import ConfigError, QueryError
from kb.research import KINDS, Desk, frame, make_query
from kb.research.labels import labelled, vietnamese
from kb.research.timeline import EVENTS
from kb.text import has_marks

mpl.use("Agg")


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_vietnamese_heading_of_its_own(desk: Desk, kind: str) -> None:
    plain = frame(kind, desk.archive, make_query())
    made = labelled(plain, "vi")
    assert list(made.columns) == [vietnamese()[name] for name in plain.columns]
    assert made.columns.is_unique
    assert made.shape == plain.shape
    assert list(plain.columns) == list(KINDS[kind].columns)


def test_headings_are_vietnamese_on_request_alone(desk: Desk) -> None:
    assert "Nhan đề" in desk.articles(labels="vi")
    assert "title" in desk.articles()
    assert sum(has_marks(text) for text in vietnamese().values()) > 70
    shares = desk.share_of_voice(["design-festival"], labels="vi")
    assert (shares.index.name, list(shares.columns)) == (
        "Thực thể", ["Số bài báo", "Tổng số bài", "Tỉ lệ"],
    )  # fmt: skip
    with pytest.raises(ConfigError, match="'fr'"):
        desk.articles(labels="fr")  # type: ignore[arg-type]


def test_a_frame_says_how_its_query_was_understood(desk: Desk) -> None:
    found = desk.articles("title:mở (cửa", outlet="bao-thu")
    assert found.attrs["query"] == {"q": "title:mở (cửa", "outlet": ["bao-thu"]}
    assert found.attrs["understood"] == "mở in the title AND cửa; outlet bao-thu"
    assert len(found.attrs["remarks"]) == 1
    again = desk.articles(Query.from_json(found.attrs["query"]))
    assert again["article_id"].tolist() == found["article_id"].tolist()


@pytest.mark.parametrize(
    ("by", "step"), [("day", "D"), ("week", "W-MON"), ("month", "MS"), ("quarter", "QS-JAN"),
                     ("year", "YS-JAN")]
)  # fmt: skip
def test_periods_know_their_step(desk: Desk, by: str, step: str) -> None:
    found = desk.attention(by=by)  # type: ignore[arg-type]
    assert isinstance(found.index, pd.DatetimeIndex)
    assert found.index.freqstr == step


def test_one_measure_is_one_line(desk: Desk) -> None:
    whole = desk.attention()
    share = desk.attention(measure="share")
    assert list(share.columns) == ["share"]
    assert share["share"].equals(whole["share"])
    axes = share.plot()
    assert [line.get_label() for line in axes.get_lines()] == ["share"]
    drawn = np.ma.filled(axes.get_lines()[0].get_ydata(), np.nan)
    assert drawn.tolist() == pytest.approx(whole["share"].tolist(), nan_ok=True)
    with pytest.raises(QueryError, match="measure"):
        desk.attention(measure="total")  # type: ignore[arg-type]


def test_attention_draws_its_articles_from_zero_unless_told_otherwise(desk: Desk) -> None:
    whole = desk.attention(by="month", labels="vi")
    axes = whole.plot()
    (line,) = axes.get_lines()
    assert list(line.get_ydata()) == whole["Số bài báo"].tolist()
    assert axes.get_ylim()[0] == 0
    assert {tick % 1 for tick in axes.get_yticks()} == {0}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Kỳ từ ngày", "Số bài báo")
    assert [one.get_label() for one in whole.plot(y="Tỉ lệ").get_lines()] == ["Tỉ lệ"]
    share = desk.attention(by="month", measure="share").plot()
    assert "%" in share.yaxis.get_major_formatter()(0.5)
    assert share.get_lines()[0].get_marker() == ".", "a month between gaps is seen, too"
    assert desk.attention(by="year").plot.bar().containers[1].get_label() == "total"


def test_voices_are_bars_with_counts_and_the_denominator(desk: Desk) -> None:
    found = desk.share_of_voice(["design-festival", "Đỗ Thúy Hòa", "sea-forum"])
    axes = found.plot()
    assert [bar.get_width() for bar in axes.patches] == [1.0, 0.5, 0.0]
    assert [text.get_text().strip() for text in axes.texts] == ["2", "1", "0"]
    assert axes.get_xlabel() == "share (n = 2)"
    bottom, top = axes.get_ylim()
    assert bottom > top, "the first is on top"


def test_what_is_computed_of_a_figure_is_drawn_as_pandas_draws(desk: Desk) -> None:
    doubled = desk.attention(by="year")[["articles", "total"]] * 2
    assert [line.get_label() for line in doubled.plot().get_lines()] == ["articles", "total"]


def test_each_entity_is_a_line_of_its_own(desk: Desk) -> None:
    found = desk.attention(by="year", each=["design-festival", "Đỗ Thúy Hòa", "sea-forum"])
    assert found.loc["2025"].to_numpy().tolist() == [[1, 1, 0]]
    bars = found.plot.bar().containers
    assert [one.get_label() for one in bars] == list(found.columns)
    shares = desk.attention(by="year", each=["design-festival"], measure="share", outlet="bao-thu")
    assert shares.loc["2025", "design-festival"].item() == 0.5
    with pytest.raises(QueryError, match="actor"):
        desk.attention(each=["sea-forum"], actor="office")


def test_a_timeline_is_drawn_in_lanes_with_vietnamese_events(desk: Desk) -> None:
    found = desk.timeline("design-festival", labels="vi")
    assert set(found["Sự việc"].cat.categories) == {vietnamese()[event] for event in EVENTS}
    axes = found.plot()
    assert [text.get_text() for text in axes.get_yticklabels()] == list(
        found["Sự việc"].cat.categories
    )
    assert list(axes.get_lines()[0].get_ydata()) == found["Sự việc"].cat.codes.tolist()
    assert desk.timeline("design-festival")["event"].iloc[0] == "announced"


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Leave no figure open: matplotlib warns of too many."""
    yield
    plt.close("all")


def test_a_timeline_has_its_columns_without_events(desk: Desk) -> None:
    found = desk.timeline("sea-forum")
    assert found.empty
    assert str(found["at"].dtype) == "datetime64[us, Asia/Ho_Chi_Minh]"
    assert found["event"].cat.categories.tolist() == list(EVENTS)
    assert set(found.columns) <= set(vietnamese())
