"""The morning page: what a night did, what needs a person, mentions beside the usual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, ViewportSize

from kb.archive import Archive
from kb.archive.usual import usual_mentions
from kb.capture import Rejection
from kb.web import create_app
from tests.web.axe import faults
from tests.web.conftest import Serve

WEIRD = "<script>alert(1)</script>"


def night(mentions: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    outlet = {"found": 12, "new": 7, "changed": 1, "same": 3, "gone": 0, "refused": 0, "failed": 0,
              "skipped": 1234, "bytes": 2_540_000, "seconds": {"crawl": 62.34}}  # fmt: skip
    return {
        "outlets": {"thu": outlet},
        "initiatives": {"design-centre": mentions},
        "articles": 12,
        "seconds": {"all": 64.0, "crawl": 62.3, "extract": 0.5, "read": 2.5, "load": 1.0},
        **more,
    }


ALARM = {"kind": "silent", "outlet": "thu", "url": "https://bao-thu.example", "opinion": None,
         "facts": {"days": 4, "usual": 1, "since": "2026-11-16"}}  # fmt: skip
HARD = {
    "needs": [{"kind": "error", "outlet": "thu", "facts": {"reason": WEIRD}}],
    "alarms": [ALARM],
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Three quiet nights, one for given addresses, one with troubles, and an ingest."""
    path = tmp_path_factory.mktemp("nights") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        for counts in (night(4), night(10), night(99, whole=False), night(6), night(2, **HARD)):
            run = archive.start_run("nightly", {})
            archive.finish_run(run, "done with failures" if "needs" in counts else "done", counts)
        ingest = archive.start_run("ingest", {})
        archive.reject([Rejection("/srv/tin-cu.pdf", "intake", WEIRD)], ingest)
        archive.reject([Rejection("https://thu.example/9", "crawl", "HTTP 404")], 5)
        archive.finish_run(ingest, "done", {"new": 5000, "changed": 0, "rejected": 2})
        archive.start_run("reread", {})
        old = archive.start_run("nightly", {})
        archive.finish_run(old, "done", {"outlets": {"thu": {"new": 3}}})
        yield archive


@pytest.fixture(scope="module")
def address(filled: Archive, serve: Serve) -> Iterator[str]:
    with serve(create_app(filled)) as base:
        yield base


def page(address: str, path: str, language: str = "en") -> str:
    answer = httpx.get(f"{address}{path}", params={"lang": language}, timeout=900)
    assert answer.status_code == 200
    return answer.text


def cells(html: str, row: str) -> list[str]:
    (found,) = re.findall(rf'<tr><th scope="row">{row}</th>(.*?)</tr>', html)
    return [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td.*?</td>", found)]


def test_what_needs_a_person_comes_first_and_is_text(address: str) -> None:
    html = page(address, "/nights/5")
    assert WEIRD not in html
    assert WEIRD in unescape(html)
    parts = re.findall(r'<h2 id="(\w+)"', html)
    assert parts == ["needs", "alarms", "outlets", "mentions"]
    assert "nothing new for 4 days, since 2026-11-16" in html
    assert "Nothing needs a person" not in html
    assert "Nothing needs a person" in page(address, "/nights/1")


def test_counts_stand_by_outlet_in_the_readers_language(address: str) -> None:
    shown = ["12", "7", "1", "3", "0", "0", "0"]
    assert cells(page(address, "/nights/5"), "thu") == [*shown, "1,234", "2.5", "62.3"]
    assert cells(page(address, "/nights/5", "vi"), "thu") == [*shown, "1.234", "2,5", "62,3"]


def test_mentions_stand_beside_the_median_of_whole_nights(address: str, filled: Archive) -> None:
    assert usual_mentions(filled, 5, 14) == {"design-centre": 6}
    assert usual_mentions(filled, 5, 2) == {}, "two nights are not usual"
    assert usual_mentions(filled, 4, 14) == {}, "a night for given addresses counted"
    name = "Trung tâm Thiết kế sáng tạo Hà Nội"
    assert cells(page(address, "/nights/5", "vi"), name) == ["2", "6"]
    assert cells(page(address, "/nights/1", "vi"), name) == ["4", "–"]


def test_all_runs_are_listed_and_each_has_its_page(address: str) -> None:
    html = page(address, "/nights")
    numbers = re.findall(r'<a href="/nights/(\d+)">', html)
    assert numbers == [str(one) for one in range(8, 0, -1)]
    assert "5,000 new" in page(address, "/nights/6")
    assert "running" in page(address, "/nights/7")
    for unknown in ("0", "9", "x", "1" * 40, "-1"):
        assert httpx.get(f"{address}/nights/{unknown}", timeout=900).status_code == 404
    assert "/nights/8" in page(address, "/today")


def test_an_ingest_says_what_it_put_aside_and_why(address: str) -> None:
    html = page(address, "/nights/6", "vi")
    counts = {name: cells(html, name) for name in ("Bài mới", "Bài sửa", "Để riêng")}
    assert counts == {"Bài mới": ["5.000"], "Bài sửa": ["0"], "Để riêng": ["2"]}
    assert WEIRD not in html
    assert cells(unescape(html), "/srv/tin-cu.pdf") == ["nhận tệp", "alert(1)"]
    assert "thu.example/9" not in html, "another run put it aside"
    assert '<h2 id="aside"' not in page(address, "/nights/5")


def test_what_an_older_release_did_not_count_is_nothing(address: str) -> None:
    assert cells(page(address, "/nights/8"), "thu") == ["0", "3", *["0"] * 6, "0.0", "0.0"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_tables_scroll_in_their_place_and_nothing_is_in_the_way(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    size: ViewportSize = {"width": width, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        opened = context.new_page()
        for path in ("/nights", "/nights/5", "/nights/6"):
            opened.goto(address + path)
            assert opened.evaluate("document.documentElement.scrollWidth") <= width, path
            assert faults(opened) == [], path
