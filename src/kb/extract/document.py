"""One thing to be read, not parsed yet, and the way from it to its article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from kb.article import Article, completed, fault, is_front_page
from kb.errors import BadInput, KbError
from kb.extract.decode import decode
from kb.extract.page import extract_page
from kb.extract.plain import date_above, from_text, outlet_named
from kb.extract.records import from_record
from kb.outlets import Outlet, outlet_for

_CANONICAL = re.compile(rb"""(?i)<link\b[^>]*\brel\s*=\s*["']?canonical\b[^>]*>""")
_OG_URL = re.compile(rb"""(?i)<meta\b[^>]*\bproperty\s*=\s*["']?og:url\b[^>]*>""")
_ADDRESS = re.compile(rb"""(?i)\b(?:href|content)\s*=\s*["'](https?://[^"'\s]+)["']""")
_MAILED = re.compile(r"(?m)^\W*(?:From|Từ)\W.*@([\w.-]+)")
"""Host of whoever sent a mail, or the mail inside it."""
_NUMBERS = re.compile(r"\d{6,}")
_HEAD_BYTES = 200_000
"""How far into a page its own address is looked for."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to be read as one article, not parsed yet.

    `source` names it for people: a path, `file.jsonl:17` (line) or `file.warc.gz@1234` (byte).
    `outlet` is an id; `published` a date given by the user; `seen_at` is when it was fetched.
    """

    kind: Literal["page", "text", "record"]
    source: str
    payload: bytes
    url: str | None = None
    outlet: str | None = None
    encoding: str | None = None
    digest: str | None = None
    published: datetime | None = None
    seen_at: datetime | None = None
    parser: str = "text/1"
    """For a text: what it was taken from (`pdf`, `docx`, `mail`)."""
    above: str = ""
    aside: str = ""
    """For a text: what stood above its headline (the newspaper, its day) and elsewhere around it;
    kept with what is cut."""
    sent_at: datetime | None = None
    """For a text: when the mail that brought it was sent; counts where the text has no date."""


def to_article(document: Document, outlets: Mapping[str, Outlet]) -> Article:
    """Parse one document.

    Args:
        document: from `documents`.
        outlets: known outlets by id; a document's outlet is its own, else that of its address.

    Raises:
        BadInput: it holds no article or cannot be read.
    """
    try:
        return _to_article(document, outlets)
    except KbError:
        raise
    except Exception as error:  # one odd page must not end the night: its fault is kept
        raise BadInput(f"cannot be parsed: {type(error).__name__}: {error}") from error


def _to_article(document: Document, outlets: Mapping[str, Outlet]) -> Article:
    if document.url is not None:
        address = completed(document.url)
        document = replace(document, url=None if fault(address) else address)
    outlet = _outlet(document.outlet, document.url, outlets)
    if document.kind == "text":
        article = from_text(
            decode(document.payload),
            source_file=document.source,
            outlet=outlet,
            published=document.published,
        )
        return _clipped(article, document, outlets) if document.parser != "text/1" else article
    if document.kind == "record":
        return _declared(document, outlet, outlets)
    url = document.url or next(_story_addresses(document.payload), None)
    if outlet is None and document.url is None:
        named = (_outlet(None, one, outlets) for one in _own_addresses(document.payload))
        outlet = next(filter(None, named), None)
    if url is not None and outlet is not None and outlet.owns(url):
        url = _story_address(document.payload, url, outlet)
    article = extract_page(
        document.payload,
        url=url,
        encoding=document.encoding,
        outlet=outlet,
        source_file=document.source,
        capture_digest=document.digest,
        seen_at=document.seen_at,
    )
    if article.published_at is None and document.published is not None:
        return replace(article, published_at=document.published, published_from="given")
    return article


def _declared(document: Document, outlet: Outlet | None, outlets: Mapping[str, Outlet]) -> Article:
    """Return the article of a record; its outlet is the one given, else what it says itself."""
    try:
        record = json.loads(decode(document.payload))
    except ValueError as error:
        raise BadInput(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise BadInput(f"a record is an object ({{…}}), not {json.dumps(record)[:40]}")
    if isinstance(record.get("url"), str):
        record["url"] = completed(record["url"])
        if wrong := fault(record["url"]):
            raise BadInput(
                f"field url is no address: {record['url'][:80]!r} ({wrong}); correct it, or leave "
                "it out"
            )
    names = [record.get(key) for key in ("outlet", "url")]
    own, url = (name if isinstance(name, str) else None for name in names)
    return from_record(
        record,
        source_file=document.source,
        outlet=outlet or _outlet(own, url, outlets),
        published=document.published,
    )


def _clipped(article: Article, document: Document, outlets: Mapping[str, Outlet]) -> Article:
    """Complete an article cut out of a document by what stood around it."""
    above, aside = document.above.split("\n"), document.aside.split("\n")
    outlet = article.outlet
    if outlet is None:
        ends = article.boilerplate.split("\n")
        named = outlet_named((*above, article.section or "", *ends, *aside), outlets)
        sender = (
            _outlet(None, f"https://{host}/", outlets) for host in _MAILED.findall(document.aside)
        )
        named = named or next(filter(None, sender), None)
        outlet = named.id if named else None
    when, source = article.published_at, article.published_from
    # Not from running heads: a browser prints the day of printing there.
    if when is None and (shown := date_above(above)):
        when, source = shown, "visible"
    if when is None and document.sent_at is not None:
        when, source = document.sent_at, "mail"
    return replace(
        article,
        url=document.url,
        outlet=outlet,
        published_at=when,
        published_from=source,
        boilerplate="\n".join(filter(None, (document.above, article.boilerplate, document.aside))),
        parser=document.parser,
    )


def _own_addresses(payload: bytes) -> Iterator[str]:
    """Yield the addresses that a page gives as its own: its canonical link, then `og:url`."""
    for tag in (_CANONICAL, _OG_URL):
        found = tag.search(payload[:_HEAD_BYTES])
        if found and (match := _ADDRESS.search(found.group())):
            address = html.unescape(match.group(1).decode("utf-8", "replace"))
            if not fault(address):
                yield address


def _story_addresses(payload: bytes) -> Iterator[str]:
    """Yield those of a page's own addresses that are not the same for all pages of a site."""
    return (one for one in _own_addresses(payload) if not is_front_page(one))


def _story_address(payload: bytes, url: str, outlet: Outlet) -> str:
    """Return the address under which a page's story is kept: not that of its mobile or AMP dress,
    whether the address tells or the page itself, which is believed if the numbers agree."""
    url = outlet.canonical(url)
    named = outlet.canonical(next(_story_addresses(payload), url))
    same = _number(named) == _number(url) is not None
    return named if same and outlet.is_article(named) else url


def _number(url: str) -> str | None:
    """Return the number of a story in its address, by which the newspaper knows it."""
    return max(_NUMBERS.findall(urlsplit(url).path), key=len, default=None)


def _outlet(name: str | None, url: str | None, outlets: Mapping[str, Outlet]) -> Outlet | None:
    if name is not None and name in outlets:
        return outlets[name]
    return outlet_for(url, outlets) if url else None
