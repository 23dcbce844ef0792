"""Meta fields and JSON-LD, also where they are not as they should be."""

from __future__ import annotations

import pytest

from kb.extract.dom import parse
from kb.extract.structured import Metadata, plain, read_metadata, section_of


def read(*blocks: str, meta: str = "") -> Metadata:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return read_metadata(parse(f"<html><head>{meta}{scripts}</head><body>x</body></html>"))


@pytest.mark.parametrize(
    "block",
    [
        '{"@type":"NewsArticle","headline":"Một"}',
        '[{"@type":"WebSite"},{"@type":["Article","Thing"],"headline":"Một"}]',
        '{"@graph":[{"@type":"ReportageNewsArticle","headline":"Một"}]}',
        '{"@type":"NewsArticle","headline":"Một",}',
        '{"@type":"NewsArticle","headline":"Một","description":"có\nxuống dòng"}',
    ],
)
def test_article_is_found(block: str) -> None:
    metadata = read(block)
    assert metadata.article["headline"] == "Một"
    assert metadata.is_article


def test_dates_of_a_broken_block() -> None:
    metadata = read('{"@type":"NewsArticle","headline":"câu "lỗi"","datePublished":"2024-05-11"}')
    assert metadata.article == {}
    assert metadata.dated("datePublished") == "2024-05-11"
    assert metadata.dated("dateModified") is None


def test_teasers_of_a_list_are_no_article() -> None:
    block = '{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Một"}]}'
    assert not read(block).is_article


def test_deep_nesting_is_survived() -> None:
    assert read("[" * 100_000).article == {}


def test_meta_by_property_name_and_itemprop() -> None:
    metadata = read(
        meta='<meta property="OG:Title" content=" Một "><meta name="author" content="">'
        '<meta name="author" content="Hai"><meta itemprop="datePublished" content="2024">'
    )
    assert metadata.first("og:title") == "Một"
    assert metadata.first("none", "author") == "Hai"
    assert metadata.first("datepublished") == "2024"
    assert metadata.first("none") is None
    assert not metadata.is_article


def test_entities_escaped_twice() -> None:
    assert plain("NH&amp;#7852;T") == "NHẬT"
    assert plain(3) == ""


@pytest.mark.parametrize(
    ("meta", "block", "expected"),
    [
        ('<meta property="article:section" content="Văn hóa">', "{}", "Văn hóa"),
        ('<meta property="article:section" content="https://x.example">', "{}", None),
        ('<meta property="article:section" content="314">', "{}", None),
        ("", '{"@type":"NewsArticle","articleSection":"Đời sống, Văn hóa"}', "Đời sống"),
        ("", '{"@type":"NewsArticle","articleSection":["Đời sống","Khác"]}', "Đời sống"),
        (
            "",
            '{"@type":"BreadcrumbList","itemListElement":['
            '{"name":"Trang chủ"},{"item":{"name":"Đời sống"}},{"name":"Làng nghề"}]}',
            "Làng nghề",
        ),
        ("", '{"@type":"BreadcrumbList","itemListElement":[{"name":"Trang chủ"}]}', None),
    ],
)
def test_section(meta: str, block: str, expected: str | None) -> None:
    assert section_of(read(block, meta=meta)) == expected
