"""A newspaper's page as it was archived, so that looking at it does nothing.

What acts, loads or leads elsewhere is taken out; beside that the answer's Content-Security-Policy
forbids all of it once more (`POLICY`), and its sandbox gives the page an origin of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml import etree, html

from kb.text import read_yaml

POLICY: Final = (
    "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_DATA = read_yaml((Path(__file__).parent / "inert.yaml").read_text("utf-8"))
_DROPPED: Final = frozenset(_DATA["elements"])
_ADDRESSES: Final = frozenset(_DATA["attributes"])


def inert(page: str) -> bytes:
    """Return a page as UTF-8 HTML without anything that acts, loads or leads elsewhere.

    A picture becomes its alternative text; a link keeps its words. Text stays as it was.
    """
    # lxml takes no declaration of another charset in a text that is decoded already.
    tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=_parser())
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            if element.getparent() is not None:
                _drop(element)
        elif element.tag == "img":
            _named(element)
        elif element.tag in _DROPPED or ":" in element.tag:
            _drop(element)
        else:
            for name in list(element.attrib):
                if name.lower().startswith("on") or name.lower() in _ADDRESSES:
                    del element.attrib[name]
    body: bytes = etree.tostring(tree, method="html", encoding="utf-8", doctype="<!doctype html>")
    return body


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _named(picture: html.HtmlElement) -> None:
    words = picture.get("alt", "").strip()
    picture.tail = (f"[{words}] " if words else "") + (picture.tail or "")
    _drop(picture)


def _drop(element: html.HtmlElement) -> None:
    """Take an element out with what is in it; the text behind it stays."""
    if element.getparent() is None:
        element.clear()
    else:
        element.drop_tree()
