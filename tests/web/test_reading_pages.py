"""The pages one reads on: for the eye at any size, for keys, for a screen reader, on paper, and
without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.axe import faults

SEEN = (Path(__file__).parent / "seen.js").read_text("utf-8")
PAGES = [
    "/", "/articles/1", "/articles/1/changes", "/articles/3", "/initiatives/design-festival",
    "/actors/hanoi-department-of-culture-and-sports", "/actors/vu-thu-ha", "/commitments",
    "/quotes?lang=en", "/initiatives/creative-spaces?lang=en",
]  # fmt: skip


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page on the desk."""
    with browser.new_context(base_url=base) as context:
        yield context.new_page()


@pytest.fixture
def plain(browser: Browser, base: str) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    with browser.new_context(base_url=base, java_script_enabled=False) as context:
        yield context.new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_is_in_the_way_of_those_who_cannot_see_or_point(
    page: Page, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PAGES:
        page.goto(path)
        assert faults(page) == [], f"{path} at {width} in {scheme}"


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_text_of_twice_the_size_is_neither_clipped_nor_off_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        seen = page.evaluate(SEEN)
        where = f"{path} at {width}"
        assert seen["checked"] > 20, where
        assert (seen["tight"], seen["clipped"], seen["hidden"]) == ([], [], []), where
        assert seen["overflow"] <= 0, where


def test_half_the_window_at_twice_the_zoom_is_a_page_like_any(page: Page) -> None:
    """A browser that zooms to 200 % gives the page half the width: 1440 become 720."""
    for width in (720, 384, 320):
        page.set_viewport_size({"width": width, "height": 400})
        for path in PAGES:
            page.goto(path)
            seen = page.evaluate(SEEN)
            assert (seen["overflow"] <= 0, seen["clipped"]) == (True, []), f"{path} at {width}"


def test_every_name_takes_the_focus_and_says_what_it_is(page: Page) -> None:
    page.goto("/articles/1")
    marks = page.locator(".story mark").count()
    reached = []
    page.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(SAYS)
        if seen is not None:
            reached.append(seen)
            assert seen["said"].strip('"') == seen["title"]
            assert seen["shown"] == "fixed"
            assert re.match(r"(Sáng kiến|Cơ quan, tổ chức|Địa điểm|Sự kiện): ", seen["title"])
            assert seen["top"] >= 0
            assert seen["bottom"] <= seen["height"]
    assert marks > 3
    assert len(reached) == marks


SAYS = """() => {
  const one = document.activeElement;
  if (!one.closest("mark")) return null;
  const style = getComputedStyle(one, "::after"), box = one.getBoundingClientRect();
  return {
    said: style.content, shown: style.position, title: one.title,
    top: box.top, bottom: box.bottom, height: innerHeight,
  };
}"""


def test_a_name_without_a_page_leads_to_its_row_in_the_list_of_names(page: Page) -> None:
    page.goto("/articles/3")
    page.get_by_title("Quyết định 12/QĐ-VN").locator("a").press("Enter")
    expect(page).to_have_url(re.compile(r"/articles/3#named-\d+$"))
    row = page.locator("tr:target")
    expect(row).to_be_visible()
    expect(row).to_contain_text("Quyết định 12/QĐ-VN")
    row.locator("td.number a").press("Enter")
    expect(page.locator(".s:target")).to_contain_text("Quyết định 12/QĐ-VN")


def test_a_fact_leads_to_its_sentence_in_the_text(page: Page) -> None:
    page.goto("/articles/1")
    given = page.locator("section[aria-labelledby=assignments] li")
    given.get_by_role("link", name="Xem trong bài").press("Enter")
    sentence = page.locator(".s:target")
    expect(sentence).to_be_in_viewport()
    expect(sentence).to_contain_text("giữ vai trò điều phối")


def test_strip_and_list_of_a_course_belong_together(page: Page) -> None:
    page.goto("/initiatives/design-festival")
    dot = page.locator("svg.strip a").first
    number = dot.get_attribute("href")
    dot.click()
    expect(page).to_have_url(re.compile(f"{number}$"))
    expect(page.locator(f"li{number}")).to_be_in_viewport()


def test_all_is_there_without_javascript(plain: Page) -> None:
    plain.goto("/initiatives/design-festival")
    expect(plain.locator("svg.strip a").first).to_be_visible()
    expect(plain.locator("svg.chart .bar").first).to_be_visible()
    plain.locator("details.twin summary").click()
    expect(plain.locator("details.twin table")).to_be_visible()
    plain.locator("nav.contents a[href='#latest']").click()
    expect(plain.locator("#latest")).to_be_in_viewport()
    plain.locator("ol.course .what a").first.click()
    expect(plain).to_have_url(re.compile("/articles/"))
    plain.goto("/articles/1/changes?from=1&to=2")
    expect(plain.locator("ins").first).to_be_visible()


def test_paper_has_what_is_folded_and_no_controls(page: Page) -> None:
    page.goto("/initiatives/design-festival")
    page.emulate_media(media="print")
    for control in ("nav.contents", ".masthead nav", ".finder"):
        expect(page.locator(control)).to_be_hidden()
    page.goto("/articles/1")
    fold = page.locator("aside details.fold")
    assert fold.get_attribute("open") is None
    expect(fold.locator("table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.pdf(format="A4").startswith(b"%PDF")
