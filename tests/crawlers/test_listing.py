"""Feeds and sitemaps: addresses, dates, order, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawlers.listing import ENTRIES, Entry, NotAListing, entries, moment

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BASE = "https://bao.example/rss/home.rss"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_rss_items_newest_first_undated_last() -> None:
    body = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
    <title>Tin mới</title><link>https://bao.example/</link>
    <image><url>https://bao.example/logo.png</url></image>
    <item><title>Cũ</title><link>https://bao.example/cu-1.html</link>
      <pubDate>Fri, 06 Mar 2026 08:00:00 +0700</pubDate></item>
    <item><title>Không ngày</title><guid>/khong-2.html</guid></item>
    <item><title>Mới</title><link><![CDATA[ https://bao.example/moi-3.html ]]></link>
      <pubDate>2026-03-07T08:00:00</pubDate></item></channel></rss>""".encode()
    assert entries(body, BASE, ZONE) == [
        Entry("https://bao.example/moi-3.html", datetime(2026, 3, 7, 8, tzinfo=ZONE)),
        Entry("https://bao.example/cu-1.html", utc(2026, 3, 6, 1)),
        Entry("https://bao.example/khong-2.html", None),
    ]


def test_atom_takes_the_alternate_link_and_the_later_meaning() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://bao.example/"/>
    <entry><link rel="enclosure" href="/anh.jpg"/><link href="/tin-1.html"/>
    <published>2026-03-01T00:00:00Z</published><updated>2026-03-02T00:00:00Z</updated></entry>
    </feed>"""
    assert entries(body, BASE, ZONE) == [Entry("https://bao.example/tin-1.html", utc(2026, 3, 2))]


def test_news_sitemap_has_its_date_in_the_nested_element() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url>
      <loc>https://bao.example/tin-1.html</loc>
      <n:news><n:publication_date>2026-03-07T08:47:00+07:00</n:publication_date></n:news>
      </url></urlset>"""
    assert entries(body, BASE, ZONE)[0].changed == utc(2026, 3, 7, 1, 47)


def test_image_in_a_sitemap_does_not_become_the_address() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><url>
      <i:image><i:loc>https://cdn.example/a.jpg</i:loc></i:image>
      <loc>https://bao.example/tin-1.html</loc></url></urlset>"""
    assert [entry.url for entry in entries(body, BASE, ZONE)] == ["https://bao.example/tin-1.html"]


def test_sitemap_index_is_marked() -> None:
    body = b"""<sitemapindex><sitemap><loc>https://bao.example/2026-03.xml.gz</loc>
      <lastmod>2026-03-07</lastmod></sitemap></sitemapindex>"""
    (entry,) = entries(body, BASE, ZONE)
    assert entry.is_sitemap
    assert entry.changed == datetime(2026, 3, 7, tzinfo=ZONE)


@pytest.mark.parametrize(
    "body", [b"", b"<!doctype html><html><body>404</body></html>", b"\x00\x01"]
)
def test_what_is_no_listing_is_refused(body: bytes) -> None:
    with pytest.raises(NotAListing):
        entries(body, BASE, ZONE)


def test_external_entities_are_not_read() -> None:
    body = b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>
    <rss><item><link>https://bao.example/&x;-1.html</link></item></rss>"""
    assert [entry.url for entry in entries(body, BASE, ZONE)] == ["https://bao.example/"]


@pytest.mark.parametrize("text", ["", "hôm qua", "32/13/2026"])
def test_unknown_dates_are_none(text: str) -> None:
    assert moment(text, ZONE) is None


@pytest.mark.parametrize("charset", ["x-chu-la", "utf-16", "us-ascii", "windows-1258"])
@pytest.mark.parametrize("written", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_wrong_charset_does_not_hide_the_entries(charset: str, written: str) -> None:
    text = f"""<?xml version="1.0" encoding="{charset}"?><rss><channel><title>Hà Nội</title>
    <item><link>https://bao.example/tin-1.html</link></item></channel></rss>"""
    body = text.encode(written, "replace")
    assert [entry.url for entry in entries(body, BASE, ZONE)] == ["https://bao.example/tin-1.html"]


def test_no_more_is_read_than_a_sitemap_may_hold() -> None:
    rows = b"".join(b"<url><loc>https://b.example/a-%d.html</loc></url>" % n for n in range(60_000))
    assert len(entries(b"<urlset>" + rows + b"</urlset>", BASE, ZONE)) == ENTRIES


@pytest.mark.parametrize("unit", [b"<item>", b"<item><a/><a/>", b"<url><loc/></url>", b"<a/>"])
def test_two_million_elements_are_read_in_a_moment(unit: bytes) -> None:
    body = b"<rss>" + unit * (2_000_000 // unit.count(b"<"))
    assert entries(body, BASE, ZONE) == []


def test_entities_that_grow_are_not_grown() -> None:
    layers = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
    body = (
        b'<!DOCTYPE r [<!ENTITY e0 "ha">' + layers + b"]><rss><item><link>&e9;</link></item></rss>"
    )
    assert entries(body, BASE, ZONE) == []


@pytest.mark.parametrize(
    "date",
    [
        "0001-01-01T00:00:00+07:00",
        "9999-12-31T23:59:59-07:00",
        "1970-01-01T00:00:00Z",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    ],
)
def test_a_date_of_no_year_of_ours_costs_its_entry_alone_the_date(date: str) -> None:
    body = f"""<urlset><url><loc>https://bao.example/le-1.html</loc><lastmod>{date}</lastmod></url>
    <url><loc>https://bao.example/hoi-2.html</loc><lastmod>2026-03-07</lastmod></url></urlset>"""
    assert [(entry.url[-6:-5], entry.changed) for entry in entries(body.encode(), BASE, UTC)] == [
        ("2", utc(2026, 3, 7)),
        ("1", None),
    ]
