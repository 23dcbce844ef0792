"""What a front page names, read without building a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.links import TAGS
from crawlers.probe_home import read_home
from tests.crawlers.paper import ARTICLES, FRONT

HOME = "https://pho-nghe.example/"


def test_a_front_page() -> None:
    links = "".join(f'<h3><a href="{path}">Tin</a></h3>' for path in ARTICLES)
    home = read_home(FRONT.replace("{links}", links).encode(), HOME)
    assert (home.site, home.title) == ("Báo Phố Nghề", "Tin tức Thủ đô | Báo Phố Nghề")
    assert home.feeds == {f"{HOME}rss/home.rss": "Trang chủ"}
    assert [url.removeprefix(HOME) for url in home.menu] == [
        "",
        "kinh-te.htm",
        "van-hoa.htm",
        "video.htm",
        "https://khac.example/",
    ]
    assert home.menu[f"{HOME}van-hoa.htm"] == "Văn hóa"
    assert f"{HOME}dieu-khoan.htm" in home.links.keys() - home.menu.keys()
    assert {HOME + path[1:] for path in ARTICLES} <= home.links.keys()


@pytest.mark.parametrize(
    ("html", "menu"),
    [
        ('<nav><a href="a">A</a></nav><a href="b">B</a>', ["a"]),
        ('<header><a href="a">A</a></header><a href="b">B</a>', ["a"]),
        ('<ul id="MenuTop"><li><a href="a">A<br></a><li><a href="c">C</a></ul><a href="b">', "ac"),
        ('<div class="nav"><img><a href="a">A</a></div></div></div><a href="b">B</a>', ["a"]),
        ('<base href="/x/"><nav><a href="a">A</a></nav>', ["x/a"]),
        ('<nav><a href="http://[">A</a><a>B</a><a href="javascript:x">C</a></nav>', []),
    ],
)
def test_what_is_navigation(html: str, menu: list[str]) -> None:
    found = read_home(html.encode(), HOME).menu
    assert list(found) == [HOME + path for path in menu]


def test_other_charsets_and_pages_without_end() -> None:
    page = '<nav><a href="/a">Văn hóa</a></nav>' + "<b>" * (TAGS + 10) + '<a href="/late">'
    home = read_home(page.encode("utf-16"), HOME)
    assert home.menu == {f"{HOME}a": "Văn hóa"}
    assert f"{HOME}late" not in home.links


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    home = read_home(body + b"<nav><a href=x>y</a></nav>", HOME)
    assert home.menu.keys() <= home.links.keys()
    assert all(url.startswith("http") for url in home.links)
