"""A list of articles on a page: asking for it, what each card needs, where it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kb.archive import Hit, Query, SearchPage
from kb.archive.reads import initiatives_of
from kb.errors import QueryError
from kb.web.form import SearchForm
from kb.web.sources import Sources


def answer(here: Sources, form: SearchForm, limit: int) -> tuple[SearchForm, SearchPage]:
    """Ask the archive, and return what this is the page of; an `after` that comes from no page
    begins at the first one, and marks that nothing has are left out."""
    try:
        answered, page = _page(here, form.asked(limit))
    except QueryError:
        form = form.going_on(None)
        answered, page = _page(here, form.asked(limit))
    return replace(form, query=replace(form.query, text=answered.text)), page


def _page(here: Sources, asked: Query) -> tuple[Query, SearchPage]:
    return here.kept.of(("articles", asked), lambda: here.archive.search_anyhow(asked))


def onward(form: SearchForm, page: SearchPage, path: str) -> str | None:
    """Return the address of the next page; None: this is the last."""
    return form.going_on(page.after).address(path) if page.after else None


def listing(here: Sources, hits: Sequence[Hit]) -> dict[str, Any]:
    """Return what the list of articles needs beside the articles."""
    numbers = tuple(hit.article_id for hit in hits)
    named = here.kept.of(("named", numbers), lambda: initiatives_of(here.archive.engine, numbers))
    chips = {
        number: [here.entries[one] for one in ids if one in here.entries]
        for number, ids in named.items()
    }
    return {"outlets": here.outlets(), "chips": chips}
