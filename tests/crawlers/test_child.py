"""The child process: killed, late, refused, or left alone by its parent."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.child import CrawlReport, crawl
from kb.errors import CrawlError
from tests.crawlers.site import Answer, Hit, Site, site

Started = list[subprocess.Popen[bytes]]


@pytest.fixture
def slow() -> Iterator[tuple[Site, threading.Event]]:
    """A newspaper with two articles and a third that does not answer until told."""
    release = threading.Event()

    def hang(hit: Hit) -> Answer:
        release.wait(60)
        return Answer(b"<p>Muon.</p>")

    with site() as served:
        served.article("/mot-1.html", "Một")
        served.article("/hai-2.html", "Hai")
        served.pages["/treo-3.html"] = hang
        served.section("/", "/mot-1.html", "/hai-2.html", "/treo-3.html")
        try:
            yield served, release
        finally:
            release.set()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The child processes that a test starts."""
    found: Started = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr("crawlers.child.subprocess.Popen", Recorded)
    monkeypatch.setattr("crawlers.child.GRACE", 0.5)
    return found


def stored(report: CrawlReport) -> list[str]:
    """Return the addresses of the readable response records."""
    (warc,) = report.warcs
    with warc.open("rb") as file:
        return [
            record.rec_headers.get_header("WARC-Target-URI").rpartition("/")[2]
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "response"
        ]


def test_a_killed_crawl_is_not_finished_and_keeps_what_it_had(
    slow: tuple[Site, threading.Event], started: Started, tmp_path: Path
) -> None:
    paper, _ = slow
    out = tmp_path / "out"

    def kill_after_two(line: dict[str, object]) -> None:
        if str(line["url"]).endswith("hai-2.html"):
            started[0].kill()

    folder = paper.outlet(tmp_path / "outlets")
    report = crawl(folder, [], out, on_line=kill_after_two, timeout=900, restarts=0)

    assert not report.finished
    assert report.finish_reason == "killed"
    assert stored(report) == ["mot-1.html", "hai-2.html"]
    assert report.outlets["thu"].stored == 2
    assert not (out / "stats.json").exists()


def test_a_crawl_over_its_time_is_stopped(
    slow: tuple[Site, threading.Event],
    started: Started,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper, _ = slow
    clock = [0.0]
    monkeypatch.setattr("crawlers.child.monotonic", lambda: clock[0])

    def an_hour_later(line: dict[str, object]) -> None:
        if str(line["url"]).endswith("hai-2.html"):
            clock[0] += 3600

    folder = paper.outlet(tmp_path / "outlets")
    report = crawl(folder, [], tmp_path / "out", on_line=an_hour_later, timeout=3599)

    assert (report.finished, report.finish_reason) == (False, "timeout")
    assert stored(report) == ["mot-1.html", "hai-2.html"]
    assert [child.poll() is not None for child in started] == [True]


def test_an_error_in_the_caller_leaves_no_child_behind(
    slow: tuple[Site, threading.Event], started: Started, tmp_path: Path
) -> None:
    paper, _ = slow

    def broken(line: dict[str, object]) -> None:
        raise RuntimeError("the caller's own")

    with pytest.raises(RuntimeError, match="caller's own"):
        crawl(paper.outlet(tmp_path / "outlets"), [], tmp_path / "out", on_line=broken)
    assert [child.poll() is not None for child in started] == [True]


def test_a_child_without_its_parent_stops(
    slow: tuple[Site, threading.Event], tmp_path: Path
) -> None:
    paper, _ = slow
    command = [sys.executable, "-m", "crawlers", "--outlets", str(paper.outlet(tmp_path / "o"))]
    nobody = "1"  # not the process that starts it here
    with subprocess.Popen([*command, "--out", str(tmp_path / "out"), "--parent", nobody]) as child:
        child.wait(60)
    assert child.returncode == -signal.SIGTERM
    assert not (tmp_path / "out" / "stats.json").exists()


def test_a_page_above_the_limit_is_not_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_MAX_PAGE_BYTES", "2000")
    with site() as paper:
        paper.article("/dai-1.html", "Dài " * 2000)
        paper.article("/ngan-2.html", "Ngắn")
        paper.section("/", "/dai-1.html", "/ngan-2.html")
        report = crawl(paper.outlet(tmp_path / "outlets"), [], tmp_path / "out", timeout=900)
    assert report.finished
    assert stored(report) == ["ngan-2.html"]
    assert report.outlets["thu"].failed == 1
    assert [hit.path for hit in paper.hits].count("/dai-1.html") == 1


def test_a_crawl_that_cannot_write_is_not_finished(tmp_path: Path) -> None:
    with site() as paper:
        paper.article("/mot-1.html", "Một")
        paper.section("/", "/mot-1.html")
        folder = paper.outlet(tmp_path / "outlets")
        for day in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)):
            (tmp_path / "out" / f"thu-dem-{day:%Y%m%d}-00001.warc.gz").mkdir(parents=True)
        report = crawl(folder, [], tmp_path / "out", timeout=900, run="dem")
    assert not report.finished
    assert report.finish_reason.startswith("cannot write captures")
    assert report.outlets["thu"].stored == 0


def test_a_folder_with_an_earlier_crawl_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stats.json").write_text('{"finish_reason": "finished"}', encoding="utf-8")
    with pytest.raises(CrawlError, match="its own folder"):
        crawl(None, ["vnexpress"], tmp_path)


def test_wrong_arguments_are_told(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match="no outlet bao-la"):
        crawl(None, ["bao-la"], tmp_path / "out")


def test_the_parent_does_not_load_scrapy() -> None:
    code = "import sys, crawlers.child; print('scrapy' in sys.modules, 'twisted' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
