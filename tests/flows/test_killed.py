"""Nights that are killed, each at another point: nothing lost, nothing doubled, nothing fetched
twice, and the report names it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import flows.nightly
from crawlers.past import PENDING
from flows.leftover import attempts, carry_over
from flows.runner import PlainRunner
from kb.archive import Archive
from kb.sample import SamplePress
from kb.settings import Settings
from tests.flows.cut import POINTS
from tests.flows.nights import STORIES, Night, articles, mentions, rows, run, settings

ROOT = Path(__file__).parents[2]
ENV = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
PAPERS = ("songhong",)
SURVIVED = ("the crawl itself", "a worker")
"""What dies there is no more than a part of the night."""


@pytest.fixture
def own(papers: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "outlets"
    folder.mkdir()
    for name in PAPERS:
        shutil.copy(papers / f"{name}.yaml", folder)
    return folder


def cut(point: str, home: Path, folder: Path) -> int:
    command = [sys.executable, "-m", "tests.flows.cut", point, str(home), str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=ENV, capture_output=True, text=True, timeout=900, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def content(home: Path) -> dict[str, Any]:
    """Return what an archive holds of the papers, without ids and times."""
    texts = {row["article_id"]: row for row in articles(home) if row["outlet"] in PAPERS}
    kept = ("url", "outlet", "title", "lead", "body", "authors", "published_at", "revisions")
    spans = Counter(
        (texts[m["article_id"]]["url"], m["entity_id"], m["field"], m["start"], m["end"])
        for m in mentions(home)
        if m["article_id"] in texts
    )
    return {
        "articles": sorted([[str(row[name]) for name in kept] for row in texts.values()]),
        "mentions": spans,
    }


@pytest.mark.parametrize("point", POINTS)
def test_nothing_is_lost_doubled_or_fetched_twice(
    point: str, first: Night, press: SamplePress, own: Path, tmp_path: Path
) -> None:
    home, before = tmp_path / "data", len(press.requests)
    code = cut(point, home, own)
    assert code == (0 if point in SURVIVED else -signal.SIGKILL)
    with Archive.open(settings(home).url, create=False) as archive:
        assert archive.runs()[0]["status"] == ("done" if code == 0 else "running")
    night = run(home, own)
    assert content(home) == content(first.home)
    paths = {
        (name, article.path) for name in PAPERS for article in press.press.papers[name].articles
    }
    asked = Counter(
        (one.paper, one.path)
        for one in press.requests[before:]
        if one.status == 200 and (one.paper, one.path) in paths
    )
    twice = sum(count - 1 for count in asked.values())
    assert set(asked) == paths
    # A crawl that dies has asked for pages that it could not write down: how many is a matter of
    # how busy the machine was, but what it did write down is not asked for again.
    assert twice < (len(paths) if "crawl" in point and point != "crawled" else 1)
    captures = rows(home, "capture")["capture"]
    assert Counter(row["status"] for row in captures if row["outcome"] == "stored") == {
        200: sum(STORIES[name] for name in PAPERS)
    }
    assert night.report.failures == 0
    with night.archive as archive:
        assert archive.quarantine() == []
        statuses = [one["status"] for one in archive.runs()]
        (told,) = [one["counts"] for one in archive.runs() if one["id"] == 1] or [None]
    needs = {need.kind: need.facts for need in night.report.needs}
    if point in SURVIVED:
        assert statuses == ["done", "done"]
        assert needs == {}
        assert {need["kind"] for need in told["needs"]} == {
            "the crawl itself": {"restarts"},
            "a worker": {"workers"},
        }[point]
        return
    assert statuses == ["done", "interrupted"]
    assert needs["interrupted"] == {"run": 1}
    if point == "captures noted":  # all is there, but for the end of the run
        assert set(needs) == {"interrupted"}
        return
    assert needs["resumed"]["files"] >= 1
    found = night.report.total.count
    if point in ("crawled", "in the transaction"):
        assert found.new + found.same == sum(STORIES[name] for name in PAPERS)
    (last,) = [one for one in run_counts(home) if one["resumed"]["files"]]
    assert last["resumed"] == needs["resumed"]
    if point != "crawled":
        return
    again = run(home, own)
    assert again.report.resumed.files == 0
    assert [need.kind for need in again.report.needs] == []


def test_what_is_taken_up_goes_where_captures_are_kept(own: Path, tmp_path: Path) -> None:
    home, there = tmp_path / "data", tmp_path / "elsewhere"
    assert cut("crawled", home, own) == -signal.SIGKILL
    assert list(home.rglob("*.warc.gz"))
    chosen = Settings(data_dir=home, workers=1, database_url="", captures=str(there))
    with Archive.open(chosen.url) as archive:
        report = flows.nightly.nightly(archive, PlainRunner(), chosen, folder=own)
    assert report.resumed.files == 1
    assert list(home.rglob("*.warc.gz")) == []
    assert {row["source_file"].startswith(str(there)) for row in articles(home)} == {True}


def run_counts(home: Path) -> list[dict[str, Any]]:
    with Archive.open(settings(home).url) as archive:
        return [one["counts"] for one in archive.runs() if one["counts"]]


def test_what_a_crawl_had_before_it_is_asked_for_by_the_next(tmp_path: Path) -> None:
    old, new = tmp_path / "20261101T000000-3" / "songhong-1", tmp_path / "new" / "songhong-1"
    old.mkdir(parents=True)
    urls = [f"https://bao.example/{n}\x85\u2028.html" for n in range(4)]
    lines = [
        f'{{"outlet": "songhong", "url": "{url}", "kind": "{kind}", "found_by": null, "page": 1}}\n'
        for url, kind in zip(urls, ("article", "article", "article", "section"), strict=True)
    ]
    (old / PENDING).write_text("".join(lines) + '{"cut', encoding="utf-8")
    log = '{{"url": "{}", "asked": null, "outcome": "{}"}}\n'
    told = log.format(urls[0], "stored") + log.format(urls[1], "failed")
    (old / "crawl.jsonl").write_text(told, encoding="utf-8")
    assert carry_over([old], "thudomoi", new) == 0
    assert not new.exists()
    assert carry_over([old], "songhong", new) == 2
    assert (new / PENDING).read_text(encoding="utf-8") == lines[1] + lines[2]


def test_only_folders_of_runs_without_an_end_are_looked_at(tmp_path: Path) -> None:
    captures = tmp_path / "captures"
    for number in (1, 2, 3, 9):
        (captures / f"20261101T00000{number}-{number}" / "songhong-1").mkdir(parents=True)
    (captures / "mine").mkdir()
    with Archive.open(settings(tmp_path).url) as archive:
        for status in ("interrupted", "done", "failed"):
            archive.finish_run(archive.start_run("nightly", {}), status, {})
        own = archive.start_run("nightly", {})
        found = [folder.parent.name[-1] for folder in attempts(archive, captures, own)]
        # 9 is a run after the backup that this archive was restored from.
        assert found == ["3", "9"]
        assert attempts(archive, tmp_path / "none", own) == []
    assert flows.nightly.attempts is attempts
