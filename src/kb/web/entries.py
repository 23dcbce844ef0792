"""The pages of an initiative and of an actor: what became of it, who and where, by whom reported.

What is counted for them is kept until the archive changes (`kept.py`), whatever the language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from kb.archive import Archive, Query, SearchPage
from kb.archive.actors import asked_as
from kb.archive.around import Around, around
from kb.archive.records import Bucket, Company
from kb.archive.roles import Part, roles
from kb.registry import Entry
from kb.web import facts
from kb.web.chronicle import LANE, SHOWN, Chronicle, chronicle
from kb.web.districts import Where, where
from kb.web.form import SearchForm
from kb.web.history import copies
from kb.web.language import words_for
from kb.web.lists import listing
from kb.web.people import posts_at, posts_of
from kb.web.promises import SHOWN as PROMISES
from kb.web.promises import Promises, promises
from kb.web.sources import Sources, sources
from kb.web.view import render, to
from kb.web.years import by_year

RELATED, NAMED, SPOKEN = 10, 12, 6
"""Articles, names of each kind, and quotes on the page of an entry."""
_WANTED: Final = {
    "person": NAMED, "org": NAMED, "document": NAMED, "initiative": NAMED, "place": 400,
}  # fmt: skip

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Beside:
    """A name that stands in the same articles, and the search for just these articles."""

    entity_id: str | None
    name: str
    kind: str
    articles: int
    href: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted for the page of an entry."""

    page: SearchPage
    years: Sequence[Bucket]
    around: Around
    where: Where
    roles: Sequence[Part]
    promises: Promises
    quotes: facts.Facts
    course: Chronicle | None
    posts: Sequence[Mapping[str, Any]]
    copies: set[int]


@router.api_route("/initiatives/{entity_id}", methods=["GET", "HEAD"])
def initiative(request: Request, entity_id: str) -> Response:
    """Show what an initiative (or a programme) is, what became of it, and who is named."""
    here = sources(request)
    entry = here.entry(entity_id, "initiative", "programme")
    if entry is None:
        raise HTTPException(404)
    query = Query(initiatives=(entry.id,))
    counted = here.kept.of(("initiative", entry.id), lambda: _counted(here, entry, query))
    return render(request, "initiative.html", _context(request, here, entry, query, counted))


@router.api_route("/actors/{entity_id}", methods=["GET", "HEAD"])
def actor(request: Request, entity_id: str) -> Response:
    """Show a person or organisation: posts, words, promises, roles, articles and company; of a
    name that has no entry the articles that bear it."""
    here = sources(request)
    entry = here.entry(entity_id, "person", "org")
    if entry is None:
        asked = Query(actors=(entity_id,))
        if entity_id in here.entries or not here.archive.search(replace(asked, limit=1)).total:
            raise HTTPException(404)
        kept = [one for one in request.query_params.multi_items() if one[0] == "lang"]
        pairs = urlencode([*asked.to_params(), *kept])
        return RedirectResponse(to(request, f"/search?{pairs}"), HTTPStatus.SEE_OTHER)
    query = Query(actors=(entry.id,))
    counted = here.kept.of(("actor", entry.id), lambda: _counted(here, entry, query))
    context = {
        **_context(request, here, entry, query, counted),
        "held": posts_of(here.registry, entry.id),
        "offered": posts_at(here.registry, entry.id),
        "post_address": lambda row: _post(query, row),
    }
    return render(request, "actor.html", context)


def _counted(here: Sources, entry: Entry, query: Query) -> Counted:
    archive = here.archive
    found = around(archive.engine, entry.id, _WANTED)
    told = promises(archive, replace(query, limit=PROMISES))
    quotes = archive.page("quotes", replace(query, limit=SPOKEN), counted=False)
    page = archive.search(replace(query, limit=RELATED))
    course = None
    if entry.kind in ("initiative", "programme"):
        course = chronicle(archive, replace(query, limit=SHOWN), found.first, told.told)
    return Counted(
        page=page,
        years=archive.histogram(query, "year"),
        around=found,
        where=where(archive, query, found.named["place"], here.entries),
        roles=roles(archive.engine, query),
        promises=told,
        quotes=facts.Facts(
            "quotes", quotes.rows, SearchForm(query).address("/quotes") if quotes.after else None
        ),
        course=course,
        posts=archive.page("posts", replace(query, limit=NAMED), counted=False).rows
        if query.actors
        else (),
        copies=_copied(archive, page, told, quotes.rows, course),
    )


def _copied(
    archive: Archive,
    page: SearchPage,
    told: Promises,
    quotes: Iterable[Mapping[str, Any]],
    course: Chronicle | None,
) -> set[int]:
    numbers = {hit.article_id for hit in page.hits} | {row["article_id"] for row in quotes}
    numbers |= {one.row["article_id"] for one in told.told}
    numbers |= {piece["article_id"] for one in told.told for piece in one.evidence}
    if course is not None:
        numbers |= {event.article_id for _, events in course.years for event in events}
    return copies(archive, numbers)


def _context(
    request: Request,
    here: Sources,
    entry: Entry,
    query: Query,
    counted: Counted,
) -> dict[str, Any]:
    words = words_for(request)
    named = counted.around.named
    everything = SearchForm(query)
    return {
        "entry": entry,
        "counted": counted,
        "page": counted.page,
        "chart": by_year(words.name(entry), query, counted.years, words),
        "undated": counted.page.total - sum(one.articles for one in counted.years),
        "people": _beside([*named["person"], *named["org"]], query),
        "documents": _beside(named["document"], query),
        "initiatives": _beside(named["initiative"], query),
        "outlet_address": lambda id_: SearchForm(replace(query, outlets=(id_,))).address(),
        "all": everything.address(),
        "all_of": {kind: everything.address(f"/{kind}") for kind in facts.KINDS},
        "parts_of": _grouped(counted.roles, about=bool(query.actors)),
        "given": lambda part: _given(query, part),
        "lane": LANE,
        "entries": here.entries,
        "href": here.href,
        **listing(here, counted.page.hits),
    }


def _both(query: Query, one: Company) -> Query:
    """Return what asks for the articles that name an entry and another one beside it."""
    name = asked_as(one.kind, one.entity_id, one.name)
    if one.kind == "document":
        return replace(query, documents=(name,))
    if one.kind == "initiative" and not query.initiatives:
        return replace(query, initiatives=(name,))
    if one.kind != "initiative" and not query.actors:
        return replace(query, actors=(name,))
    # Several of one filter are any of them; words are all.
    return replace(query, text=_named("initiative" if one.kind == "initiative" else "actor", name))


def _beside(rows: Iterable[Company], query: Query) -> list[Beside]:
    ranked = sorted(rows, key=lambda one: -one.articles)[:NAMED]
    return [
        Beside(
            one.entity_id, one.name, one.kind, one.articles, SearchForm(_both(query, one)).address()
        )
        for one in ranked
    ]


def _grouped(parts: Sequence[Part], *, about: bool) -> list[list[Part]]:
    """Group roles by their actor, or by what they are `about`, in the order given."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        key = (part.initiative_id or "") if about else (part.actor_id or f" {part.actor}")
        found.setdefault(key, []).append(part)
    return list(found.values())


def _given(query: Query, part: Part) -> str | None:
    """Return the address of the assignments that a role is counted from; None of an actor's in no
    initiative, which no filter tells from the others."""
    if query.actors and not part.initiative_id:
        return None
    actors = query.actors or (asked_as("org", part.actor_id, part.actor),)
    about = (part.initiative_id,) if part.initiative_id else query.initiatives
    asked = Query(actors=actors, initiatives=about, roles=(part.role,))
    return SearchForm(asked).address("/assignments")


def _post(query: Query, row: Mapping[str, Any]) -> str:
    """Return the search for the articles that name somebody in a post."""
    who = row["person_id"] or row["person"]
    return SearchForm(Query(actors=(who,), posts=(row["post"],))).address()


def _named(field: str, name: str) -> str:
    """Return a field of the language of queries with a name in it."""
    return f'{field}:"{name.replace(chr(34), " ")}"'
