"""Counts as frames: attention, share of voice, company."""

from __future__ import annotations

import pandas as pd
import pytest

from kb.errors import QueryError
from kb.research import Desk
from tests.research.conftest import FESTIVAL


def test_attention_counts_every_month_and_its_share(desk: Desk) -> None:
    found = desk.attention(initiative="design-festival")
    assert found.index.tolist() == [pd.Timestamp("2025-11-01")]
    assert found[["articles", "total"]].to_numpy().tolist() == [[1, 1]]
    whole = desk.attention()
    assert [str(day.date()) for day in whole.index[[0, -1]]] == ["2024-12-01", "2025-11-01"]
    assert len(whole) == 12
    assert whole["articles"].sum() == desk.articles()["published_at"].notna().sum()
    quiet = whole.loc["2025-05-01"]
    assert (quiet["articles"], quiet["total"]) == (0, 0)
    assert pd.isna(quiet["share"])


def test_attention_is_a_share_of_the_outlets_that_were_asked_for(desk: Desk) -> None:
    found = desk.attention(FESTIVAL, by="year", outlet="bao-thu")
    assert found.index.tolist() == [pd.Timestamp("2025-01-01")]
    assert found[["articles", "total", "share"]].to_numpy().tolist() == [[1.0, 2.0, 0.5]]


def test_no_attention_has_the_same_columns(desk: Desk) -> None:
    found = desk.attention("khôngcótừnày")
    assert found.empty
    assert {name: str(type_) for name, type_ in found.dtypes.items()} == {
        "articles": "int64", "total": "int64", "share": "float64",
    }  # fmt: skip


def test_a_period_that_is_none_is_told(desk: Desk) -> None:
    with pytest.raises(QueryError, match="fortnight"):
        desk.attention(by="fortnight")  # type: ignore[arg-type]


def test_share_of_voice_has_its_denominator(desk: Desk) -> None:
    found = desk.share_of_voice(["design-festival", "Đỗ Thúy Hòa", "sea-forum"])
    assert found["articles"].to_dict() == {"design-festival": 2, "Đỗ Thúy Hòa": 1, "sea-forum": 0}
    assert found["total"].tolist() == [2, 2, 2]
    assert found["share"].tolist() == [1.0, 0.5, 0.0]
    dated = desk.share_of_voice(["design-festival"], since="2025-01-01")
    assert dated.loc["design-festival", "articles"] == 1


def test_company_is_who_stands_in_the_same_articles(desk: Desk) -> None:
    found = desk.co_mentions("design-festival").set_index("name")["articles"].to_dict()
    assert found == {"Đỗ Thúy Hòa": 1, "Quyết định 88": 1}
    assert desk.co_mentions("nobody").empty
