"""Errors for programs, as RFC 9457 has them: `application/problem+json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from kb.web.prefix import inside

MEDIA: Final = "application/problem+json"
_FOR_PROGRAMS: Final = ("/api/", "/feed", "/unapi", "/openapi.json", "/metrics")


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    name: str = Field(description="The parameter or header")
    detail: str


class Problem(BaseModel):
    """What went wrong with a request."""

    type: str = Field("about:blank", description="There is no page for it: see `title`")
    title: str = Field(description="The meaning of the status")
    status: int
    detail: str = Field(description="What is wrong, and what to do")
    instance: str | None = Field(None, description="The path that was asked for")
    errors: list[Fault] = Field([], description="Each thing that is wrong")


def for_programs(request: Request) -> bool:
    """Whether a request comes to an address that programs ask, not people."""
    return inside(request.scope).startswith(_FOR_PROGRAMS)


def problem(
    request: Request,
    status: int,
    detail: str,
    errors: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Answer with a problem; `errors` are names of parameters with what is wrong with them."""
    body: dict[str, Any] = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.url.path,
        errors=[Fault(name=name, detail=said) for name, said in errors],
    ).model_dump()
    if not body["errors"]:
        del body["errors"]
    return JSONResponse(body, status, dict(headers or {}), media_type=MEDIA)
