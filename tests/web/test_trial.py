"""Trials of what is followed: sent now to a real mail server or webhook, and told plainly."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from standardwebhooks import Webhook

from flows.trial import trial
from kb.archive import Archive, following
from kb.archive.accounts import Accounts, Role
from kb.archive.following import Follow
from kb.archive.judgements.log import local_name
from kb.settings import settings
from kb.web import create_app, trying
from tests.flows.heard import Heard, listening
from tests.flows.mailbox import Mailbox, receiving
from tests.web.conftest import Serve
from tests.web.markup import html_of, texts, tree
from tests.web.stories import fill

SECRET = "whsec_" + "YQ" * 16
NOTE = "//*[contains(@class,'tried')]//p"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("trial") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as opened:
        fill(opened)
        Accounts(opened.engine).add("Bình", Role.reader, "thuyền thúng qua sông")
        yield opened


@pytest.fixture(scope="module")
def here(desk: Archive, serve: Serve) -> Iterator[str]:
    with serve(create_app(desk, trial=trial)) as base:
        yield base


@pytest.fixture(autouse=True)
def fresh(desk: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has tried anything, and nothing is followed afterwards."""
    monkeypatch.setattr(trying, "_limiter", MovingWindowRateLimiter(MemoryStorage()))
    yield
    for one in following.follows(desk):
        following.drop_follow(desk, one.name)


@pytest.fixture
def client(here: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=here, timeout=900) as opened:
        yield opened


@pytest.fixture
def mail_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the settings name."""
    with receiving() as box:
        monkeypatch.setenv("KB_SMTP_URL", f"smtp://127.0.0.1:{box.port}")
        monkeypatch.setenv("KB_MAIL_FROM", "kb@example.org")
        settings.cache_clear()
        yield box
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def hook() -> Iterator[Heard]:
    with listening() as heard:
        yield heard


def follow(desk: Archive, channel: str = "a@so.example", **more: object) -> Follow:
    given = {"asks": {"text": "lễ hội thiết kế"}, "who": local_name(), "hour": 7} | more
    one = Follow("Lễ hội", channel, **given)  # type: ignore[arg-type]
    following.keep_follow(desk, one)
    return one


def push(client: httpx.Client, **more: str) -> httpx.Response:
    """Press the button, as a browser without scripts does."""
    page = tree(client.get("/following"))
    (form,) = page.xpath("//form[@action='/following/trial']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    return client.post(form.get("action"), data=fields | more)


def deeds(desk: Archive) -> list[tuple[str, str, str | None]]:
    return [
        (one.who, one.what, one.detail)
        for one in Accounts(desk.engine).noted()
        if one.what == "trial sent"
    ]


def test_a_mail_arrives_and_counts_as_told_to_nobody(
    client: httpx.Client, desk: Archive, mail_set: Mailbox
) -> None:
    one = follow(desk)
    before = len(deeds(desk))
    answer = push(client)
    assert answer.status_code == 200
    (mail,) = mail_set.mails
    assert mail["Subject"].startswith("[Thử] ")
    assert mail_set.to == [["a@so.example"]]
    said = " ".join(texts(html_of(answer), NOTE))
    assert "Đã gửi thử “Lễ hội” tới a@so.example" in said
    assert "1 ngày qua" in said
    assert answer.headers["cache-control"] == "no-store"
    assert texts(html_of(answer), "//title")[0].startswith("Đã gửi thử")
    assert following.sendings(desk) == []
    assert len(following.untold(desk, one.name, one.created_at.replace(year=2000))) > 0
    assert len(deeds(desk)) == before + 1
    assert deeds(desk)[0] == (local_name(), "trial sent", "Lễ hội to a@so.example: sent")


def test_what_the_preview_shows_is_what_is_sent(
    client: httpx.Client, desk: Archive, mail_set: Mailbox
) -> None:
    follow(desk, language="en", rhythm="weekly", weekday=0)
    page = tree(client.get("/following/preview?name=L%E1%BB%85+h%E1%BB%99i&days=30"))
    (form,) = page.xpath("//form[@action='/following/trial']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    answer = client.post("/following/trial?lang=en", data=fields)
    (subject,) = texts(page, "//dd/b")
    (mail,) = mail_set.mails
    assert mail["Subject"] == f"[Trial] {subject}"
    assert "of the last 30 days" in " ".join(texts(html_of(answer), NOTE))
    assert "of the last 7 days" in " ".join(texts(html_of(push(client)), NOTE))


@pytest.mark.parametrize("answer", ["550 No such mailbox", "451 <b>Try</b> again"])
def test_the_words_of_a_server_that_refuses_are_shown(
    client: httpx.Client, desk: Archive, mail_set: Mailbox, answer: str
) -> None:
    follow(desk)
    mail_set.answer = answer
    page = push(client)
    assert page.status_code == 422
    (said,) = texts(html_of(page), "//div[@role='alert']//code")
    assert said.endswith(mail_set.answer)
    assert "<b>Try" not in page.text
    assert deeds(desk)[0][2] == "Lễ hội to a@so.example: refused"


def test_a_setting_that_is_missing_is_named(
    client: httpx.Client, desk: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(desk)
    answer = push(client)
    assert answer.status_code == 422
    assert "KB_SMTP_URL" in texts(html_of(answer), "//div[@role='alert']/p")[0]
    monkeypatch.setenv("KB_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    try:
        (said,) = texts(html_of(push(client)), "//div[@role='alert']//code")
        assert said.startswith("KB_MAIL_FROM")
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_webhook_gets_it_signed_and_marked_once(
    client: httpx.Client, desk: Archive, hook: Heard
) -> None:
    follow(desk, f"http://127.0.0.1:{hook.port}/tin?khoa=giau", secret=SECRET)
    answer = push(client)
    ((method, path, body),) = hook.requests
    assert (method, path) == ("POST", "/tin?khoa=giau")
    Webhook(SECRET).verify(body, {k.lower(): v for k, v in hook.headers[0].items()})
    assert json.loads(body)["data"]["trial"] is True
    assert "http://127.0.0.1/…" in " ".join(texts(html_of(answer), NOTE))
    assert "giau" not in answer.text
    hook.status = 503
    page = html_of(push(client))
    assert len(hook.requests) == 2
    assert texts(page, "//div[@role='alert']//code") == ["the webhook: HTTP 503"]
    hook.status, hook.said = 410, "đã <b>đóng</b>\r\ntừ hôm qua " + "x" * 5000
    page = html_of(push(client))
    (said,) = texts(page, "//div[@role='alert']//code")
    assert said.startswith("the webhook: HTTP 410: đã <b>đóng</b> từ hôm qua xxx")
    assert len(said) < 350


def test_who_tries_too_often_is_told_to_wait(
    client: httpx.Client, desk: Archive, hook: Heard
) -> None:
    follow(desk, f"http://127.0.0.1:{hook.port}/", secret=SECRET)
    answers = [push(client) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert "Xin đợi" in texts(html_of(answers[-1]), "//div[@role='alert']/p")[0]
    assert len(hook.requests) == 3


def test_nobody_sends_for_another_nor_from_another_site(
    here: str, client: httpx.Client, desk: Archive, hook: Heard
) -> None:
    follow(desk, f"http://127.0.0.1:{hook.port}/", secret=SECRET)
    forged = {"Sec-Fetch-Site": "cross-site"}
    asked = {"name": "Lễ hội"}
    assert client.post("/following/trial", data=asked, headers=forged).status_code == 403
    session = Accounts(desk.engine).begin("Bình", 1)
    own = {"Cookie": f"kb_session={session}", "X-Forwarded-For": "198.51.100.44",
           "Sec-Fetch-Site": "same-origin"}  # fmt: skip
    with httpx.Client(base_url=here, headers=own) as other:
        assert other.post("/following/trial", data=asked).status_code == 404
    assert hook.requests == []


def test_what_is_only_kept_or_cannot_be_sent_from_here_has_no_button(
    client: httpx.Client, desk: Archive, serve: Serve
) -> None:
    follow(desk, "", rhythm="never", hour=None)
    buttons = "//form[@action='/following/trial']"
    assert tree(client.get("/following")).xpath(buttons) == []
    assert client.post("/following/trial", data={"name": "Lễ hội"}).status_code == 404
    following.drop_follow(desk, "Lễ hội")
    follow(desk)
    assert len(tree(client.get("/following")).xpath(buttons)) == 1
    with serve(create_app(desk)) as base, httpx.Client(base_url=base) as silent:
        assert tree(silent.get("/following")).xpath(buttons) == []
        assert silent.post("/following/trial", data={"name": "Lễ hội"}).status_code == 404


def test_the_page_that_tells_can_be_loaded_anew(client: httpx.Client) -> None:
    answer = client.get("/following/trial?lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/following?lang=en"
