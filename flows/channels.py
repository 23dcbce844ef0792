"""Where a digest goes: a mail address, a webhook, an Apprise URL; and the server of the mails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from flows.alerts import strange
from kb.archive.address import is_mail, is_web
from kb.errors import ConfigError
from kb.settings import Settings

Kind = Literal["mail", "webhook", "apprise"]
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PORTS = {"smtp": 587, "smtps": 465}


def kind_of(channel: str) -> Kind:
    """Return what kind of address this is.

    Raises:
        ConfigError: it is none that anything can be sent to.
    """
    address = channel.removeprefix("mailto:") if not channel.startswith("mailto://") else channel
    if is_mail(address):
        return "mail"
    if is_web(channel):
        return "webhook"
    if "://" in channel and not strange(channel):
        return "apprise"
    raise ConfigError(
        "the address is none: write a mail address, http(s)://… of a webhook, or an Apprise URL "
        "such as slack://… (github.com/caronc/apprise lists them)"
    )


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server as `KB_SMTP_URL` names it, and who writes."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Literal["implicit", "starttls", "offered", "none"] = "starttls"
    """`offered`: STARTTLS where the server has it, on this machine alone."""


def mail_server(chosen: Settings) -> MailServer | None:
    """Return the mail server of the settings; None where none is set.

    Raises:
        ConfigError: `KB_SMTP_URL` or the sender's address is wrong; no secret is in the message.
    """
    if not chosen.smtp_url:
        return None
    try:
        parts = urlsplit(chosen.smtp_url)
        host, port = parts.hostname, parts.port
        wish = parse_qs(parts.query, strict_parsing=bool(parts.query)).get("tls", [""])[-1]
    except ValueError as error:
        raise ConfigError(f"KB_SMTP_URL is no address: {_FORM}") from error
    if parts.scheme not in _PORTS or not host or parts.path not in ("", "/"):
        raise ConfigError(f"KB_SMTP_URL is no mail server's address: {_FORM}")
    if wish not in ("", "none", "starttls"):
        raise ConfigError(f"KB_SMTP_URL: tls is none or starttls, not {wish!r}")
    user = unquote(parts.username) if parts.username else None
    sender = chosen.mail_from or next(
        (one for one in (user, chosen.contact) if one and is_mail(one)), ""
    )
    if not is_mail(sender):
        raise ConfigError("KB_MAIL_FROM: set the mail address that digests come from")
    return MailServer(
        host,
        port or _PORTS[parts.scheme],
        sender,
        user,
        unquote(parts.password) if parts.password else None,
        "implicit" if parts.scheme == "smtps"
        else "none" if wish == "none"
        else "offered" if host in _LOCAL and wish != "starttls"
        else "starttls",
    )  # fmt: skip


_FORM = "write smtp://user:password@host:587 or smtps://user:password@host:465"
