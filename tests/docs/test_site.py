"""The site is whole, and nothing of it comes from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import sync_playwright

from scripts.reference import PAGES
from tests.docs.page import DOCS, ROOT
from tests.web.conftest import CHROMIUM, QUIET

LARGEST = 300_000
"""Bytes of a picture."""
_LOADED = re.compile(
    r"<(?:script|img|iframe|source|video)\b[^>]*?\bsrc=[\"']?([^\"' >]+)"
    r"|<link\b[^>]*?\bhref=[\"']?([^\"' >]+)|@import\s+[\"']([^\"']+)"
    r"|url\([\"']?(?!data:|#)([^\"')]+)"
)
"""What a browser fetches by itself when it shows a page or a style sheet."""


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def nav(entries: Any) -> Iterator[str]:  # noqa: ANN401 - as YAML has it
    """Yield the pages that a part of the navigation names."""
    for entry in entries:
        for below in entry.values():
            if isinstance(below, str):
                yield below
            else:
                yield from nav(below)


def test_every_page_of_the_navigation_is_there_and_every_page_is_in_it(site: Path) -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = list(nav(yaml.safe_load(text)["nav"]))
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert len(named) == len(set(named))
    made = {f"reference/{name}" for name in PAGES}
    made |= {f"notebooks/{path.stem}.md" for path in (DOCS / "notebooks").glob("*.ipynb")}
    assert set(named) == written | made
    assert all((site / name).with_suffix(".html").is_file() for name in named)


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    found = [
        (path.name, target)
        for path in [*pages(site), *site.rglob("*.css")]
        for groups in _LOADED.findall(path.read_text("utf-8"))
        for target in groups
        if target
    ]
    assert len(found) > 100
    # Where a page stands for search engines: a link that no browser follows. There is none.
    assert [one for one in found if urlsplit(one[1]).netloc] == []


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the places of a page that a link may name."""
    text = path.read_text("utf-8")
    return frozenset(map(unescape, re.findall(r"\b(?:id|name)=[\"']?([^\"' >]+)", text)))


def test_every_link_leads_somewhere(site: Path) -> None:
    dead, seen = [], 0
    for page in pages(site):
        if page.name == "404.html":  # its links are those of a server's root
            continue
        for target in re.findall(r"<a\b[^>]*?\bhref=[\"']?([^\"' >]+)", page.read_text("utf-8")):
            link = urlsplit(unescape(target))
            if link.scheme or link.netloc:
                continue
            seen += 1
            place = (page.parent / unquote(link.path)).resolve() if link.path else page
            place = place / "index.html" if place.is_dir() else place
            fragment = unquote(link.fragment)
            if not place.is_file() or (fragment and fragment not in anchors(place)):
                dead.append(f"{page.relative_to(site)}: {target}")
    assert seen > 1000
    assert dead == []


def test_every_file_that_the_readme_names_is_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    named = re.findall(r"`((?:docs|src|flows|crawlers|tests)/[\w./-]*)`", text)
    assert len(links) > 10
    assert [one for one in [*links, *named] if not (ROOT / one).exists()] == []


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in DOCS.rglob("*.png")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


def test_a_vietnamese_page_says_that_it_is_one(site: Path) -> None:
    def language(page: str) -> str:
        found = re.search(r'<html lang="(\w+)"', (site / page).read_text("utf-8"))
        return found[1] if found else ""

    assert language("tutorials/truyen-thong.html") == "vi"
    assert language("tutorials/communications.html") == "en"


def test_what_is_made_from_the_program_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    places = {one["location"] for one in index["docs"]}
    assert {"reference/commands.html#kb-nightly", "reference/columns.html#ledger"} <= places
    assert "vi" in index["config"]["lang"]


def test_a_reader_searches_the_site_and_no_request_leaves_it(site: Path) -> None:
    asked: list[str] = []
    with served(site) as base, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{base}/index.html")
        field = page.get_by_role("textbox", name="Search")
        field.click()
        field.press_sequentially("KB_API_RATE")  # it listens to keys
        found = page.locator(".md-search-result__link")
        found.first.wait_for()
        assert any("settings.html" in str(one.get_attribute("href")) for one in found.all())
        browser.close()
    assert any("search_index.json" in url for url in asked)
    assert [url for url in asked if not url.startswith((base, "data:", "blob:"))] == []


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine."""
    handler = partial(_Silent, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" href="https://fonts.example/css">',
        "<img alt='' src=//cdn.example/a.png>",
        "@import 'https://cdn.example/a.css'",
        "a{background:url(https://cdn.example/a.png)}",
    ],
)
def test_what_comes_from_elsewhere_is_seen(html: str) -> None:
    (groups,) = _LOADED.findall(html)
    assert any(urlsplit(target).netloc for target in groups)
