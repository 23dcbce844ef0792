"""Addresses and dates from RSS, Atom and sitemaps.

Scrapy's own sitemap reader drops the nested `news:publication_date`, which is the only date of
news sitemaps; one reader by local element names serves all these formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree

from kb.errors import BadInput

_ENTRIES = {"item": "page", "entry": "page", "url": "page", "sitemap": "sitemap"}
_DATES = ("lastmod", "updated", "publication_date", "pubdate", "published", "date")
"""Latest meaning first: when it changed, then when it was published."""
_ROOTS = {"rss", "feed", "rdf", "urlset", "sitemapindex"}


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
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAListing(str(error)) from error
    if root is None or _name(root) not in _ROOTS:
        raise NotAListing(f"root element is {_name(root) if root is not None else None!r}")
    found = list(_read(root, base, zone))
    return sorted(found, key=lambda e: e.changed.timestamp() if e.changed else 0.0, reverse=True)


def _read(root: etree._Element, base: str, zone: tzinfo) -> Iterator[Entry]:
    for element in root.iter():
        kind = _ENTRIES.get(_name(element))
        # <image> of RSS has a <url> too, but that one holds no elements
        if kind is None or not len(element):
            continue
        texts: dict[str, str] = {}
        for part in (*element, *element.iterdescendants()):  # own elements before nested ones
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
    """Return the time that an RFC 822 or ISO 8601 date names, or None for any other."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            parsed = parse(text)
        except ValueError:
            continue
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return None
