"""Sending a message: by mail, to a webhook, or through Apprise.

Beside `ping.py` the one place of `flows` that opens connections to the outside: to addresses that
somebody who runs this program has subscribed, never to a newspaper.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, build_opener

from flows.alerts import apprise
from flows.channels import MailServer, kind_of, mail_server
from flows.ping import Stay
from kb.errors import ConfigError, SendError
from kb.settings import Settings

SECONDS = 30.0
TRIES, PAUSES = 3, (1.0, 4.0)
"""A webhook is asked so often at once, with these pauses; later tries are the ledger's."""
_AGENT = "vietnamese-press-kb"
_LONGEST = 300
"""Bytes of a refusal that are told."""
_AGAIN = frozenset({408, 425, 429, *range(500, 600)})
"""Answers of a webhook after which it is asked again."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message in all its forms; `id` is the same however often it is tried."""

    id: str
    name: str
    """Under which it is followed; empty for one that nobody has subscribed."""
    subject: str
    text: str
    html: str
    brief: str
    """For chats: titles and addresses."""
    data: dict[str, Any]
    language: str = "vi"


def send(
    chosen: Settings, channel: str, secret: str | None, message: Message, *, tries: int = TRIES
) -> None:
    """Send a message once; a webhook is asked up to `tries` times.

    Raises:
        SendError: it was not taken; the reason names no secret.
        ConfigError: the address or the settings cannot be used.
    """
    match kind_of(channel):
        case "mail":
            mail(chosen, channel.removeprefix("mailto:"), message)
        case "webhook":
            webhook(channel, secret, message, tries)
        case "apprise":
            service(channel, message)


# --- mail --------------------------------------------------------------------------------------


def letter(server: MailServer, to: str, message: Message, at: datetime) -> EmailMessage:
    """Return the mail: text and HTML, with the headers that machines and mailboxes ask for."""
    domain = server.sender.partition("@")[2]
    made = EmailMessage()
    made["From"] = Address("Điểm báo" if message.language == "vi" else "Press digest",
                           addr_spec=server.sender)  # fmt: skip
    made["To"] = Address(addr_spec=to)
    made["Subject"] = " ".join(message.subject.split())
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{message.id}@{domain}>"
    made["Content-Language"] = message.language
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    if message.name:
        stop = quote(f"unsubscribe {message.name}")
        made["List-Unsubscribe"] = f"<mailto:{server.sender}?subject={stop}>"
    made.set_content(message.text, cte="quoted-printable")
    made.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return made


def mail(chosen: Settings, to: str, message: Message) -> None:
    """Send a message by mail.

    Raises:
        SendError: the server did not take it.
        ConfigError: no server is set, or it is set wrongly.
    """
    server = mail_server(chosen)
    if server is None:
        raise ConfigError("KB_SMTP_URL is not set: no mail can be sent")
    made = letter(server, to, message, datetime.now(UTC))
    with _session(server) as session:
        session.send_message(made, server.sender, [to])


def greet(chosen: Settings) -> str:
    """Ask the mail server whether it would take mail, without sending any: EHLO, TLS, login.

    Raises:
        SendError: it would not.
        ConfigError: it is set wrongly.
    """
    server = mail_server(chosen)
    if server is None:
        return "no mail server set"
    with _session(server) as session:
        session.noop()
        secured = "TLS" if isinstance(session.sock, ssl.SSLSocket) else "no TLS"
    login = "logged in" if server.user else "no login"
    return f"{server.host}:{server.port} answers ({secured}, {login}), from {server.sender}"


@contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Yield a session with a mail server, secured and logged in."""
    place = f"mail server {server.host}:{server.port}"
    try:
        context = ssl.create_default_context()
        session = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
            if server.tls == "implicit"
            else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        )
        with session:
            session.ehlo()
            wanted = server.tls == "starttls"
            if wanted or (server.tls == "offered" and session.has_extn("starttls")):
                session.starttls(context=context)
                session.ehlo()
            if server.user:
                session.login(server.user, server.password or "")
            yield session
    except UnicodeEncodeError:  # which holds the password
        raise ConfigError("KB_SMTP_URL: user and password can be ASCII alone") from None
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise SendError(f"{place}: {error.smtp_code} {' '.join(text.split())}") from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise SendError(f"{place}: {code} {said.decode('utf-8', 'replace')}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendError(f"{place}: {error}") from error


# --- webhooks ----------------------------------------------------------------------------------


def webhook(url: str, secret: str | None, message: Message, tries: int = TRIES) -> None:
    """Post a message as Standard Webhooks has it: signed, and tried again while its receiver is in
    trouble. A redirect is no answer.

    Raises:
        SendError: it was not answered with 2xx.
    """
    from standardwebhooks import Webhook

    if not secret:
        raise ConfigError("a webhook needs a secret: kb follow add … --secret whsec_…")
    at = datetime.now(UTC)
    told = {"type": "digest", "timestamp": at.isoformat(), "data": message.data}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    why = ""
    for pause in (0.0, *PAUSES[: tries - 1]):
        time.sleep(pause)
        at = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": _AGENT,
            "Webhook-Id": message.id,
            "Webhook-Timestamp": str(int(at.timestamp())),
            "Webhook-Signature": Webhook(secret).sign(message.id, at, body),
        }
        code, why = _post(url, body, headers)
        if code is not None and 200 <= code < 300:
            return
        if code is not None and code not in _AGAIN:
            break
    raise SendError(f"the webhook: {why}")


def _post(url: str, body: str, headers: dict[str, str]) -> tuple[int | None, str]:
    """Post once; return the status and what to say of it, no status if there was no answer."""
    request = Request(url, data=body.encode(), headers=headers, method="POST")
    try:
        with build_opener(Stay()).open(request, timeout=SECONDS) as answer:
            return answer.status, f"HTTP {answer.status}"
    except HTTPError as error:
        with error:
            return error.code, f"HTTP {error.code}{_words(error)}"
    except (OSError, HTTPException, ValueError) as error:  # HTTPException: it speaks no HTTP
        reason = getattr(error, "reason", error)
        said = getattr(reason, "strerror", None) or type(reason).__name__
        return None, f"no answer ({said})"


def _words(answer: HTTPError) -> str:
    """Return what the beginning of an answer in plain text or JSON says, on one line."""
    if answer.headers.get_content_type() not in ("text/plain", "application/json"):
        return ""
    try:
        said = answer.read(_LONGEST).decode("utf-8", "replace")
    except (OSError, HTTPException):
        return ""
    line = " ".join("".join(one if one.isprintable() else " " for one in said).split())
    return f": {line}" if line else ""


# --- everything else ---------------------------------------------------------------------------


def service(url: str, message: Message) -> None:
    """Send a message through Apprise: whole to mailboxes, in brief to chats.

    Raises:
        SendError: the service did not take it; Apprise does not say why.
    """
    targets = apprise()
    targets.add(url)
    mailed = url.startswith(("mailto://", "mailtos://"))
    body, form = (message.html, "html") if mailed else (message.brief, "text")
    if not targets.notify(title=message.subject, body=body, body_format=form):
        raise SendError(f"{url.partition('://')[0]}:// did not take the message")
