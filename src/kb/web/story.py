"""The page of one article: its text as far as it may be shown, every name in it explained."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from kb.archive.chains import kin
from kb.archive.origins import origins
from kb.archive.reads import StoredArticle, stored_article
from kb.article import FIELDS
from kb.reading import KINDS, Mention
from kb.settings import settings
from kb.web import facts, marks
from kb.web.history import record
from kb.web.marks import Sentences
from kb.web.sources import sources
from kb.web.unapi import coins, tags, unapi_id
from kb.web.view import render

router = APIRouter(include_in_schema=False)


@router.api_route("/articles/{number}", methods=["GET", "HEAD"])
def article(request: Request, number: str) -> Response:
    """Show one article with its mentions marked, as far as its text may be shown."""
    here = sources(request)
    plain = number.isascii() and number.isdigit() and len(number) <= 10
    found = stored_article(here.archive.engine, int(number)) if plain else None
    if found is None:
        raise HTTPException(404)
    full = settings().full_text
    groups = marks.grouped(found.mentions)
    outlets = here.outlets()
    outlet = outlets.get(found.outlet or "")
    names: dict[str, Sentences] = {name: Sentences(name, getattr(found, name)) for name in FIELDS}
    shared = kin(here.archive.engine, found.article_id)
    context = {
        "article": found,
        "outlets": outlets,
        **_text(found, names, full),
        "full": full,
        "known": [group for group in groups if group[0].entity_id],
        "candidates": [group for group in groups if not group[0].entity_id],
        "rows": {_thing(group[0]): f"named-{n}" for n, group in enumerate(groups, start=1)},
        "thing": _thing,
        "kinds": sorted({mention.kind for mention in found.mentions}, key=KINDS.index),
        "href": here.href,
        "entries": here.entries,
        "told": facts.of_article(here.archive, found.article_id),
        "sentence": lambda field, start: _shown(names, field, start),
        "tags": tags(found, outlet),
        "coins": coins(found, outlet),
        "unapi_id": unapi_id(found.article_id),
        "earlier": [one for one in shared if one.when == "earlier"],
        "later": [one for one in shared if one.when == "later"],
        "kept": record(origins(here.archive.engine, [found.article_id])[found.article_id]),
    }
    return render(request, "article.html", context)


def _text(found: StoredArticle, names: dict[str, Sentences], full: bool) -> dict[str, Any]:
    """Return the three fields as paragraphs of pieces."""
    shown: dict[str, Any] = {}
    for field in FIELDS:
        cut = marks.excerpt if field == "body" and not full else marks.whole
        own = [one for one in found.mentions if one.field == field]
        shown[field] = cut(getattr(found, field), own, names[field])
    return shown


def _thing(mention: Mention) -> tuple[str, str]:
    """Return what a mention is of, as `marks.grouped` tells things apart."""
    return mention.kind, mention.entity_id or mention.name


def _shown(names: dict[str, Sentences], field: str, start: int) -> str | None:
    """Return the anchor of the sentence that a place lies in, if the page shows that sentence."""
    name = names[field].name(start)
    return name if name in names[field].shown else None
