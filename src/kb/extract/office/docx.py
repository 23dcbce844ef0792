"""Word documents (.docx) → their paragraphs, with the size that a heading's style stands for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import mammoth
from lxml.html import HtmlElement

from kb.errors import UnreadableFile
from kb.extract.dom import paragraphs, parse
from kb.extract.office.clippings import Line
from kb.text import clean

MOST_RATIO = 200
"""A package that unpacks to more times its size is a bomb; Word's own come to 20."""
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Tiêu đề'] => h1.title:fresh
p[style-name='Subtitle'] => p:fresh
br[type='page'] => hr:fresh
"""
_SIZES = {"h1": 2.0, "h2": 1.6, "h3": 1.4, "h4": 1.2}
_TITLE = 2.5
_AFTER_BREAK = 1.3
"""Sizes of type, in sizes of the body's, that headings stand for: by their level, the title, and
a line in bold at the top of a page."""


def read_docx(payload: bytes, max_bytes: int) -> Iterator[Line]:
    """Yield the paragraphs of a Word document: deletions left out, text boxes and notes read.

    Args:
        payload: the file.
        max_bytes: limit of what its text may unpack to.

    Raises:
        UnreadableFile: no Word document, damaged, or larger than the limits.
    """
    _check(payload, max_bytes)
    try:
        html = mammoth.convert_to_html(
            io.BytesIO(payload),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
        ).value
    except Exception as error:  # mammoth lets whatever the parts of the file provoke go through
        fault = " ".join(f"{type(error).__name__}: {error}".split())[:160]
        raise UnreadableFile(f"damaged Word document: {fault}") from error
    if len(html) > max_bytes:
        raise UnreadableFile(f"its text is larger than {max_bytes} bytes")
    if html:
        yield from _lines(parse(f"<div>{html}</div>"))


def _check(payload: bytes, max_bytes: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        if payload.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableFile(
                "an old or locked Word document: save it as .docx without a password"
            ) from error
        raise UnreadableFile(f"damaged Word document: {error}") from error
    if "word/document.xml" not in {part.filename for part in parts}:
        raise UnreadableFile("not a Word document, though its name ends in .docx")
    text = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    whole = sum(part.file_size for part in parts)
    if text > max_bytes or whole > MOST_RATIO * max(len(payload), 1):
        raise UnreadableFile(f"it unpacks to {whole} bytes, more than a document would")


def _lines(root: HtmlElement) -> Iterator[Line]:
    body: Any = root.find(".//div")
    page = 1 if body.find(".//hr") is not None else 0
    fresh = False
    for cell in body.iter("td", "th"):
        if len(cell) == 1 and cell[0].tag == "p":  # else a row would not stand on one line
            cell[0].drop_tag()
    for element in body:
        if element.tag == "hr" or element.find(".//hr") is not None:
            page, fresh = page + 1, True
        size = _SIZES.get(element.tag, 1.0)
        if element.get("class") == "title":
            size = _TITLE
        whole = clean(element.text_content())
        strong = "".join(one.text_content() for one in element.iter("strong", "b"))
        bold = bool(whole) and len(clean(strong)) >= 0.9 * len(whole)
        for block in paragraphs(element):
            if fresh and bold and size == 1.0:
                size = _AFTER_BREAK
            fresh = False
            yield Line(block.text, page=page, size=size, bold=bold)
