"""One crawl of a good newspaper among hostile ones: each meets its limit and has its line."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from time import sleep
from typing import Any

import pytest

from crawlers.child import CrawlReport, crawl
from crawlers.links import TAGS
from crawlers.report import OutletCounts
from tests.crawlers.hostile import HEAD, Serve, bomb, chunk, layered, page, raw
from tests.crawlers.site import Answer, Hit, Site, site

LIMIT = 3_000_000
"""Bytes of the largest page that this crawl takes in."""
XML = "application/xml"


def _good(paper: Site) -> None:
    for number in range(1, 6):
        paper.article(f"/bai-{number}.html", f"Bài {number}")
    paper.section("/", *(f"/bai-{number}.html" for number in range(1, 6)))


def _circle(paper: Site) -> None:
    """Redirects in a circle, and away without end; one wants its cookie back."""
    paper.section("/", "/vong-1.html", "/mai-2.html", "/banh-quy-3.html")
    paper.pages["/vong-1.html"] = Answer(status=302, headers={"Location": "/vong-1.html"})
    paper.pages["/banh-quy-3.html"] = Answer(
        status=302, headers={"Location": "/banh-quy-3.html", "Set-Cookie": "phien=1; Path=/"}
    )

    def onward(hit: Hit) -> Answer:
        nights = hit.path.count("x")
        paper.pages[f"/mai-{'x' * (nights + 1)}-2.html"] = onward
        return Answer(status=301, headers={"Location": f"/mai-{'x' * (nights + 1)}-2.html"})

    paper.pages["/mai-2.html"] = onward


def _lost(paper: Site) -> None:
    """Its robots.txt leads in a circle."""
    paper.pages["/robots.txt"] = Answer(status=302, headers={"Location": "/robots.txt"})
    paper.section("/", "/bai-1.html")


def _bombs(paper: Site) -> None:
    """Packs gigabytes into a page, a sitemap and layers."""
    packed = {"Content-Encoding": "gzip"}
    paper.pages["/bom-1.html"] = Answer(bomb(LIMIT * 20), headers=packed)
    paper.pages["/lop-2.html"] = Answer(
        layered(b"<p>Sau tam lop.</p>", 8), headers={"Content-Encoding": ", ".join(["gzip"] * 8)}
    )
    paper.pages["/giả-3.html"] = Answer(b"<p>Khong nen.</p>", headers=packed)
    paper.pages["/gia-3.html"] = paper.pages.pop("/giả-3.html")
    paper.pages["/ban-do.xml.gz"] = Answer(bomb(LIMIT * 20), type="application/gzip")
    paper.section("/", "/bom-1.html", "/lop-2.html", "/gia-3.html")


def _charsets(paper: Site) -> None:
    """Says of every page that it is written in something else."""
    paper.pages["/"] = Answer(
        '<meta charset="utf-7"><p>Hà Nội</p><a href="/sai-1.html">Một</a>'.encode(
            "cp1258", "replace"
        ),
        type="text/html; charset=utf-16",
    )
    feed = (
        '<?xml version="1.0" encoding="x-chu-la"?><rss><item><link>/sai-2.html</link></item></rss>'
    )
    paper.pages["/home.rss"] = Answer(feed.encode(), type="application/rss+xml; charset=khong-co")
    paper.pages["/sai-1.html"] = Answer(
        "<p>Chữ Việt</p>".encode(), type="text/html; charset=khong-co"
    )
    paper.pages["/sai-2.html"] = Answer(b"\xff\xfe\x00\xd8<p>", type="text/html; charset=utf-8")


def _sitemaps(paper: Site) -> None:
    """Sitemaps that name each other, themselves, and ever new ones."""

    def index(*names: str) -> Answer:
        rows = "".join(f"<sitemap><loc>{paper.home}{name}</loc></sitemap>" for name in names)
        return Answer(f"<sitemapindex>{rows}</sitemapindex>".encode(), type=XML)

    def deeper(hit: Hit) -> Answer:
        number = int(hit.path[3:-4]) + 1
        paper.pages[f"/su{number}.xml"] = deeper
        return index("/a.xml", f"/su{number}.xml")

    paper.section("/", "/bai-1.html")
    paper.article("/bai-1.html", "Bài một")
    paper.pages |= {"/a.xml": index("/b.xml", "/a.xml", "/su0.xml"), "/b.xml": index("/a.xml")}
    paper.pages["/su0.xml"] = deeper


def _calendar(paper: Site) -> None:
    """A calendar: every page names the next one and articles that nobody wrote."""

    def month(hit: Hit) -> Answer:
        number = int(hit.path.rpartition("=")[2]) if "=" in hit.path else 1
        paper.pages[f"/lich?trang={number + 1}"] = month
        links = "".join(f'<a href="/ngay-{number}{day:02}.html">{day}</a>' for day in range(1, 31))
        return Answer(f'{links}<a rel="next" href="/lich?trang={number + 1}">Sau</a>'.encode())

    def day(hit: Hit) -> Answer:
        return Answer(f"<p>Chưa có sự kiện.</p><i>{hit.path}</i>".encode())

    paper.pages["/lich"] = month
    paper.pages |= {f"/ngay-{m}{d:02}.html": day for m in range(1, 9) for d in range(1, 31)}


def _names(paper: Site) -> None:
    """Every page says that its own address is another one."""

    def other(hit: Hit) -> Answer:
        number = int(hit.path[5:-5]) + 1
        path = f"/ten-{number}.html"
        paper.pages.setdefault(path, other)
        return Answer(f'<head><link rel="canonical" href="{path}"></head>Bài {number}'.encode())

    paper.pages["/ten-1.html"] = other
    paper.section("/", "/ten-1.html")


def _nodes(paper: Site) -> None:
    """A front page, a feed and an article of two million elements."""
    paper.pages["/"] = Answer(b'<a href="/nut-1.html">x</a>' + b"<b>" * (LIMIT // 3 - 100))
    paper.pages["/home.rss"] = Answer(b"<rss>" + b"<a/>" * (LIMIT // 4 - 100), type=XML)
    paper.pages["/nut-1.html"] = Answer(b"<html><body>" + b"<p>" * (LIMIT // 3 - 100))


PAPERS: dict[str, tuple[Callable[[Site], None], dict[str, Any]]] = {
    "tot": (_good, {}),
    "vong": (_circle, {}),
    "lac": (_lost, {}),
    "bom": (_bombs, {"sitemaps": ["/ban-do.xml.gz"]}),
    "chu": (_charsets, {"feeds": ["/home.rss"]}),
    "bando": (_sitemaps, {"sitemaps": ["/a.xml"], "limits": {"sitemaps": 12}}),
    "lich": (_calendar, {"sections": ["/lich"], "limits": {"pages": 40, "section_pages": 4}}),
    "ten": (_names, {}),
    "nut": (_nodes, {"feeds": ["/home.rss"]}),
}


def _drip(line: socket.socket) -> None:
    """A byte now and then."""
    line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    for _ in range(100):
        line.sendall(b"x")
        sleep(0.2)


def _said(line: socket.socket) -> None:
    """Ten gigabytes, as it says."""
    line.sendall(HEAD + b"Content-Length: 10000000000\r\n\r\n")
    _flood(line, b"x" * 65536)


def _unsaid(line: socket.socket) -> None:
    """Ten gigabytes of which it does not speak."""
    line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    _flood(line, chunk(b"x" * 65536))


def _headers(line: socket.socket) -> None:
    """Headers without end."""
    line.sendall(HEAD)
    _flood(line, b"X-Them: " + b"x" * 1000 + b"\r\n")


def _half(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n<p>Nua trang")


def _noise(line: socket.socket) -> None:
    """No HTTP at all."""
    line.sendall(b"\x00\x01\x02 chao ban\r\n\r\n")


def _silence(line: socket.socket) -> None:
    sleep(5)


def _flood(line: socket.socket, block: bytes) -> None:
    with suppress(OSError):
        for _ in range(10_000_000_000 // len(block)):
            line.sendall(block)


RUDE: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "giot": (_drip, "no whole answer in time"),
    "im": (_silence, "no whole answer in time"),
    "dai": (_said, f"larger than {LIMIT} bytes"),
    "rong": (_unsaid, "larger than a page may be"),
    "dau": (_headers, "headers larger than 1000000 bytes"),
    "nua": (_half, "the answer broke off"),
    "la": (_noise, "the answer is not HTTP"),
}
"""What no proper server sends, and what the log says of it."""


def _rude(act: Callable[[socket.socket], None]) -> Serve:
    def serve(path: str, line: socket.socket) -> None:
        if path == "/":
            page(line, b'<a href="/bai-1.html">x</a>')
        else:
            act(line)

    return serve


@dataclass
class Visit:
    """What one newspaper saw, and what the log says of it: outcome and reason by path."""

    paper: Site
    counts: OutletCounts
    lines: dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def night(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[CrawlReport, dict[str, Visit]]]:
    folder = tmp_path_factory.mktemp("hostile")
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("KB_MAX_PAGE_BYTES", str(LIMIT))
        papers: dict[str, Site] = {}
        for name, (build, more) in PAPERS.items():
            paper = papers[name] = stack.enter_context(site())
            build(paper)
            full = {
                key: [paper.home + path for path in value] if isinstance(value, list) else value
                for key, value in more.items()
            }
            paper.outlet(folder / "outlets", id=name, delay=0.01, **full)
        for name, (act, _) in RUDE.items():
            rude = papers[name] = stack.enter_context(raw(_rude(act)))
            rude.outlet(folder / "outlets", id=name, delay=0.01, limits={"timeout": 1.0})
        report = crawl(folder / "outlets", [], folder / "out", timeout=900)
        texts = report.log.read_text(encoding="utf-8").splitlines()
        rows = list(map(json.loads, texts))
        yield (
            report,
            {
                name: Visit(
                    paper,
                    report.outlets[name],
                    {
                        row["url"].removeprefix(paper.home): (row["outcome"], row["reason"] or "")
                        for row in rows
                        if row["outlet"] == name
                    },
                )
                for name, paper in papers.items()
            },
        )


Night = tuple[CrawlReport, dict[str, Visit]]


def test_the_crawl_comes_to_its_end_without_a_fault_of_its_own(night: Night) -> None:
    report, _ = night
    assert (report.finished, report.restarts, report.errors) == (True, 0, 0)
    assert (report.log.parent / "child.log").read_text(encoding="utf-8") == ""


def test_the_good_newspaper_is_read_whole(night: Night) -> None:
    counts = night[1]["tot"].counts
    assert (counts.stored, counts.failed, counts.given_up) == (5, 0, None)


def test_redirects_end_and_cookies_are_not_sent(night: Night) -> None:
    visit = night[1]["vong"]
    for path in ("/vong-1.html", "/mai-2.html", "/banh-quy-3.html"):
        outcome, reason = visit.lines[path]
        assert outcome == "failed"
        assert reason.startswith("redirected again and again")
    assert visit.paper.paths().count("/vong-1.html") == 6
    assert all("Cookie" not in hit.headers for hit in visit.paper.hits)


def test_a_robots_txt_without_an_answer_closes_the_outlet(night: Night) -> None:
    visit = night[1]["lac"]
    assert visit.lines["/robots.txt"] == (
        "failed",
        "redirected again and again: nothing is allowed",
    )
    assert visit.lines["/"] == ("refused", "Forbidden by robots.txt")
    assert {hit.path for hit in visit.paper.hits} == {"/robots.txt"}


def test_bombs_do_not_go_off(night: Night) -> None:
    lines = night[1]["bom"].lines
    unpacked = f"larger than {LIMIT} bytes when unpacked"
    assert lines["/bom-1.html"] == ("failed", unpacked)
    assert lines["/ban-do.xml.gz"] == ("failed", f"no feed or sitemap: {unpacked}")
    assert lines["/gia-3.html"] == ("failed", "cannot be unpacked")
    assert lines["/lop-2.html"][0] == "stored"


def test_wrong_charsets_hide_nothing(night: Night) -> None:
    visit = night[1]["chu"]
    assert visit.counts.stored == 2
    assert visit.counts.failed == 0


def test_sitemaps_in_a_circle_are_read_once_and_ever_new_ones_to_the_limit(night: Night) -> None:
    visit = night[1]["bando"]
    asked = [path for path in visit.paper.paths() if path.endswith(".xml")]
    assert len(asked) == len(set(asked)) == 13
    skipped = [text for outcome, text in visit.lines.values() if outcome == "skipped"]
    assert skipped == ["only 12 sitemaps are read in one run; this and older ones wait"]


def test_a_calendar_ends_with_the_budget(night: Night) -> None:
    visit = night[1]["lich"]
    paths = visit.paper.paths()
    assert len([path for path in paths if path.startswith("/ngay")]) == 40
    assert len([path for path in paths if path.startswith("/lich")]) <= 4
    assert "beyond the budget of 40 pages" in visit.lines["/lich?trang=2"][1]


def test_pages_that_name_ever_new_addresses_cost_one_request_more(night: Night) -> None:
    visit = night[1]["ten"]
    assert visit.paper.paths() == ["/", "/ten-1.html", "/ten-2.html"]
    assert visit.lines["/ten-1.html"] == ("skipped", f"same story as {visit.paper.home}/ten-2.html")
    assert visit.lines["/ten-2.html"][0] == "stored"


def test_a_million_nodes_are_read_to_the_limit(night: Night) -> None:
    lines = night[1]["nut"].lines
    assert lines["/"] == ("listed", f"1 article links, no more than {TAGS} tags are read")
    assert lines["/home.rss"][0] == "listed"
    assert lines["/nut-1.html"][0] == "stored"


@pytest.mark.parametrize("name", RUDE)
def test_what_no_server_should_send_has_a_plain_reason(night: Night, name: str) -> None:
    outcome, said = night[1][name].lines["/bai-1.html"]
    assert (outcome, said[: len(RUDE[name][1])]) == ("failed", RUDE[name][1])


@pytest.mark.parametrize("name", ["dai", "rong"])
def test_ten_gigabytes_are_not_taken_in(night: Night, name: str) -> None:
    assert night[1][name].counts.bytes < 2 * LIMIT
