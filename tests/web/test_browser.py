"""The pages in a real browser: three widths, light and dark, keyboard, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

SEEN = (Path(__file__).parent / "seen.js").read_text("utf-8")
PAGES = {
    "/": 0,
    "/search?q=le+hoi&outlet=hanoimoi&from=2020-01-01": 2,
    "/articles/1": 3,
    "/initiatives/design-festival": 0,
    "/actors/hanoi-peoples-committee": 0,
    "/actors/vu-thu-ha?lang=en": 0,
}
"""Pages with the least number of marks that each must show."""


def _failed(request: Request) -> list[str]:
    """Return what could not be fetched; what the next page made needless is no fault."""
    return [] if request.failure == "net::ERR_ABORTED" else [request.url]


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page on the desk; at its end there must be no complaint and no call elsewhere."""
    with browser.new_context(base_url=base) as context:
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("requestfailed", lambda request: complaints.extend(_failed(request)))
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        yield opened
        assert complaints == []
        assert asked
        assert [url for url in asked if not url.startswith(f"{base}/")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_pages_fit_and_can_be_read(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path, least in PAGES.items():
        page.goto(path)
        for fold in page.locator("summary").all():
            if fold.evaluate("one => !one.parentElement.open"):
                fold.click()
        seen = page.evaluate(SEEN)
        where = f"{path} at {width} in {scheme}"
        assert seen["checked"] > 20, where
        for fault in ("pale", "tight", "clipped", "hidden"):
            assert seen[fault] == [], f"{fault} on {where}"
        assert seen["overflow"] <= 0, where
        assert seen["marks"] >= least, where


def test_marks_lead_to_what_they_name(page: Page) -> None:
    page.goto("/articles/1")
    page.locator(".body mark.initiative a").first.click()
    expect(page).to_have_url(re.compile("/initiatives/design-festival$"))
    expect(page.locator("h1")).to_have_text("Lễ hội Thiết kế sáng tạo Hà Nội")


def test_searching_goes_from_the_masthead_to_an_article(page: Page) -> None:
    page.goto("/actors/hanoi-museum")
    page.get_by_role("searchbox").fill("xưởng cũ")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Xưởng cũ chờ ngày").click()
    expect(page.locator("h1")).to_contain_text("Xưởng cũ")


def test_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_focus_is_always_visible(page: Page) -> None:
    page.goto("/search")
    for _ in range(8):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2


def test_paper_has_the_article_and_its_address_but_no_controls(page: Page) -> None:
    page.goto("/articles/1")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    for control in (".masthead nav", ".finder"):
        expect(page.locator(control)).to_be_hidden()
    written = page.evaluate(
        "getComputedStyle(document.querySelector('.original'), '::after').content"
    )
    assert "https://hanoimoi.vn/" in written


def test_the_chart_is_drawn_to_its_figures(page: Page) -> None:
    page.goto("/initiatives/design-festival")
    bars = page.locator("svg .bar")
    assert bars.count() == 2
    heights = [one.evaluate("one => one.getBoundingClientRect().height") for one in bars.all()]
    assert heights[0] == heights[1] > 100
    assert page.locator("svg.chart .period").all_text_contents() == ["2023", "2024", "2025"]
