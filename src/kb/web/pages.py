"""The first page, and the lists of what was promised, assigned and said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.archive import Hit, Query
from kb.archive.around import articles_naming
from kb.reading import KINDS
from kb.web import facts
from kb.web.facets import LEVELS
from kb.web.form import SearchForm
from kb.web.history import copies
from kb.web.language import local
from kb.web.lists import answer, listing, onward
from kb.web.night import last_run
from kb.web.sources import sources
from kb.web.view import render

LATEST = 30
"""Articles on the first page."""
_OURS = ("initiative", "programme")  # what the second list of the first page is about

router = APIRouter(include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@_page("/")
def home(request: Request) -> Response:
    """Show the newest articles by day, the initiatives with their counts, and the last run."""
    here = sources(request)
    asked = SearchForm.read(request.query_params)
    form = SearchForm(Query(kinds=_OURS if asked.query.kinds else (), after=asked.after))
    form, page = answer(here, form, LATEST)
    ids = [entry.id for entry in here.initiatives]
    counts = here.kept.of(("home",), lambda: articles_naming(here.archive.engine, ids))
    context = {
        "days": _by_day(page.hits),
        "total": page.total,
        "first": form.after is None,
        "ours": bool(form.query.kinds),
        "ours_address": SearchForm(Query(kinds=_OURS)).address("/"),
        "initiatives": [(entry, counts.get(entry.id, 0)) for entry in here.initiatives],
        "run": last_run(here.archive),
        **listing(here, page.hits),
    }
    return render(request, "home.html", context, next_page=onward(form, page, "/"))


def listed(request: Request, kind: str) -> Response:
    """Show the facts of one kind that answer the form, page by page.

    `due=coming` leaves of the commitments those that are due from today on, soonest first.
    """
    here = sources(request)
    form = SearchForm.read(request.query_params)
    coming = kind == "commitments" and request.query_params.get("due") == "coming"
    yesterday = local(datetime.now(UTC)).date() - timedelta(days=1) if coming else None
    asked = ("facts", kind, form.asked(facts.LISTED), yesterday)
    page = here.kept.of(
        asked,
        lambda: facts.window(here.archive, kind, form, facts.LISTED, due_after=yesterday),
    )
    path = f"/{kind}?due=coming" if coming else f"/{kind}"
    more = form.going_on(page.after).address(path) if page.after else None
    context = {
        "facts": facts.Facts(kind, page.rows),
        "form": form,
        "coming": coming,
        "path": path,
        "kinds": KINDS,
        "levels": LEVELS,
        "everything": form.going_on(None).address(f"/{kind}"),
        "to_come": form.going_on(None).address(f"/{kind}?due=coming"),
        "outlets": here.outlets(),
        "copies": copies(here.archive, (row["article_id"] for row in page.rows)),
        "entries": here.entries,
        "href": here.href,
    }
    return render(request, "facts.html", context, next_page=more)


for _kind in facts.KINDS:
    _page(f"/{_kind}")(partial(listed, kind=_kind))


def _by_day(hits: Sequence[Hit]) -> list[tuple[Any, list[Hit]]]:
    """Group articles, newest first, by their day in Vietnam; those without a date come last."""

    def day(hit: Hit) -> Any:  # noqa: ANN401
        return local(hit.published_at).date() if hit.published_at else None

    return [(key, list(group)) for key, group in groupby(hits, key=day)]
