"""The page as a tree: parsing, selecting, and turning an element into paragraphs."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from kb.errors import ConfigError, NoArticle, UnreadableFile
from kb.text import clean, one_spaced

_BLOCK_TAGS = """
    address article aside blockquote body br center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody
    td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
TAGS = 100_000
"""Most opening tags of a page; a long story with a thousand comments has about 20,000."""
_MANY = 10_000
"""Tags from which on selectors are run in a way whose time grows with the page, not its square."""
_LARGE = "data-kb-large"
_ANYWHERE = "descendant-or-self::"
_BARE = re.compile(r"\w+(?:\s*,\s*\w+)*")
"""A selector that only lists tags."""
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of text; `linked` is the share (0–1) of its characters that are links."""

    text: str
    linked: float = 0.0
    right: bool = False
    """Whether it is set flush right or marked as the author's line."""


def tags_of(text: str) -> int:
    """Return about how many elements a page has, without parsing it."""
    return text.count("<") - text.count("</")


def parse(text: str) -> HtmlElement:
    """Return the root element of a page.

    Raises:
        NoArticle: there is no element in it.
        UnreadableFile: it has more than `TAGS` tags.
    """
    # Counted, not parsed: a page of millions of nodes must not hold up those behind it.
    tags = tags_of(text)
    if tags > TAGS:
        raise UnreadableFile(f"more than {TAGS} tags: no newspaper's page")
    # The text is decoded already: its own declarations must not be believed a second time.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NoArticle(f"no page: {error}") from error
    if tags > _MANY:
        root.set(_LARGE, "")
    return root


@lru_cache(maxsize=512)
def _tags(css: str) -> tuple[str, ...]:
    """Return the tags of a selector that only lists tags, which lxml finds by itself, else ()."""
    return tuple(re.findall(r"\w+", css.lower())) if _BARE.fullmatch(css) else ()


@lru_cache(maxsize=512)
def _selector(css: str, large: bool) -> etree.XPath:
    try:
        path: str = CSSSelector(css, translator="html").path
        return etree.XPath(_together(path) if large else path)
    except Exception as error:  # cssselect raises several unrelated classes
        raise ConfigError(f"selector {css!r} is not CSS: {error}") from error


def _together(union: str) -> str:
    """Return an XPath that finds the same, parts without a combinator as one: libxml2 compares
    every two elements of a union, which is faster than a test of each, but only on usual pages."""
    paths = union.removeprefix(_ANYWHERE).split(f" | {_ANYWHERE}")
    simple = " or ".join(f"self::{path}" for path in paths if "/" not in path)
    others = [f"{_ANYWHERE}{path}" for path in paths if "/" in path]
    return " | ".join([f"{_ANYWHERE}*[{simple}]", *others] if simple else others)


def select(root: HtmlElement, css: str) -> list[HtmlElement]:
    """Return the elements that a CSS selector finds, in document order.

    Raises:
        ConfigError: the selector is not CSS.
    """
    if tags := _tags(css):
        return list(root.iter(*tags))
    return cast("list[HtmlElement]", _selector(css, _is_large(root))(root))


def _is_large(element: HtmlElement) -> bool:
    return element.getroottree().getroot().get(_LARGE) is not None


def copied(element: HtmlElement) -> HtmlElement:
    """Return a copy of an element, a page of its own, that can be cut up."""
    copied = copy.deepcopy(element)
    if _is_large(element):
        copied.set(_LARGE, "")
    return copied


def first(root: HtmlElement, selectors: Iterable[str]) -> HtmlElement | None:
    """Return the first element with text that one of the selectors, in their order, finds."""
    for css in selectors:
        for element in select(root, css):
            if line(element):
                return element
    return None


def line(element: HtmlElement) -> str:
    """Return all text of an element on one line."""
    return " ".join(clean(" ".join(p.text for p in paragraphs(element))).split("\n"))


def hidden(element: HtmlElement) -> bool:
    """Whether an element's own style or attributes hide it."""
    return bool(_HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None


def remove(root: HtmlElement, elements: Iterable[HtmlElement]) -> Iterator[str]:
    """Take elements out of the tree and yield the text of each that had any."""
    for element in elements:
        if root not in element.iterancestors():  # itself, or gone with a box around it
            continue
        text = "\n".join(p.text for p in paragraphs(element))
        element.drop_tree()
        if text:
            yield text


def paragraphs(element: HtmlElement) -> list[Paragraph]:
    """Return the text blocks below an element in reading order.

    Text outside of `<p>` counts (some systems save paragraphs as bare text between line breaks);
    the cells of a table row stand on one line, separated by ` | `.
    """
    found: list[Paragraph] = []
    buffer: list[tuple[str, bool]] = []
    links = 0
    right: HtmlElement | None = None

    def begun() -> bool:
        return any(piece.strip() for piece, _ in buffer)

    def flush() -> None:
        text = clean(one_spaced("".join([piece for piece, _ in buffer])))
        if text.strip(" |"):
            total = sum(len(piece.strip()) for piece, _ in buffer)
            linked = sum(len(piece.strip()) for piece, in_link in buffer if in_link)
            found.append(
                Paragraph(text.replace("\n", " "), linked / max(total, 1), bool(right is not None))
            )
        buffer.clear()

    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if tag in _BLOCKS and not (tag in ("td", "th") and begun()):
                flush()
            elif tag in ("td", "th"):
                buffer.append((" | ", False))
            if right is None and _flush_right(node):
                right = node
            links += tag == "a"
            buffer.append((node.text or "", links > 0))
            continue
        if tag in _BLOCKS and tag not in ("td", "th"):
            flush()
        links -= tag == "a"
        if right is node:
            flush()
            right = None
        if "location-stamp" in (node.get("class") or ""):  # VnExpress; its dash is a style
            buffer.append((" - ", False))
        if node is not element:
            buffer.append((node.tail or "", links > 0))
    flush()
    return found


def _flush_right(node: HtmlElement) -> bool:
    return (
        node.get("align") == "right"
        or bool(_RIGHT.search(node.get("style") or ""))
        or "author" in (node.get("class") or "").lower()
    )
