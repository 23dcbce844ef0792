"""What stands before every page: no request from another site's page, nobody unknown."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.web.access.visitor import COOKIE, identified
from kb.web.prefix import inside
from kb.web.view import render, to

SAFE: Final = ("GET", "HEAD", "OPTIONS")
_OPEN: Final = ("/login", "/static/")
_DATA: Final = ("/api/", "/metrics", "/openapi.json", "/feed", "/unapi")
"""Paths asked for by programs, which are told in JSON, not led to a form."""


class Guard:
    """ASGI middleware: finds out who asks, and refuses what is not theirs.

    Against forged requests it looks at what browsers say of a request's origin (Sec-Fetch-Site,
    else Origin), as OWASP's cheat sheet on CSRF describes; session cookies are SameSite=Lax beside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.visitor = None
        if request.method not in SAFE and foreign(request):
            await _refused(request)(scope, receive, send)
            return
        visitor = await run_in_threadpool(identified, request)
        request.state.visitor = visitor
        path = inside(scope)
        if visitor is None and not path.startswith(_OPEN):
            await _unknown(request, path)(scope, receive, send)
            return

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start" and not path.startswith("/static/"):
                MutableHeaders(scope=message).setdefault("Cache-Control", "private, no-cache")
            await send(message)

        await self.app(scope, receive, send_private)


def foreign(request: Request) -> bool:
    """Tell whether another site's page has a browser send this request."""
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    if (origin := request.headers.get("origin")) is not None:
        return urlsplit(origin).netloc != request.headers.get("host")
    # Programs send neither, but have no session's cookie; old browsers that do are refused.
    return COOKIE in request.cookies


def _refused(request: Request) -> Response:
    if inside(request.scope).startswith(_DATA):
        return problem(HTTPStatus.FORBIDDEN, "the request comes from a page of another site")
    return render(request, "error.html", {"name": "403", "status": 403}, 403)


def _unknown(request: Request, path: str) -> Response:
    if path.startswith(_DATA):
        detail = "sign in, or send a token of `kb accounts token` as `Authorization: Bearer …`"
        asks = 'Basic realm="feeds", Bearer' if path.startswith("/feed") else "Bearer"
        return problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": asks})
    asked = quote(path) + (f"?{request.url.query}" if request.url.query else "")
    onward = urlencode({"next": asked}) if request.method in SAFE and path != "/" else ""
    return RedirectResponse(to(request, f"/login?{onward}".rstrip("?")), HTTPStatus.SEE_OTHER)


def problem(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an error for programs (RFC 9457)."""
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")
