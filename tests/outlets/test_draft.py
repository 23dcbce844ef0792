"""The first draft of an outlet's file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.errors import ConfigError
from kb.outlets.draft import LINES, Draft, complete, listing_pages, outline, usual
from kb.outlets.patterns import Inferred

HOME = "https://www.pho-nghe.example"
ARTICLES = [f"{HOME}/ba-san-khau-moi-o-pho-di-bo-{number}.html" for number in range(100100, 100110)]


def drafted(**more: object) -> Draft:
    given: dict[str, object] = {
        "site": "",
        "title": "",
        "feeds": [],
        "sitemaps": [],
        "menu": [],
        "links": ARTICLES,
    }
    return complete(outline(HOME), **(given | more))  # type: ignore[arg-type]


def test_id_and_home_come_from_the_address() -> None:
    first = outline(f"{HOME}/trang-chu?x=1#y")
    assert (first.id, first.home, first.sections) == ("pho-nghe", HOME, (f"{HOME}/",))
    assert outline(HOME, id="phonghe").id == "phonghe"
    assert not first.outlet().enabled


def test_what_the_programme_is_about_comes_first_and_little_is_kept() -> None:
    names = ["the-thao", "kinh-te", "xe", "du-lich", "van-hoa", "giao-duc", "home"]
    found = drafted(feeds=[f"{HOME}/rss/{name}.rss" for name in names])
    kept = [url.rpartition("/")[2] for url in found.feeds]
    assert kept == ["home.rss", "van-hoa.rss", "du-lich.rss", "kinh-te.rss", "the-thao.rss"]


def test_sections_are_of_the_paper_and_hold_news() -> None:
    wanted = ["/kinh-te.htm", "/thoi-su/ha-noi.htm", "/van-hoa.htm"]
    others = [
        "/", "/video.htm", "/rss.htm", "/lien-he.html", "/tag/pho-co.htm", "/a/b/c.htm",
        "/van-hoa.htm?page=2", "/rss/home.rss", "/en/",
    ]  # fmt: skip
    menu = [HOME + path for path in (*others, *wanted)] + [
        "https://khac.example/van-hoa",
        *ARTICLES,
    ]
    found = drafted(menu=menu)
    assert [url.removeprefix(HOME) for url in found.sections] == [
        "/van-hoa.htm",
        "/thoi-su/ha-noi.htm",
        "/kinh-te.htm",
    ]


def test_other_hosts_are_left_out() -> None:
    found = drafted(
        feeds=["https://khac.example/home.rss"], sitemaps=["https://khac.example/sitemap.xml"]
    )
    assert (found.feeds, found.sitemaps) == ((), ())


@pytest.mark.parametrize(
    ("site", "title", "name", "level"),
    [
        ("Báo Phố Nghề", "Tin mới", "Báo Phố Nghề", "central"),
        ("", "Tin tức trong ngày, tin nóng | Hà Nội Phố", "Hà Nội Phố", "hanoi"),
        ("", "Phố Nghề - Tin tức mới nhất hôm nay", "Phố Nghề", "central"),
        ("", "", "pho-nghe", "central"),
    ],
)
def test_name_and_level(site: str, title: str, name: str, level: str) -> None:
    found = drafted(site=site, title=title)
    assert (found.name, found.level) == (name, level)


def test_a_full_draft_fits_and_says_what_was_found() -> None:
    found = replace(
        drafted(
            site="Báo Phố Nghề",
            feeds=[f"{HOME}/rss/{number}.rss" for number in range(20)],
            sitemaps=[f"{HOME}/sitemap-{number}.xml" for number in range(20)],
            menu=[f"{HOME}/muc-{number}.htm" for number in range(20)],
        ),
        family="epi",
        delay=5.0,
        expect=(20, 900),
        allow_private=True,
    )
    assert len(found.yaml().splitlines()) <= LINES
    outlet = found.outlet()
    assert (outlet.family, outlet.delay, outlet.expect.max_per_week) == ("epi", 5.0, 900)
    assert outlet.article_url == r"-\d{6,7}\.html$"
    assert (len(outlet.feeds), len(outlet.sitemaps), len(outlet.sections)) == (5, 2, 3)
    assert (outlet.enabled, outlet.allow_private) == (False, True)


@given(st.text(min_size=1, max_size=60), st.from_regex(r"[^\n']{1,30}", fullmatch=True))
@example("Báo Phố Nghề", "\x85")
def test_any_name_and_pattern_survive_the_file(name: str, pattern: str) -> None:
    try:
        read = replace(
            outline(HOME), name=name, pattern=Inferred(pattern, 1, 1, sure=True)
        ).outlet()
    except ConfigError as error:  # no regular expression, or characters that YAML forbids
        assert "article_url" in str(error) or "cannot be read" in str(error)
    else:
        assert read.name == (" ".join(name.split()) or "pho-nghe")
        assert read.article_url == pattern


@pytest.mark.parametrize(
    ("home", "id", "told"),
    [(HOME, "Phố", "id: "), ("https://", None, "home: "), ("http://[x", None, "home: ")],
)
def test_what_is_no_address_or_id(home: str, id: str | None, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        outline(home, id=id).outlet()


def test_where_lists_of_feeds_are_looked_for() -> None:
    assert listing_pages([f"{HOME}/rss.htm", f"{HOME}/a.htm", f"{HOME}/rss.htm"], HOME) == [
        f"{HOME}/rss.htm"
    ]
    assert listing_pages([f"{HOME}/rssMain.html"], HOME) == [f"{HOME}/rssMain.html"]
    assert listing_pages([], HOME) == usual("feeds", HOME)
    assert f"{HOME}/sitemap.xml" in usual("sitemaps", HOME)
