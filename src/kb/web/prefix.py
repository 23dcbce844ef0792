"""A desk behind a proxy under a path of its own (`/bao-chi`): one place that knows of it."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_ADDRESS = re.compile(r'(\s(?:href|src|action|formaction|xlink:href|hx-get|hx-post)=")/(?!/)')
"""An attribute with an address on this desk; in text quotation marks are escaped."""


class Prefix:
    """ASGI middleware: takes requests with the prefix, and without from proxies that cut it off."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.prefix and scope["type"] == "http":
            path = scope["path"]
            if path != self.prefix and not path.startswith(f"{self.prefix}/"):
                path = self.prefix + path
            scope = {**scope, "root_path": self.prefix, "path": path}
        await self.app(scope, receive, send)


def inside(scope: Scope) -> str:
    """Return the path of a page on this desk, without the prefix."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"


def placed(html: str, prefix: str) -> str:
    """Return a page whose addresses on this desk lie under the prefix."""
    return _ADDRESS.sub(rf"\g<1>{prefix}/", html) if prefix else html
