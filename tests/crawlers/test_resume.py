"""Crawls that are cut off go on where they stopped, and ask for nothing that they have."""

from __future__ import annotations

import gzip
import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.captures import mend
from crawlers.child import CrawlReport, crawl
from crawlers.past import PENDING, Past
from crawlers.report import LOG
from kb.errors import CrawlError
from tests.crawlers.site import Answer, Hit, Site, site
from tests.crawlers.test_child import Started, started

__all__ = ["started"]

PATHS = [f"/bai-{number}.html" for number in range(1, 9)]


@pytest.fixture
def paper() -> Iterator[tuple[Site, threading.Event]]:
    """A newspaper with eight articles, half of them named by a sitemap only; the sixth does not
    answer until it is told to."""
    release = threading.Event()

    def hang(hit: Hit) -> Answer:
        release.wait(60)
        return Answer("<p>Bài sáu.</p>".encode())

    with site() as served:
        for path in PATHS:
            served.article(path, path)
        served.pages["/bai-6.html"] = hang
        served.section("/", *PATHS[:4])
        rows = "".join(f"<url><loc>{served.home}{path}</loc></url>" for path in PATHS[4:])
        served.pages["/con.xml"] = Answer(f"<urlset>{rows}</urlset>".encode(), type="text/xml")
        index = f"<sitemapindex><sitemap><loc>{served.home}/con.xml</loc></sitemap></sitemapindex>"
        served.pages["/ban-do.xml"] = Answer(index.encode(), type="text/xml")
        try:
            yield served, release
        finally:
            release.set()


def folder_of(served: Site, tmp_path: Path) -> Path:
    return served.outlet(tmp_path / "outlets", sitemaps=[f"{served.home}/ban-do.xml"])


def lines(report: CrawlReport) -> list[dict[str, Any]]:
    return [json.loads(text) for text in report.log.read_text(encoding="utf-8").splitlines()]


def stored(report: CrawlReport) -> Counter[str]:
    """Return how often each page is in the captures, all of them readable."""
    found: Counter[str] = Counter()
    for warc in report.warcs:
        with warc.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                if record.rec_type == "response":
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    found["/" + url.rpartition("/")[2]] += 1
    return found


def test_a_killed_crawl_goes_on_in_its_folder(
    paper: tuple[Site, threading.Event], started: Started, tmp_path: Path
) -> None:
    served, release = paper

    def kill_at_five(line: dict[str, object]) -> None:
        if str(line["url"]).endswith("/bai-5.html"):
            started[0].kill()

    folder, out = folder_of(served, tmp_path), tmp_path / "out"
    first = crawl(folder, [], out, run="dem", on_line=kill_at_five, timeout=900, restarts=0)
    assert (first.finish_reason, first.outlets["thu"].stored) == ("killed", 5)
    # the machine went down in the middle of a line, a row and a record
    for name, half in ((LOG, b'{"at": "2026'), (PENDING, b'{"outlet": "th')):
        with (out / name).open("ab") as file:
            file.write(half)
    (warc,) = first.warcs
    whole = warc.stat().st_size
    with warc.open("ab") as file:
        file.write(warc.read_bytes()[:200])
    release.set()
    served.hits.clear()

    seen: list[dict[str, object]] = []
    second = crawl(folder, [], out, run="dem", on_line=seen.append, timeout=900)

    assert second.finished
    assert served.paths() == ["/bai-6.html", "/bai-7.html", "/bai-8.html"]
    counts = second.outlets["thu"]
    assert (counts.found, counts.stored, counts.listed, counts.failed) == (8, 8, 3, 0)
    assert stored(second) == dict.fromkeys(PATHS, 1)
    assert warc.stat().st_size == whole
    assert [str(line["url"]).rpartition("/")[2] for line in seen] == [
        "robots.txt",
        "bai-6.html",
        "bai-7.html",
        "bai-8.html",
    ]


def test_a_child_that_dies_is_started_again(
    paper: tuple[Site, threading.Event], started: Started, tmp_path: Path
) -> None:
    served, release = paper

    def kill_once(line: dict[str, object]) -> None:
        if str(line["url"]).endswith("/bai-5.html"):
            started[0].kill()
            release.set()

    report = crawl(
        folder_of(served, tmp_path), [], tmp_path / "out", on_line=kill_once, timeout=900
    )

    assert (report.finished, report.restarts, len(started)) == (True, 1, 2)
    asked = Counter(served.paths())
    assert asked.pop("/bai-6.html") <= 2
    assert set(asked.values()) == {1}
    assert stored(report) == dict.fromkeys(PATHS, 1)
    assert (tmp_path / "out" / "child.log").read_text(encoding="utf-8") == ""


def test_the_budget_of_a_crawl_that_goes_on_is_what_is_left_of_it(
    paper: tuple[Site, threading.Event], started: Started, tmp_path: Path
) -> None:
    served, release = paper

    def kill_once(line: dict[str, object]) -> None:
        if str(line["url"]).endswith("/bai-3.html"):
            started[0].kill()
            release.set()

    report = crawl(
        folder_of(served, tmp_path),
        [],
        tmp_path / "out",
        on_line=kill_once,
        timeout=900,
        max_pages=7,
    )
    assert (report.finished, report.restarts) == (True, 1)
    counts = report.outlets["thu"]
    # the page under way when the child was killed may have been paid for
    assert 7 <= counts.stored <= 8
    assert counts.stored + counts.skipped >= 8 - 1


def test_a_crawl_over_its_time_goes_on_the_next_time(
    paper: tuple[Site, threading.Event],
    started: Started,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served, release = paper
    clock = [0.0]
    monkeypatch.setattr("crawlers.child.monotonic", lambda: clock[0])

    def an_hour_later(line: dict[str, object]) -> None:
        if str(line["url"]).endswith("/bai-5.html"):
            clock[0] += 3600

    folder, out = folder_of(served, tmp_path), tmp_path / "out"
    first = crawl(folder, [], out, on_line=an_hour_later, timeout=3599)
    assert (first.finish_reason, first.restarts, len(started)) == ("timeout", 0, 1)
    release.set()
    served.hits.clear()
    second = crawl(folder, [], out, timeout=900)
    assert second.finished
    assert second.outlets["thu"].stored == 8
    assert not {"/", "/ban-do.xml", "/con.xml", *PATHS[:5]} & set(served.paths())
    with pytest.raises(CrawlError, match="its own folder"):
        crawl(folder, [], out)


def test_what_failed_or_waited_is_asked_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with site() as served:
        for number in range(1, 7):
            served.article(f"/bai-{number}.html", f"Bài {number}")
        told = {
            "/bai-1.html": ("stored", 200),
            "/bai-2.html": ("failed", None),
            "/bai-3.html": ("failed", 500),
            "/bai-4.html": ("skipped", None),
            "/bai-5.html": ("skipped", 200),
            "/bai-6.html": ("gone", 404),
        }
        rows = [{"outlet": "thu", "url": f"{served.home}/", "kind": "section", "outcome": "listed"}]
        rows += [
            {
                "outlet": "thu",
                "url": served.home + path,
                "kind": "article",
                "outcome": outcome,
                "status": status,
            }
            for path, (outcome, status) in told.items()
        ]
        (out / LOG).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        pending = [
            {"outlet": "thu", "url": served.home + path, "kind": "article", "found_by": "/"}
            for path in told
        ]
        (out / PENDING).write_text("".join(json.dumps(row) + "\n" for row in pending))
        report = crawl(served.outlet(tmp_path / "outlets"), [], out, timeout=900)
        assert sorted(served.paths()) == ["/bai-2.html", "/bai-3.html", "/bai-4.html"]
    assert report.outlets["thu"].found == 6


def test_the_past_of_other_outlets_does_not_matter(tmp_path: Path) -> None:
    row = {"outlet": "khac", "url": "https://k.example/", "kind": "section", "outcome": "listed"}
    (tmp_path / LOG).write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert Past(tmp_path, ["thu"]).lines == []
    assert Past(tmp_path / "none", ["thu"]).pending == []


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_mending_takes_no_whole_record(tmp_path: Path, cut: int) -> None:
    records = [gzip.compress(b"WARC/1.1 " + bytes([65 + n]) * 3000) for n in range(3)]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(records))
    assert mend(path) == 0
    path.write_bytes(b"".join(records)[:-cut])
    assert mend(path) == len(records[2]) - cut
    assert path.read_bytes() == b"".join(records[:2])


def test_mending_leaves_damage_of_another_kind_alone(tmp_path: Path) -> None:
    records = [gzip.compress(b"WARC/1.1 " + bytes([65 + n]) * 3000) for n in range(3)]
    data = bytearray(b"".join(records))
    data[len(records[0])] ^= 0xFF
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    assert mend(path) == 0
    assert path.read_bytes() == bytes(data)
