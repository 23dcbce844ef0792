"""Addresses that messages go to: what each is, what of it may be shown, secrets for webhooks."""

from __future__ import annotations

import base64
import re
import secrets
from urllib.parse import urlsplit

MAIL = re.compile(r"[^\s@<>,;:\"\\\x00-\x1f]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+|[\w.+-]+@localhost")


def is_mail(address: str) -> bool:
    """Tell whether this is a mail address."""
    return MAIL.fullmatch(address) is not None


def is_web(address: str) -> bool:
    """Tell whether this is a full http:// or https:// address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def shown(channel: str) -> str:
    """Return an address without what must stay secret: of a webhook its host, of a service its
    kind, of a mail address everything."""
    if "://" not in channel:
        return channel
    scheme, host = channel.partition("://")[0], urlsplit(channel).hostname
    return f"{scheme}://{host}/…" if scheme in ("http", "https") and host else f"{scheme}://…"


def new_secret() -> str:
    """Return a new secret of a webhook as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
