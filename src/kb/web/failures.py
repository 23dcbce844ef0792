"""Errors as pages in the same style; for programs as problems (`problems.py`)."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb.errors import ArchiveError, QueryError
from kb.web.headers import SECURITY
from kb.web.problems import for_programs, problem
from kb.web.view import render

_NAMED = (403, 404, 503)
"""Statuses that have words of their own; all others share those of 500."""


def install(app: FastAPI) -> None:
    """Let an application answer errors with the pages of this module."""
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(RequestValidationError)(_misunderstood)
    app.exception_handler(QueryError)(_unanswerable)
    app.exception_handler(ArchiveError)(_unavailable)
    app.exception_handler(Exception)(_broken)


async def _refused(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    if for_programs(request):
        return problem(request, error.status_code, str(error.detail), (), headers)
    return _page(request, error.status_code, headers)


async def _misunderstood(request: Request, error: RequestValidationError) -> Response:
    """Answer a parameter of a path or a header that is none of its kind."""
    if not for_programs(request):
        return _page(request, 422, {})
    faults = [(str(one["loc"][-1]), str(one["msg"])) for one in error.errors()]
    detail = "; ".join(f"{name}: {said}" for name, said in faults)
    return problem(request, 422, detail, faults)


async def _unanswerable(request: Request, error: QueryError) -> Response:
    if not for_programs(request):
        return await _broken(request, error)
    name = str(error).partition(":")[0].partition("=")[0]
    return problem(request, 422, str(error), [(name, str(error))])


async def _unavailable(request: Request, error: ArchiveError) -> Response:
    headers = {"Retry-After": "60"}
    if for_programs(request):
        detail = "the archive cannot be read at the moment; try again in a minute"
        return problem(request, 503, detail, (), headers)
    return _page(request, 503, headers)


async def _broken(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw; the server's log has the traceback.

    This answer is made outside of all middleware, so it brings its own headers.
    """
    if for_programs(request):
        detail = "something went wrong; it has been noted for the operator"
        return problem(request, 500, detail, (), SECURITY)
    return _page(request, 500, SECURITY)


def _page(request: Request, status: int, headers: dict[str, str]) -> Response:
    name = str(status) if status in _NAMED else "500"
    return render(request, "error.html", {"name": name, "status": status}, status, headers)
