"""The search page: what was found, how it was understood, and what it can be narrowed to."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.archive.explain import Language
from kb.reading import KINDS
from kb.text import read_yaml
from kb.web import facets, marks, periods
from kb.web.exporting import offered
from kb.web.form import SearchForm, understood
from kb.web.language import Words, local, partial_day, words_for
from kb.web.lists import answer, listing, onward
from kb.web.sources import Sources, sources
from kb.web.view import render

FOUND = 20
"""Articles on a page of results."""
INLINE = 5_000
"""Articles found up to which chart and counts come with the list; of more they come after it."""
PARTS: Final = ("chart", "facets")
MOST_TRIES = 8

router = APIRouter(include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@_page("/search")
def search(request: Request) -> Response:
    """Answer whatever is typed; what cannot be understood is left aside and said."""
    here, words = sources(request), words_for(request)
    asked = SearchForm.read(request.query_params)
    form, page = answer(here, asked, FOUND)
    language: Language = "en" if words.language == "en" else "vi"
    explained = here.archive.explain(form.query, page.folded, page.total)
    first = form.going_on(None)
    at_once = page.total <= INLINE and form.query.as_of is None
    context = {
        "form": form,
        "typed": asked.text,
        "page": page,
        "understood": understood(form.text, page.folded, words),
        "feed": first.address("/feed.atom"),
        "remarks": [one.said(language) for one in explained.remarks],
        "snippets": {
            hit.article_id: marks.highlighted(hit.snippet, hit.highlights) for hit in page.hits
        },
        "actor_names": here.actor_names,
        "entries": here.entries,
        "restart": first.address() if form.after else None,
        "help": examples()[language],
        "exports": offered(first),
        "as_now": _as_now(first),
        "compare": first.changed(since=None, until=None).address("/compare"),
        "follow": first.address("/following/new"),
        "parts_of": {part: _address(first, part, request) for part in PARTS},
        "at_once": at_once,
        "kinds": KINDS,
        "levels": facets.LEVELS,
        "tries": [] if page.total else tries(here, first, words),
        **(_parts(here, first, words, request) if at_once and page.total else _NONE),
        **listing(here, page.hits),
    }
    return render(request, "search.html", context, next_page=onward(form, page, "/search"))


def part(request: Request, name: str) -> Response:
    """Show the chart, or what can be narrowed, of a search alone: htmx puts it into the page, and
    who has no scripts comes here by a link."""
    here, words = sources(request), words_for(request)
    form = SearchForm.read(request.query_params).going_on(None)
    bare = "hx-request" in request.headers
    context = {
        "form": form,
        "part": name,
        "bare": bare,
        "back": form.address(),
        "entries": here.entries,
        "kinds": KINDS,
        "levels": facets.LEVELS,
        "outlets": here.outlets(),
        **_parts(here, form, words, request, (name,)),
    }
    return render(request, "search_part.html", context)


for _name in PARTS:
    _page(f"/search/{_name}")(partial(part, name=_name))

_NONE: Final[dict[str, Any]] = {"shown": None, "groups": []}


def _parts(
    here: Sources,
    form: SearchForm,
    words: Words,
    request: Request,
    wanted: tuple[str, ...] = PARTS,
) -> dict[str, Any]:
    found = dict(_NONE)
    if "facets" in wanted:
        found["groups"] = facets.groups(here, form, words)
    if "chart" in wanted:
        found["shown"] = periods.chart(here, form, words, request.query_params.get("by"))
    return found


def _address(form: SearchForm, part: str, request: Request) -> str:
    by = request.query_params.get("by")
    path = f"/search/{part}" + (f"?by={by}" if part == "chart" and by in periods.BYS else "")
    return form.address(path)


def tries(here: Sources, form: SearchForm, words: Words) -> list[tuple[str, str, int]]:
    """Return what to try where nothing was found, as (words, address, articles): without one
    filter, with any of the words, with the last one's beginning; what finds nothing is left out."""
    options = [
        (words("try.without", what=_called(here, name, value, words)), SearchForm.of(address))
        for name, value, address in form.filters()
    ]
    parts = form.text.split()
    if parts and all(part.isalnum() and not part.isupper() for part in parts):
        either = " OR " if words.language == "en" else " HOẶC "
        if len(parts) > 1:
            options.append((words("try.any"), form.changed(text=either.join(parts))))
        options.append((words("try.begins"), form.changed(text=f"{form.text}*")))
    counted = [
        (label, one.address(), here.archive.search(one.asked(1)).total)
        for label, one in options[:MOST_TRIES]
    ]
    return [one for one in counted if one[2]]


def _called(here: Sources, name: str, value: str, words: Words) -> str:
    """Return a filter with its value as people read it."""
    if name in ("from", "to", "due_after", "due_before"):
        value = partial_day(value)
    elif value in here.entries:
        value = words.name(here.entries[value])
    elif name == "outlet":
        value = here.outlets().get(value, value)
    return f"{words('search.' + name)} {value}"


def _as_now(form: SearchForm) -> str:
    """Return the address that answers as the archive stands now, whatever comes in later."""
    if form.query.as_of is not None:
        return form.address()
    now = local(datetime.now(UTC)).replace(microsecond=0)
    return form.changed(as_of=now).address()


@cache
def examples() -> dict[str, list[dict[str, str]]]:
    """Return the examples of help.yaml, by language."""
    text = (Path(__file__).parent / "help.yaml").read_text("utf-8")
    found: dict[str, list[dict[str, str]]] = read_yaml(text)
    return found
