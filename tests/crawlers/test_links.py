"""Links of a page: bounded, whatever the page is made of."""

from __future__ import annotations

import pytest

from crawlers import links as module
from crawlers.links import canonical, links

URL = "https://bao.example/van-hoa.htm"


def page(*parts: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{''.join(parts)}</body></html>".encode()


def test_links_are_absolute_and_only_http() -> None:
    body = page(
        '<a href=" /a-1.html ">Một</a><a href="b-2.html#y-kien">Hai</a><a name="x">Ba</a>',
        '<a href="mailto:toasoan@bao.example">Thư</a><a href="http://[hong/-5.html">Hỏng</a>',
        f'<a href="/{"x" * 3000}-6.html">Dài</a><A HREF=//bao.example/c-3.html>Ba</A>',
    )
    assert links(body, URL).found == [
        "https://bao.example/a-1.html",
        "https://bao.example/b-2.html",
        "https://bao.example/c-3.html",
    ]


def test_base_moves_what_comes_after_it() -> None:
    body = page('<a href="a-1.html">Một</a>', head='<base href="https://bao.example/tin/">')
    assert links(body, URL).found == ["https://bao.example/tin/a-1.html"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "cp1258", "iso-8859-1"])
@pytest.mark.parametrize("claimed", ["utf-8", "utf-16", "x-chu-la", "windows-1258"])
def test_a_wrong_charset_hides_no_link(charset: str, claimed: str) -> None:
    text = f'<html><head><meta charset="{claimed}"></head><body>Hà <a href="/a-1.html">x</a>'
    assert links(text.encode(charset, "replace"), URL).found == ["https://bao.example/a-1.html"]


def test_a_letter_cut_in_two_at_the_end_of_the_head_changes_nothing() -> None:
    head = '<html><head><link rel="canonical" href="/tin-à-1.html"><!--'.encode()
    padding = module._HEAD - len(head) - 1
    body = head + b"x" * padding + "ế".encode() + b"--></head>"
    assert canonical(body, URL) == "https://bao.example/tin-à-1.html"


@pytest.mark.parametrize("unit", ["<b>", "<p>x</p>", "<table><tr><td>", "<a href=/x-1.html>x</a>"])
def test_two_million_nodes_are_read_up_to_the_limit(unit: str) -> None:
    count = 2_000_000 // unit.count("<")
    body = b"<html><body><a href=/dau-1.html>x</a>" + unit.encode() * count
    found = links(body, URL)
    assert found.cut
    assert found.found[0] == "https://bao.example/dau-1.html"
    assert len(found.found) <= module.TAGS


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", b"<", b"%PDF-1.7 \xff\xff", b"<html"])
def test_what_is_no_page_has_no_links(body: bytes) -> None:
    assert links(body, URL).found == []
    assert canonical(body, URL) is None


def test_the_canonical_address_is_read_from_the_head_only() -> None:
    link = '<link rel="canonical" href="https://m.bao.example/a-1.html?x=1#y">'
    assert canonical(page(head=link), URL) == "https://m.bao.example/a-1.html?x=1"
    assert canonical(page(link), URL) is None
    assert canonical(page(head='<link rel="amphtml" href="/amp/a-1.html">'), URL) is None


@pytest.mark.parametrize(
    ("section", "link", "following"),
    [
        ("/van-hoa.htm", "/van-hoa/trang-2.htm", True),
        ("/van-hoa", "/van-hoa-p2", True),
        ("/van-hoa-p2", "/van-hoa-p3", True),
        ("/van-hoa-p2", "/van-hoa-p2", False),
        ("/van-hoa", "/van-hoa?page=2", True),
        ("/van-hoa?page=2", "/van-hoa?page=3", True),
        ("/loc?muc=3", "/loc?muc=3&trang=2", True),
        ("/loc?muc=3", "/loc?muc=4&trang=2", False),
        ("/van-hoa/page/2/", "/van-hoa/page/3/", True),
        ("/van-hoa", "/van-hoa?page=3", False),
        ("/van-hoa", "/kinh-te?page=2", False),
        ("/van-hoa", "/tin-2.html", False),
    ],
)
def test_the_next_page_of_a_section_by_its_number(section: str, link: str, following: bool) -> None:
    body = page(f'<a href="/chinh-tri">Chính trị</a><a href="{link}">2</a>')
    found = links(body, f"https://bao.example{section}").next_page(f"https://bao.example{section}")
    assert found == (f"https://bao.example{link}" if following else None)


@pytest.mark.parametrize("where", ["head", "body"])
def test_rel_next_goes_before_numbers(where: str) -> None:
    link = '<link rel="next" href="/tiep-theo">' if where == "head" else ""
    anchor = '<a rel="next nofollow" href="/tiep-theo">Sau</a>' if where == "body" else ""
    body = page('<a href="/van-hoa?page=2">2</a>', anchor, head=link)
    assert links(body, URL).next_page(URL) == "https://bao.example/tiep-theo"
