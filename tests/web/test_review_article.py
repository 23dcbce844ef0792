"""One article on the review desk: all that was read in it; and a form that is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from kb.archive import Archive, Query
from kb.archive.accounts import Accounts, Role
from kb.settings import settings
from kb.web import create_app
from tests.archive.judged import key_of
from tests.archive.test_judged_names import NAME, ROWS, THEIRS, market
from tests.web.axe import faults
from tests.web.conftest import Serve

OWN = {"Sec-Fetch-Site": "same-origin"}
PIECE = OWN | {"HX-Request": "true"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An archive with one article, of which the reader was sure."""
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as archive:
        archive.sync_registry(ROWS)
        archive.load([market()], None)
        yield archive
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def client(desk: Archive, serve: Serve) -> Iterator[httpx.Client]:
    with serve(create_app(desk)) as base, httpx.Client(base_url=base, timeout=900) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 900, "height": 500}) as context:
        yield context.new_page()


def shown(client: httpx.Client, address: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    return [unescape(one) for one in re.findall(r'name="key" value="([^"]*)"', page.text)]


def test_all_that_was_read_in_an_article_is_shown_in_its_order(
    client: httpx.Client, desk: Archive
) -> None:
    keys = shown(client, "/review?article=1")
    assert keys == [one.key for one in desk.review_article(1)]
    assert set(keys) == set(desk.keys(1).values())
    assert [one.why for one in desk.review()] == []  # the reader was sure of it all
    for part in ("mention", "quote", "holding"):
        own = shown(client, f"/review?article=1&part={part}")
        assert own == [key for key in keys if key.startswith(f"{part}:")]
    for address in ("/review?article=77", "/review?article=0"):
        assert client.get(address).status_code == 404


def test_long_articles_are_gone_through_in_pages(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = shown(client, "/review?article=1")
    monkeypatch.setattr("kb.web.reviewing.SHOWN", 3)
    found: list[str] = []
    address: str | None = "/review?article=1"
    while address:
        found += shown(client, address)
        onward = re.search(r'rel="next" href="([^"]*)"', client.get(address).text)
        address = unescape(onward[1]) if onward else None
    assert found == whole
    form = {"key": whole[4], "do": "confirm", "article": "1", "skip": "3"}
    answer = client.post("/review", data=form, headers=OWN)
    assert answer.headers["location"].startswith("/review?article=1&skip=3&done=")


def test_the_page_of_an_article_leads_there_for_whoever_may_decide(
    client: httpx.Client, desk: Archive
) -> None:
    accounts = Accounts(desk.engine)
    link = 'href="/review?article=1"'
    for name, role in (("lan", Role.reader), ("minh", Role.reviewer)):
        accounts.add(name, role, "phố cổ mùa thu")
        cookie = f"kb_session={accounts.begin(name, 1)}"
        far = {"X-Forwarded-For": "198.51.100.77", "Cookie": cookie}
        assert (link in client.get("/articles/1", headers=far).text) == (name == "minh")


def test_an_entry_alone_splits_a_name_from_its_form(client: httpx.Client, desk: Archive) -> None:
    key = key_of(desk, "mention", NAME)
    assert 'name="v.name"' in client.get("/review?article=1&part=mention").text
    form = {"v.entity_id": THEIRS, "was.entity_id": "so-du-lich", "v.name": NAME, "was.name": NAME}
    answer = client.post("/review", data={"key": key, "do": "split", **form}, headers=OWN)
    assert answer.status_code == 303
    assert {row["entity_id"] for row in desk.mentions_rows(Query())} == {THEIRS}


@pytest.mark.parametrize("headers", [OWN, PIECE])
@pytest.mark.parametrize(
    ("language", "said"), [("vi", "Danh mục không có mục"), ("en", "The registry has no entry")]
)
def test_a_refused_form_keeps_what_was_typed(
    client: httpx.Client, desk: Archive, headers: dict[str, str], language: str, said: str
) -> None:
    key = key_of(desk, "mention", NAME)
    form = {
        "v.entity_id": "so-du-lich-hua", "was.entity_id": "so-du-lich", "v.kind": "place",
        "was.kind": "org", "source": "https://bao-b.example/1", "note": "hai sở khác nhau",
        "article": "1", "part": "mention",
    }  # fmt: skip
    answer = client.post(
        f"/review?lang={language}", data={"key": key, "do": "correct", **form}, headers=headers
    )
    assert answer.status_code == 422
    page = unescape(answer.text)
    alert = page.split('role="alert"')[1].split("</p>")[0]
    assert said in alert and "so-du-lich-hue" in alert and "kb registry" not in alert
    for name in ("v.entity_id", "source", "note", "article", "part", "was.entity_id"):
        assert re.search(f'name="{re.escape(name)}"[^>]* value="{form[name]}"', page), name
    assert '<option value="place" selected>' in page
    assert "data-edit open" in page
    assert desk.judgements() == []


REFUSED = [
    ("correct", {}, "Chưa có gì được sửa."),
    ("correct", {"v.name": " "}, "Ô “Tên” không được để trống."),
    ("correct", {"v.span": "Sở Thủy lợi"}, "không có những chữ “Sở Thủy lợi”"),
    (
        "split",
        {"v.entity_id": "", "was.entity_id": "so-du-lich"},
        "Xin ghi tên của người hay cơ quan ấy",
    ),
    ("status:done", {}, "mention: cannot status"),
]


@pytest.mark.parametrize(("do", "values", "said"), REFUSED)
def test_each_reason_is_in_the_language_of_the_page(
    client: httpx.Client, desk: Archive, do: str, values: dict[str, str], said: str
) -> None:
    key = key_of(desk, "mention", NAME)
    answer = client.post("/review", data={"key": key, "do": do, **values}, headers=PIECE)
    assert answer.status_code == 422
    assert said in unescape(answer.text).split('role="alert"')[1].split("</p>")[0]


def test_how_sure_a_link_is_has_two_decimals(client: httpx.Client, desk: Archive) -> None:
    article, read = market()
    low = replace(read, mentions=tuple(replace(one, score=0.7735758) for one in read.mentions),
                  reader="2")  # fmt: skip
    desk.load([(article, low)], None)
    page = client.get("/review?why=link").text
    assert "<dd>0,77</dd>" in page
    assert "0.77" not in page
    assert "<dd>0.77</dd>" in client.get("/review?why=link&lang=en").text


def test_a_name_is_shown_with_the_newspaper_that_had_it(
    client: httpx.Client, desk: Archive
) -> None:
    article, read = market(None)
    desk.load([(replace(article, url=f"{article.url}?{n}"), read) for n in (2, 3)], None)
    (item,) = desk.review(why=["name"])
    assert (item.text, item.outlet) == (NAME, "bao-a")
    assert desk.review_item(item.key).outlet == "bao-a"
    assert "Không rõ nguồn" not in client.get("/review?why=name").text


def test_a_refused_sign_in_keeps_the_name(client: httpx.Client) -> None:
    form = {"name": "lan", "password": "không phải"}
    answer = client.post("/login", data=form, headers=OWN)
    assert answer.status_code == 401
    assert 'name="name" value="lan"' in answer.text


# --- in a browser -----------------------------------------------------------------------------


def test_a_click_on_a_card_partly_in_view_decides(
    client: httpx.Client, desk: Archive, page: Page
) -> None:
    """Between the button's going down and coming up nothing may move."""
    keys = [one.key for one in desk.review_article(1)]
    page.goto(f"{client.base_url}/review?article=1")
    card = page.locator("[data-case]").nth(1)
    button = card.locator("button[value=reject]")
    # The button just within the lower edge, the rest of its card below it.
    button.evaluate("(one) => scrollBy(0, one.getBoundingClientRect().bottom - innerHeight + 2)")
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(100)
    page.mouse.up()
    page.locator("[data-decided]").wait_for()
    assert [one.judgement.key for one in desk.judgements()] == [keys[1]]


def test_shift_tab_goes_to_the_last_control_of_the_card_above(
    client: httpx.Client, page: Page
) -> None:
    page.goto(f"{client.base_url}/review?article=1")
    page.keyboard.press("j")
    expect(page.locator("[data-case]").nth(1)).to_be_focused()
    for _ in range(2):  # the fold of the card above, then its last button
        page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-case]").first.locator("button[value=reject]")).to_be_focused()
    expect(page.locator("[data-case]").first).to_have_class(re.compile("current"))


def test_keys_go_through_an_article_and_nobody_is_shut_out(
    client: httpx.Client, desk: Archive, page: Page
) -> None:
    page.goto(f"{client.base_url}/review?article=1&part=quote")
    page.keyboard.press("y")
    page.locator("[data-decided]").wait_for()
    assert [one.judgement.verdict for one in desk.judgements()] == ["confirm"]
    page.keyboard.press("u")
    page.locator("[data-decided]").wait_for(state="detached")
    page.goto(f"{client.base_url}/review?article=1")
    assert faults(page) == []
