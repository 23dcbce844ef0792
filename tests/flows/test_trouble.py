"""Nights on which something goes wrong: the others complete, and the next night mends it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from threading import local
from time import monotonic
from typing import TypeVar

import pytest

import crawlers.child
import flows.crawling
import flows.nightly
import flows.runner
from crawlers.child import CrawlReport, crawl
from crawlers.report import STATS
from flows.nightly import NightReport, OutletNight, choose_outlets
from flows.runner import PlainRunner
from kb.archive import Archive
from kb.errors import ConfigError, CrawlError
from tests.flows.nights import STORIES, articles, run, settings
from tests.flows.silent import SILENT, STORY, closed_port, declare, falling_silent

T = TypeVar("T")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.runner, "RETRY_SECONDS", 0.0)


def test_a_dead_and_a_silent_outlet_stop_no_other(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "outlets"
    folder.mkdir()
    shutil.copy(papers / "tinnhanhviet.yaml", folder)
    declare(folder, "dead", f"http://127.0.0.1:{closed_port()}")
    with falling_silent() as (home, asked):
        declare(folder, "silent", home)

        own = local()

        def noting(where: Path, ids: list[str], *rest: object, **more: object) -> CrawlReport:
            own.crawls = ids
            return crawl(where, ids, *rest, **more)  # type: ignore[arg-type]

        def clock() -> float:
            """Return the time; for the crawl that waits in vain hours have gone by."""
            waiting = own.crawls == ["silent"] and asked.is_set()
            return monotonic() + (crawlers.child.TIMEOUT if waiting else 0.0)

        monkeypatch.setattr(flows.crawling, "crawl", noting)
        monkeypatch.setattr(crawlers.child, "monotonic", clock)
        monkeypatch.setattr(crawlers.child, "GRACE", 1.0)
        night = run(tmp_path / "data", folder)
        assert asked.is_set()
    report = night.report.outlets
    assert report["tinnhanhviet"].tally.count.new == STORIES["tinnhanhviet"]
    assert (report["tinnhanhviet"].error, report["tinnhanhviet"].failed) == (None, 0)
    assert "timeout" in str(report["silent"].error)
    assert report["dead"].failed
    assert night.report.failures >= 2
    # What the silent one had sent before is kept.
    found = [row["url"] for row in articles(night.home) if row["outlet"] == "silent"]
    assert found == [home + STORY]
    with night.archive as archive:
        (ended,) = archive.runs()
        aside = archive.quarantine()
    assert ended["status"] == "done with failures"
    assert "timeout" in ended["counts"]["outlets"]["silent"]["error"]
    assert {row["stage"] for row in aside} == {"crawl"}
    assert {row["source"] for row in aside} & {"silent", home + SILENT}
    assert any("127.0.0.1" in row["source"] and home not in row["source"] for row in aside)
    assert all(row["reason"] and "\n" not in row["reason"] for row in aside)


# --- the parts ---------------------------------------------------------------------------------


def test_a_step_is_tried_again_and_its_last_error_told() -> None:
    calls: list[str] = []

    def once() -> str:
        calls.append("once")
        if len(calls) < 2:
            raise CrawlError("not yet")
        return "done"

    def never() -> str:
        raise CrawlError("never")

    assert dict(PlainRunner().run({"once": once})) == {"once": "done"}
    assert calls == ["once", "once"]
    ((name, error),) = PlainRunner().run({"never": never})
    assert name == "never"
    assert isinstance(error, CrawlError)
    assert str(error) == "never"


def test_an_interruption_is_no_failed_step() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(PlainRunner().run({"one": interrupted}))


def test_a_crawl_that_cannot_start_is_an_error_of_its_outlet(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **more: object) -> CrawlReport:
        raise CrawlError("the crawl could not be started: no memory")

    monkeypatch.setattr(flows.crawling, "crawl", refuse)
    night = run(tmp_path, papers, "songhong")
    assert night.report.outlets["songhong"].error == "the crawl could not be started: no memory"
    with night.archive as archive:
        (row,) = archive.quarantine()
    assert (row["source"], row["stage"]) == ("songhong", "crawl")
    assert night.said[-1] == ("songhong", "done")


def test_a_run_that_is_broken_off_is_noted_as_failed(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def run(self, steps: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, T | Exception]]:
            raise KeyboardInterrupt

    broken = partial(flows.nightly.nightly, runner=Broken(), settings=settings(tmp_path))
    with Archive.open(settings(tmp_path).url) as archive:
        with pytest.raises(KeyboardInterrupt):
            broken(archive, folder=papers)
        assert [one["status"] for one in archive.runs()] == ["failed"]


def test_unknown_and_switched_off_outlets_are_refused(papers: Path, tmp_path: Path) -> None:
    assert choose_outlets(papers, ()) == sorted(STORIES)
    assert choose_outlets(papers, ("thudomoi",)) == ["thudomoi"]
    with pytest.raises(ConfigError, match="no outlet bao-la, bao-khac"):
        choose_outlets(papers, ("bao-la", "thudomoi", "bao-khac"))
    text = (papers / "songhong.yaml").read_text(encoding="utf-8")
    off = text.replace("enabled: true", "enabled: false")
    (tmp_path / "songhong.yaml").write_text(off, encoding="utf-8")
    with pytest.raises(ConfigError, match="switched off"):
        choose_outlets(tmp_path, ())
    assert choose_outlets(tmp_path, ("songhong",)) == ["songhong"]


def test_a_crawl_log_cut_short_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    log = tmp_path / "crawl.jsonl"
    log.write_text('{"kind": "article"}\n{"kind": "art', encoding="utf-8")
    assert list(flows.crawling.log_lines(log)) == [{"kind": "article"}]
    assert list(flows.crawling.log_lines(tmp_path / "none.jsonl")) == []


def test_a_crawl_that_was_cut_off_is_gone_on_with_and_a_finished_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[tuple[str, object]] = []

    def note(where: Path, ids: list[str], out: Path, **more: object) -> None:
        out.mkdir(parents=True, exist_ok=True)
        used.append((out.name, more["since"]))
        if len(used) > 1:  # the first one is cut off
            (out / STATS).write_text('{"finish_reason": "finished"}', encoding="utf-8")

    monkeypatch.setattr(flows.crawling, "crawl", note)
    day = date(2026, 11, 1)
    plan = flows.crawling.CrawlPlan(None, tmp_path, tmp_path / "known.jsonl", "run", day)
    for _ in range(3):
        flows.crawling.crawl_outlet(plan, "songhong", lambda line: None)
    assert used == [("songhong-1", day), ("songhong-1", day), ("songhong-2", day)]


def test_failures_count_items_and_outlets() -> None:
    nights = {
        "a": OutletNight(failed=2),
        "b": OutletNight(error="timeout"),
        "c": OutletNight(gone=4, refused=1),
    }
    assert NightReport(1, nights).failures == 3
    assert NightReport(1, {"c": nights["c"]}).failures == 0
