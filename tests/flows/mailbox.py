"""A mail server on loopback that keeps what it is sent."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

with warnings.catch_warnings():
    # It still names an attribute of asyncio that goes with Python 3.16.
    warnings.simplefilter("ignore", DeprecationWarning)
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "desk@example.org", "kho doan/%:@"


@dataclass
class Mailbox:
    """What came, and what is answered to the next."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    greeted: int = 0
    answer: str = "250 OK"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, lines: list[str]
    ) -> list[str]:
        self.greeted += 1
        session.host_name = host
        return lines

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.original_content or b""
            self.raw.append(content)
            self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            self.to.append(list(envelope.rcpt_tos))
            self.secured.append(session.ssl is not None)
        return self.answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, way: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=self.logins[-1] == (USER, PASSWORD), handled=False)


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        """Look at the port that the system gave before it is tried."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def receiving(certificate: tuple[Path, Path] | None = None) -> Iterator[Mailbox]:
    """Receive mail on a free port while the block lasts; with a certificate only over STARTTLS and
    after a login."""
    box = Mailbox()
    options: dict[str, object] = {}
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        options = {
            "tls_context": context, "require_starttls": True, "auth_required": True,
            "authenticator": box.authenticate,
        }  # fmt: skip
    server = _OnAnyPort(box, hostname="127.0.0.1", port=0, **options)
    server.start()
    try:
        box.port = server.port
        yield box
    finally:
        server.stop()
