"""The sample press over real HTTP: what its papers serve and what a crawler must cope with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import yaml
from lxml import etree, html

from kb.errors import ConfigError
from kb.sample import Article, SamplePress, load_press, outlets
from kb.sample.expected import load_expected

PAPERS = ("songhong", "thudomoi", "tinnhanhviet")
BODY = {
    "vccorp": "(//div[contains(@class, 'afcbc-body')])[1]",
    "mastercms": "//div[@id='content_detail_news']",
    "vnexpress": "//article[contains(@class, 'fck_detail')]",
}
OWN_TEXT = {
    "vccorp": "./p | ./h2",
    "mastercms": "./p",
    "vnexpress": "./p[@class='Normal'][not(@style)]",
}
TITLE = {"vccorp": "h1", "mastercms": "div[@class='title-detail']", "vnexpress": "h1"}
LEAD = {
    "vccorp": "//h2[@data-role='sapo']",
    "mastercms": "//div[@class='sapo_detail']",
    "vnexpress": "//h1/following-sibling::p[@class='description']",
}
REVISED = "le-hoi-thiet-ke-2026-truoc-gio-khai-mac"
STORIES = [(p.id, a.slug) for p in load_press().papers.values() for a in p.articles]
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.fixture(scope="module")
def press() -> Iterator[SamplePress]:
    with SamplePress() as served:
        yield served


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    asked = Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urlopen(asked, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def at(press: SamplePress, paper: str, path: str) -> str:
    return press.home(paper) + path.removeprefix("/")


def story(press: SamplePress, paper: str, slug: str) -> Article:
    return next(a for a in press.press.papers[paper].articles if a.slug == slug)


def links(page: bytes) -> list[str]:
    return [str(href) for href in html.fromstring(page.decode()).xpath("//a/@href")]


# Article pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "slug"), STORIES)
def test_a_page_holds_the_story_in_its_container_and_nothing_else(
    press: SamplePress, paper: str, slug: str
) -> None:
    article, family = story(press, paper, slug), press.press.papers[paper].family
    status, headers, body = get(press.url(paper, slug))
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = html.fromstring(body.decode())
    assert [e.text_content() for e in page.xpath(f"//{TITLE[family]}") if e.text] == [article.title]
    assert [e.text_content() for e in page.xpath(LEAD[family])] == [article.lead]
    (column,) = page.xpath(BODY[family])
    assert tuple(e.text_content() for e in column.xpath(OWN_TEXT[family])) == article.paragraphs


@pytest.mark.parametrize(("paper", "slug"), STORIES)
def test_the_boxes_stand_on_the_page_but_not_in_the_story(
    press: SamplePress, paper: str, slug: str
) -> None:
    family = press.press.papers[paper].family
    page = html.fromstring(get(press.url(paper, slug))[2].decode())
    (column,) = page.xpath(BODY[family])
    own = " ".join(e.text_content() for e in column.xpath(OWN_TEXT[family]))
    boxes = load_expected()[paper, slug].not_in_body
    assert 1 <= len(boxes) <= 2
    for text in boxes:
        assert text in page.text_content()
        assert text not in own
    others = [a for a in press.press.papers[paper].articles if a.slug != slug]
    assert sum(a.title in page.text_content() for a in others) == 3


def test_vccorp_gives_times_in_meta_and_a_creation_time_without_zone_in_json_ld(
    press: SamplePress,
) -> None:
    for article in press.press.papers["songhong"].articles:
        page = html.fromstring(get(press.url("songhong", article.slug))[2].decode())
        (published,) = page.xpath("//meta[@property='article:published_time']/@content")
        (modified,) = page.xpath("//meta[@property='article:modified_time']/@content")
        assert datetime.fromisoformat(published) == article.published_at
        assert datetime.fromisoformat(modified) == article.modified_at
        (visible,) = page.xpath("//div[@data-role='publishdate']/text()")
        assert article.published_at.strftime("%d/%m/%Y %H:%M") in visible
        said = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[1])
        created = datetime.fromisoformat(said["datePublished"])
        assert created.tzinfo is None
        assert created < article.published_at.replace(tzinfo=None)
        names = [html.fromstring(f"<p>{a['name'] or ' '}</p>").text or "" for a in said["author"]]
        twice = [html.fromstring(f"<p>{name or ' '}</p>").text or "" for name in names]
        assert tuple(filter(str.strip, twice)) == article.authors
        assert page.xpath("//input[@id='hdZoneId']/@value")
    assert "&amp;#7841;" in get(press.url("songhong", REVISED))[2].decode()


def test_mastercms_has_only_the_visible_date(press: SamplePress) -> None:
    for article in press.press.papers["thudomoi"].articles:
        body = get(press.url("thudomoi", article.slug))[2].decode()
        page = html.fromstring(body)
        (visible,) = page.xpath("//span[@class='post-time']/text()")
        assert visible == f" - {article.published_at:%d/%m/%Y %H:%M}"
        assert "ld+json" not in body
        assert "pubdate" not in body
        assert "published_time" not in body
        (byline,) = page.xpath("//*[contains(@class, 'author ') or @class='author']/text()")
        assert tuple(byline.split(" - ")) == article.authors
        captions = page.xpath("//table[@class='MASTERCMS_TPL_TABLE']//td[@class='media-caption']")
        photos = [block.text for block in article.body if block.kind == "photo"]
        assert [c.text for c in captions] == photos


def test_vnexpress_signs_below_the_story_and_names_itself_in_json_ld(press: SamplePress) -> None:
    forms = set()
    for article in press.press.papers["tinnhanhviet"].articles:
        page = html.fromstring(get(press.url("tinnhanhviet", article.slug))[2].decode())
        (pubdate,) = page.xpath("//meta[@name='pubdate']/@content")
        said = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
        assert pubdate == said["datePublished"] == article.published_at.isoformat()
        assert said["author"] == {"@type": "Organization", "name": "Tin nhanh Việt"}
        last = page.xpath("//article[contains(@class, 'fck_detail')]/p")[-1]
        forms.add(last.get("style") or last.get("class"))
        if article.source:
            assert last.text_content() == f"Theo {article.source}"
        else:
            assert tuple(last.text_content().split(" - ")) == article.authors
    assert forms == {"text-align:right;", "author_mail"}
    page = html.fromstring(get(press.home("tinnhanhviet"))[2].decode())
    assert "Thứ sáu, 20/11/2026" in page.text_content()


# Lists: front pages, sections, feeds, sitemaps ---------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_front_page_and_sections_link_to_every_story(press: SamplePress, paper: str) -> None:
    said = press.press.papers[paper]
    home = links(get(press.home(paper))[2])
    assert {a.path for a in said.articles} <= set(home)
    assert {section.path for section in said.sections} <= set(home)
    for section in said.sections:
        listed = set(links(get(at(press, paper, section.path))[2]))
        shown = {a.path for a in said.articles if a.path in listed}
        assert shown == {a.path for a in said.articles if a.section == section.id}
        assert shown
        assert not re.search(said.article_url, section.path)


@pytest.mark.parametrize("paper", PAPERS)
def test_feeds_hold_the_newest_stories(press: SamplePress, paper: str) -> None:
    said = press.press.papers[paper]
    for feed in said.feeds:
        status, headers, body = get(at(press, paper, feed.path))
        assert (status, headers["Content-Type"].split(";")[0]) == (200, "application/rss+xml")
        items = [
            (str(item.findtext("link")), str(item.findtext("title")), item.findtext("pubDate"))
            for item in etree.fromstring(body).iter("item")
        ]
        chosen = [a for a in said.articles if feed.section in {"", a.section}][:10]
        for article, (link, title, when) in zip(chosen, items, strict=False):
            assert link == press.url(paper, article.slug)
            assert title == article.title
            assert parsedate_to_datetime(str(when)) == article.published_at
        extra = 1 if paper == "songhong" and not feed.section else 0
        assert len(items) == len(chosen) + extra


@pytest.mark.parametrize("paper", ["songhong", "thudomoi"])
def test_sitemap_names_every_story(press: SamplePress, paper: str) -> None:
    tree = etree.fromstring(get(at(press, paper, "/sitemap.xml"))[2])
    stories = press.press.papers[paper].articles
    found = tree.xpath("s:url/s:loc/text()", namespaces=NS)
    assert found == [press.url(paper, a.slug) for a in stories]
    times = tree.xpath("s:url/s:lastmod/text()", namespaces=NS)
    assert times == ([a.modified_at.isoformat() for a in stories] if paper == "songhong" else [])


def test_sitemap_index_leads_to_all_stories_and_to_the_news(press: SamplePress) -> None:
    index = etree.fromstring(get(at(press, "tinnhanhviet", "/sitemap/sitemap.xml"))[2])
    assert etree.QName(index).localname == "sitemapindex"
    stories, news = index.xpath("s:sitemap/s:loc/text()", namespaces=NS)
    everything = etree.fromstring(get(stories)[2]).xpath("s:url/s:loc/text()", namespaces=NS)
    assert len(everything) == len(press.press.papers["tinnhanhviet"].articles)
    tree = etree.fromstring(get(news)[2])
    recent = [a for a in press.press.papers["tinnhanhviet"].articles if a.published_at.year == 2026]
    titles = tree.xpath("//n:title/text()", namespaces=NS)
    assert titles == [a.title for a in recent if a.published_at.month == 11]
    assert tree.xpath("//n:publication_date/text()", namespaces=NS)[0].startswith(
        "2026-11-18T15:55"
    )


# What a crawler must cope with -------------------------------------------------------------


def test_robots_forbid_a_page_that_the_front_page_links_to(press: SamplePress) -> None:
    said = press.press.papers["thudomoi"]
    robots = get(at(press, "thudomoi", "/robots.txt"))[2].decode()
    assert "Disallow: /noi-bo/" in robots.splitlines()
    assert "Crawl-delay: 0.2" in robots.splitlines()
    assert f"Sitemap: {at(press, 'thudomoi', '/sitemap.xml')}" in robots.splitlines()
    path = said.planted.path
    assert path.startswith("/noi-bo/")
    assert re.search(said.article_url, path)
    assert path in links(get(press.home("thudomoi"))[2])
    assert get(at(press, "thudomoi", path))[0] == 200


def test_a_withdrawn_story_stands_in_the_feed_and_is_gone(press: SamplePress) -> None:
    planted = press.press.papers["songhong"].planted
    feed = etree.fromstring(get(at(press, "songhong", "/rss/home.rss"))[2])
    url = at(press, "songhong", planted.path)
    assert url in [item.findtext("link") for item in feed.iter("item")]
    assert re.search(press.press.papers["songhong"].article_url, planted.path)
    assert get(url)[0] == 410


def test_a_dead_link_stands_on_the_front_page(press: SamplePress) -> None:
    planted = press.press.papers["tinnhanhviet"].planted
    assert planted.path in links(get(press.home("tinnhanhviet"))[2])
    assert get(at(press, "tinnhanhviet", planted.path))[0] == 404
    assert get(at(press, "tinnhanhviet", "/khong-co-trang-nay"))[0] == 404


def test_an_unchanged_page_answers_304(press: SamplePress) -> None:
    url = press.url("songhong", REVISED)
    _, headers, body = get(url)
    assert parsedate_to_datetime(headers["Last-Modified"]).isoformat() == (
        "2026-11-14T01:05:00+00:00"
    )
    assert body
    assert get(url, If_None_Match=headers["ETag"])[::2] == (304, b"")
    assert get(url, If_None_Match='"another"')[0] == 200


def test_head_gives_the_headers_only(press: SamplePress) -> None:
    url = urlsplit(press.url("thudomoi", "phan-luong-nut-giao-nga-tu-so"))
    with closing(HTTPConnection(url.netloc, timeout=10)) as connection:
        connection.request("HEAD", url.path)
        head = connection.getresponse()
        assert head.read() == b""
        # A body sent by mistake would stand before the next answer of the connection.
        connection.request("GET", url.path)
        assert head.headers["Content-Length"] == str(len(connection.getresponse().read()))


def test_edition_2_serves_one_story_rewritten() -> None:
    with SamplePress() as press:
        url = press.url("songhong", REVISED)
        _, before, first = get(url)
        unchanged = get(press.home("thudomoi"))
        press.edition = 2
        status, after, second = get(url, If_None_Match=before["ETag"])
        assert status == 200
        assert after["ETag"] != before["ETag"]
        assert "120 hoạt động" in first.decode()
        assert "135 hoạt động" in second.decode()
        assert '"article:modified_time" content="2026-11-19T21:40:00+07:00"' in second.decode()
        assert '"article:published_time" content="2026-11-14T08:05:00+07:00"' in second.decode()
        times = etree.fromstring(get(at(press, "songhong", "/sitemap.xml"))[2])
        assert "2026-11-19T21:40:00+07:00" in times.xpath("//s:lastmod/text()", namespaces=NS)
        assert get(press.home("thudomoi"))[1]["ETag"] == unchanged[1]["ETag"]
        changed = [
            a.slug
            for paper in press.press.papers.values()
            for a, b in zip(paper.edition(1), paper.edition(2), strict=True)
            if a != b
        ]
        assert changed == [REVISED]
    with SamplePress(edition=2) as press:
        assert "135 hoạt động" in get(press.url("songhong", REVISED))[2].decode()


def test_requests_are_logged_with_their_agent_and_status() -> None:
    with SamplePress() as press:
        get(at(press, "thudomoi", "/robots.txt"), User_Agent="kb-test")
        get(at(press, "songhong", "/khong-co?x=1"), User_Agent="kb-test")
        assert press.requests == [
            ("thudomoi", "/robots.txt", "kb-test", 200),
            ("songhong", "/khong-co?x=1", "kb-test", 404),
        ]


def test_a_paper_is_down_after_the_block_and_can_return_to_its_port() -> None:
    # One paper only: the ports next to a free one may be another program's.
    whole = load_press()
    one = replace(whole, papers={"songhong": whole.papers["songhong"]})
    with SamplePress(press=one) as press:
        home = press.home("songhong")
    with pytest.raises(OSError):
        get(home)
    port = int(home.rstrip("/").rsplit(":", 1)[1])
    with SamplePress(port, press=one) as again:
        assert again.home("songhong") == home
        assert get(home)[0] == 200
        with pytest.raises(ConfigError, match=f"port {port} cannot be used"):
            SamplePress(port, press=one).__enter__()


def test_a_given_port_is_the_first_of_three() -> None:
    for port in range(21000, 21300, 3):
        try:
            with SamplePress(port) as press:
                homes = [press.home(paper) for paper in PAPERS]
            break
        except ConfigError:  # taken by another program
            continue
    assert homes == [f"http://127.0.0.1:{port + offset}/" for offset in range(3)]


def test_outlet_files_point_to_the_served_papers(press: SamplePress, tmp_path: Path) -> None:
    written = outlets(press, tmp_path / "new")
    assert [file.name for file in written] == [f"{paper}.yaml" for paper in PAPERS]
    for file in written:
        outlet = yaml.safe_load(file.read_text(encoding="utf-8"))
        paper = press.press.papers[outlet["id"]]
        assert outlet["home"] == press.home(paper.id)
        assert outlet["allow_private"] is True
        for url in (*outlet["feeds"], *outlet["sitemaps"], *outlet["sections"]):
            assert get(url)[0] == 200
        for article in paper.articles:
            assert re.search(outlet["article_url"], press.url(paper.id, article.slug))


def test_an_edition_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError, match="edition must be 1 or 2, not 3"):
        SamplePress(edition=3)
