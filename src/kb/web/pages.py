"""The pages: latest coverage, search, one article, one initiative, one actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, islice
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from kb.archive import Hit, Query, SearchPage
from kb.archive.reads import initiatives_of, stored_article, years
from kb.article import FIELDS
from kb.errors import QueryError
from kb.reading import KINDS
from kb.settings import settings
from kb.web import marks
from kb.web.chart import HEIGHT, bars
from kb.web.form import SearchForm, understood
from kb.web.language import local, words_for
from kb.web.night import last_run
from kb.web.people import posts_at, posts_of
from kb.web.sources import Sources, sources
from kb.web.view import render

LATEST, FOUND, RELATED = 30, 20, 10
"""Articles on the first page, on a page of results, and on the page of an entry."""
_OURS = ("initiative", "programme")  # what the second list of the first page is about
_NAMED = 15  # actors on the page of an initiative

router = APIRouter(include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@_page("/")
def home(request: Request) -> Response:
    """Show the newest articles by day, the initiatives with their counts, and the last run."""
    here = sources(request)
    asked = SearchForm.read(request.query_params)
    form = SearchForm(kinds=_OURS if asked.kinds else (), after=asked.after)
    form, page = _answer(here, form, LATEST)
    counts = {row["entity_id"]: row["articles"] for row in here.archive.initiatives_rows(Query())}
    context = {
        "days": _by_day(page.hits),
        "total": page.total,
        "first": form.after is None,
        "ours": bool(form.kinds),
        "ours_address": SearchForm(kinds=_OURS).address("/"),
        "initiatives": [(entry, counts.get(entry.id, 0)) for entry in here.initiatives],
        "run": last_run(here.archive),
        **_listing(here, page.hits),
    }
    return render(request, "home.html", context, next_page=_next(form, page, "/"))


@_page("/search")
def search(request: Request) -> Response:
    """Answer whatever is typed; what cannot be understood is left aside and said."""
    here = sources(request)
    form, page = _answer(here, SearchForm.read(request.query_params), FOUND)
    listing = _listing(here, page.hits)
    context = {
        "form": form,
        "page": page,
        "understood": understood(form.text, page.folded, words_for(request)),
        "snippets": {
            hit.article_id: marks.highlighted(hit.snippet, hit.highlights) for hit in page.hits
        },
        "actor_names": here.actor_names,
        "entries": here.entries,
        "restart": replace(form, after=None).address() if form.after else None,
        **listing,
    }
    return render(request, "search.html", context, next_page=_next(form, page, "/search"))


@_page("/articles/{number}")
def article(request: Request, number: str) -> Response:
    """Show one article with its mentions marked, as far as its text may be shown."""
    here = sources(request)
    plain = number.isascii() and number.isdigit() and len(number) <= 10
    found = stored_article(here.archive.engine, int(number)) if plain else None
    if found is None:
        raise HTTPException(404)
    full = settings().full_text
    fields = {name: [one for one in found.mentions if one.field == name] for name in FIELDS}
    groups = marks.grouped(found.mentions)
    context = {
        "article": found,
        "outlets": here.outlets(),
        "title": marks.whole(found.title, fields["title"]),
        "lead": marks.whole(found.lead, fields["lead"]),
        "body": (marks.whole if full else marks.excerpt)(found.body, fields["body"]),
        "full": full,
        "known": [group for group in groups if group[0].entity_id],
        "candidates": [group for group in groups if not group[0].entity_id],
        "kinds": sorted({mention.kind for mention in found.mentions}, key=KINDS.index),
        "href": here.href,
    }
    return render(request, "article.html", context)


@_page("/initiatives/{entity_id}")
def initiative(request: Request, entity_id: str) -> Response:
    """Show what an initiative (or a programme) is, its coverage by year, and who is named."""
    here = sources(request)
    entry = here.entry(entity_id, "initiative", "programme")
    if entry is None:
        raise HTTPException(404)
    query = Query(initiatives=(entry.id,), limit=RELATED)
    page = here.archive.search(query)
    counts = years(here.archive.engine, entry.id)
    context = {
        "entry": entry,
        "counts": counts,
        "bars": bars(counts),
        "height": HEIGHT,
        "page": page,
        "undated": page.total - sum(one.articles for one in counts),
        "actors": list(islice(here.archive.actors_rows(query), _NAMED)),
        "all": SearchForm(initiatives=(entry.id,)).address(),
        "entries": here.entries,
        "href": here.href,
        **_listing(here, page.hits),
    }
    return render(request, "initiative.html", context)


@_page("/actors/{entity_id}")
def actor(request: Request, entity_id: str) -> Response:
    """Show a person or organisation: posts with dates and sources, articles, initiatives."""
    here = sources(request)
    entry = here.entry(entity_id, "person", "org")
    if entry is None:
        raise HTTPException(404)
    query = Query(actors=(entry.id,), limit=RELATED)
    page = here.archive.search(query)
    context = {
        "entry": entry,
        "held": posts_of(here.registry, entry.id),
        "offered": posts_at(here.registry, entry.id),
        "page": page,
        "named": list(here.archive.initiatives_rows(query)),
        "all": SearchForm(actors=(entry.id,)).address(),
        "entries": here.entries,
        "href": here.href,
        **_listing(here, page.hits),
    }
    return render(request, "actor.html", context)


def _answer(here: Sources, form: SearchForm, limit: int) -> tuple[SearchForm, SearchPage]:
    """Ask the archive; an `after` that comes from no page begins at the first one."""
    try:
        return form, here.archive.search(form.query(limit))
    except QueryError:
        form = replace(form, after=None)
        return form, here.archive.search(form.query(limit))


def _next(form: SearchForm, page: SearchPage, path: str) -> str | None:
    return replace(form, after=page.after).address(path) if page.after else None


def _listing(here: Sources, hits: Sequence[Hit]) -> dict[str, Any]:
    """Return what the list of articles needs beside the articles."""
    named = initiatives_of(here.archive.engine, [hit.article_id for hit in hits])
    chips = {
        number: [here.entries[one] for one in ids if one in here.entries]
        for number, ids in named.items()
    }
    return {"outlets": here.outlets(), "chips": chips}


def _by_day(hits: Sequence[Hit]) -> list[tuple[Any, list[Hit]]]:
    """Group articles, newest first, by their day in Vietnam; those without a date come last."""

    def day(hit: Hit) -> Any:  # noqa: ANN401
        return local(hit.published_at).date() if hit.published_at else None

    return [(key, list(group)) for key, group in groupby(hits, key=day)]
