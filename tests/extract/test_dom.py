"""An element as paragraphs."""

from __future__ import annotations

import pytest
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from kb.errors import ConfigError, NoArticle
from kb.extract.dom import copied, first, hidden, line, paragraphs, parse, remove, select


def body(html: str) -> HtmlElement:
    return select(parse(f"<html><body>{html}</body></html>"), "body")[0]


def texts(html: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(body(html))]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>một <b>hai</b>, <i>ba</i></p>", ["một hai, ba"]),
        ("<p>một\n   hai\tba</p>", ["một hai ba"]),
        ("<p>một<br>hai</p>ba<p>bốn", ["một", "hai", "ba", "bốn"]),
        ("một<p></p>hai<p></p>", ["một", "hai"]),
        ("<ul><li>một</li><li>hai <b>ba</b></li></ul>", ["một", "hai ba"]),
        ("<div>một<div>hai</div>ba</div>", ["một", "hai", "ba"]),
        ("<p>&amp;#7897;t &nbsp; &lt;b&gt;</p>", ["ột <b>"]),
        ("<p>mô\u0323t</p>", ["một"]),
        ("<p>một<!-- ẩn --> hai</p><!-- react-text: 118 -->", ["một hai"]),
        ("<table><tr><td>một</td><td>hai</td></tr></table>", ["một | hai"]),
        ("<table><tr><td><p>một</p></td></tr><tr><td><img></td></tr></table>", ["một"]),
        ('<p><span class="location-stamp">Hà Nội</span>Xưởng mở</p>', ["Hà Nội - Xưởng mở"]),
    ],
)
def test_paragraphs(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_share_of_links() -> None:
    whole, half, none = paragraphs(body("<p><a>một</a></p><p>abc <a>def</a></p><p>hai</p>"))
    assert (whole.linked, half.linked, none.linked) == (1.0, 0.5, 0.0)


def test_line_set_flush_right() -> None:
    html = '<p>một</p><p style="text-align: right">hai</p><p align=right>ba</p>'
    html += '<div class="author-line"><p>bốn</p></div><p>năm</p>'
    assert [p.right for p in paragraphs(body(html))] == [False, True, True, True, False]


def test_first_follows_the_order_of_selectors() -> None:
    page = body("<h2> </h2><h3>ba</h3><h2>hai</h2>")
    found = first(page, ["h1", "h2", "h3"])
    assert found is not None
    assert line(found) == "hai"
    assert first(page, ["h5"]) is None


def test_remove_keeps_what_follows() -> None:
    page = body("<p>một <b>hai</b> ba</p>")
    assert list(remove(page, select(page, "b"))) == ["hai"]
    assert line(page) == "một ba"
    assert list(remove(page, [page])) == []


def test_hidden() -> None:
    page = body('<p style="Display : none">a</p><p hidden>b</p><p>c</p>')
    assert [hidden(element) for element in select(page, "p")] == [True, True, False]


def test_wrong_selector() -> None:
    with pytest.raises(ConfigError, match="is not CSS"):
        select(body(""), "p[")


def test_declared_charset_is_not_believed_again() -> None:
    root = parse('<?xml version="1.0" encoding="latin-1"?><meta charset=latin-1><p>Hà Nội</p>')
    assert line(select(root, "p")[0]) == "Hà Nội"


def test_no_page() -> None:
    with pytest.raises(NoArticle):
        parse("<!-- chỉ có lời ghi chú -->")


@pytest.mark.parametrize(
    "css",
    [
        "h2, p",
        "p, .tin > a, h2.tin",
        "h1",
        "div p, [id=x], h2",
        "a[href='x | y'], h2",
        "p:first-child, a",
    ],
)
@pytest.mark.parametrize("copy", [False, True])
def test_selectors_find_the_same_on_a_page_of_any_size(css: str, copy: bool) -> None:
    box = '<div class="tin"><h2 class="tin" id="x">một</h2><a href="x | y">hai</a><p>ba</p></div>'
    small, large = (parse(f"<html><body>{box * count}</body></html>") for count in (40, 4000))
    if copy:
        small, large = copied(small), copied(large)
    expected = [element.tag for element in CSSSelector(css, translator="html")(small)]
    assert [element.tag for element in select(small, css)] == expected
    assert [element.tag for element in select(large, css)] == expected * 100
