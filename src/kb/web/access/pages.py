"""The pages for signing in and out, and of one's own account."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from kb.archive.accounts import Accounts
from kb.errors import ConfigError
from kb.settings import settings
from kb.web.access import tries
from kb.web.access.visitor import COOKIE, visitor_of
from kb.web.sources import sources
from kb.web.view import render, to

_LONGEST = 2_000

router = APIRouter(include_in_schema=False)


def _accounts(request: Request) -> Accounts:
    return Accounts(sources(request).archive.engine)


@router.api_route("/login", methods=["GET", "HEAD"])
def form(request: Request, next: str = "/") -> Response:
    """Show the form; where nobody has an account yet, say how to make one."""
    return _form(request, inner(next), HTTPStatus.OK)


@router.post("/login")
def login(
    request: Request,
    name: Annotated[str, Form(max_length=_LONGEST)] = "",
    password: Annotated[str, Form(max_length=_LONGEST)] = "",
    next: Annotated[str, Form(max_length=_LONGEST)] = "/",
) -> Response:
    """Begin a session, or say that name and password do not fit."""
    address = request.client.host if request.client else ""
    if not tries.begin(address, name):
        return _form(request, inner(next), HTTPStatus.TOO_MANY_REQUESTS, "often", name)
    accounts = _accounts(request)
    fits = False
    try:
        fits = accounts.verify(name, password)
    finally:
        tries.end(address, name, failed=not fits)
    if not fits:
        accounts.note(name[:80], "login failed", address)
        return _form(request, inner(next), HTTPStatus.UNAUTHORIZED, "wrong", name)
    days = settings().session_days
    response = RedirectResponse(to(request, inner(next)), HTTPStatus.SEE_OTHER)
    _keep(request, response, accounts.begin(name, days), round(days * 86_400))
    accounts.note(name, "login", address)
    return response


@router.post("/logout")
def logout(request: Request) -> Response:
    """End the session."""
    secret = request.cookies.get(COOKIE)
    if secret:
        _accounts(request).end(secret)
    response = RedirectResponse(to(request, "/"), HTTPStatus.SEE_OTHER)
    _keep(request, response, "", 0)
    return response


@router.api_route("/account", methods=["GET", "HEAD"])
def account(request: Request) -> Response:
    """Show one's own account."""
    return _account(request, HTTPStatus.OK)


@router.post("/account")
def change(
    request: Request,
    password: Annotated[str, Form(max_length=_LONGEST)] = "",
    new: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Change one's password; every session and token of the account ends but a fresh one here."""
    visitor = visitor_of(request)
    if visitor is None or not visitor.account:
        raise HTTPException(404)
    accounts = _accounts(request)
    if not accounts.verify(visitor.name, password):
        return _account(request, HTTPStatus.UNAUTHORIZED, "wrong")
    try:
        accounts.set_password(visitor.name, new)
    except ConfigError:
        return _account(request, HTTPStatus.UNPROCESSABLE_ENTITY, "short")
    accounts.note(visitor.name, "password changed")
    days = settings().session_days
    response = _account(request, HTTPStatus.OK, "changed")
    _keep(request, response, accounts.begin(visitor.name, days), round(days * 86_400))
    return response


def inner(address: str) -> str:
    """Return an address only if it leads to a page of this desk, else the first page's."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    clean = address.isprintable() and "\\" not in address
    return address if plain and clean and not parts.netloc and not parts.scheme else "/"


def _form(
    request: Request, onward: str, status: HTTPStatus, wrong: str | None = None, name: str = ""
) -> Response:
    none = not _accounts(request).exist()
    context = {"onward": onward, "wrong": wrong, "name": name, "none": none}
    return render(request, "login.html", context, status)


def _account(request: Request, status: HTTPStatus, said: str | None = None) -> Response:
    visitor = visitor_of(request)
    if visitor is None or not visitor.account:
        raise HTTPException(404)
    return render(request, "account.html", {"said": said}, status)


def _keep(request: Request, response: Response, secret: str, seconds: int) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        seconds,
        path=to(request, "/"),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
