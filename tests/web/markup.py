"""Reading a page the way a person does: its text, and which of it is marked."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from lxml import etree, html
from lxml.html import HtmlElement

Span = tuple[int, int]


def tree(response: httpx.Response) -> HtmlElement:
    """Return the document of a good answer."""
    assert response.status_code == 200, response.text[:500]
    return html_of(response)


def html_of(response: httpx.Response) -> HtmlElement:
    """Return the document of any answer that is a page."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.document_fromstring(response.text)


def texts(document: HtmlElement, path: str) -> list[str]:
    """Return the texts of elements, spaces as a browser shows them."""
    return [" ".join(one.text_content().split()) for one in document.xpath(path)]


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch of a text: code points, the classes and title of the mark, its link."""

    start: int
    end: int
    classes: str
    title: str
    href: str | None


def marked(elements: list[HtmlElement]) -> tuple[str, list[Mark]]:
    """Return the text of elements, one a line, and the marks in it."""
    text = ""
    marks: list[Mark] = []
    for number, element in enumerate(elements):
        text += "\n" if number else ""
        for event, child in etree.iterwalk(element, events=("start", "end")):
            if event == "end":
                text += (child.tail or "") if child is not element else ""
                continue
            if child.tag == "mark":
                end = len(text) + len(child.text_content())
                href = next(iter(child.xpath("./a/@href")), None)
                marks.append(Mark(len(text), end, child.get("class"), child.get("title"), href))
            text += child.text or ""
    return text, marks
