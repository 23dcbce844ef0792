"""Search, comparing and following in a real browser: with scripts and without, by keyboard, and
seen by axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kb.archive import Archive, following
from kb.archive.following import Follow
from kb.archive.judgements.log import local_name
from kb.web import searching
from tests.web.axe import faults

SEEN = (Path(__file__).parent / "seen.js").read_text("utf-8")
WIDTHS = (360, 768, 1440)
PAGES = (
    "/search",
    "/search?q=lễ+hội&outlet=hanoimoi",
    "/search?q=a+HOẶC+(&from=x",
    "/search?q=zzz&from=2020-01-01",
    "/search/facets?q=lễ+hội",
    "/search/chart?q=lễ+hội&lang=en",
    "/compare?q=lễ+hội&q=xưởng&q=vé&from=2020-01-01",
    "/compare?q=lễ+hội&q=mây&measure=share&lang=en",
    "/following",
    "/following/new?q=lễ+hội&outlet=hanoimoi",
    "/following/preview?name=Hằng ngày",
)
Open = Callable[..., Page]


@pytest.fixture
def followed(archive: Archive) -> Iterator[None]:
    """Something that is followed in each rhythm."""
    who = local_name()
    rows = [
        Follow("Chỉ lưu", "", {"text": "lễ hội"}, rhythm="never", who=who),
        Follow("Hằng ngày", "a@so.example", {"text": "lễ"}, hour=7, quiet=True, who=who),
        Follow("Ngay", "b@so.example", {"actors": ["vu-thu-ha"]}, "vi", "immediate",
               per_hour=2, who="Ngân"),
    ]  # fmt: skip
    for one in rows:
        following.keep_follow(archive, one)
    yield
    for one in rows:
        following.drop_follow(archive, one.name)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every result count as a large one, of which the parts come after the list."""
    monkeypatch.setattr(searching, "INLINE", 0)


@pytest.fixture
def opened(browser: Browser, base: str) -> Iterator[Open]:
    """Return what opens a page; at its end there must be no complaint."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(path: str, *, scripts: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=base, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for one in contexts:
        with closing(one):
            pass
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_and_can_be_read(opened: Open, followed: None, width: int, scheme: str) -> None:
    page = opened("/search", width=width)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        seen = page.evaluate(SEEN)
        where = f"{path} at {width} in {scheme}"
        assert seen["checked"] > 15, where
        for fault in ("pale", "tight", "clipped", "hidden"):
            assert seen[fault] == [], f"{fault} on {where}"
        assert seen["overflow"] <= 0, where


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(opened: Open, followed: None, scheme: str) -> None:
    page = opened("/search", width=768)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PAGES:
        page.goto(path)
        assert faults(page) == [], path


def test_axe_would_find_something(opened: Open) -> None:
    page = opened("/search")
    page.evaluate("document.querySelector('input[name=q]').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('input[name=q]').removeAttribute('placeholder')")
    assert any(one.startswith("label:") for one in faults(page))


def found(page: Page) -> int:
    return int((page.locator("#found").text_content() or "").split()[0].replace(".", ""))


@pytest.mark.parametrize("scripts", [True, False])
def test_narrowing_and_taking_back(opened: Open, many: None, scripts: bool) -> None:
    page = opened("/search?q=lễ+hội", scripts=scripts)
    before = found(page)
    if not scripts:  # htmx brings it in; else a link leads to it
        page.locator("#narrow a.more").click()
        expect(page).to_have_url(re.compile("/search/facets"))
    choice = page.locator("section[aria-labelledby=by-outlet] a").first
    expect(choice).to_be_visible()
    articles = int((choice.locator(".figure").text_content() or "").split()[0])
    choice.click()
    expect(page.locator(".chips").first).to_contain_text("Cơ quan báo chí")
    assert found(page) == articles < before
    page.locator(".understood .chip").click()
    expect(page.locator(".understood .chip")).to_have_count(0)
    assert found(page) == before


@pytest.mark.parametrize("scripts", [True, False])
def test_a_bar_opens_its_time_by_keyboard(opened: Open, scripts: bool) -> None:
    page = opened("/search?q=lễ+hội&by=year", scripts=scripts)
    bar = page.locator("svg[role=group] a").first
    said = bar.get_attribute("aria-label") or ""
    bar.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from="))
    assert found(page) == int(said.rpartition(": ")[2].split()[0])


def test_every_bar_is_a_tab_stop_and_the_table_has_the_same(opened: Open) -> None:
    page = opened("/search?q=lễ+hội&by=year")
    bars = page.locator("svg[role=group] a")
    stops = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert {one.get_attribute("aria-label") for one in bars.all()} <= stops
    page.locator(".twin summary").first.click()
    cells = page.locator("figure tbody a")
    assert {one.get_attribute("href") for one in cells.all()} == {
        one.get_attribute("href") for one in bars.all()
    }


def test_days_typed_below_the_chart_narrow_without_scripts(opened: Open) -> None:
    page = opened("/search?q=lễ+hội", scripts=False)
    page.locator("#range input[name=from]").fill("2025-01-01")
    page.locator("#range button").click()
    expect(page.locator(".understood .chips")).to_contain_text("Từ ngày: 01/01/2025")


def test_a_range_is_drawn_with_the_mouse(opened: Open) -> None:
    page = opened("/search?q=lễ+hội+OR+xưởng")
    columns = page.locator(".column[data-from]")
    first, last = columns.first, columns.last
    page.locator("svg[role=group]").scroll_into_view_if_needed()
    boxes = [one.locator(".reach").bounding_box() for one in (first, last)]
    points = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    page.mouse.move(*points[1])
    page.mouse.down()
    page.mouse.move(*points[0], steps=5)
    assert page.locator(".column.chosen").count() == columns.count()
    wanted = [first.get_attribute("data-from"), last.get_attribute("data-to")]
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"from={wanted[0]}&to={wanted[1]}"))


def test_saving_a_search_and_giving_it_up_without_scripts(opened: Open, archive: Archive) -> None:
    page = opened("/search?q=lễ+hội", scripts=False)
    page.get_by_role("link", name="Lưu và theo dõi").click()
    expect(page.get_by_label("Địa chỉ thư")).to_be_hidden()
    page.get_by_label("Điểm báo hằng tuần").check()
    expect(page.get_by_label("Thứ (hằng tuần)")).to_be_visible()
    expect(page.get_by_label("Nhiều nhất mỗi giờ")).to_be_hidden()
    page.get_by_label("Thứ (hằng tuần)").select_option("4")
    page.get_by_label("Giờ gửi").select_option("17")
    page.get_by_label("Địa chỉ thư").fill("a@so.example")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu: lễ hội")
    (one,) = following.follows(archive)
    assert (one.name, one.rhythm, one.weekday, one.hour) == ("lễ hội", "weekly", 4, 17)
    page.locator(".kept summary", has_text="Thôi theo dõi").click()
    page.get_by_role("button", name="Thôi theo dõi và xóa").click()
    expect(page.locator(".kept")).to_have_count(0)
    assert following.follows(archive) == []


def test_on_a_telephone_the_list_comes_before_what_narrows_it(opened: Open) -> None:
    page = opened("/search?q=lễ+hội", width=360)
    places = [
        page.locator(one).first.bounding_box() for one in (".results .card", "#narrow .facet")
    ]
    tops = [box["y"] for box in places if box]
    assert tops[0] < tops[1]
    page.locator(".actions .down").click()
    expect(page.locator("#narrow h2")).to_be_in_viewport()


def test_paper_has_chart_and_list_but_no_forms(opened: Open) -> None:
    page = opened("/search?q=lễ+hội")
    page.emulate_media(media="print")
    expect(page.locator("svg[role=group]")).to_be_visible()
    expect(page.locator(".results .card").first).to_be_visible()
    for control in (".search", ".range", ".actions", "#narrow", "#take"):
        expect(page.locator(control)).to_be_hidden()
