"""What the front page of a newspaper names: itself, its feeds, its sections, its articles.

Read as a stream, as `links.py` does: no tree is built of a page that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from crawlers.charset import utf
from crawlers.links import LONGEST, TAGS
from kb.outlets.rules import drafts

_CHUNK = 16384
_VOID = {"br", "img", "hr", "input", "meta", "link", "source", "wbr", "area", "base", "col"}
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_LONGEST_NAME = 200


@dataclass(slots=True)
class Home:
    """Absolute addresses in their order, each with the words that the page gives it."""

    url: str
    site: str = ""
    """What the page calls the whole site (`og:site_name`), else nothing."""
    title: str = ""
    feeds: dict[str, str] = field(default_factory=dict)
    menu: dict[str, str] = field(default_factory=dict)
    """Links inside of navigation."""
    links: dict[str, str] = field(default_factory=dict)
    """All links, those of the menu too."""


class _Collector:
    """What lxml calls for every tag and text."""

    def __init__(self, url: str) -> None:
        self.home = Home(url)
        self._base = url
        self._tags = 0
        self._open: list[tuple[str, bool]] = []
        self._link: str | None = None
        self._in_menu = 0
        self._in_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._tags += 1
        if self._tags > TAGS:
            return
        self._in_title = tag == "title" and not self.home.title
        if tag in {"link", "base", "meta"}:
            self._head(tag, attributes)
        elif tag == "a" and (url := self._absolute(attributes.get("href", ""))):
            self._link = url
            self._name(url, attributes.get("title", ""))
        if tag not in _VOID:
            names = (tag, attributes.get("class", ""), attributes.get("id", ""))
            menu = drafts().menu.search(" ".join(names)) is not None and tag != "body"
            self._open.append((tag, menu))
            self._in_menu += menu

    def _head(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            if attributes.get("property", "").lower() == "og:site_name":
                self.home.site = _words(attributes.get("content", ""))
            return
        url = self._absolute(attributes.get("href", ""))
        if url and tag == "base":
            self._base = url
        elif url and attributes.get("type", "").lower() in _FEED_TYPES:
            self.home.feeds.setdefault(url, _words(attributes.get("title", "")))

    def _absolute(self, href: str) -> str:
        try:
            url = urljoin(self._base, href.strip()).partition("#")[0]
        except ValueError:  # such as http://[
            return ""
        fits = url.startswith(("http://", "https://")) and len(url) <= LONGEST
        return url if fits and href.strip() else ""

    def _name(self, url: str, words: str) -> None:
        text = _words(words)
        for named in (self.home.links, *([self.home.menu] if self._in_menu else [])):
            if not named.setdefault(url, text):
                named[url] = text

    def data(self, text: str) -> None:
        if self._in_title:
            self.home.title = _words(self.home.title + text)
        elif self._link is not None:
            self._name(self._link, text)

    def end(self, tag: str) -> None:
        self._in_title = False
        if tag == "a":
            self._link = None
        while any(name == tag for name, _ in self._open[-50:]):
            name, menu = self._open.pop()
            self._in_menu -= menu
            if name == tag:
                break

    def close(self) -> None:
        return


def read_home(body: bytes, url: str) -> Home:
    """Return what a page names, whatever charset it claims."""
    collector = _Collector(url)
    parser = etree.HTMLParser(target=collector, encoding=utf(body) or "iso-8859-1")
    try:
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
        parser.close()
    except etree.LxmlError:  # what was found until then is good
        pass
    for named, words in collector.home.links.items():
        if drafts().feed.search(re.sub(r"\?.*", "", named)):
            collector.home.feeds.setdefault(named, words)
    return collector.home


def _words(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAME]
