"""All the ways that lead to an article, over real HTTP: each article is fetched once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from crawlers.child import CrawlReport, crawl
from kb.errors import CrawlError
from tests.crawlers.site import Answer, Site, site
from tests.crawlers.test_crawl import FRIDAY, XML, sitemap


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as served:
        yield served


def run(folder: Path, out: Path, **options: Any) -> tuple[CrawlReport, dict[str, dict[str, Any]]]:  # noqa: ANN401
    """Crawl; return the report and the lines of the log by address."""
    report = crawl(folder, [], out, timeout=900, **options)
    assert report.finished
    assert (out / "scrapy.log").read_text(encoding="utf-8") == ""
    rows = map(json.loads, report.log.read_text(encoding="utf-8").splitlines())
    return report, {row["url"]: row for row in rows}


def known(path: Path, *urls: str, **more: str) -> Path:
    """Write down articles that were looked at two hours ago, an hour after they were found:
    none is due."""
    first, last = (datetime.now(UTC) - timedelta(hours=hours) for hours in (3, 2))
    times = {"first_seen": first.isoformat(), "last_seen": last.isoformat()}
    rows = [{"url": url} | times | more for url in urls]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


# --- pages of a section ----------------------------------------------------------------------


def pages(paper: Site, *names: str, stem: str = "tin") -> None:
    """Put up pages of a section, each with two articles and a link to the next."""
    for number, (name, following) in enumerate(zip(names, [*names[1:], ""], strict=True), 1):
        stories = [f"/{stem}-{number}{place}.html" for place in (1, 2)]
        for story in stories:
            paper.article(story, story)
        paper.section(name, *stories, *([following] if following else []))


def test_a_section_is_followed_page_by_page_to_its_limit(paper: Site, tmp_path: Path) -> None:
    sections = {
        "a": (
            "/du-lich.htm",
            "/du-lich/trang-2.htm",
            "/du-lich/trang-3.htm",
            "/du-lich/trang-4.htm",
        ),
        "b": ("/van-hoa", "/van-hoa?page=2", "/van-hoa?page=3", "/van-hoa?page=4"),
        "c": ("/kinh-te", "/kinh-te-p2", "/kinh-te-p3", "/kinh-te-p4"),
    }
    for stem, names in sections.items():
        pages(paper, *names, stem=stem)
    folder = paper.outlet(
        tmp_path / "outlets", sections=[paper.home + names[0] for names in sections.values()]
    )
    report, lines = run(folder, tmp_path / "out")
    for names in sections.values():
        assert [path for path in paper.paths() if path in names] == list(names[:3])
        assert lines[paper.home + names[1]]["found_by"] == paper.home + names[0]
    assert report.outlets["thu"].stored == 18


def test_a_section_without_anything_new_is_not_followed(paper: Site, tmp_path: Path) -> None:
    names = ("/van-hoa", "/van-hoa?page=2", "/van-hoa?page=3")
    pages(paper, *names)
    folder = paper.outlet(tmp_path / "outlets", sections=[f"{paper.home}/van-hoa"])
    seen = [f"{paper.home}/tin-{number}.html" for number in (21, 22)]
    run(folder, tmp_path / "out", known=known(tmp_path / "known.jsonl", *seen))
    assert [path for path in paper.paths() if path in names] == list(names[:2])


def test_the_next_page_may_lie_anywhere_on_the_outlet_s_hosts(paper: Site, tmp_path: Path) -> None:
    paper.article("/tin-1.html", "Một")
    paper.article("/tin-2.html", "Hai")
    paper.pages["/"] = Answer(
        b'<link rel="next" href="/danh-sach/cu-hon"><a href="/tin-1.html">1</a>'
        b'<a rel="next" href="http://bao-khac.example/?page=2">2</a>'
    )
    paper.section("/danh-sach/cu-hon", "/tin-2.html", "http://bao-khac.example/danh-sach?page=2")
    report, _ = run(paper.outlet(tmp_path / "outlets"), tmp_path / "out")
    assert report.outlets["thu"].stored == 2


# --- sitemaps --------------------------------------------------------------------------------


def test_a_sitemap_s_date_calls_for_an_article_that_was_edited(paper: Site, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for name in ("sua-1", "cu-2"):
        paper.article(f"/{name}.html", name)
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    rows = sitemap(
        (f"{paper.home}/sua-1.html", (now - timedelta(minutes=1)).isoformat()),
        (f"{paper.home}/cu-2.html", (now - timedelta(hours=3)).isoformat()),
    ).replace(b"<urlset ", f'<urlset xmlns:n="{news}" '.encode())
    paper.pages["/tin.xml"] = Answer(rows, type=XML)
    folder = paper.outlet(tmp_path / "outlets", sections=[], sitemaps=[f"{paper.home}/tin.xml"])
    seen = [f"{paper.home}/sua-1.html", f"{paper.home}/cu-2.html"]
    _, lines = run(folder, tmp_path / "out", known=known(tmp_path / "known.jsonl", *seen))
    assert paper.paths() == ["/tin.xml", "/sua-1.html"]
    assert lines[seen[0]]["outcome"] == "stored"
    assert lines[seen[1]]["outcome"] == "skipped"
    assert "looked at again not before" in lines[seen[1]]["reason"]


# --- one article once ------------------------------------------------------------------------


def test_an_article_that_many_ways_lead_to_is_fetched_once(paper: Site, tmp_path: Path) -> None:
    port = paper.host.partition(":")[2]
    paper.article("/tin-1.html", "Một")
    paper.section(
        "/",
        "/tin-1.html",
        "/tin-1.html#binh-luan",
        "/tin-1.html?utm_source=trang-chu&fbclid=x&gad_source=1&_gl=abc",
        f"https://127.0.0.1:{port}/tin-1.html",
        f"http://www.127.0.0.1:{port}/tin-1.html",
        f"http://m.127.0.0.1:{port}/tin-1.html?amp=1",
        f"http://amp.127.0.0.1:{port}/tin-1.html?outputType=amp",
        "/amp/tin-1.html",
        "/tin-1-amp.html",
        "/tin-1.html/amp",
        "/tin-1.html.amp",
    )
    paper.feed("/home.rss", ("/tin-1.html?zarsrc=30", FRIDAY))
    folder = paper.outlet(tmp_path / "outlets", feeds=[f"{paper.home}/home.rss"])
    report, _ = run(folder, tmp_path / "out")
    assert paper.paths() == ["/home.rss", "/", "/tin-1.html"]
    assert (report.outlets["thu"].found, report.outlets["thu"].stored) == (1, 1)


def named(address: str) -> Answer:
    return Answer(f'<head><link rel="canonical" href="{address}"></head>Bài.'.encode())


def test_a_page_that_names_another_as_its_own_is_left_for_that_one(
    paper: Site, tmp_path: Path
) -> None:
    paper.pages["/ten-cu-1.html"] = named("/ten-moi-1.html")
    paper.pages["/ten-cu-hon-1.html"] = named("/ten-moi-1.html?utm_source=x")
    paper.pages["/ten-moi-1.html"] = named("/ten-moi-1.html")
    paper.section("/", "/ten-cu-1.html", "/ten-cu-hon-1.html")
    report, lines = run(paper.outlet(tmp_path / "outlets"), tmp_path / "out")
    assert report.outlets["thu"].stored == 1
    assert lines[f"{paper.home}/ten-moi-1.html"]["outcome"] == "stored"
    for old in ("/ten-cu-1.html", "/ten-cu-hon-1.html"):
        line = lines[paper.home + old]
        assert line["outcome"] == "skipped"
        assert line["reason"] == f"same story as {paper.home}/ten-moi-1.html"


def test_a_known_story_is_not_fetched_again_under_another_name(paper: Site, tmp_path: Path) -> None:
    paper.pages["/ten-cu-1.html"] = named("/ten-moi-1.html")
    paper.section("/", "/ten-cu-1.html")
    folder = paper.outlet(tmp_path / "outlets")
    seen = known(tmp_path / "known.jsonl", f"{paper.home}/ten-moi-1.html")
    report, _ = run(folder, tmp_path / "out", known=seen)
    assert "/ten-moi-1.html" not in paper.paths()
    assert (report.outlets["thu"].stored, report.outlets["thu"].skipped) == (0, 2)


@pytest.mark.parametrize("ways", list(permutations(["ten-cu", "may", "tin"])))
def test_an_article_that_another_way_leads_to_every_night_is_one(
    paper: Site, tmp_path: Path, ways: tuple[str, ...]
) -> None:
    port = paper.host.partition(":")[2]
    addresses = {
        "ten-cu": "/ten-cu-1.html",  # names the canonical one
        "may": f"http://m.127.0.0.1:{port}/tin-1.html/amp",
        "tin": f"https://www.127.0.0.1:{port}/tin-1.html?utm_source=zalo",
    }
    paper.pages["/ten-cu-1.html"] = named("/tin-1.html")
    paper.article("/tin-1.html", "Một")
    folder = paper.outlet(tmp_path / "outlets")
    stored: list[str] = []
    for night, way in enumerate(ways):
        paper.section("/", addresses[way])
        seen = known(tmp_path / "known.jsonl", *stored)
        _, lines = run(folder, tmp_path / str(night), known=seen)
        stored += [url for url, line in lines.items() if line["outcome"] == "stored"]
    assert stored == [f"{paper.home}/tin-1.html"]


def test_a_wrong_canonical_address_loses_no_article(paper: Site, tmp_path: Path) -> None:
    wrong = {
        "/tin-1.html": "/mat-9.html",  # which is 404
        "/tin-2.html": "/",  # which is no article
        "/tin-3.html": "http://bao-khac.example/tin-1.html",  # where it was reprinted from
        "/tin-4.html": "http://[hong/-5.html",
        "/tin-5.html": "/cam/tin-9.html",  # which robots.txt forbids
        "/tin-6.html": "/tin-6.html?fbclid=1#x",  # which is the same
        "/tin-7.html": "/vong-8.html",  # which leads back
    }
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /cam/", type="text/plain")
    paper.pages |= {path: named(address) for path, address in wrong.items()}
    paper.pages["/vong-8.html"] = Answer(status=301, headers={"Location": "/tin-7.html"})
    paper.section("/", *wrong)
    report, lines = run(paper.outlet(tmp_path / "outlets"), tmp_path / "out")
    assert {lines[paper.home + path]["outcome"] for path in wrong} == {"stored"}
    assert report.outlets["thu"].stored == len(wrong)
    others = [path for path in paper.paths() if path not in wrong]
    assert sorted(others) == ["/", "/mat-9.html", "/vong-8.html"]


def test_a_page_that_was_asked_under_another_address_says_so(paper: Site, tmp_path: Path) -> None:
    paper.pages["/cu-1.html"] = Answer(status=301, headers={"Location": "/moi-1.html"})
    paper.article("/moi-1.html", "Mới")
    paper.section("/", "/cu-1.html")
    _, lines = run(paper.outlet(tmp_path / "outlets"), tmp_path / "out")
    assert lines[f"{paper.home}/moi-1.html"]["asked"] == f"{paper.home}/cu-1.html"


# --- a given list ----------------------------------------------------------------------------


def test_a_given_list_is_fetched_instead_of_what_is_listed(paper: Site, tmp_path: Path) -> None:
    paper.section("/", "/khac-9.html")
    paper.article("/tin-1.html", "Một")
    paper.article("/dac-biet/long-form", "Bài dài không theo khuôn")
    paper.article("/cu-3.html", "Đã biết", ETag='"v1"')
    urls = [
        f"{paper.home}/tin-1.html?utm_source=danh-sach",
        f"{paper.home}/tin-1.html",
        f"{paper.home}/dac-biet/long-form",
        f"{paper.home}/cu-3.html",
        "https://bao-khac.example/tin-9.html",
    ]
    folder = paper.outlet(tmp_path / "outlets")
    seen = known(tmp_path / "known.jsonl", urls[3], etag='"v1"')
    report, lines = run(folder, tmp_path / "out", urls=urls, known=seen)
    assert paper.paths() == ["/tin-1.html", "/dac-biet/long-form", "/cu-3.html"]
    assert report.outlets["thu"].stored == 3
    assert report.strangers == ("https://bao-khac.example/tin-9.html",)
    assert {line["found_by"] for line in lines.values() if line["kind"] == "article"} == {"given"}
    assert [hit.headers.get("If-None-Match") for hit in paper.hits][-1] == '"v1"'


def test_a_given_list_is_obedient_too(paper: Site, tmp_path: Path) -> None:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /cam/", type="text/plain")
    folder = paper.outlet(tmp_path / "outlets")
    url = f"{paper.home}/cam/tin-1.html"
    _, lines = run(folder, tmp_path / "out", urls=[url])
    assert paper.paths() == []
    assert lines[url]["reason"] == "Forbidden by robots.txt"


def test_a_place_for_captures_that_does_not_exist_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match="captures: kho-la://bao"):
        crawl(None, ["vnexpress"], tmp_path / "out", captures="kho-la://bao")
