"""One crawl of nine newspapers, each with its own wishes: every one is heard."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from crawlers.child import CrawlReport, crawl
from crawlers.report import OutletCounts
from tests.crawlers.site import Answer, Hit, Site, site


@dataclass
class Visit:
    """What one newspaper saw, and what the log says of it."""

    paper: Site
    counts: OutletCounts
    lines: dict[str, dict[str, Any]]


def _cam(paper: Site) -> None:
    """Forbids one folder to everybody and another to us, and wants 1 s between requests."""
    paper.pages["/robots.txt"] = Answer(
        b"User-agent: *\nDisallow: /kin/\n\nUser-agent: vietnamese-press-kb\n"
        b"Disallow: /rieng/\nCrawl-delay: 1\n",
        type="text/plain",
    )
    paper.article("/kin/a-1.html", "Cấm người khác")
    paper.article("/rieng/b-2.html", "Cấm chúng ta")
    paper.section("/", "/kin/a-1.html", "/rieng/b-2.html")


def _hong(paper: Site) -> None:
    """Cannot answer for its robots.txt."""
    paper.pages["/robots.txt"] = Answer(status=500)
    paper.section("/", "/a-1.html")


def _ban(paper: Site) -> None:
    """Is too busy once."""

    def busy_once(hit: Hit) -> Answer:
        if [each.path for each in paper.hits].count(hit.path) == 1:
            return Answer(status=429, headers={"Retry-After": "1"})
        return Answer("<p>Đã rảnh.</p>".encode())

    paper.pages["/ban-1.html"] = busy_once
    paper.article("/sau-2.html", "Bài sau")
    paper.section("/", "/ban-1.html", "/sau-2.html")


def _rieng(paper: Site) -> None:
    """Lies in a private network without saying so."""
    paper.section("/", "/a-1.html")


def _loi(paper: Site) -> None:
    """Lists articles of which none can be had."""
    paths = [f"/hong-{number}.html" for number in range(30)]
    paper.section("/", *paths)
    paper.pages |= dict.fromkeys(paths, Answer(status=418))


def _nghi(paper: Site) -> None:
    """Asks to be left alone for an hour."""
    rest = Answer(status=503, headers={"Retry-After": "3600"})
    paper.section("/", "/a-1.html", "/b-2.html")
    paper.pages |= {"/a-1.html": rest, "/b-2.html": rest}


def _nhieu(paper: Site) -> None:
    """Has so much to say that its budget of bytes is spent after a few pages."""
    paths = [f"/dai-{number}.html" for number in range(1, 9)]
    paper.section("/", *paths)
    paper.pages |= dict.fromkeys(paths, Answer(b"<p>" + b"x" * 10_000))


def _ngu(paper: Site) -> None:
    """Is asked only in an hour that lies half a day away."""
    paper.section("/", "/a-1.html")


def _mot(paper: Site) -> None:
    """Watches whether two requests are ever under way at once."""
    busy = threading.Lock()

    def alone(hit: Hit) -> Answer:
        if not busy.acquire(blocking=False):
            return Answer(status=418)
        sleep(0.05)
        busy.release()
        return Answer("<p>Một lần một bài.</p>".encode())

    paths = [f"/bai-{number}.html" for number in range(1, 7)]
    paper.section("/", *paths)
    paper.pages |= dict.fromkeys(paths, alone)


def _meta() -> dict[str, dict[str, object]]:
    """What the YAML of some of them says besides."""
    now = datetime.now(UTC)
    closed = f"{now + timedelta(hours=11):%H:%M}-{now + timedelta(hours=13):%H:%M}"
    return {
        "rieng": {"allow_private": False},
        "nhieu": {"limits": {"bytes": 30_000}},
        "ngu": {"hours": closed, "timezone": "UTC"},
        "mot": {"delay": 0},
    }


PAPERS = {
    "nhieu": _nhieu,
    "ngu": _ngu,
    "mot": _mot,
    "cam": _cam,
    "hong": _hong,
    "ban": _ban,
    "rieng": _rieng,
    "loi": _loi,
    "nghi": _nghi,
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Visit]]:
    folder = tmp_path_factory.mktemp("manners")
    with ExitStack() as stack:
        more = _meta()
        papers = {name: stack.enter_context(site()) for name in PAPERS}
        for name, paper in papers.items():
            PAPERS[name](paper)
            paper.outlet(folder / "outlets", **{"id": name, "delay": 0.05} | more.get(name, {}))
        report = crawl(folder / "outlets", [], folder / "out", timeout=900)
        assert report.finished
        assert (folder / "out" / "scrapy.log").read_text(encoding="utf-8") == ""
        yield {name: _visit(name, paper, report) for name, paper in papers.items()}


def _visit(name: str, paper: Site, report: CrawlReport) -> Visit:
    texts = report.log.read_text(encoding="utf-8").splitlines()
    lines = [line for line in map(json.loads, texts) if line["outlet"] == name]
    by_path = {line["url"].removeprefix(paper.home): line for line in lines}
    assert len(by_path) == len(lines), "an address has two lines"
    return Visit(paper, report.outlets[name], by_path)


def test_robots_txt_is_obeyed_and_recorded(visits: dict[str, Visit]) -> None:
    visit = visits["cam"]
    assert visit.paper.paths() == ["/", "/kin/a-1.html"]
    assert visit.lines["/rieng/b-2.html"]["outcome"] == "refused"
    assert visit.lines["/rieng/b-2.html"]["reason"] == "Forbidden by robots.txt"
    assert visit.lines["/robots.txt"]["outcome"] == "listed"


def test_crawl_delay_is_kept(visits: dict[str, Visit]) -> None:
    hits = visits["cam"].paper.hits
    gaps = [after.at - before.at for before, after in pairwise(hits)]
    assert len(gaps) == 2
    # less than 1 s: on a busy machine the paper sees a request later than it was sent
    assert min(gaps) >= 0.5, "requests came closer together than the paper wants"


def test_unreachable_robots_txt_closes_the_outlet(visits: dict[str, Visit]) -> None:
    visit = visits["hong"]
    assert visit.paper.paths() == []
    assert visit.lines["/robots.txt"]["outcome"] == "failed"
    assert visit.counts.refused == 1


def test_missing_robots_txt_opens_it(visits: dict[str, Visit]) -> None:
    line = visits["ban"].lines["/robots.txt"]
    assert (line["status"], line["reason"]) == (404, "HTTP 404: everything is allowed")


def test_too_many_requests_waits_as_told_and_then_goes_on(visits: dict[str, Visit]) -> None:
    visit = visits["ban"]
    assert visit.counts.stored == 2
    refused, *after = [hit.at for hit in visit.paper.hits if hit.path not in {"/", "/robots.txt"}]
    assert len(after) == 2
    assert min(after) - refused >= 0.9, "a request went out during the pause"


def test_private_addresses_are_refused_unless_allowed(visits: dict[str, Visit]) -> None:
    visit = visits["rieng"]
    assert visit.paper.hits == []
    (line,) = visit.lines.values()
    assert line["outcome"] == "refused"
    assert "private address 127.0.0.1" in line["reason"]


def test_an_outlet_that_only_fails_is_given_up(visits: dict[str, Visit]) -> None:
    counts = visits["loi"].counts
    assert counts.failed + counts.skipped == 30
    assert 10 <= counts.failed < 30
    told = {line["reason"] for line in visits["loi"].lines.values()}
    assert "given up after 10 failures in a row" in told


def test_an_outlet_that_wants_a_long_rest_gets_it(visits: dict[str, Visit]) -> None:
    visit = visits["nghi"]
    reasons = {line["reason"] for line in visit.lines.values() if line["kind"] == "article"}
    assert reasons == {"asked to wait 3600 s (HTTP 503)"}
    assert visit.counts.skipped == 2


def test_a_budget_of_bytes_ends_an_outlet_s_run(visits: dict[str, Visit]) -> None:
    visit = visits["nhieu"]
    assert (visit.counts.stored, visit.counts.skipped) == (3, 5)
    assert visit.counts.bytes >= 30_000
    assert visit.counts.given_up == "budget of 30000 bytes is spent"
    assert visit.lines["/dai-8.html"]["reason"] == visit.counts.given_up


def test_outside_of_its_hours_an_outlet_is_not_asked(visits: dict[str, Visit]) -> None:
    visit = visits["ngu"]
    assert visit.paper.hits == []
    assert visit.lines["/"]["outcome"] == "skipped"
    assert visit.lines["/"]["reason"].startswith("asked only at ")


def test_one_request_at_a_time_even_without_a_delay(visits: dict[str, Visit]) -> None:
    assert visits["mot"].counts.stored == 6


def test_an_outlet_may_allow_two_requests_at_a_time(tmp_path: Path) -> None:
    together = threading.Barrier(2)

    def answer(hit: Hit) -> Answer:
        together.wait(120)  # the first is answered when the second is there
        return Answer(b"<h1>Tin</h1>")

    with site() as paper:
        paper.pages |= {f"/tin-{number}.html": answer for number in (1, 2)}
        paper.section("/", "/tin-1.html", "/tin-2.html")
        report = crawl(paper.outlet(tmp_path / "outlets", concurrency=2), [], tmp_path / "out")
    assert report.outlets["thu"].stored == 2


def test_what_is_shown_of_an_outlet_that_was_given_up(visits: dict[str, Visit]) -> None:
    shown = {name: visit.counts.given_up for name, visit in visits.items()}
    assert shown["loi"] == "given up after 10 failures in a row"
    assert shown["nghi"] == "asked to wait 3600 s (HTTP 503)"
    assert shown["cam"] is None
