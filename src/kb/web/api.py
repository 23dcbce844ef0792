"""The JSON interface: complete lists with the contract's columns, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel

from kb.archive import Query as ArchiveQuery
from kb.errors import QueryError
from kb.web.schemas import (
    ActorRow,
    ArticleRow,
    AssignmentRow,
    CommitmentFilters,
    CommitmentRow,
    DocumentRow,
    Filters,
    InitiativeRow,
    MentionRow,
    PostRow,
    QuoteRow,
)
from kb.web.sources import sources

_Row = TypeVar("_Row", bound=BaseModel)
router = APIRouter(prefix="/api/v1", tags=["api"])
Given = Annotated[Filters, Query()]


@router.get("/articles")
def articles(request: Request, response: Response, filters: Given) -> list[ArticleRow]:
    """Return articles, newest first; the header X-Total-Count counts all pages."""
    try:
        page = sources(request).archive.search(filters.query())
    except QueryError as error:
        raise _bad_after(filters, str(error)) from error
    response.headers["X-Total-Count"] = str(page.total)
    _link_next(request, response, page.after)
    return [ArticleRow.model_validate(hit) for hit in page.hits]


@router.get("/mentions")
def mentions(request: Request, response: Response, filters: Given) -> list[MentionRow]:
    """Return mentions in matching articles; only those named, if entities or kinds are."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.mentions_rows, MentionRow)


@router.get("/actors")
def actors(request: Request, response: Response, filters: Given) -> list[ActorRow]:
    """Return the people and organisations named in matching articles, most articles first."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.actors_rows, ActorRow)


@router.get("/initiatives")
def initiatives(request: Request, response: Response, filters: Given) -> list[InitiativeRow]:
    """Return the initiatives named in matching articles, most articles first."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.initiatives_rows, InitiativeRow)


@router.get("/quotes")
def quotes(request: Request, response: Response, filters: Given) -> list[QuoteRow]:
    """Return what was said in matching articles, newest first; only by the actors, if given."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.quotes_rows, QuoteRow)


@router.get("/commitments")
def commitments(
    request: Request, response: Response, filters: Annotated[CommitmentFilters, Query()]
) -> list[CommitmentRow]:
    """Return what was promised in matching articles, newest first; of the initiatives and actors
    (its owners) alone, if given."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.commitments_rows, CommitmentRow)


@router.get("/assignments")
def assignments(request: Request, response: Response, filters: Given) -> list[AssignmentRow]:
    """Return who has which role in which task, newest first; of the initiatives and actors
    alone, if given."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.assignments_rows, AssignmentRow)


@router.get("/documents")
def documents(request: Request, response: Response, filters: Given) -> list[DocumentRow]:
    """Return the documents named in matching articles, most articles first."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.documents_rows, DocumentRow)


@router.get("/posts")
def posts(request: Request, response: Response, filters: Given) -> list[PostRow]:
    """Return who was named in which post, most articles first; of the actors alone, if given."""
    archive = sources(request).archive
    return _window(request, response, filters, archive.posts_rows, PostRow)


def _window(
    request: Request,
    response: Response,
    filters: Filters,
    rows: Callable[[ArchiveQuery], Iterator[dict[str, Any]]],
    model: type[_Row],
) -> list[_Row]:
    """Return one page of a stream; its `after` is the number of rows on the pages before.

    Those are counted anew each time: whoever wants everything is better served by an export.
    """
    try:
        start = int(filters.after or 0)
    except ValueError:
        start = -1
    if start < 0:
        raise _bad_after(filters, "is not the end of an earlier page")
    query = filters.model_copy(update={"after": None}).query()
    window = list(islice(rows(query), start, start + filters.limit + 1))
    more = len(window) > filters.limit
    _link_next(request, response, str(start + filters.limit) if more else None)
    return [model.model_validate(row) for row in window[: filters.limit]]


def _bad_after(filters: Filters, message: str) -> HTTPException:
    fault = {"type": "value_error", "loc": ["query", "after"], "msg": message}
    return HTTPException(422, [{**fault, "input": filters.after}])


def _link_next(request: Request, response: Response, after: str | None) -> None:
    if after is not None:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
        address = f"{request.url.path}?{urlencode([*kept, ('after', after)])}"
        response.headers["Link"] = f'<{address}>; rel="next"'
