"""Messages that go out: to a real mail server, a real receiver of webhooks, and an Apprise URL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from flows import sending
from flows.channels import kind_of, mail_server
from flows.sending import Message, greet, send
from kb.archive.address import new_secret, shown
from kb.errors import ConfigError, SendError
from kb.settings import Settings
from tests.crawlers.certificates import Authority
from tests.flows.heard import Heard, listening
from tests.flows.ledger import settings
from tests.flows.mailbox import PASSWORD, USER, Mailbox, receiving

MESSAGE = Message(
    "0123abcd", "Sở Văn hóa", "Điểm báo: 2 tin\r\nBcc: ai@xau.example",
    "Đoạn một, có dấu.\n" + "dài " * 400, "<p>Đoạn <b>một</b></p>", "• Tin một", {"stories": 2},
)  # fmt: skip


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with receiving() as opened:
        yield opened


def plain(box: Mailbox, home: Path, **more: str) -> Settings:
    """Return settings with this mail server."""
    given = {"smtp_url": f"smtp://127.0.0.1:{box.port}", "mail_from": "kb@example.org"}
    return settings(home, **given | more)


def test_a_mail_arrives_in_both_forms_with_the_headers_of_a_list(
    box: Mailbox, tmp_path: Path
) -> None:
    send(plain(box, tmp_path), "chi@example.org", None, MESSAGE)
    (mail,) = box.mails
    assert box.to == [["chi@example.org"]]
    assert mail["Subject"] == "Điểm báo: 2 tin Bcc: ai@xau.example"
    assert mail["Bcc"] is None
    assert mail["From"].addresses[0].display_name == "Điểm báo"
    assert mail["From"].addresses[0].addr_spec == "kb@example.org"
    assert mail["Message-ID"] == "<0123abcd@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    stop = quote("unsubscribe Sở Văn hóa")
    assert mail["List-Unsubscribe"] == f"<mailto:kb@example.org?subject={stop}>"
    assert mail["Date"].datetime.utcoffset() is not None
    text, page = mail.iter_parts()
    assert [one.get_content_type() for one in (text, page)] == ["text/plain", "text/html"]
    assert text.get_content().splitlines()[0] == "Đoạn một, có dấu."
    assert page.get_content().strip() == MESSAGE.html
    # RFC 5321 lets no line be longer; a server may cut it.
    assert max(map(len, box.raw[0].splitlines())) < 998
    assert box.raw[0].isascii()


def test_a_server_elsewhere_gets_tls_and_a_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    with receiving(authority.sign("mail")) as box:
        url = f"smtp://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{box.port}"
        chosen = settings(tmp_path, smtp_url=f"{url}?tls=starttls")
        with pytest.raises(SendError, match="certificate") as unknown:
            send(chosen, "chi@example.org", None, MESSAGE)
        assert PASSWORD not in str(unknown.value)
        assert box.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
        send(chosen, "chi@example.org", None, MESSAGE)
        assert (box.secured, box.logins) == ([True], [(USER, PASSWORD)])
        assert box.mails[0]["From"].addresses[0].addr_spec == USER
        wrong = settings(tmp_path, smtp_url=url.replace(quote(PASSWORD, safe=""), "falsch"))
        with pytest.raises(SendError, match=r"127\.0\.0\.1:\d+: 535") as refused:
            send(wrong, "chi@example.org", None, MESSAGE)
        assert "falsch" not in str(refused.value)
        assert len(box.mails) == 1
        strange = settings(tmp_path, smtp_url=url.replace(quote(PASSWORD, safe=""), "m%E1%BA%ADt"))
        with pytest.raises(ConfigError, match="ASCII") as error:
            send(strange, "chi@example.org", None, MESSAGE)
        assert error.value.__cause__ is None
        assert greet(chosen).endswith("(TLS, logged in), from desk@example.org")


def test_a_password_never_goes_to_a_server_without_tls(box: Mailbox, tmp_path: Path) -> None:
    url = f"smtp://desk%40example.org:geheim@127.0.0.1:{box.port}?tls=starttls"
    with pytest.raises(SendError, match="STARTTLS"):
        send(settings(tmp_path, smtp_url=url), "chi@example.org", None, MESSAGE)
    assert (box.logins, box.mails) == ([], [])


@pytest.mark.parametrize("answer", ["451 Try again later", "550 No such mailbox"])
def test_what_the_mail_server_says_is_told(box: Mailbox, tmp_path: Path, answer: str) -> None:
    box.answer = answer
    with pytest.raises(SendError, match=answer):
        send(plain(box, tmp_path), "chi@example.org", None, MESSAGE)


def test_greeting_sends_nothing(box: Mailbox, tmp_path: Path) -> None:
    assert greet(plain(box, tmp_path)) == (
        f"127.0.0.1:{box.port} answers (no TLS, no login), from kb@example.org"
    )
    assert box.greeted >= 1
    assert box.raw == []
    assert greet(settings(tmp_path, smtp_url="")) == "no mail server set"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.example.org", "no mail server's address"),
        ("http://mail.example.org", "no mail server's address"),
        ("smtp://mail.example.org:port", "no address"),
        ("smtp://mail.example.org?tls=maybe", "none or starttls"),
        ("smtp://geheim:wort@mail.example.org", "KB_MAIL_FROM"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        mail_server(settings(tmp_path, smtp_url=url, mail_from=""))
    assert "wort" not in str(error.value)
    assert "wort" not in repr(settings(tmp_path, smtp_url=url))


# --- webhooks ----------------------------------------------------------------------------------


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """A receiver of webhooks; nobody waits between two tries."""
    monkeypatch.setattr(sending, "PAUSES", (0.0, 0.0))
    with listening() as opened:
        yield opened


def hook(heard: Heard) -> str:
    return f"http://127.0.0.1:{heard.port}/hook/geheim"


def test_a_webhook_is_signed_as_its_receiver_checks_it(heard: Heard, tmp_path: Path) -> None:
    secret = new_secret()
    send(settings(tmp_path), hook(heard), secret, MESSAGE)
    ((method, path, body),) = heard.requests
    assert (method, path) == ("POST", "/hook/geheim")
    told = Webhook(secret).verify(body, heard.headers[0])
    assert (told["type"], told["data"]) == ("digest", {"stories": 2})
    assert heard.headers[0]["Webhook-Id"] == MESSAGE.id
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, heard.headers[0])
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace("2", "3"), heard.headers[0])


@pytest.mark.parametrize(("status", "tries"), [(503, 3), (429, 3), (410, 1), (302, 1)])
def test_a_webhook_in_trouble_is_asked_again_under_the_same_id(
    heard: Heard, tmp_path: Path, status: int, tries: int
) -> None:
    heard.status = status
    with pytest.raises(SendError, match=f"HTTP {status}") as error:
        send(settings(tmp_path), hook(heard), new_secret(), MESSAGE)
    assert "geheim" not in str(error.value)
    assert len(heard.requests) == tries
    assert {headers["Webhook-Id"] for headers in heard.headers} == {MESSAGE.id}


def test_a_webhook_that_is_not_there_is_told_without_its_address(tmp_path: Path) -> None:
    from tests.flows.silent import closed_port

    url = f"http://127.0.0.1:{closed_port()}/geheim"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "PAUSES", (0.0, 0.0))
        with pytest.raises(SendError, match="no answer") as error:
            send(settings(tmp_path), url, new_secret(), MESSAGE)
    assert "geheim" not in str(error.value)
    with pytest.raises(ConfigError, match="secret"):
        send(settings(tmp_path), url, None, MESSAGE)


# --- everything else ---------------------------------------------------------------------------


def test_a_chat_gets_titles_and_a_mailbox_the_page(heard: Heard, tmp_path: Path) -> None:
    url = f"json://ich:geheim@127.0.0.1:{heard.port}/"
    send(settings(tmp_path), url, None, MESSAGE)
    told = json.loads(heard.requests[0][2])
    assert told["title"].startswith("Điểm báo: 2 tin")
    assert told["message"] == "• Tin một"
    heard.status = 500
    with pytest.raises(SendError) as error:
        send(settings(tmp_path), url, None, MESSAGE)
    assert str(error.value) == "json:// did not take the message"


def test_apprise_mails_the_page(box: Mailbox, tmp_path: Path) -> None:
    url = f"mailto://127.0.0.1:{box.port}/?mode=insecure&to=chi@example.org&from=kb@example.org"
    send(settings(tmp_path), url, None, MESSAGE)
    parts = [one for one in box.mails[0].walk() if not one.is_multipart()]
    assert any("<b>một</b>" in one.get_content() for one in parts)


@pytest.mark.parametrize(
    ("channel", "kind", "seen"),
    [
        ("chi@hanoi.example.vn", "mail", "chi@hanoi.example.vn"),
        ("mailto:chi@hanoi.example.vn", "mail", "mailto:chi@hanoi.example.vn"),
        ("https://hooks.example.org/T0/geheim?k=geheim", "webhook", "https://hooks.example.org/…"),
        ("http://ich:geheim@10.0.0.1:8/x", "webhook", "http://10.0.0.1/…"),
        ("slack://geheimAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC", "apprise", "slack://…"),
        ("mailto://ich:geheim@example.org", "apprise", "mailto://…"),
    ],
)
def test_addresses_are_told_apart_and_shown_without_secrets(
    channel: str, kind: str, seen: str
) -> None:
    assert kind_of(channel) == kind
    assert shown(channel) == seen
    assert "geheim" not in shown(channel)


@pytest.mark.parametrize(
    "channel", ["", "nobody", "a@b", "chi@x.vn, em@x.vn", "chi@x.vn\nBcc: a@b.vn", "geheim://x"]
)
def test_what_is_no_address_is_refused_without_being_shown(channel: str) -> None:
    with pytest.raises(ConfigError) as error:
        kind_of(channel)
    assert "geheim" not in str(error.value)
