"""Addresses and dates from RSS, Atom and sitemaps.

Scrapy's own sitemap reader drops the nested `news:publication_date`, which is the only date of
news sitemaps; one reader by local element names serves all these formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from itertools import chain, islice
from urllib.parse import urljoin

from lxml import etree

from crawlers.charset import utf
from kb.errors import BadInput

_ENTRIES = {"item": "page", "entry": "page", "url": "page", "sitemap": "sitemap"}
_DATES = ("lastmod", "updated", "publication_date", "pubdate", "published", "date")
"""Latest meaning first: when it changed, then when it was published."""
_ROOTS = {"rss", "feed", "rdf", "urlset", "sitemapindex"}
ENTRIES = 50_000
"""Entries read of one listing: what sitemaps.org allows a sitemap."""
YEARS = range(1990, 2101)
_PARTS = 200
"""Elements looked at inside of one entry; a news sitemap has about ten."""


class NotAListing(BadInput):
    """The body is neither a feed nor a sitemap."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address that a listing names; `is_sitemap` when it is a further sitemap."""

    url: str
    changed: datetime | None
    is_sitemap: bool = False


def entries(body: bytes, base: str, zone: tzinfo) -> list[Entry]:
    """Return the entries of a feed or sitemap, the newest first, undated ones last as listed.

    `zone` is assumed for dates without one.

    Raises:
        NotAListing: the body is not XML of a known kind.
    """
    root = _root(body)
    if root is None:
        raise NotAListing("its first element is none of " + ", ".join(sorted(_ROOTS)))
    found = list(_read(root, base, zone))
    return sorted(found, key=lambda e: e.changed.timestamp() if e.changed else 0.0, reverse=True)


def _root(body: bytes) -> etree._Element | None:
    # what is not UTF-8, whatever it claims, can be read as Latin-1: addresses are ASCII
    encoding = utf(body) or "iso-8859-1"
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, encoding=encoding
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and _name(root) in _ROOTS else None


def _read(root: etree._Element, base: str, zone: tzinfo) -> Iterator[Entry]:
    for element in islice(root.iter(*(f"{{*}}{name}" for name in _ENTRIES)), ENTRIES):
        kind = _ENTRIES[_name(element)]
        # <image> of RSS has a <url> too, but that one holds no elements
        if not len(element):
            continue
        texts: dict[str, str] = {}
        # own elements before nested ones
        for part in islice(chain(element, element.iterdescendants()), _PARTS):
            name = _name(part)
            text = (part.text or "").strip()
            if name == "link" and not text and part.get("rel", "alternate") == "alternate":
                text = (part.get("href") or "").strip()
            if text:
                texts.setdefault(name, text)
        url = texts.get("loc") or texts.get("link") or texts.get("guid") or ""
        url = urljoin(base, url) if url else ""
        if url.startswith(("http://", "https://")):
            dates = (moment(texts[name], zone) for name in _DATES if name in texts)
            yield Entry(url, next(filter(None, dates), None), kind == "sitemap")


def _name(element: etree._Element) -> str:
    tag = element.tag
    return etree.QName(tag).localname.lower() if isinstance(tag, str) else ""


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Return the time that an RFC 822 or ISO 8601 date names, or None for any other and for one
    of no year in which a listing was made: what was left empty may be written as the year 1."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            parsed = parse(text)
        except (ValueError, OverflowError):
            continue
        if parsed.year not in YEARS:
            return None
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return None
