"""What pages read beside the archive's answers: the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.archive.reads import YearCount, initiatives_of, outlet_names, stored_article, years
from kb.web.chart import HEIGHT, bars
from kb.web.night import LastRun, last_run
from tests.archive.conftest import scratch
from tests.web.stories import fill, stories


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """The archive of `stories.py` on one engine."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("reads") / "kb.sqlite"
        with Archive.open(f"sqlite:///{path}") as archive:
            fill(archive)
            yield archive
        return
    with scratch() as url, Archive.open(url) as archive:
        fill(archive)
        yield archive


def test_article_comes_with_its_current_text_mentions_and_history(filled: Archive) -> None:
    article, reading = stories()[0]
    found = stored_article(filled.engine, 1)
    assert found is not None
    for name in ("url", "outlet", "title", "lead", "body", "authors", "published_at", "words"):
        assert getattr(found, name) == getattr(article, name)
    assert found.mentions == reading.mentions
    assert [(one.number, one.current) for one in found.revisions] == [(1, False), (2, True)]
    assert found.revisions[1].words == article.words


@pytest.mark.parametrize("number", [-1, 0, 999, 2**31 - 1, 2**31, 10**30])
def test_numbers_that_no_article_has(filled: Archive, number: int) -> None:
    assert stored_article(filled.engine, number) is None


def test_initiatives_of_articles_in_order_of_the_text(filled: Archive) -> None:
    assert initiatives_of(filled.engine, [1, 2, 3, 5, 6]) == {
        1: ["design-festival"],
        2: ["design-centre"],
        3: ["creative-spaces", "design-festival"],
    }
    assert initiatives_of(filled.engine, []) == {}


def test_years_are_those_of_vietnam(filled: Archive) -> None:
    assert years(filled.engine, "design-centre") == [YearCount(2025, 1, 3)]
    assert years(filled.engine, "design-festival") == [
        YearCount(2023, 1, 1),
        YearCount(2024, 0, 0),
        YearCount(2025, 1, 3),
    ]
    assert years(filled.engine, "sea-forum") == []


def test_outlets_have_their_names(filled: Archive) -> None:
    assert outlet_names(filled.engine)["hanoimoi"] == "Hà Nội Mới"


def test_last_run_adds_up_outlets_and_whole_runs(filled: Archive) -> None:
    night = last_run(filled)
    assert night is not None
    assert (night.kind, night.finished, night.new, night.changed, night.failed) == (
        "nightly",
        True,
        45,
        1,
        2,
    )
    number = filled.start_run("ingest", {})
    running = last_run(filled)
    assert isinstance(running, LastRun)
    assert (running.kind, running.finished, running.new) == ("ingest", False, 0)
    filled.finish_run(number, "done", {"new": 3, "changed": 0, "rejected": 4})
    done = last_run(filled)
    assert done is not None
    assert (done.finished, done.new, done.failed) == (True, 3, 4)


def test_outlets_that_did_not_finish_count_as_failures(filled: Archive) -> None:
    number = filled.start_run("nightly", {})
    broken = {"new": 0, "changed": 0, "failed": 1, "error": "the crawl ended early"}
    filled.finish_run(number, "done with failures", {"outlets": {"a": broken, "b": broken}})
    night = last_run(filled)
    assert night is not None
    assert night.failed == 4


def test_bars_fill_the_width_and_the_highest_the_height() -> None:
    laid = bars([YearCount(2020, 1, 9), YearCount(2021, 0, 9), YearCount(2022, 4000, 9)])
    assert [bar.height for bar in laid] == [2, 0, HEIGHT]
    assert laid[-1].left + laid[-1].width < 100
    assert all(bar.left < bar.middle < bar.left + bar.width for bar in laid)
    assert [bar.labelled for bar in laid] == [True] * 3
    long = bars([YearCount(year, 1, 1) for year in range(2000, 2027)])
    assert sum(bar.labelled for bar in long) <= 8
    assert long[-1].labelled
    assert bars([]) == []
