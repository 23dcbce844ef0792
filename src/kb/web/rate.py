"""How often programs may ask: by address, so that one of them leaves room for the others."""

from __future__ import annotations

import time
from ipaddress import ip_address
from math import ceil

from fastapi import Request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from kb.web.prefix import inside
from kb.web.problems import problem

_LIMITED = ("/api/", "/feed", "/unapi", "/search/export/", "/compare.csv")


class Limits:
    """ASGI middleware: a program that asks too often is told when to come back (429).

    Whoever sits at this computer is never limited. Counts are kept in memory, one process alone.
    """

    def __init__(self, app: ASGIApp, rate: str) -> None:
        self.app = app
        self.rates = rates(rate)
        self.window = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.rates and inside(scope).startswith(_LIMITED):
            client = (scope.get("client") or ("",))[0]
            if not _here(client):
                for rate in self.rates:
                    if not self.window.hit(rate, client):
                        again = self.window.get_window_stats(rate, client).reset_time - time.time()
                        wait = str(max(1, ceil(again)))
                        detail = f"more than {rate}; ask again in {wait} seconds"
                        told = problem(Request(scope), 429, detail, (), {"Retry-After": wait})
                        await told(scope, receive, send)
                        return
        await self.app(scope, receive, send)


def rates(text: str) -> list[RateLimitItem]:
    """Return the rates of a setting: `600/minute; 10000/day`, none if it is empty."""
    return parse_many(text) if text.strip() else []


def _here(client: str) -> bool:
    try:
        return ip_address(client.partition("%")[0]).is_loopback
    except ValueError:  # a Unix socket, a test
        return client in ("", "testclient")
