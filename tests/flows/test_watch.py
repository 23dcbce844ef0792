"""The measures of the layout alarm, one by one, on made-up pasts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.alarm import Watch
from flows.measures import fell, rules, shape_of
from flows.silence import silence
from kb.archive.usual import OutletRun, Shape
from kb.article import Article
from kb.capture import Rejection
from kb.outlets import Outlet

NOW = datetime(2026, 11, 20, 19, tzinfo=UTC)
"""02:00 of 21 November in Vietnam."""
ARTICLE = Article(
    title="Phiên chợ đồ cũ trở lại ven hồ",
    lead="Ba mươi gian hàng mở cửa từ sáng sớm.",
    body="Người bán bày đồng hồ, máy ảnh và sách cũ. " * 20,
    url="https://bao-thu.example/cho-1.html",
    authors=("Lê Thu",),
    section="Đời sống",
    published_at=NOW,
    published_from="meta",
    parser="vccorp/2",
)


def articles(count: int, **changed: Any) -> list[Article]:  # noqa: ANN401
    return [
        replace(
            ARTICLE,
            url=f"https://bao-thu.example/cho-{number}.html",
            published_at=NOW - timedelta(minutes=7 * number),
            **changed,
        )
        for number in range(count)
    ]


def alarms(past: Iterable[Article], new: Iterable[Article]) -> dict[str, dict[str, Any]]:
    watch = Watch("thu", [shape_of(one) for one in past], [])
    watch.see(new)
    return {alarm.kind: alarm.facts for alarm in watch.alarms(10**6)}


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"lead": ""}, "lead"),
        ({"authors": ()}, "authors"),
        ({"section": None}, "section"),
        ({"published_from": "json-ld"}, "date"),
        ({"parser": "generic/1"}, "parser"),
        ({"body": "Chỉ còn một câu."}, "length"),
    ],
)
def test_what_vanishes_from_all_new_pages_is_named(changed: dict[str, Any], kind: str) -> None:
    past = articles(30)
    found = alarms(past, articles(6, **changed))
    assert set(found) == {kind}
    assert (found[kind]["now"], found[kind]["of"], found[kind]["usual"]) == (0, 6, 30)
    assert alarms(past, articles(6)) == {}
    # One page in six is no layout, two new pages are none either, and what is usual is usual.
    assert alarms(past, articles(5) + articles(1, **changed)) == {}
    assert alarms(past, articles(2, **changed)) == {}
    assert alarms(articles(30, **changed), articles(6, **changed)) == {}
    # Nothing is usual for an outlet of nine articles.
    assert alarms(articles(9), articles(6, **changed)) == {}


def test_a_new_version_of_the_parser_is_no_new_layout() -> None:
    assert alarms(articles(30), articles(9, parser="vccorp/3")) == {}


def test_pages_that_all_show_the_same_day_are_named() -> None:
    same = [replace(one, published_at=NOW) for one in articles(8)]
    found = alarms(articles(30), same)
    assert set(found) == {"moments"}
    assert (found["moments"]["many"], found["moments"]["now"]) == (8, 1)
    pairs = [replace(one, published_at=NOW) for one in articles(2)] + articles(3)[2:]
    assert alarms(articles(30), pairs) == {}  # two stories that went out together


def test_pages_without_a_story_are_named_and_damaged_files_are_not() -> None:
    for stage, kinds in (("extract", ["unread"]), ("intake", [])):
        watch = Watch("thu", [], [])
        watch.see(articles(1))
        watch.refuse(Rejection(f"gone.warc.gz@{n}", stage, "no story") for n in range(9))
        assert [alarm.kind for alarm in watch.alarms(10**6)] == kinds
    assert (watch.pages, watch.tried) == (1, 1)


def test_an_outlet_that_is_always_hard_to_read_is_not_named_every_night() -> None:
    hard = [OutletRun(n, NOW, {"read": 2, "tried": 10}) for n in range(20)]
    for runs, kinds in (([], ["unread"]), (hard, [])):
        watch = Watch("thu", [], runs)
        watch.see(articles(2))
        watch.refuse([Rejection("gone.warc.gz@1", "extract", "no story")] * 8)
        assert [alarm.kind for alarm in watch.alarms(10**6)] == kinds


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60), st.integers(1, 60))
def test_more_pages_in_order_and_a_shorter_past_raise_no_alarm(
    now: int, of: int, good: int, bad: int
) -> None:
    now = min(now, of)
    told = fell(now, of, good, good + bad, rules())
    if now < of and not told:
        assert not fell(now + 1, of, good, good + bad, rules())
    if told:
        share = good / (good + bad)
        assert now <= share * of / 2
        assert comb(of, now) * share**now * (1 - share) ** (of - now) < rules().chance
        assert fell(now, of, 4 * good, 4 * (good + bad), rules())


@pytest.mark.parametrize("size", [3, 8, 20])
def test_real_press_raises_no_alarm(shared: Path, size: int) -> None:
    corpus = shared / "corpus" / "press-2024.jsonl.gz"
    if not corpus.is_file():
        pytest.skip("../shared/corpus is absent: real press texts are kept outside the project")
    outlets: dict[str, list[Article]] = {}
    for line in gzip.decompress(corpus.read_bytes()).splitlines():
        row = json.loads(line)
        when = datetime.fromisoformat(row["published_at"]) if row.get("published_at") else None
        article = Article(
            title=row.get("title") or "", lead=row.get("lead") or "", body=row.get("body") or "",
            url=row["url"], published_at=when, published_from="record" if when else None,
        )  # fmt: skip
        outlets.setdefault(row.get("outlet") or "", []).append(article)
    told, nights = [], 0
    for own in outlets.values():
        own.sort(key=lambda one: one.published_at or NOW)
        for at in range(rules().known_least, len(own) - size, size):
            nights += 1
            told += alarms(own[:at], own[at : at + size])
    assert nights > 20
    assert told == []


# --- silence -----------------------------------------------------------------------------------

OUTLET = Outlet.model_validate(
    {
        "id": "thu", "name": "Báo Thử", "home": "https://bao-thu.example", "level": "local",
        "family": "generic", "sections": ["https://bao-thu.example/"], "article_url": r"\.html$",
    }
)  # fmt: skip


def nights(pattern: str, found: int = 20) -> list[OutletRun]:
    """Return one night a sign, the last one day ago: how many new articles it brought."""
    return [
        OutletRun(n, NOW - timedelta(days=len(pattern) - n), {"found": found, "new": int(sign)})
        for n, sign in enumerate(pattern)
    ]


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("", None),
        ("0000000000", None),  # never anything: nothing is usual
        ("5", None),
        ("5555", None),
        ("5555555555", None),  # one day without news
        ("5555555550", "silent"),
        ("55550", None),  # no rhythm yet
        ("1111100111110011111", None),
        ("11111001111100111110", None),  # the weekend
        ("111110011111001111100", None),
        ("1111100111110011111000", None),
        ("11111001111100111110000", "silent"),  # Tuesday is over, too
        ("1000000100000010000001000000100000000", None),
        ("10000001000000100000010000001000000000", None),
        ("100000010000001000000100000010000000000", "silent"),
    ],
)
def test_silence_is_judged_by_the_outlets_own_rhythm(pattern: str, kind: str | None) -> None:
    found = silence(OUTLET, nights(pattern), NOW, 20, 0)
    assert (found and found.kind) == kind
    assert silence(OUTLET, nights(pattern), NOW, 20, 1) is None


def test_listings_that_name_nothing_are_told_the_same_night() -> None:
    found = silence(OUTLET, nights("2"), NOW, 0, 0)
    assert found is not None
    assert (found.kind, found.facts["before"]) == ("listings", 20)
    assert silence(OUTLET, nights("2", found=2), NOW, 0, 0) is None
    assert silence(OUTLET, [], NOW, 0, 0) is None


@pytest.mark.parametrize(
    ("expect", "pattern", "new", "kind"),
    [
        ({"min_per_week": 10}, "9111111111", 1, "few"),
        ({"min_per_week": 7}, "9111111111", 1, None),
        ({"min_per_week": 10}, "911111", 1, None),  # not watched for a week
        ({"max_per_week": 20}, "9999999999", 9, "many"),
        ({"max_per_week": 99}, "9999999999", 9, None),
        ({"max_per_week": 5}, "9", 9, None),
    ],
)
def test_a_week_is_compared_with_what_the_yaml_expects(
    expect: dict[str, int], pattern: str, new: int, kind: str | None
) -> None:
    outlet = OUTLET.model_copy(update={"expect": OUTLET.expect.model_copy(update=expect)})
    found = silence(outlet, nights(pattern), NOW, 20, new)
    assert (found and found.kind) == kind


def test_few_nights_a_week_say_nothing_of_a_week() -> None:
    outlet = OUTLET.model_copy(
        update={"expect": OUTLET.expect.model_copy(update={"min_per_week": 50})}
    )
    runs = [one for one in nights("1111111111") if one.run_id in (0, 5, 9)]
    assert silence(outlet, runs, NOW, 20, 1) is None


def test_shapes_hold_what_the_measures_ask_for() -> None:
    assert shape_of(ARTICLE) == Shape(
        ARTICLE.url, "vccorp/2", "meta", NOW, True, True, True, ARTICLE.words
    )
