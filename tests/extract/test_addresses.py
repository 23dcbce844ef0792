"""Stories keep apart by their addresses, however these are written; a broken one costs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.article import Article, story_key
from kb.errors import BadInput
from kb.extract import Document, documents, to_article
from kb.outlets import Outlet

Page = Callable[[str], bytes]
MAU = Outlet.model_validate(
    {
        "id": "mau",
        "name": "Báo Mẫu",
        "home": "https://mau.example/",
        "level": "local",
        "family": "generic",
        "feeds": ["https://mau.example/rss"],
        "article_url": r"-\d+\.htm$",
    }
)
OUTLETS = {"mau": MAU}
BROKEN = ("http://[bad", "http://[bad/x", "http://a:b/x", "http://a:99999999/x", "https:///x")


def record(url: str | None) -> Article:
    """Return what becomes of a record with an address."""
    line = {"url": url, "title": "Phường Cửa Nam mở lớp dạy in tranh", "body": "Lớp học có 12 em."}
    return to_article(Document("record", "a.jsonl:1", json.dumps(line).encode()), OUTLETS)


def read(html: bytes, *tags: str, url: str | None = None) -> Article:
    """Return what becomes of a page with some tags more in its head."""
    html = html.replace(b"<head>", b"<head>" + "".join(tags).encode())
    return to_article(Document("page", "a.html", html, url=url), OUTLETS)


def canonical(address: str) -> str:
    return f'<link rel=canonical href="{address}">'


def og(address: str) -> str:
    return f'<meta property="og:url" content="{address}">'


OTHERS = ("/bai-3.html", "clip-5", "urn:x:9", "mailto:a@mau.example", "bai.html", *BROKEN[:4])
KEYS = {one: one for one in OTHERS} | {
    "mau.example/bai-1.html": "mau.example/bai-1.html",
    "//www.mau.example/bai-1.html": "mau.example/bai-1.html",
    "WWW.Mau.example:80/Bai-1.html?utm_source=x&b=2&a=1": "mau.example:80/Bai-1.html?a=1&b=2",
    "mau.example/di?den=http://khac.example/2": "mau.example/di?den=http%3A%2F%2Fkhac.example%2F2",
    "gốm.example/bai-1.html": story_key("https://gốm.example/bai-1.html"),
}


@pytest.mark.parametrize(("address", "key"), KEYS.items())
def test_each_address_has_a_key_of_its_own(address: str, key: str) -> None:
    assert story_key(address) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://mau.example", "mau.example"),
        ("HTTP://Mau.example:80/x#y", "mau.example:80/x"),
        (" https://m.mau.example/bai-1.html ", "mau.example/bai-1.html"),
        ("ftp://mau.example/a/", "mau.example/a"),
        ("file:///a/b.html", "/a/b.html"),
        ("https://web.example/2020/http://mau.example/1", "web.example/2020/http://mau.example/1"),
    ],
)
def test_addresses_with_a_scheme_keep_the_keys_that_archives_hold(address: str, key: str) -> None:
    assert story_key(address) == key


def test_records_without_a_scheme_are_stories_of_their_outlets() -> None:
    one, other = record("www.mau.example/bai-1.htm"), record("khac.example/bai-1.htm")
    assert (one.url, one.outlet) == ("https://www.mau.example/bai-1.htm", "mau")
    assert one.key == record("http://mau.example/bai-1.htm").key != other.key
    assert record("clip-5").key != record("clip-6").key
    assert (record("clip-5").url, record("").url, record(None).url) == ("clip-5", None, None)


@pytest.mark.parametrize("address", BROKEN)
def test_a_record_with_a_broken_address_is_put_aside_with_the_reason(address: str) -> None:
    with pytest.raises(BadInput, match=r"field url is no address: .*; correct it, or leave it out"):
        record(address)


@pytest.mark.parametrize("address", BROKEN)
def test_a_broken_address_of_its_own_costs_a_page_nothing(address: str, page: Page) -> None:
    html, story = page("unknown"), "https://mau.example/bai-123456.htm"
    fetched = read(html, canonical(address), url=story)
    assert (fetched.url, fetched.outlet) == (story, "mau")
    assert read(html, canonical(address), og(story)).url == story
    saved = read(html, canonical(address))
    assert (saved.url, saved.key[:5]) == (None, "text:")
    listed = read(html, og(story), url=address)  # a manifest may say anything
    assert (listed.url, listed.outlet) == (story, "mau")


@pytest.mark.parametrize("front", ["https://mau.example", "http://www.mau.example/?utm_source=x#a"])
def test_saved_pages_that_name_the_front_page_stay_apart(
    front: str, page: Page, tmp_path: Path
) -> None:
    html = page("unknown").replace(b"<head>", b"<head>" + canonical(front).encode())
    (tmp_path / "a.html").write_bytes(html)
    (tmp_path / "b.html").write_bytes(html.replace("Bưởi".encode(), "Thụy Khuê".encode()))
    found = [
        to_article(one, OUTLETS)
        for one in documents([tmp_path], max_bytes=1_000_000)
        if isinstance(one, Document)
    ]
    assert len({one.key for one in found}) == 2
    assert [(one.url, one.outlet) for one in found] == [(None, "mau")] * 2
    own = "https://mau.example/?p=17"  # where the story is in the query
    assert read(html, og(own)).url == own
