"""Who may see and do what: this computer, accounts, the public; forged requests; a path prefix."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from itertools import count
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser

from kb.archive import Archive
from kb.archive.accounts import Accounts, Role
from kb.settings import settings
from kb.web import create_app
from kb.web.access.pages import inner
from tests.web.axe import faults
from tests.web.conftest import Serve

PASSWORD = "phố cổ mùa thu"
_addresses = count(1)


@pytest.fixture(scope="module")
def accounts(archive: Archive) -> Iterator[Accounts]:
    found = Accounts(archive.engine)
    for role in Role:
        found.add(str(role), role, PASSWORD)
    yield found
    for role in Role:
        found.remove(str(role))


@pytest.fixture
def far(base: str, accounts: Accounts) -> Iterator[httpx.Client]:
    """A browser elsewhere: each test has an address of its own, told by the proxy."""
    elsewhere = {"X-Forwarded-For": f"198.51.100.{next(_addresses)}"}
    with httpx.Client(base_url=base, headers=elsewhere, timeout=900) as client:
        yield client


def login(client: httpx.Client, name: str = "reader", password: str = PASSWORD) -> httpx.Response:
    form = {"name": name, "password": password, "next": "/search?q=x"}
    return client.post("/login", data=form)


def test_at_this_computer_nobody_signs_in(client: httpx.Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/articles").status_code == 200


@pytest.mark.parametrize("host", ["desk.example.vn", "203.0.113.7:8000", ""])
def test_a_name_that_only_leads_here_is_elsewhere(client: httpx.Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 303


@pytest.mark.parametrize("path", ["/", "/search?q=gốm", "/articles/1", "/commitments"])
def test_elsewhere_a_page_leads_to_the_form_and_from_there_back(
    far: httpx.Client, path: str
) -> None:
    answer = far.get(path)
    assert answer.status_code == 303
    form = far.get(answer.headers["location"])
    assert form.status_code == 200
    assert 'name="password"' in form.text
    field = Fields(form.text).values["next"]
    assert httpx.URL(field).raw_path == httpx.URL(path).raw_path


@pytest.mark.parametrize("path", ["/api/v1/articles", "/metrics", "/openapi.json"])
def test_elsewhere_programs_are_told_what_to_send(far: httpx.Client, path: str) -> None:
    answer = far.get(path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "kb accounts token" in answer.json()["detail"]


def test_what_a_page_needs_is_open(far: httpx.Client) -> None:
    assert far.get("/static/style.css").status_code == 200


def test_a_session_opens_all_pages_until_it_is_left(far: httpx.Client) -> None:
    entered = login(far)
    assert (entered.status_code, entered.headers["location"]) == (303, "/search?q=x")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = far.get("/")
    assert page.status_code == 200
    assert "reader" in page.text
    assert page.headers["cache-control"] == "private, no-cache"
    assert far.get("/api/v1/articles").status_code == 200
    kept = dict(far.cookies)
    assert far.post("/logout", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    far.cookies.update(kept)
    assert far.get("/").status_code == 303


def test_over_https_the_cookie_stays_there(far: httpx.Client) -> None:
    far.headers["X-Forwarded-Proto"] = "https"
    assert "secure" in login(far).headers["set-cookie"].lower()


def test_a_token_opens_the_api_and_a_wrong_one_does_not(
    far: httpx.Client, accounts: Accounts
) -> None:
    token = accounts.begin("reader", None)
    right = far.get("/api/v1/articles", headers={"Authorization": f"Bearer {token}"})
    assert right.status_code == 200
    wrong = far.get("/api/v1/articles", headers={"Authorization": f"Bearer {token}x"})
    assert wrong.status_code == 401
    assert far.get("/", headers={"Cookie": f"kb_session={token}"}).status_code == 303


def test_a_wrong_password_is_told_and_noted(far: httpx.Client, accounts: Accounts) -> None:
    answer = login(far, "admin", "sai mật khẩu")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "set-cookie" not in answer.headers
    last = accounts.noted(limit=1)[0]
    assert (last.who, last.what) == ("admin", "login failed")


def test_after_five_failures_the_right_password_waits_too(far: httpx.Client) -> None:
    assert [login(far, "admin", "sai mật khẩu").status_code for _ in range(5)] == [401] * 5
    assert login(far, "admin").status_code == 429
    assert login(far, "reader").status_code == 303


def test_tries_at_the_same_time_are_five_too(far: httpx.Client) -> None:
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: login(far, "admin", "sai mật khẩu").status_code, range(12)))
    assert sorted(found) == [401] * 5 + [429] * 7


def test_a_right_password_is_not_counted(far: httpx.Client) -> None:
    for _ in range(7):
        far.cookies.clear()
        assert login(far).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_page_of_another_site_cannot_act_for_a_session(
    far: httpx.Client, headers: dict[str, str], status: int
) -> None:
    login(far)
    assert far.post("/logout", headers=headers).status_code == status
    assert far.get("/").status_code == (200 if status == 403 else 303)


def test_a_page_of_another_site_cannot_act_at_this_computer(client: httpx.Client) -> None:
    headers = {"Origin": "http://evil.example"}
    assert client.post("/logout", headers=headers).status_code == 403
    own = {"Origin": str(client.base_url).rstrip("/")}
    assert client.post("/logout", headers=own).status_code == 303


def test_an_account_changes_its_password(far: httpx.Client, accounts: Accounts) -> None:
    accounts.add("thay", Role.reader, PASSWORD)
    try:
        login(far, "thay")
        own = {"Sec-Fetch-Site": "same-origin"}
        other = accounts.begin("thay", 1)
        short = far.post("/account", data={"password": PASSWORD, "new": "ngắn"}, headers=own)
        assert short.status_code == 422
        wrong = far.post("/account", data={"password": "x", "new": "x" * 12}, headers=own)
        assert wrong.status_code == 401
        done = far.post("/account", data={"password": PASSWORD, "new": "x" * 12}, headers=own)
        assert done.status_code == 200
        assert far.get("/account").status_code == 200  # the session here was made anew
        assert accounts.of(other, token=False) is None
        assert accounts.verify("thay", "x" * 12)
    finally:
        accounts.remove("thay")


def test_who_has_no_account_has_no_page_of_it(client: httpx.Client) -> None:
    assert client.get("/account").status_code == 404


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/search?q=a&b=c", True),
        ("/", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example/", False),
        ("javascript:alert(1)", False),
        ("/a\r\nSet-Cookie: x=1", False),
        ("", False),
    ],
)
def test_only_pages_of_the_desk_follow_the_form(address: str, kept: bool) -> None:
    assert inner(address) == (address if kept else "/")


@pytest.fixture
def access(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def test_everybody_may_read_an_open_desk(far: httpx.Client, access: pytest.MonkeyPatch) -> None:
    access.setenv("KB_ACCESS", "open")
    settings.cache_clear()
    assert far.get("/").status_code == 200


def test_a_desk_may_want_a_login_here_too(client: httpx.Client, access: pytest.MonkeyPatch) -> None:
    access.setenv("KB_ACCESS", "login")
    settings.cache_clear()
    assert client.get("/").status_code == 303


class Fields(HTMLParser):
    """Addresses of a page, and the values of its fields by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [found[name] or "" for name in ("href", "src", "action") if name in found]
        if tag == "input" and found.get("name"):
            self.values[str(found["name"])] = found.get("value") or ""


@pytest.mark.parametrize("cut", [True, False])
def test_every_address_of_a_prefixed_desk_lies_under_its_path(
    archive: Archive, serve: Serve, access: pytest.MonkeyPatch, cut: bool
) -> None:
    """Whether the proxy cuts the path off or leaves it there."""
    access.setenv("KB_DESK_PREFIX", "bao-chi/")
    settings.cache_clear()
    with serve(create_app(archive)) as base, httpx.Client(base_url=base, timeout=900) as client:
        before = "" if cut else "/bao-chi"
        paths = ("/", "/search?q=gốm", "/articles/1", "/initiatives/uccn", "/none")
        for path in paths:
            page = client.get(before + path)
            own = [one for one in Fields(page.text).addresses if one.startswith("/")]
            assert own
            assert [one for one in own if not one.startswith("/bao-chi/")] == []
            assert 'href="/bao-chi/bao-chi' not in page.text
            assert all("<http" in one or "</bao-chi/" in one or "<#" in one
                       for one in page.headers["link"].split(", "))  # fmt: skip
        assert client.get(f"{before}/static/style.css").status_code == 200
        assert client.get(f"{before}/api/v1/articles").status_code == 200
        sent = client.get(before + "/", headers={"X-Forwarded-For": "198.51.100.1"})
        assert sent.headers["location"] == "/bao-chi/login"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_open_to_those_who_cannot_see_or_point(
    browser: Browser, base: str, access: pytest.MonkeyPatch, scheme: Literal["light", "dark"]
) -> None:
    access.setenv("KB_ACCESS", "login")
    settings.cache_clear()
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(base)
        assert page.locator("input[type=password]").is_visible()
        assert faults(page) == []
