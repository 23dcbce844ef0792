"""The review desk: what waits is shown, decided, undone; by keys, without scripts, by two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import copyfile
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from kb.archive import Archive, Query
from kb.archive.accounts import Accounts, Role
from kb.archive.judgements.items import ReviewItem
from kb.article import Article
from kb.reading import Commitment, Kind, Mention, Reading
from kb.settings import settings
from kb.web import create_app
from kb.web.cards import WAITS
from kb.web.reviewing import SHOWN
from tests.web.axe import faults
from tests.web.conftest import Serve
from tests.web.stories import fill

OWN = {"Sec-Fetch-Site": "same-origin"}
PIECE = OWN | {"HX-Request": "true"}
GUILD = "Hội Thợ nón làng Chuông"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with something of everything that waits."""
    path = tmp_path_factory.mktemp("review") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        fill(archive)
        archive.load([unsure(), *named_twice(), *promised()], None)
    return path


@pytest.fixture
def desk(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """That archive for one test, with a folder for accepted names."""
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    copyfile(filled, tmp_path / "kb.sqlite")
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as archive:
        yield archive
    monkeypatch.undo()
    settings.cache_clear()


def mention(kind: Kind, surface: str, body: str, entry: str | None, score: float) -> Reading:
    """The reading of a body that begins with a name."""
    found = Mention(
        kind=kind,
        entity_id=entry,
        name=surface,
        surface=surface,
        field="body",
        start=0,
        end=len(surface),
        sentence_start=0,
        sentence_end=len(body),
        method="registry:context" if entry else "names",
        score=score,
    )
    return Reading((found,), "test", 1, 6)


def unsure() -> tuple[Article, Reading]:
    """A story with a link that is not sure."""
    body = "Không gian ấy mở cửa hôm qua."
    url = "https://example.vn/mo-cua-1.html"
    article = Article("Mở cửa", "", body, url, "hanoimoi")
    return article, mention("initiative", "Không gian ấy", body, "creative-spaces", 0.6)


def named_twice() -> Iterator[tuple[Article, Reading]]:
    """Two stories that name somebody whom the registry does not know."""
    for number in (1, 2):
        body = f"{GUILD} mở lớp thứ {number}."
        url = f"https://example.vn/lop-{number}.html"
        article = Article(f"Lớp {number}", "", body, url, "hanoimoi")
        yield article, mention("org", GUILD, body, None, 0.9)


def promised() -> Iterator[tuple[Article, Reading]]:
    """Three stories with a promise that fell due."""
    for day in (1, 2, 3):
        text = f"sẽ mở xưởng nón thứ {day}"
        body = f"Xã {text} trước ngày {day}/3/2021."
        start = body.index(text)
        promise = Commitment(
            initiative_id=None,
            owner_id=None,
            owner="Xã",
            text=text,
            due_from=None,
            due_to=f"2021-03-0{day}",
            recurs=None,
            quantity=None,
            field="body",
            start=start,
            end=start + len(text),
        )
        url = f"https://example.vn/xuong-{day}.html"
        article = Article(f"Xưởng {day}", "", body, url, "hanoimoi")
        yield article, Reading((), "test", 1, 6, commitments=(promise,))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def client(desk: Archive, serve: Serve) -> Iterator[httpx.Client]:
    with serve(create_app(desk)) as base, httpx.Client(base_url=base, timeout=900) as opened:
        yield opened


def waiting(desk: Archive, why: str) -> list[ReviewItem]:
    return desk.review(why=[why], limit=200)


def first(desk: Archive, why: str) -> ReviewItem:
    return waiting(desk, why)[0]


def decide(client: httpx.Client, key: str, do: str, **more: str) -> httpx.Response:
    headers = PIECE if more.pop("piece", "") else OWN
    return client.post("/review", data={"key": key, "do": do, **more}, headers=headers)


@pytest.mark.parametrize("why", ["due", "link", "name", "assignment"])
def test_each_list_shows_what_waits_and_why(client: httpx.Client, desk: Archive, why: str) -> None:
    page = client.get("/review", params={"why": why})
    items = waiting(desk, why)
    assert items
    keys = [unescape(one) for one in re.findall(r'name="key" value="([^"]*)"', page.text)]
    assert keys == [one.key for one in items][:SHOWN]
    for one in items[:SHOWN]:
        assert one.text in unescape(page.text)


def test_the_desk_of_everything_shows_every_kind(client: httpx.Client) -> None:
    page = client.get("/review")
    assert page.status_code == 200
    assert [f"?why={why}" in page.text for why in WAITS] == [True] * len(WAITS)


@pytest.mark.parametrize("status", ["done", "in_progress", "promised_again", "silent", "cancelled"])
def test_what_became_of_a_promise(client: httpx.Client, desk: Archive, status: str) -> None:
    item = first(desk, "due")
    source = "https://example.vn/nguon.html"
    answer = decide(client, item.key, f"status:{status}", source=source, note="theo báo", why="due")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/review?why=due&done=")
    (entry,) = desk.judgements(key=item.key)
    assert dict(entry.judgement.detail) == {"status": status}
    assert (entry.judgement.source, entry.judgement.note) == (source, "theo báo")
    assert item.key not in {one.key for one in waiting(desk, "due")}
    page = client.get(answer.headers["location"]).text
    assert f'name="id" value="{entry.judgement.id}"' in page


@pytest.mark.parametrize(("do", "left"), [("confirm", 1), ("reject", 0)])
def test_a_link_is_right_or_wrong(client: httpx.Client, desk: Archive, do: str, left: int) -> None:
    item = first(desk, "link")
    assert decide(client, item.key, do).status_code == 303
    assert waiting(desk, "link") == []
    rows = [row for row in desk.mentions_rows(Query()) if row["surface"] == "Không gian ấy"]
    assert len(rows) == left


def test_only_what_was_changed_is_a_correction(client: httpx.Client, desk: Archive) -> None:
    item = first(desk, "link")
    form = {
        "v.kind": "place", "was.kind": "initiative", "v.span": item.text, "was.span": item.text,
        "v.entity_id": "", "was.entity_id": "creative-spaces",
    }  # fmt: skip
    assert decide(client, item.key, "correct", **form).status_code == 303
    (entry,) = desk.judgements(key=item.key)
    assert dict(entry.judgement.detail) == {"kind": "place", "entity_id": None}


def test_a_correction_that_cannot_be_is_told_in_its_place(
    client: httpx.Client, desk: Archive
) -> None:
    item = first(desk, "due")
    form = {"v.due_to": "hôm nào", "was.due_to": "", "piece": "1"}
    answer = decide(client, item.key, "correct", **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "due_to" in answer.text
    assert "<html" not in answer.text
    assert item.text in unescape(answer.text)
    assert desk.judgements() == []


def test_a_name_becomes_an_entry_that_the_desk_knows(client: httpx.Client, desk: Archive) -> None:
    (item,) = (one for one in waiting(desk, "name") if one.text == GUILD)
    assert decide(client, item.key, "accept").status_code == 303
    written = (settings().data_dir / "registries" / "accepted.yaml").read_text("utf-8")
    assert GUILD in written
    page = client.get("/actors/hoi-tho-non-lang-chuong")
    assert page.status_code == 200
    assert GUILD in page.text
    assert GUILD not in client.get("/review?why=name").text.split("</datalist>")[1]


@pytest.mark.parametrize("key", ["name:thing:hội thợ nón", "name:org:hội không có", "name:"])
def test_a_name_that_nothing_has_is_refused(client: httpx.Client, key: str) -> None:
    assert decide(client, key, "accept").status_code == 422


def test_a_refused_name_is_shown_again_however_rare_it_is(
    client: httpx.Client, desk: Archive
) -> None:
    rare = "Hội Thợ quạt làng Vác"
    body = f"{rare} họp mặt."
    article = Article("Họp mặt", "", body, "https://example.vn/quat.html", "hanoimoi")
    desk.load([(article, mention("org", rare, body, None, 0.9))], None)
    answer = decide(client, f"name:org:{rare.lower()}", "merge")
    assert answer.status_code == 422
    assert f'value="name:org:{rare.lower()}"' in unescape(answer.text)


@pytest.mark.parametrize("at", ["2026-01-01", "2026-01-01T00:00", "0001-01-01T00:00:00+07:00"])
def test_a_moment_that_somebody_made_up_breaks_nothing(client: httpx.Client, at: str) -> None:
    assert decide(client, "name:org:hội không có", "reject", at=at).status_code < 500
    assert client.get("/review", params={"skip": "9" * 20}).status_code == 200


def test_a_name_is_merged_into_an_entry(client: httpx.Client, desk: Archive) -> None:
    (item,) = (one for one in waiting(desk, "name") if one.text == GUILD)
    form = {"v.entity_id": "design-centre", "was.entity_id": ""}
    assert decide(client, item.key, "merge", **form).status_code == 303
    rows = [row for row in desk.mentions_rows(Query()) if row["surface"] == GUILD]
    assert [row["entity_id"] for row in rows] == ["design-centre"] * 2


def test_a_refusal_says_why(client: httpx.Client, desk: Archive) -> None:
    (item,) = (one for one in waiting(desk, "name") if one.text == GUILD)
    form = {"v.entity_id": "design-center", "was.entity_id": ""}
    answer = decide(client, item.key, "merge", **form)
    assert answer.status_code == 422
    assert "design-centre" in unescape(answer.text).split('role="alert"')[1].split("</p>")[0]


def test_a_decision_is_undone(client: httpx.Client, desk: Archive) -> None:
    item = first(desk, "due")
    piece = decide(client, item.key, "status:done", piece="1")
    assert piece.status_code == 200
    assert "data-decided" in piece.text
    (entry,) = desk.judgements(key=item.key)
    form = {"id": entry.judgement.id, "key": item.key}
    back = client.post("/review/undo", data=form, headers=PIECE)
    assert back.status_code == 200
    assert item.text in unescape(back.text)
    assert first(desk, "due").key == item.key
    again = client.post("/review/undo", data=form, headers=PIECE)
    assert again.status_code == 422


def test_what_another_decided_meanwhile_is_not_overruled_unseen(
    client: httpx.Client, desk: Archive
) -> None:
    item = first(desk, "due")
    page = client.get("/review?why=due").text
    shown = unescape(re.findall(r'name="at" value="([^"]*)"', page)[0])
    desk.judge(item.key, "status", {"status": "done"}, who="minh")
    answer = decide(client, item.key, "status:silent", at=shown, piece="1")
    assert answer.status_code == 409
    assert "minh" in answer.text
    assert len(desk.judgements(key=item.key)) == 1
    assert decide(client, item.key, "status:silent", at=shown, settle="1").status_code == 303
    assert [one.judgement.settles for one in desk.judgements(key=item.key)] == [False, True]


def test_later_coverage_is_shown_with_the_promise(client: httpx.Client, desk: Archive) -> None:
    item = next(one for one in waiting(desk, "due") if one.proposed == "silent")
    for headers in ({}, PIECE):
        page = client.get("/review/evidence", params={"key": item.key}, headers=headers)
        assert page.status_code == 200
        assert ("<html" in page.text) == (not headers)
        assert "quá hạn" in page.text
    assert client.get("/review/evidence?key=x").status_code == 200


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("reviewer", 200), ("admin", 200)])
def test_readers_do_not_review(client: httpx.Client, desk: Archive, role: str, status: int) -> None:
    accounts = Accounts(desk.engine)
    accounts.add("lan", Role(role), "phố cổ mùa thu")
    far = {"X-Forwarded-For": "198.51.100.77", "Cookie": f"kb_session={accounts.begin('lan', 1)}"}
    assert client.get("/review", headers=far).status_code == status
    item = first(desk, "due")
    form = {"key": item.key, "do": "status:done"}
    posted = client.post("/review", data=form, headers=far | OWN)
    assert posted.status_code == (403 if status == 403 else 303)
    assert [one.judgement.who for one in desk.judgements()] == ["lan"] * (status == 200)


def test_keys_decide_one_after_the_other(client: httpx.Client, desk: Archive, page: Page) -> None:
    """Down, a state, undo, wrong: with the keyboard alone, and the next one is at hand."""
    items = waiting(desk, "due")
    assert len(items) >= 3
    page.goto(f"{client.base_url}/review?why=due")
    current = page.locator("[data-case].current h2")
    expect(current).to_have_text(items[0].text)
    page.keyboard.press("j")
    expect(current).to_have_text(items[1].text)
    page.keyboard.press("2")
    page.locator("[data-decided]").wait_for()
    expect(current).to_have_text(items[2].text)
    assert [one.judgement.verdict for one in desk.judgements(key=items[1].key)] == ["status"]
    page.keyboard.press("u")
    page.locator("[data-decided]").wait_for(state="detached")
    expect(current).to_have_text(items[1].text)
    page.keyboard.press("n")
    page.locator("[data-decided]").wait_for()
    assert [one.judgement.verdict for one in desk.judgements(key=items[1].key)] == [
        "status", "undo", "reject",
    ]  # fmt: skip


def test_a_field_keeps_its_letters_and_escape_leaves_it(
    client: httpx.Client, desk: Archive, page: Page
) -> None:
    page.goto(f"{client.base_url}/review?why=link")
    page.keyboard.press("e")
    field = page.locator("[data-case].current input[name='v.span']")
    field.focus()
    field.fill("")
    page.keyboard.type("nyu")
    assert field.input_value() == "nyu"
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.locator("[data-decided]").wait_for()
    assert [one.judgement.verdict for one in desk.judgements()] == ["confirm"]


def test_the_desk_works_without_scripts(
    client: httpx.Client, desk: Archive, browser: Browser
) -> None:
    item = first(desk, "due")
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{client.base_url}/review?why=due")
        page.locator("[data-case]").first.get_by_role("button", name="Đã làm").click()
        page.locator("[data-decided]").wait_for()
        assert [one.judgement.detail["status"] for one in desk.judgements(key=item.key)] == ["done"]
        page.get_by_role("button", name="Hoàn tác").click()
        expect(page.locator("[data-case] h2").first).to_have_text(item.text)
        assert first(desk, "due").key == item.key
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_is_in_the_way_of_those_who_cannot_see_or_point(
    client: httpx.Client, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    size: ViewportSize = {"width": width, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{client.base_url}/review")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
