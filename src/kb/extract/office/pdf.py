"""PDF → lines in reading order: clippings and press reviews with a text layer."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.errors import UnreadableFile
from kb.extract.boilerplate import ends_sentence
from kb.extract.office.clippings import Line
from kb.extract.office.layout import Piece, paragraphs
from kb.text import clean

MOST_PAGES = 500
_SECONDS = 120
_SPACE = 2_000_000_000
"""Most pages of a PDF, seconds of CPU and bytes of memory that reading it may take."""
_STOPPED = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
"""How a process ends that took too long."""
_CHILD = Path(__file__).with_name("pdf_child.py")
_EDGE = 0.1
"""Share of a page's height, above and below, in which running heads and page numbers stand."""
_EDGE_LINES = 3
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—\s]*(?:trang|page|tr\.)?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*"
)
_ADDRESS = re.compile(r"https?://\S{8,}")
_SCAN_LETTERS = 20
"""A page with pictures and fewer letters is a scan."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page (from 1) whose text cannot be read, and why."""

    page: int
    reason: str


def read_pdf(payload: bytes) -> Iterator[Line | Scan]:
    """Yield the paragraphs of a PDF, page by page, in reading order, and the pages without text.

    Running heads and page numbers are marked `aside`. Reading happens in a process of its own
    with limits of time and memory; what was read before a limit is kept.

    Raises:
        UnreadableFile: damaged, locked, without any text, or over a limit; raised at the end.
    """
    pages, fault = _run(payload)
    scanned = [
        Scan(number, reason)
        for number, page in enumerate(pages, start=1)
        if (reason := _unreadable(page))
    ]
    if pages and len(scanned) == len(pages) and not fault:
        raise UnreadableFile(scanned[0].reason)
    yield from _flowing(_lines(pages, {scan.page for scan in scanned}))
    yield from scanned
    if fault:
        raise UnreadableFile(fault)


def _lines(pages: list[dict[str, Any]], without: set[int]) -> Iterator[Line]:
    edges = _running_heads(pages)
    body = _body_size(pages)
    for number, page in enumerate(pages, start=1):
        if number in without:
            continue
        pieces = [Piece(*row[:7]) for row in page["lines"]]
        aside = [one for one in pieces if _edge(one, page) and _key(one.text) in edges]
        for one in aside:
            yield Line(clean(one.text), page=number, aside=True)
        for text, size, bold in paragraphs([one for one in pieces if one not in aside]):
            yield Line(clean(text), page=number, size=size / body, bold=bold)


def _flowing(lines: Iterable[Line]) -> Iterator[Line]:
    """Join a paragraph that goes on in the next column or on the next page."""
    held: list[Line] = []  # a paragraph and the running heads after it
    for one in lines:
        if held and one.aside:
            held.append(one)
        elif held and _goes_on(held[0], one):
            held[0] = replace(held[0], text=f"{held[0].text} {one.text}")
        else:
            yield from held
            held = [one]
    yield from held


def _goes_on(last: Line, one: Line) -> bool:
    alike = abs(one.size - last.size) < 0.1 and one.bold == last.bold and not last.aside
    return alike and one.text[:1].islower() and not ends_sentence(last.text)


def _run(payload: bytes) -> tuple[list[dict[str, Any]], str]:
    """Return the pages that could be read and what went wrong."""
    limits = (str(_SECONDS), str(_SPACE), str(MOST_PAGES))
    command = [sys.executable, "-I", str(_CHILD), *limits]
    try:
        done = subprocess.run(
            command, input=payload, capture_output=True, timeout=_SECONDS * 3, check=False
        )
        output, slow = done.stdout, done.returncode in _STOPPED
    except subprocess.TimeoutExpired as late:
        output, slow = late.stdout or b"", True
    rows = [json.loads(row) for row in output.splitlines() if row.endswith(b"}")]
    pages = [row for row in rows if "lines" in row]
    last = rows[-1] if rows else {}
    if "pages" in last:
        return pages, "" if pages else "damaged PDF: it has no pages"
    match last.get("fault"):
        case "locked":
            return pages, "the PDF is locked with a password"
        case "damaged":
            return pages, f"damaged PDF: {last['detail']}"
        case "pages":
            return pages, f"more than {last['detail']} pages: the rest was not read; split the PDF"
    limit = f"{_SECONDS} seconds" if slow else f"{_SPACE / 1e9:g} GB of memory"
    return pages, f"reading the PDF took more than {limit} after page {len(pages)}"


def _unreadable(page: dict[str, Any]) -> str | None:
    text = "".join(row[6] for row in page["lines"])
    letters = sum(sign.isalpha() for sign in text)
    if letters < _SCAN_LETTERS:
        if page["pictures"]:
            return (
                "a scan without a text layer: recognise its text first, "
                "for example with `ocrmypdf -l vie`"
            )
        return None if letters else "an empty page"
    unknown = 6 * text.count("(cid:") + sum(
        "\ue000" <= s <= "\uf8ff" or s == "\ufffd" for s in text
    )
    if unknown * 5 > len(text):
        return "its fonts do not say which letters they show: print or recognise it again"
    if sum(len(row[6]) for row in page["lines"] if row[7]) * 2 > len(text):
        return "written in an old Vietnamese font (TCVN3, VNI) and not in Unicode: convert it first"
    return None


def _body_size(pages: list[dict[str, Any]]) -> float:
    """Return the size of type in which most letters of the document are set (points)."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for row in page["lines"]:
            sizes[row[4]] += len(row[6])
    return max(sizes, key=sizes.__getitem__, default=0.0) or 1.0


def _edge(piece: Piece, page: dict[str, Any]) -> bool:
    margin = page["height"] * _EDGE
    return bool(piece.bottom <= margin or piece.top >= page["height"] - margin)


def _key(text: str) -> str:
    """Return a line as running heads are compared: page numbers and addresses alike."""
    if _PAGE_NUMBER.fullmatch(text) or _ADDRESS.search(text):
        return "#"
    return re.sub(r"\d+", "#", text)


def _running_heads(pages: list[dict[str, Any]]) -> set[str]:
    """Return what stands at the edge of at least half of the pages, and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        pieces = sorted((Piece(*row[:7]) for row in page["lines"]), key=lambda one: one.top)
        outer = (*pieces[:_EDGE_LINES], *pieces[-_EDGE_LINES:])
        seen.update({_key(one.text) for one in outer if _edge(one, page)})
    often = max(2, len(pages) / 2)
    return {"#"} | {key for key, count in seen.items() if count >= often}
