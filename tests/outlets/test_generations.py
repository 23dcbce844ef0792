"""Which description of a newspaper's pages holds on a day."""

from __future__ import annotations

from datetime import date

import pytest

from kb.errors import ConfigError
from kb.outlets.loader import parse_outlet

OUTLET = """
id: thu
name: Báo Thử
home: https://thu.example
level: hanoi
family: vccorp
selectors: {title: h1.moi}
article_url: x
enabled: false
earlier:
  - {until: 2024-12-31, family: epi}
  - {until: 2022-06-30, family: generic, selectors: {title: h1.cu, body: div.cu}}
"""


@pytest.mark.parametrize(
    ("day", "families"),
    [
        (None, ["vccorp", "epi", "generic"]),
        (date(2025, 1, 1), ["vccorp", "epi", "generic"]),
        (date(2024, 12, 31), ["epi", "vccorp", "generic"]),
        (date(2022, 7, 1), ["epi", "vccorp", "generic"]),
        (date(2022, 6, 30), ["generic", "vccorp", "epi"]),
        (date(1999, 1, 1), ["generic", "vccorp", "epi"]),
    ],
)
def test_what_held_on_the_day_comes_first(day: date | None, families: list[str]) -> None:
    outlet = parse_outlet(OUTLET, "thu.yaml")
    assert [markup.family for markup in outlet.markups(day)] == families


def test_todays_selectors_are_those_of_the_file() -> None:
    now, _, oldest = parse_outlet(OUTLET, "thu.yaml").markups(None)
    assert (now.selectors, now.until) == ({"title": "h1.moi"}, None)
    assert (oldest.selectors["body"], oldest.until) == ("div.cu", date(2022, 6, 30))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("until: 2024-12-31, ", ""), "earlier: each needs until:"),
        (("2022-06-30", "2025-06-30"), "the latest first"),
        (("2022-06-30", "2024-12-31"), "the latest first"),
        (("family: epi", "family: wordpress"), r"earlier\.0\.family: "),
        (("title: h1.cu", "titel: h1.cu"), r"earlier\.1\.selectors: titel is none of"),
        (("family: epi", "familie: epi"), r"earlier\.0\.familie: is not a known key"),
    ],
)
def test_faults_are_named(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_outlet(OUTLET.replace(*change), "thu.yaml")
