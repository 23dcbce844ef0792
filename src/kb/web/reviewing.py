"""The review desk: what the reader was unsure of and what fell due, decided by people."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kb.archive.accounts import Role
from kb.archive.judgements.decide import Entry
from kb.archive.reads import stored_article
from kb.errors import ConfigError, Refused
from kb.registry import accept_name, known_names, load_registry
from kb.settings import settings
from kb.web.access import Visitor, need
from kb.web.cards import WAITS, Where, card, changed, choices, said, typed
from kb.web.language import words_for
from kb.web.posted import Posted
from kb.web.sources import Sources, sources
from kb.web.view import render, to

SHOWN: Final = 20
"""Things on one page of the desk."""
REASONS: Final = (
    "empty", "value", "nothing", "who", "span", "entry", "near", "kind", "gone", "undone",
    "candidate", "address", "initiative",
)  # fmt: skip
"""Why a decision can be refused, as pages say it; of anything else they give the message."""

_LOADING = Lock()
router = APIRouter(prefix="/review", include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@_page("")
def desk(request: Request, done: str = "") -> Response:
    """Show what waits, of one kind or of all, or what was read in one article; `done` is the
    judgement that was made last."""
    visitor, here = need(request, Role.reviewer), sources(request)
    where = Where.of(request.query_params)
    context = _read(here, where) if where.article else _waiting(here, where)
    found = context.pop("found")
    context |= {
        "cards": [card(here, item) for item in found[:SHOWN]],
        "where": where,
        "onward": where.address(skip=where.skip + SHOWN) if len(found) > SHOWN else None,
        "first": where.address() if where.skip else None,
        "last": next((one for one in _log(here, visitor) if one.judgement.id == done), None),
        **choices(here),
    }
    return render(request, "review.html", context)


def _waiting(here: Sources, where: Where) -> dict[str, Any]:
    found = here.archive.review_page(
        why=[where.why] if where.why else (),
        skip=where.skip,
        limit=SHOWN + 1,
        known=known_names(here.registry),
    )
    return {"found": found, "article": None, "tabs": [(why, Where(why), None) for why in WAITS]}


def _read(here: Sources, where: Where) -> dict[str, Any]:
    article = stored_article(here.archive.engine, int(where.article))
    if article is None:
        raise HTTPException(404)
    whole = here.archive.review_article(article.article_id)
    parts = [item.key.partition(":")[0] for item in whole]
    found = [one for one, part in zip(whole, parts, strict=True) if where.part in ("", part)]
    tabs = [(part, Where("", where.article, part), n) for part, n in Counter(parts).items()]
    return {"found": found[where.skip : where.skip + SHOWN + 1], "article": article, "tabs": tabs}


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
    key, (verdict, _, value) = said(form, "key"), said(form, "do").partition(":")
    try:
        others = _since(here, key, visitor, said(form, "at"))
        if others and not said(form, "settle"):
            return _again(request, here, form, HTTPStatus.CONFLICT, "others")
        entered = changed(form) if verdict in ("correct", "merge", "split") else {}
        values = {"status": value} if value else entered
        if verdict == "accept":
            values = _accepted(request, here, key)
        made = here.archive.judge(
            key,
            verdict,
            values,
            who=visitor.name,
            note=said(form, "note") or None,
            source=said(form, "source") or None,
            settles=bool(said(form, "settle")),
        )
    except ConfigError as error:
        return _again(request, here, form, HTTPStatus.UNPROCESSABLE_ENTITY, "refused", error)
    if not _whole(request):
        return render(request, "decided.html", {"made": made, "where": Where.of(form)})
    return _back(request, Where.of(form), done=made.id)


@router.post("/undo")
def undo(request: Request, form: Posted) -> Response:
    """Reverse a decision."""
    visitor, here = need(request, Role.reviewer), sources(request)
    try:
        here.archive.undo(said(form, "id"), who=visitor.name)
    except ConfigError as error:
        return _again(request, here, form, HTTPStatus.UNPROCESSABLE_ENTITY, "refused", error)
    if not _whole(request):
        return _again(request, here, form, HTTPStatus.OK, "undone")
    return _back(request, Where.of(form))


def _accepted(request: Request, here: Sources, key: str) -> dict[str, str]:
    """Make a name an entry of the own registry, and let the desk know it from now on.

    Raises:
        ConfigError: it is no candidate, or can be no entry.
    """
    _, kind, form = [*key.split(":", 2), "", ""][:3]
    found = here.archive.candidates(kinds=[kind], names=[form])
    if not found:
        raise Refused(f"no candidate {form!r}", "candidate")
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


def _since(here: Sources, key: str, visitor: Visitor, at: str) -> list[Entry]:
    """Return what others decided on a thing since it was shown."""
    try:
        shown = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError):
        return []
    log = here.archive.judgements(key=key, since=shown)
    return [one for one in log if one.judgement.who != visitor.name]


def _again(
    request: Request,
    here: Sources,
    form: FormData,
    status: HTTPStatus,
    told: str,
    error: ConfigError | None = None,
) -> Response:
    """Show a thing again with what there is to say, and with what was typed."""
    try:
        shown = card(here, here.archive.review_item(said(form, "key")), typed(form))
    except ConfigError:
        shown = None
    context = {
        "card": shown,
        "told": told,
        "reason": _reason(request, error) if error else None,
        "where": Where.of(form),
        "whole": _whole(request),
        **choices(here),
    }
    return render(request, "review_again.html", context, status)


def _reason(request: Request, error: ConfigError) -> dict[str, Any]:
    """Return why something was refused: a word for it with its values, else the message."""
    if not isinstance(error, Refused) or error.reason not in REASONS:
        return {"word": None, "about": {}, "message": str(error)}
    values, named = dict(error.values), words_for(request).entries
    if column := values.get("field"):
        values["field"] = named.get(f"field.{column}") or named.get(f"field.{column[:-3]}", column)
    return {"word": error.reason, "about": values, "message": None}


def _log(here: Sources, visitor: Visitor) -> list[Entry]:
    return here.archive.judgements(who=visitor.name, newest=1)


def _whole(request: Request) -> bool:
    """Tell whether the browser wants a page, not a piece of one."""
    return "hx-request" not in request.headers


def _back(request: Request, where: Where, **more: str) -> Response:
    address = where.address(skip=where.skip if where.article else 0, **more)
    return RedirectResponse(to(request, address), HTTPStatus.SEE_OTHER)
