"""Saved searches: kept under a name, read as a feed, sent by mail or to a webhook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from kb.archive import Archive
from kb.archive.accounts import Role
from kb.archive.address import shown
from kb.archive.following import Follow, Sending, drop_follow, follows, keep_follow, sendings
from kb.errors import QueryError
from kb.reading import KINDS
from kb.research.digest import digest, render, subject
from kb.settings import settings
from kb.text import has_marks
from kb.web import trying
from kb.web.access import Visitor, visitor_of
from kb.web.facets import LEVELS
from kb.web.follow_form import RHYTHMS, FollowForm, Refused, made, suggested, undated
from kb.web.form import SearchForm, understood
from kb.web.language import words_for
from kb.web.posted import Posted
from kb.web.sources import Sources, sources
from kb.web.view import render as page_of
from kb.web.view import to

OURS: Final = ("initiative", "programme")
SENT = 5
"""Messages that are shown of each search."""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
"""A mail has its own styles, and is shown in a frame that can do nothing."""
DAYS: Final = (1, 7, 30)

_KEEPING = Lock()
router = APIRouter(prefix="/following", include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@dataclass(frozen=True)
class Kept:
    """One saved search as the page shows it."""

    follow: Follow
    form: SearchForm | None
    leads: SearchForm | None
    """What its links ask for: who asks for nothing is told of the programme, not of everything."""
    said: str
    to: str
    sent: list[Sending]
    own: bool


@_page("")
def listed(request: Request, done: str = "") -> Response:
    """List what somebody has saved; whoever administers sees everybody's."""
    visitor = _person(request)
    if isinstance(visitor, Response):
        return visitor
    return _list(request, visitor, done=done)


@_page("/new")
def new(request: Request, edit: str = "") -> Response:
    """Show the form for the search of the address, or for one that was saved (`edit`)."""
    visitor, here = _person(request), sources(request)
    if isinstance(visitor, Response):
        return visitor
    if edit:
        one = _own(here.archive, visitor, edit)
        return _form(request, FollowForm.of(one), _search(one) or SearchForm())
    search = SearchForm.read(request.query_params).going_on(None)
    return _form(request, FollowForm(name=suggested(search, here, words_for(request))), search)


@router.post("")
def keep(request: Request, typed: Posted) -> Response:
    """Keep a search, or what was changed of one."""
    visitor, here = _person(request), sources(request)
    if isinstance(visitor, Response):
        return visitor
    form = FollowForm.read(typed)
    search = SearchForm.read(typed)  # type: ignore[arg-type]
    old = _own(here.archive, visitor, form.edit) if form.edit else None
    try:
        with _KEEPING:  # nobody else takes the name that is free
            one, secret = made(form, search, visitor, old, follows(here.archive))
            keep_follow(here.archive, one, replace=old is not None)
    except Refused as error:
        return _form(request, form, search, str(error))
    if secret is not None:  # is shown this once
        return _list(request, visitor, done=one.name, secret=secret)
    return _back(request, one.name)


@router.post("/stop")
def stop(request: Request, typed: Posted) -> Response:
    """Forget a saved search and what was sent of it."""
    visitor, here = _person(request), sources(request)
    if isinstance(visitor, Response):
        return visitor
    name = str(typed.get("name", ""))
    drop_follow(here.archive, _own(here.archive, visitor, name).name)
    return _back(request)


@router.post("/trial")
def trial(
    request: Request, name: Annotated[str, Form()] = "", days: Annotated[int, Form()] = 0
) -> Response:
    """Send what came in during some days now, as a trial, and say what came of it."""
    visitor, here = _person(request), sources(request)
    if isinstance(visitor, Response):
        return visitor
    one = _own(here.archive, visitor, name)
    tried = trying.attempt(request, visitor, one, days if days in DAYS else trying.usual_days(one))
    return _list(request, visitor, tried=tried)


@_page("/trial")
def tried(request: Request) -> Response:
    """Lead from what was said of a trial, loaded anew or in the other language, to the list."""
    asked = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(to(request, f"/following{asked}"), HTTPStatus.SEE_OTHER)


@_page("/preview")
def preview(request: Request, name: str = "", days: int = 1) -> Response:
    """Show the message that would tell what came in during some days; nothing is sent or noted."""
    visitor, here = _person(request), sources(request)
    if isinstance(visitor, Response):
        return visitor
    one = _own(here.archive, visitor, name)
    span = days if days in DAYS else DAYS[0]
    found = _gathered(here, one, span)
    context = {
        "one": one,
        "subject": subject(found, one.language, name=one.name, now=one.rhythm == "immediate"),
        "stories": found.stories,
        "sends": trying.offered(request),
        "days": span,
        "spans": DAYS,
        "frame": f"/following/preview/mail?{urlencode({'name': name, 'days': span})}",
    }
    return page_of(request, "preview.html", context)


@_page("/preview/mail")
def mail(request: Request, name: str = "", days: int = 1) -> Response:
    """Return the message itself, as a mail shows it."""
    visitor, here = _person(request), sources(request)
    if isinstance(visitor, Response):
        return visitor
    one = _own(here.archive, visitor, name)
    found = _gathered(here, one, days if days in DAYS else DAYS[0])
    body = render(found, "html", one.language, name=one.name, now=one.rhythm == "immediate")
    headers = {"Content-Security-Policy": POLICY}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _gathered(here: Sources, one: Follow, days: int) -> Any:  # noqa: ANN401 - a Digest
    now = datetime.now(UTC)
    query = one.query()
    asked = query if query.limited else None
    found = digest(here.archive, here.registry, now - timedelta(days=days), now, asked=asked)
    if one.rhythm != "immediate":
        return found
    return replace(found, due=(), silent=(), troubles=(), running=False)


def _person(request: Request) -> Visitor | Response:
    """Return who saves; the public, which has no name, is led to the form for signing in."""
    visitor = visitor_of(request)
    if visitor is not None and visitor.name:
        return visitor
    onward = request.url.path.removeprefix(request.scope.get("root_path", ""))
    asked = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    login = f"/login?{urlencode({'next': onward + asked})}"
    return RedirectResponse(to(request, login), HTTPStatus.SEE_OTHER)


def _own(archive: Archive, visitor: Visitor, name: str) -> Follow:
    """Return a saved search that a visitor may change.

    Raises:
        HTTPException: 404, there is none of that name that is theirs.
    """
    for one in follows(archive):
        if one.name == name and (one.who == visitor.name or visitor.may(Role.admin)):
            return one
    raise HTTPException(404)


def _search(one: Follow) -> SearchForm | None:
    """Return what is asked for; None: an earlier version kept what this one does not know."""
    try:
        return SearchForm(one.query())
    except QueryError:
        return None


_STATUS: Final = {"sent": HTTPStatus.OK, "often": HTTPStatus.TOO_MANY_REQUESTS}


def _list(
    request: Request,
    visitor: Visitor,
    *,
    done: str = "",
    secret: str = "",
    tried: trying.Outcome | None = None,
) -> Response:
    here, words = sources(request), words_for(request)
    kept = []
    for one in follows(here.archive):
        own = one.who == visitor.name
        if own or visitor.may(Role.admin):
            search = _search(one)
            told = understood(search.text, not has_marks(search.text), words) if search else ""
            sent = sendings(here.archive, one.name, SENT)
            leads = search
            if search and not search.query.limited:
                leads = search.changed(kinds=OURS)
            kept.append(Kept(one, search, leads, told, shown(one.channel), sent, own))
    base = str(request.base_url).rstrip("/")
    root = str(request.scope.get("root_path", ""))
    context = {
        "kept": sorted(kept, key=lambda item: not item.own),
        "site": base if base.endswith(root) else base + root,
        "done": done,
        "secret": secret,
        "tried": tried,
        "sends": trying.offered(request),
        "zone": settings().timezone,
        "mails": bool(settings().smtp_url),
        **_names(here),
    }
    headers = {"Cache-Control": "no-store"} if secret or tried else None
    status = HTTPStatus.OK
    if tried:
        status = _STATUS.get(tried.came, HTTPStatus.UNPROCESSABLE_ENTITY)
    return page_of(request, "following.html", context, status, headers)


def _form(request: Request, form: FollowForm, search: SearchForm, wrong: str = "") -> Response:
    here, words = sources(request), words_for(request)
    visitor = visitor_of(request)
    context = {
        "follow": form,
        "form": search,
        "told": undated(search),
        "said": understood(search.text, not has_marks(search.text), words),
        "rhythms": RHYTHMS,
        "wrong": wrong,
        "zone": settings().timezone,
        "mails": bool(settings().smtp_url),
        "hooks": visitor is not None and visitor.may(Role.admin),
        "weekdays": range(7),
        **_names(here),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return page_of(request, "follow_form.html", context, status)


def _names(here: Sources) -> dict[str, Any]:
    """Return what filters are written with."""
    return {
        "entries": here.entries, "outlets": here.outlets(), "kinds": KINDS, "levels": LEVELS,
    }  # fmt: skip


def _back(request: Request, done: str = "") -> Response:
    asked = f"?{urlencode({'done': done})}" if done else ""
    return RedirectResponse(to(request, f"/following{asked}"), HTTPStatus.SEE_OTHER)
