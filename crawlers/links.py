"""Links of an HTML page, read as a stream: no tree is built, and no more than so many tags.

A page of two million nodes costs as much as one of `TAGS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from crawlers.charset import utf
from kb.outlets import page_number

TAGS = 200_000
"""Tags read of one page; a front page has about 5,000."""
_HEAD = 500_000
"""Bytes in which a page must have named its canonical address."""
_CHUNK = 16384
LONGEST = 2083
"""Characters of an address; longer ones are no newspaper's."""


@dataclass(slots=True)
class Links:
    """Absolute addresses that a page names; `cut` when it has more tags than are read."""

    found: list[str] = field(default_factory=list)
    following: str | None = None
    """What the page itself calls the next one (`rel=next`)."""
    canonical: str | None = None
    cut: bool = False

    def next_page(self, url: str) -> str | None:
        """Return the page after `url` of the same section, by `rel=next` or by its number."""
        if self.following is not None:
            return self.following
        stem, number = page_number(url)
        return next((each for each in self.found if page_number(each) == (stem, number + 1)), None)


class _Collector:
    """What lxml calls for every tag."""

    def __init__(self, base: str, head_only: bool) -> None:
        self.links = Links()
        self.done = False
        self._base = base
        self._head_only = head_only
        self._tags = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._tags += 1
        if self.done:
            return
        if self._tags > TAGS:
            self.done = self.links.cut = True
        elif tag == "body":
            self.done = self._head_only
        elif tag in {"a", "link", "base"} and (href := attributes.get("href", "").strip()):
            self._link(tag, href, attributes.get("rel", "").lower().split())

    def _link(self, tag: str, href: str, rel: list[str]) -> None:
        try:
            url = urljoin(self._base, href).partition("#")[0]
        except ValueError:  # such as http://[
            return
        if not url.startswith(("http://", "https://")) or len(url) > LONGEST:
            return
        if tag == "base":
            self._base = url
        elif tag == "a":
            self.links.found.append(url)
        if "next" in rel and tag != "base" and self.links.following is None:
            self.links.following = url
        if "canonical" in rel and tag == "link" and self.links.canonical is None:
            self.links.canonical = url

    def end(self, tag: str) -> None:
        if tag == "head" and self._head_only:
            self.done = True

    def close(self) -> None:
        return


def links(body: bytes, url: str) -> Links:
    """Return the links of a page, whatever charset it claims."""
    return _read(body, url, head_only=False)


def canonical(body: bytes, url: str) -> str | None:
    """Return the canonical address that the head of a page names."""
    return _read(body[:_HEAD], url, head_only=True).canonical


def _read(body: bytes, url: str, *, head_only: bool) -> Links:
    collector = _Collector(url, head_only)
    # addresses are ASCII, or UTF-8: any other charset can be read as Latin-1
    parser = etree.HTMLParser(target=collector, encoding=utf(body) or "iso-8859-1")
    try:
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
            if collector.done:
                break
        parser.close()
    except etree.LxmlError:  # what was found until then is good
        pass
    return collector.links
