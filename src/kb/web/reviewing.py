"""The review desk: what the reader was unsure of and what fell due, decided by people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any, Final, get_args

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kb.archive.accounts import Role
from kb.archive.judgements.decide import Entry
from kb.archive.judgements.queue import ReviewItem, of_name
from kb.archive.judgements.records import STATUSES
from kb.errors import ConfigError
from kb.reading import KINDS
from kb.reading import Role as TaskRole
from kb.registry import accept_name, known_names, load_registry
from kb.settings import settings
from kb.web.access import Visitor, need
from kb.web.language import words_for
from kb.web.posted import Posted
from kb.web.sources import Sources, sources
from kb.web.view import render, to

WAITS: Final = ("due", "assignment", "link", "name", "conflict")
SHOWN = 20
"""Things on one page of the desk."""
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "mention": ("kind", "entity_id", "span"),
    "commitment": ("owner", "initiative_id", "due_from", "due_to", "quantity", "span"),
    "assignment": ("actor", "role", "task", "initiative_id"),
    "quote": ("speaker", "role", "span"),
    "holding": ("person", "post", "org"),
    "name": ("entity_id",),
    "entity": ("entity_id",),
}
"""What can be corrected of each part (see `kb.archive.judgements.values`)."""
CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("mention", "kind"): KINDS,
    ("assignment", "role"): get_args(TaskRole),
}

_LOADING = Lock()
router = APIRouter(prefix="/review", include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@dataclass(frozen=True)
class Card:
    """One thing on the desk, with what can be changed of it and what was said of it."""

    item: ReviewItem
    part: str
    fields: dict[str, str]
    log: list[Entry]
    at: str
    """When it was shown: what others decided since is not overruled unseen."""


@_page("")
def desk(request: Request, why: str = "", skip: int = 0, done: str = "") -> Response:
    """Show what waits, of one kind or of all; `done` is the judgement that was made last."""
    visitor, here = need(request, Role.reviewer), sources(request)
    wanted, skip = (why if why in WAITS else ""), max(skip, 0)
    found = here.archive.review_page(
        why=[wanted] if wanted else (),
        skip=skip,
        limit=SHOWN + 1,
        known=known_names(here.registry),
    )
    last = next((one for one in _log(here, visitor) if one.judgement.id == done), None)
    context = {
        "cards": [_card(here, item) for item in found[:SHOWN]],
        "why": wanted,
        "waits": WAITS,
        "onward": _address(wanted, skip + SHOWN) if len(found) > SHOWN else None,
        "first": _address(wanted) if skip else None,
        "last": last,
        **_choices(here),
    }
    return render(request, "review.html", context)


@_page("/evidence")
def evidence(request: Request, key: str) -> Response:
    """Show later coverage of a commitment."""
    need(request, Role.reviewer)
    here = sources(request)
    try:
        found, silent = here.archive.evidence(key)
    except ConfigError:
        found, silent = [], False
    context = {
        "found": found,
        "silent": silent,
        "outlets": here.outlets(),
        "whole": _whole(request),
    }
    return render(request, "evidence.html", context)


@router.post("")
def decide(request: Request, form: Posted) -> Response:
    """Take a decision; `do` is a verdict, or `status:VALUE`."""
    visitor, here = need(request, Role.reviewer), sources(request)
    key, (verdict, _, value) = _said(form, "key"), _said(form, "do").partition(":")
    try:
        others = _since(here, key, visitor, _said(form, "at"))
        if others and not _said(form, "settle"):
            return _again(request, here, key, HTTPStatus.CONFLICT, "others", others)
        values = {"status": value} if value else _changed(form, verdict)
        if verdict == "accept":
            values = _accepted(request, here, key)
        made = here.archive.judge(
            key,
            verdict,
            values,
            who=visitor.name,
            note=_said(form, "note") or None,
            source=_said(form, "source") or None,
            settles=bool(_said(form, "settle")),
        )
    except ConfigError as error:
        return _again(request, here, key, HTTPStatus.UNPROCESSABLE_ENTITY, "refused", str(error))
    if not _whole(request):
        return render(request, "decided.html", {"made": made, "why": _said(form, "why")})
    return _back(request, _said(form, "why"), made.id)


@router.post("/undo")
def undo(request: Request, form: Posted) -> Response:
    """Reverse a decision."""
    visitor, here = need(request, Role.reviewer), sources(request)
    id_, key = _said(form, "id"), _said(form, "key")
    try:
        here.archive.undo(id_, who=visitor.name)
    except ConfigError as error:
        return _again(request, here, key, HTTPStatus.UNPROCESSABLE_ENTITY, "refused", str(error))
    if not _whole(request):
        return _again(request, here, key, HTTPStatus.OK, "undone")
    return _back(request, _said(form, "why"))


def _accepted(request: Request, here: Sources, key: str) -> dict[str, str]:
    """Make a name an entry of the own registry, and let the desk know it from now on.

    Raises:
        ConfigError: it is no candidate, or can be no entry.
    """
    _, kind, form = [*key.split(":", 2), "", ""][:3]
    found = here.archive.candidates(kinds=[kind], names=[form])
    if not found:
        raise ConfigError(f"no candidate {form!r}")
    one = found[0]
    chosen, words = settings(), words_for(request)
    folder = chosen.registries or chosen.data_dir / "registries"
    names, bundled = one.variants or (one.name,), chosen.bundled_registry
    id_, _ = accept_name(
        one.kind, names, one.url, folder=folder, programme=words("review.own"), bundled=bundled
    )
    with _LOADING:  # of two names accepted at once the later load knows both
        request.app.state.sources = Sources(here.archive, load_registry(folder, bundled=bundled))
    return {"entity_id": id_, "name": one.name}


def _changed(form: FormData, verdict: str) -> dict[str, str]:
    """Return what was entered, of a correction only what differs from what stood there."""
    if verdict not in ("correct", "merge", "split"):
        return {}
    entered = {
        name.removeprefix("v."): value
        for name, value in form.items()
        if name.startswith("v.") and isinstance(value, str)
    }
    return {name: value for name, value in entered.items() if value != _said(form, f"was.{name}")}


def _since(here: Sources, key: str, visitor: Visitor, at: str) -> list[Entry]:
    """Return what others decided on a thing since it was shown."""
    try:
        shown = datetime.fromisoformat(at)
    except ValueError:
        return []
    log = here.archive.judgements(key=key, since=shown)
    return [one for one in log if one.judgement.who != visitor.name]


def _again(
    request: Request,
    here: Sources,
    key: str,
    status: HTTPStatus,
    said: str,
    why: object = None,
) -> Response:
    """Show a thing again with what there is to say."""
    try:
        card = _card(here, here.archive.review_item(key)) if key else None
    except ConfigError:
        card = _name_card(here, key) if key.startswith("name:") else None
    context = {
        "card": card,
        "said": said,
        "reason": why,
        "whole": _whole(request),
        **_choices(here),
    }
    return render(request, "review_again.html", context, status)


def _name_card(here: Sources, key: str) -> Card | None:
    _, kind, form = [*key.split(":", 2), ""][:3]
    known = known_names(here.registry)
    found = here.archive.candidates(kinds=[kind], names=[form], known=known) if form else []
    return next((_card(here, of_name(one)) for one in found), None)


def _card(here: Sources, item: ReviewItem) -> Card:
    part = item.key.partition(":")[0]
    says: dict[str, Any] = item.says | {"span": item.text}
    fields = {name: str(says.get(name) or "") for name in FIELDS.get(part, ())}
    return Card(
        item, part, fields, here.archive.judgements(key=item.key), datetime.now(UTC).isoformat()
    )


def _choices(here: Sources) -> dict[str, Any]:
    return {
        "choices": CHOICES,
        "statuses": [one for one in STATUSES if one != "promised"],
        "outlets": here.outlets(),
        "entries": here.entries,
        "href": here.href,
    }


def _log(here: Sources, visitor: Visitor) -> list[Entry]:
    return here.archive.judgements(who=visitor.name, newest=1)


def _whole(request: Request) -> bool:
    """Tell whether the browser wants a page, not a piece of one."""
    return "hx-request" not in request.headers


def _said(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _address(why: str, skip: int = 0) -> str:
    parts = [f"why={why}"] * bool(why) + [f"skip={skip}"] * bool(skip)
    return "/review" + "?" * bool(parts) + "&".join(parts)


def _back(request: Request, why: str, done: str = "") -> Response:
    address = _address(why if why in WAITS else "")
    if done:
        address += ("&" if "?" in address else "?") + f"done={done}"
    return RedirectResponse(to(request, address), HTTPStatus.SEE_OTHER)
