"""A probe asks for little, politely, and brings back what an outlet's listings hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crawlers.config import AGENT
from crawlers.probe import ARTICLES as WANTED
from crawlers.probe import Mode, Probe, probe
from kb.errors import CrawlError
from kb.outlets import load_outlet
from kb.outlets.draft import outline
from tests.crawlers.paper import ARTICLES, article, outlet, put_up
from tests.crawlers.site import Answer, Site, site


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as served:
        put_up(served)
        yield served


def tried(paper: Site, folder: Path, mode: Mode = "listings", **more: object) -> Probe:
    found = load_outlet(outlet(paper, folder, **more))
    return probe(found, folder / "out", mode=mode)


def test_every_listing_is_asked_once_and_the_newest_articles(paper: Site, tmp_path: Path) -> None:
    found = tried(paper, tmp_path)
    assert paper.paths() == [
        "/rss/home.rss",
        "/sitemap.xml",
        "/sitemaps/2026-11.xml.gz",
        "/van-hoa.htm",
        *ARTICLES[::-1][:WANTED],
    ]
    assert all(hit.headers["User-Agent"].startswith(AGENT) for hit in paper.hits)
    feed, index, month, section = found.listings
    assert (feed.kind, feed.links, feed.articles, feed.dated) == ("feed", 6, 6, 6)
    assert (index.links, index.sitemaps, index.gzipped) == (0, 2, False)
    assert (month.articles, month.gzipped, month.found_by) == (6, True, index.url)
    assert feed.newest is not None
    assert feed.oldest is not None
    assert feed.newest - feed.oldest == timedelta(days=len(ARTICLES) - 1)
    assert (section.links, section.articles) == (4, 3)
    assert section.next_page == f"{paper.home}/van-hoa/trang-2.htm"
    assert section.others == (section.next_page,)


def test_articles_are_captured_where_it_says(paper: Site, tmp_path: Path) -> None:
    for path in ARTICLES:  # a byte that ends a line of text, but none of the log
        paper.pages[path] = Answer(article(), headers={"ETag": '"\x85"'})
    for each in tried(paper, tmp_path).articles:
        assert (each.outcome, each.status) == ("stored", 200)
        assert each.warc is not None
        assert each.warc.read_bytes()[each.offset :][:2] == b"\x1f\x8b"


def test_what_robots_txt_forbids_is_told_and_not_asked(paper: Site, tmp_path: Path) -> None:
    paper.feed("/cam/tin.rss", (ARTICLES[0], ""))
    found = tried(paper, tmp_path, feeds=[f"{paper.home}/cam/tin.rss"])
    assert (found.listings[0].outcome, found.listings[0].status) == ("refused", None)
    assert "/cam/tin.rss" not in paper.paths()
    assert found.robots[0].allowed is True


def test_robots_txt_for_us_alone_counts(paper: Site, tmp_path: Path) -> None:
    text = f"User-agent: {AGENT}\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    paper.pages["/robots.txt"] = Answer(text.encode(), type="text/plain")
    found = tried(paper, tmp_path)
    assert (found.robots[0].allowed, found.robots[0].status) == (False, 200)
    assert {row.outcome for row in found.listings} == {"refused"}
    assert (paper.paths(), found.articles) == ([], [])


@pytest.mark.parametrize(("status", "closed", "asked"), [(503, True, False), (404, False, True)])
def test_a_robots_txt_that_is_not_there(
    paper: Site, tmp_path: Path, status: int, closed: bool, asked: bool
) -> None:
    paper.pages["/robots.txt"] = Answer(status=status, headers={"Retry-After": "0"})
    found = tried(paper, tmp_path)
    assert (found.robots[0].closed, found.robots[0].status) == (closed, status)
    assert bool(paper.paths()) is asked


def test_crawl_delay_is_told(paper: Site, tmp_path: Path) -> None:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.1\n", type="text/plain")
    assert tried(paper, tmp_path).robots[0].delay == 0.1


def test_a_crawl_delay_of_hours_ends_it(paper: Site, tmp_path: Path) -> None:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 7200\n", type="text/plain")
    found = tried(paper, tmp_path)
    assert found.given_up == "its robots.txt wants 7200 s between requests"
    assert len(paper.paths()) <= 1


def test_no_private_address_unless_the_file_allows_it(paper: Site, tmp_path: Path) -> None:
    found = tried(paper, tmp_path, allow_private=False)
    assert {row.outcome for row in found.listings} == {"refused"}
    assert paper.hits == []


def test_what_is_gone_or_dated_tomorrow_is_not_taken_for_the_newest(
    paper: Site, tmp_path: Path
) -> None:
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1))
    now = datetime.now(UTC)
    rows = [(path, format_datetime(now - timedelta(hours=at))) for at, path in enumerate(ARTICLES)]
    paper.feed("/rss/home.rss", (ARTICLES[5], tomorrow), *rows[:5])
    del paper.pages[ARTICLES[0]]
    found = tried(paper, tmp_path, sitemaps=[], sections=[])
    asked = [(each.url.removeprefix(paper.home), each.outcome) for each in found.articles]
    assert asked == [(ARTICLES[0], "failed"), (ARTICLES[1], "stored"), (ARTICLES[2], "stored")]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Answer(status=500), "HTTP 500"),
        (Answer(b"<html>"), "no feed or sitemap: its first element"),
        (Answer(b"\x1f\x8b\x08bad", type="application/gzip"), "no feed or sitemap: "),
    ],
)
def test_a_broken_listing_leaves_the_others(
    paper: Site, tmp_path: Path, page: Answer, why: str
) -> None:
    paper.pages["/sitemap.xml"] = page
    found = tried(paper, tmp_path)
    (row,) = [row for row in found.listings if row.kind == "sitemap"]
    assert row.outcome == "failed"
    assert (row.reason or "").startswith(why)
    assert len(found.articles) == WANTED


def test_the_front_page_of_a_new_one(paper: Site, tmp_path: Path) -> None:
    first = outline(f"{paper.home}/gi-do", delay=0, allow_private=True).outlet()
    found = probe(first, tmp_path, mode="home")
    assert paper.paths() == ["/", "/rss.htm", "/sitemap.xml"]
    assert [page.file for page in found.pages] == ["home.html", "feeds-0.html"]
    assert (tmp_path / "home.html").read_bytes() == paper.pages["/"].body  # type: ignore[union-attr]
    assert found.robots[0].sitemaps == (f"{paper.home}/sitemap.xml",)


def test_without_hints_the_usual_places_are_tried(paper: Site, tmp_path: Path) -> None:
    del paper.pages["/robots.txt"]
    paper.section("/", *ARTICLES)
    first = outline(paper.home, delay=0, allow_private=True).outlet()
    found = probe(first, tmp_path, mode="home")
    sitemaps = [row for row in found.listings if row.kind == "sitemap"]
    assert [row.outcome for row in sitemaps][:2] == ["listed", "failed"]
    assert {"/rss/home.rss", "/rss.htm", "/sitemap.xml"} <= set(paper.paths())


def test_a_probe_that_cannot_start_says_why(paper: Site, tmp_path: Path) -> None:
    found = load_outlet(outlet(paper, tmp_path))
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises((CrawlError, OSError)):
        probe(found, tmp_path / "out")
