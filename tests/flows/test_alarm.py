"""The layout alarm: newspapers change overnight, and exactly those are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from flows.alarm import Alarm
from flows.nightly import NightReport
from kb.archive import Archive
from kb.archive.tables import metadata
from kb.sample import SamplePress, load_press, outlets
from tests.flows.nights import Night, copied, run, settings

PAPERS = ("songhong", "thudomoi", "tinnhanhviet", "khongdoi")


@pytest.fixture(scope="module")
def press() -> Iterator[SamplePress]:
    """Four papers: those of the sample press, and one more of the first one's system."""
    press = load_press()
    twin = replace(press.papers["songhong"], id="khongdoi", name="Báo Không Đổi")
    with SamplePress(press=replace(press, papers={**press.papers, "khongdoi": twin})) as served:
        yield served


@pytest.fixture(scope="module")
def papers(press: SamplePress, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("four")
    outlets(press, folder)
    return folder


@pytest.fixture(scope="module")
def first(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    return run(tmp_path_factory.mktemp("first"), papers)


def week(home: Path, **last: int) -> None:
    """Put the first night eight days back and seven nights with one new article behind it; an
    outlet named with N days brought its last one N days ago."""
    runs = metadata.tables["run"]
    with Archive.open(settings(home).url) as archive, archive.engine.begin() as connection:
        ((first,),) = connection.execute(select(func.max(runs.c.id)))
        now = datetime.now(UTC)
        connection.execute(runs.update().values(started_at=now - timedelta(days=8)))
        for ago in range(7, 0, -1):
            counts = {n: {"found": 12, "new": int(ago >= last.get(n, 1))} for n in PAPERS}
            at = now - timedelta(days=ago)
            row = {"id": first + 8 - ago, "kind": "nightly", "detail": {}, "status": "done"}
            values = row | {"started_at": at, "finished_at": at, "counts": {"outlets": counts}}
            connection.execute(runs.insert().values(**values))


def named(report: NightReport) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for alarm in report.alarms:
        found.setdefault(alarm.outlet, set()).add(alarm.kind)
    return found


def test_a_first_and_an_ordinary_second_night_raise_no_alarm(
    first: Night, papers: Path, tmp_path: Path
) -> None:
    second = run(copied(first, tmp_path), papers)
    for night in (first, second):
        assert night.report.alarms == []
        assert sum(one.watched["asked"] for one in night.report.outlets.values()) == (
            20 if night is first else 0
        )


def test_exactly_the_papers_that_changed_are_named(
    first: Night, papers: Path, press: SamplePress, tmp_path: Path
) -> None:
    home = copied(first, tmp_path)
    week(home, tinnhanhviet=3)
    press.redesigns = {"songhong": "renamed", "thudomoi": "undated"}
    try:
        night = run(home, papers)
    finally:
        press.redesigns = {}
    assert named(night.report) == {
        "songhong": {"parser"},
        "thudomoi": {"date"},
        "tinnhanhviet": {"silent"},
    }
    by_kind = {alarm.kind: alarm for alarm in night.report.alarms}
    renamed = by_kind["parser"]
    assert renamed.facts["before"].startswith("vccorp/")
    assert not renamed.facts["instead"].startswith("vccorp/")
    assert (renamed.facts["now"], renamed.facts["of"]) == (0, 12)
    assert by_kind["date"].facts["before"] == "visible"
    assert by_kind["date"].facts["instead"] == "–"  # today's, above the menu, is not the story's
    assert by_kind["silent"].facts["days"] == 3
    for kind, paper in (("parser", "songhong"), ("date", "thudomoi")):
        both_readings(by_kind[kind], press, paper)
    # The ledger keeps them as they were told.
    with night.archive as archive:
        kept = archive.runs(1)[0]["counts"]["alarms"]
    assert [(row["outlet"], row["kind"]) for row in kept] == [
        (alarm.outlet, alarm.kind) for alarm in night.report.alarms
    ]
    assert kept[0]["opinion"]["theirs"]["words"] > 50


def both_readings(alarm: Alarm, press: SamplePress, paper: str) -> None:
    stories = {press.url(paper, one.slug): one for one in press.press.papers[paper].articles}
    assert alarm.url in stories
    assert alarm.opinion is not None
    for reading in (alarm.opinion.ours, alarm.opinion.theirs):
        assert reading.begins.split()[:5] == stories[alarm.url].paragraphs[0].split()[:5]
        assert reading.words > 50


@pytest.mark.parametrize(
    ("redesign", "kinds"),
    [("unsigned", {"authors"}), ("paywalled", {"length"}), ("moved", {"listings"})],
)
def test_fields_that_vanish_text_that_shrinks_and_lists_that_lead_nowhere(
    first: Night,
    papers: Path,
    press: SamplePress,
    tmp_path: Path,
    redesign: str,
    kinds: set[str],
) -> None:
    home = copied(first, tmp_path)
    press.redesigns = {"thudomoi": redesign}
    try:
        night = run(home, papers, "thudomoi", "khongdoi")
    finally:
        press.redesigns = {}
    found = named(night.report)
    assert set(found) == {"thudomoi"}
    # Where next to nothing is left, the second opinion may take a box for the story.
    assert found["thudomoi"] - {"opinion"} == kinds
