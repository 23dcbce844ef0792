"""The page of the day: what came in since when, once each, what is due, who was met first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, ViewportSize

from kb.archive import Archive, Query
from kb.reading import Commitment, Reading
from kb.web import create_app, today
from kb.web.today import PAUSE, VISITED, begin, visits
from tests.archive.facts import commitment, quote
from tests.archive.reuse import KILNS, MARKET, PLAN, told
from tests.web.axe import faults
from tests.web.conftest import Serve
from tests.web.test_review_page import mention

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)  # 08:30 in Vietnam


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A story, its reprint in another paper, and a promise that is due in a week."""
    path = tmp_path_factory.mktemp("today") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        now = datetime.now(UTC)
        articles = [
            replace(told(name, MARKET, PLAN, KILNS)[0], published_at=now - timedelta(hours=hours))
            for name, hours in (("a", 20), ("b", 10))
        ]
        body = articles[0].body
        read = mention("initiative", body[:9], body, "design-centre", 1.0).mentions
        guild = mention("org", body[10:14], body, None, 0.9).mentions
        due = (now + timedelta(days=7)).date().isoformat()
        promise = Commitment(
            initiative_id="design-centre", owner_id=None, owner="Xã", text=body[:30],
            due_from=now.date().isoformat(), due_to=due, recurs=None, quantity=None,
            field="body", start=0, end=30,
        )  # fmt: skip
        reading = Reading((*read, *guild), "test", 3, 60, commitments=(promise,))
        archive.load([(article, reading) for article in articles], None)
        yield archive


@pytest.fixture(scope="module")
def address(filled: Archive, serve: Serve) -> Iterator[str]:
    with serve(create_app(filled)) as base:
        yield base


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=900) as opened:
        yield opened


def section(page: str, name: str) -> str:
    return unescape(page.split(f'id="{name}"')[1].split("</section>")[0])


def test_a_story_stands_once_and_names_who_printed_it_again(client: httpx.Client) -> None:
    group = section(client.get("/today").text, "group-1")
    assert group.count("<h3") == 1
    assert "Đăng lại: b" in group
    assert "/initiatives/design-centre" in group
    assert "<mark>" in group


def test_a_text_from_a_file_has_no_outlet_and_may_have_no_title(
    serve: Serve, tmp_path: Path
) -> None:
    article = replace(
        told("x", MARKET, PLAN)[0], title="", outlet=None, source_file="/srv/kho/bai-cu.txt",
        published_at=datetime.now(UTC) - timedelta(hours=3),
    )  # fmt: skip
    body = article.body
    named = mention("initiative", body[:9], body, "design-centre", 1.0).mentions
    due = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    promise = commitment(
        article, body[:30], initiative_id="design-centre", due_from=None, due_to=due
    )
    said = quote(article, body[:20], speaker="Bà Tư")
    read = Reading(named, "test", 3, 60, commitments=(promise,), quotes=(said,))
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        old = replace(article, body=f"{body[:9]} thì đã lâu.", url=None,
                      source_file="/srv/kho/rat-cu.txt",
                      published_at=datetime.now(UTC) - timedelta(days=90))  # fmt: skip
        ago = mention("initiative", old.body[:9], old.body, "design-centre", 1.0)
        archive.load([(article, read), (old, ago)], None)
        with serve(create_app(archive)) as base:
            page = httpx.get(f"{base}/today", timeout=900).text
    for part in ("group-1", "quotes", "due", "older"):
        assert "Không rõ nguồn" in section(page, part)
    for part in ("group-1", "older"):
        assert "Bài không có tít" in section(page, part)
    assert "-cu.txt" not in page
    assert "None" not in page
    # As the digest counts: what is old stands apart.
    assert '<span class="figure">1 tin</span>' in page
    assert "1 tin không rõ nguồn và 1 tin cũ, trong 2 bài mới của kho." in page


def test_what_falls_due_leads_to_its_sentence(client: httpx.Client) -> None:
    due = section(client.get("/today").text, "due")
    assert re.search(r'href="/articles/\d+#commitments-body-0"', due)
    assert due.count("<li>") == 1
    days = r"<strong>(\d\d/\d\d/\d{4})–(\d\d/\d\d/\d{4})</strong>"
    assert len(set(re.findall(days, due)[0])) == 2  # a time, not its last day


def test_who_is_met_for_the_first_time(client: httpx.Client, filled: Archive) -> None:
    new = section(client.get("/today").text, "new")
    names = {row["surface"] for row in filled.mentions_rows(Query()) if row["kind"] == "org"}
    assert names
    assert all(name in new for name in names)


def test_who_is_met_has_the_name_of_the_readers_language(serve: Serve, tmp_path: Path) -> None:
    article = replace(told("n", MARKET, PLAN)[0], published_at=datetime.now(UTC))
    body = article.body
    own = mention("initiative", body[:9], body, "design-centre", 1.0).mentions
    museum = mention("org", body[10:14], body, "hanoi-museum", 1.0).mentions
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        archive.load([(article, Reading((*own, *museum), "test", 3, 60))], None)
        with serve(create_app(archive)) as base:
            pages = [
                httpx.get(f"{base}/today?lang={one}", timeout=900).text for one in ("vi", "en")
            ]
    vi, en = (section(page, "new") for page in pages)
    assert "Bảo tàng Hà Nội</a>" in vi
    assert "Hanoi Museum</a>" in en


def test_nothing_new_says_so(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(today, "begin", lambda *_: datetime.now(UTC))
    page = client.get("/today").text
    assert "Không có tin nào về chương trình" in page
    assert 'id="new"' not in page


def test_a_second_visit_can_ask_for_what_came_since_the_first(client: httpx.Client) -> None:
    assert "since=visit" not in client.get("/today").text
    ago = datetime.now(UTC) - timedelta(hours=2)
    client.cookies.clear()
    client.cookies.set(VISITED, f"0.{round(ago.timestamp())}")
    page = client.get("/today?since=visit")
    assert 'since=visit" aria-current="page"' in page.text
    cookie = SimpleCookie(page.headers["set-cookie"])[VISITED].value
    assert cookie.partition(".")[0] == str(round(ago.timestamp()))


@pytest.mark.parametrize(
    ("cookie", "ended"),
    [
        (None, None),
        ("", None),
        ("x.y", None),
        ("1.99999999999999999999", None),
        ("-1.5", None),
        (f"0.{round((NOW - PAUSE).timestamp())}", NOW - PAUSE),
        (f"0.{round((NOW - PAUSE / 2).timestamp())}", None),
        (f"1000.{round((NOW - PAUSE / 2).timestamp())}", datetime.fromtimestamp(1000, UTC)),
        (f"1000.{round((NOW + PAUSE).timestamp())}", datetime.fromtimestamp(1000, UTC)),
    ],
)
def test_when_the_last_visit_ended(cookie: str | None, ended: datetime | None) -> None:
    assert visits(cookie, NOW) == (ended, NOW)


def test_days_begin_at_vietnams_midnight() -> None:
    assert begin("yesterday", NOW, None) == datetime(2026, 3, 8, 17, tzinfo=UTC)
    assert begin("week", NOW, None) == datetime(2026, 3, 2, 17, tzinfo=UTC)
    late = datetime(2026, 3, 10, 18, tzinfo=UTC)  # already the 11th there
    assert begin("yesterday", late, None) == datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert begin("visit", NOW, NOW - PAUSE) == NOW - PAUSE


@pytest.mark.parametrize("asked", ["", "?since=week", "?since=x", "?lang=en"])
def test_the_page_answers_whatever_is_asked(client: httpx.Client, asked: str) -> None:
    assert client.get(f"/today{asked}").status_code == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_is_in_the_way_of_those_who_cannot_see_or_point(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    size: ViewportSize = {"width": width, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{address}/today")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
