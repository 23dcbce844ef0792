"""WARC files for benchmarks of the whole way: as many articles as wanted, no two alike.

Real articles and pages are written again with every fifth plain word exchanged for one of the
corpus, so that sentences keep their length, their names and their marks, nothing that was read
before helps, and no article counts as a reprint of another. Always the same for the same count.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHARE = 0.2
_WORD = re.compile(r"(?<=[\w,] )[a-zà-ỹđ]{2,7}(?= [a-zà-ỹđ])")
_TEXT = re.compile(r"(?<=>)[^<>]{40,}(?=<)")
_ID = re.compile(r"\d{5,}(?=[^/\d]*$)")
_SCRIPT = re.compile(r"(?is)(<(?:script|style)\b.*?</(?:script|style)\s*>)")
Page = tuple[str, bytes]
"""Address and HTML."""


@dataclass
class Corpus:
    """Rows of `SHARED/corpus` and the plain words in them."""

    rows: list[dict[str, Any]]
    words: list[str]

    @classmethod
    def of(cls, shared: Path) -> Corpus:
        """Read it."""
        with gzip.open(shared / "corpus" / "press-2024.jsonl.gz", "rt", encoding="utf-8") as file:
            every = map(json.loads, file)
            rows = [row for row in every if row["url"]]  # a capture has an address
        return cls(rows, [word for row in rows for word in _WORD.findall(row["body"])])

    def varied(self, text: str, draw: random.Random) -> str:
        """Exchange some of the plain words."""
        return _WORD.sub(
            lambda found: draw.choice(self.words) if draw.random() < SHARE else found[0], text
        )

    def articles(self, count: int) -> Iterator[Page]:
        """Yield articles of the corpus, the first ones as they are, as simple pages."""
        for number in range(count):
            row = self.rows[number % len(self.rows)]
            copy = number // len(self.rows)
            draw = random.Random(number)
            parts = [row["title"] or "", row["lead"] or "", row["body"] or ""]
            if copy:
                parts = [self.varied(one, draw) for one in parts]
            yield _renamed(row["url"], copy), _page(row, parts)


def saved_pages(shared: Path, corpus: Corpus, count: int) -> Iterator[Page]:
    """Yield real article pages of many outlets, the first ones as they are."""
    folder = shared / "pages"
    listed = map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines())
    pages = [
        (one["url"], gzip.decompress((folder / one["file"]).read_bytes()).decode())
        for one in listed
        if one["kind"] == "article"
    ]
    for number in range(count):
        url, text = pages[number % len(pages)]
        copy = number // len(pages)
        if copy:
            draw = random.Random(number)
            new = _renamed(url, copy)
            text = text.replace(url.rpartition("/")[2], new.rpartition("/")[2])
            pieces = _SCRIPT.split(text)
            for place in range(0, len(pieces), 2):
                pieces[place] = _TEXT.sub(
                    lambda found, draw=draw: corpus.varied(found[0], draw),  # type: ignore[misc]
                    pieces[place],
                )
            url, text = new, "".join(pieces)
        yield url, text.encode()


def _renamed(url: str, copy: int) -> str:
    """Return the address of a copy: another number of the story."""
    if not copy:
        return url
    if _ID.search(url):
        return _ID.sub(lambda found: f"{copy}{found[0]}", url)
    return f"{url.rstrip('/')}-{900_000 + copy}.html"


def _page(row: dict[str, Any], parts: list[str]) -> bytes:
    title, lead, body = (html.escape(one) for one in parts)
    paragraphs = "\n".join(f"<p>{line}</p>" for line in body.split("\n"))
    day = html.escape(row["published_at"] or "")
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:description" content="{lead}">
<meta property="article:published_time" content="{day}"></head>
<body><nav>{"<a href='/muc'>Chuyên mục</a>" * 40}</nav>
<article><h1>{title}</h1>
<p class="lead">{lead}</p>
{paragraphs}
</article>
<footer>{"<a href='/tin'>Tin liên quan</a>" * 40}</footer></body></html>""".encode()


def write(path: Path, pages: Iterator[Page]) -> int:
    """Write pages as a compressed WARC file; return their bytes, decompressed."""
    size = 0
    with path.open("wb") as file:
        for url, payload in pages:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            fields = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
                "WARC-Date: 2025-03-01T00:00:00Z\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(head) + len(payload)}\r\n\r\n"
            )
            record = fields.encode() + head + payload + b"\r\n\r\n"
            file.write(gzip.compress(record, 6))
            size += len(record)
    return size
