"""Asking an address whether it answers: a server of our own, or the monitor's heartbeat.

The one place outside `crawlers` that opens a connection; never to a newspaper.
"""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from kb.archive.address import is_web

_AGENT = "vietnamese-press-kb"


class Stay(HTTPRedirectHandler):
    """A redirect is no answer: whoever took the heartbeat's name over would get it."""

    def redirect_request(self, *_: object) -> None:
        return None


def ping(url: str, seconds: float = 10.0) -> str | None:
    """Ask an address once and return why it did not answer well; None if it did (2xx).

    The reason never holds the address: a heartbeat's address is a secret.
    """
    if not is_web(url):
        return "not a full http:// or https:// address"
    try:
        request = Request(url, headers={"User-Agent": _AGENT})
        with build_opener(Stay()).open(request, timeout=seconds):
            return None
    except HTTPError as error:
        error.close()
        return f"HTTP {error.code}"
    except OSError as error:  # URLError is one
        reason = getattr(error, "reason", error)
        return getattr(reason, "strerror", None) or str(reason) or type(error).__name__
    except HTTPException as error:  # something else has the port
        return f"it speaks no HTTP ({type(error).__name__})"
    except ValueError as error:  # a host that cannot be encoded
        return str(error)
