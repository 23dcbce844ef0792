"""Who stands behind a request: somebody at this computer, an account, or nobody known."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from kb.archive.accounts import Accounts, Role
from kb.archive.judgements.log import local_name
from kb.settings import settings
from kb.web.prefix import inside
from kb.web.sources import sources

COOKIE: Final = "kb_session"
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True)
class Visitor:
    """Who asks. `account` is off for whoever sits at this computer, and for the public."""

    name: str
    role: Role
    account: bool = True

    def may(self, role: Role) -> bool:
        """Tell whether the visitor may do what a role may."""
        return self.role.may(role)


def visitor_of(request: Request) -> Visitor | None:
    """Return who asks, as the guard found it; None for nobody known."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    return found


def need(request: Request, role: Role) -> Visitor:
    """Return the visitor, who must be allowed what `role` may do.

    Raises:
        HTTPException: 403, the visitor may not.
    """
    found = visitor_of(request)
    if found is None or not found.may(role):
        raise HTTPException(403)
    return found


def identified(request: Request) -> Visitor | None:
    """Find out who asks: token, session, this computer, or (KB_ACCESS=open) the public."""
    token = _token(request)
    secret = request.cookies.get(COOKIE)
    if token or secret:
        accounts = Accounts(sources(request).archive.engine)
        found = accounts.of(token or str(secret), token=bool(token))
        if found is not None:
            return Visitor(found.name, found.role)
    access = settings().access
    if access != "login" and at_this_computer(request):
        return Visitor(local_name(), Role.admin, account=False)
    return Visitor("", Role.reader, account=False) if access == "open" else None


def _token(request: Request) -> str:
    """Return the token of a request, empty if it has none.

    Readers of feeds know name and password alone: there the password is the token. Elsewhere that
    counts for nothing, since a browser would send it along with every page's requests.
    """
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    if kind.lower() == "basic" and inside(request.scope).startswith("/feed"):
        try:
            return base64.b64decode(said.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def at_this_computer(request: Request) -> bool:
    """Tell whether the browser runs on this computer and no proxy stands between.

    The name that was asked for must be this computer's too: a page from elsewhere can have its own
    name lead here (DNS rebinding), and then asks for that.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    return _here(request.client.host if request.client else "") and _here(
        urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    )


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
