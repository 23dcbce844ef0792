"""Run by the interpreter of the other extractors' own venv: paths of pages in, what they find out.

    .venv/extractors/bin/python benchmarks/extractors.py ROUNDS < PAGES

`PAGES` is a JSON list of `[path of the gzipped page, its address]`; the answer is a JSON object of
`{name: {"version": text, "rate": pages a CPU second, "found": [[title, text, date], …]}}`. The
first round is not timed: by then everything is loaded.
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import newspaper  # type: ignore[import-not-found]
import readability  # type: ignore[import-not-found]
import trafilatura
from lxml import html as lxml_html

Found = tuple[str, str, str]


def by_trafilatura(html: str, url: str) -> Found:
    """Return title, text and date by trafilatura in its fast mode."""
    found = trafilatura.bare_extraction(
        html, url=url, fast=True, include_comments=False, with_metadata=True
    )
    return (found.title or "", found.text or "", found.date or "") if found else ("", "", "")


def by_readability(html: str, url: str) -> Found:
    """Return title and text by readability-lxml, which knows no date."""
    document = readability.Document(html, url=url)
    blocks = lxml_html.fromstring(document.summary()).iter("p", "li", "td", "h2", "h3", "h4")
    return document.short_title(), "\n".join(one.text_content() for one in blocks), ""


def by_newspaper(html: str, url: str) -> Found:
    """Return title, text and date by newspaper4k; nothing is fetched."""
    article = newspaper.Article(url, language="vi", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    date = article.publish_date
    return article.title, article.text, date.isoformat() if date else ""


EXTRACTORS: dict[str, tuple[str, Callable[[str, str], Found]]] = {
    "trafilatura": ("trafilatura", by_trafilatura),
    "readability": ("readability-lxml", by_readability),
    "newspaper4k": ("newspaper4k", by_newspaper),
}


def main(rounds: int) -> None:
    """Extract what comes on standard input."""
    logging.disable(logging.CRITICAL)
    rows = json.load(sys.stdin)
    pages = [(gzip.decompress(Path(path).read_bytes()).decode("utf-8"), url) for path, url in rows]
    answer = {}
    for name, (package, extract) in EXTRACTORS.items():
        found = [extract(*page) for page in pages]
        began = time.process_time()
        for _ in range(rounds):
            for page in pages:
                extract(*page)
        took = time.process_time() - began
        rate = rounds * len(pages) / took
        answer[name] = {"version": version(package), "rate": rate, "found": found}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
