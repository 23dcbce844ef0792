"""Errors as pages in the same style; under /api as JSON."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from kb.errors import ArchiveError
from kb.web.headers import SECURITY
from kb.web.view import render

_NAMED = (404, 503)
"""Statuses that have words of their own; all others share those of 500."""


def install(app: FastAPI) -> None:
    """Let an application answer errors with the pages of this module."""
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(ArchiveError)(_unavailable)
    app.exception_handler(Exception)(_broken)


async def _refused(request: Request, error: HTTPException) -> Response:
    if _wants_json(request):
        return await http_exception_handler(request, error)
    return _page(request, error.status_code, dict(error.headers or {}))


async def _unavailable(request: Request, error: ArchiveError) -> Response:
    if _wants_json(request):
        return JSONResponse({"detail": "the archive cannot be read at the moment"}, 503)
    return _page(request, 503, {"Retry-After": "60"})


async def _broken(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw; the server's log has the traceback.

    This answer is made outside of all middleware, so it brings its own headers.
    """
    if _wants_json(request):
        return JSONResponse({"detail": "internal error"}, 500, SECURITY)
    return _page(request, 500, SECURITY)


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _page(request: Request, status: int, headers: dict[str, str]) -> Response:
    name = str(status) if status in _NAMED else "500"
    return render(request, "error.html", {"name": name, "status": status}, status, headers)
