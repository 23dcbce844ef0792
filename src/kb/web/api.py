"""The interface for programs: every kind of result, complete, page by page, or as one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from kb.web import schemas
from kb.web.answers import JSON, WHOLE, chosen, next_link, tagged, whole
from kb.web.asked import Asked, described
from kb.web.exporting import note
from kb.web.problems import MEDIA, Problem
from kb.web.sources import sources
from kb.web.view import to

router = APIRouter(prefix="/api/v1", tags=["api"])
ROWS: Final[dict[str, type[BaseModel]]] = {
    "articles": schemas.ArticleRow,
    "mentions": schemas.MentionRow,
    "actors": schemas.ActorRow,
    "initiatives": schemas.InitiativeRow,
    "quotes": schemas.QuoteRow,
    "commitments": schemas.CommitmentRow,
    "ledger": schemas.LedgerRow,
    "assignments": schemas.AssignmentRow,
    "documents": schemas.DocumentRow,
    "posts": schemas.PostRow,
    "reuse": schemas.ReuseRow,
}
"""The kinds of result with their rows; the columns are those of the exports, and `id`."""
TEXTS: Final = {
    "articles": "Articles, newest first, each with a passage that shows why it was found.",
    "mentions": "Mentions in matching articles; only of what is named, if the query names any.",
    "actors": "People and organisations named in matching articles, most articles first.",
    "initiatives": "Initiatives named in matching articles, most articles first.",
    "quotes": "What was said in matching articles, newest first; by the actors alone, if given.",
    "commitments": "What was promised, newest first; of initiatives and owners alone, if given.",
    "ledger": "Commitments with later coverage as evidence, newest first. `limit` and "
    "X-Total-Count count commitments: one with several pieces of evidence has several rows.",
    "assignments": "Who has which role in which task; of the initiatives and actors, if given.",
    "documents": "Documents named in matching articles, most articles first.",
    "posts": "Who was named in which post, most articles first; of the actors alone, if given.",
    "reuse": "Passages of matching articles that stand in earlier ones, newest article first.",
}


RowId = Annotated[str, Path(pattern="^[0-9]{1,9}-[0-9]{1,9}$", description="`id` of a row")]
EntityId = Annotated[
    str, Path(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="Id in the registry")
]


def problems_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe answers that tell of a problem."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    words = {
        404: "There is nothing of that name", 406: "In no such form", 422: "Not understood",
        429: "Too many requests; see Retry-After", 500: "A failure of the desk",
        503: "The archive cannot be read at the moment",
    }  # fmt: skip
    return {status: {"description": words[status], "content": content} for status in statuses}


PROBLEMS: Final = problems_of(422, 429, 500, 503)
TAG: Final = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of an answer that is there already: 304 if it is the same still.",
}  # fmt: skip
SAME: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "The same as before"}}
_TOTAL: Final = {
    "description": "Rows on all pages", "schema": {"type": "integer", "minimum": 0},
}  # fmt: skip
_NEXT: Final = {"description": 'The next page: `<…>; rel="next"`', "schema": {"type": "string"}}


def _listed(kind: str, row: type[BaseModel]) -> Callable[..., Response]:
    """Return what answers a list of a kind."""
    many: TypeAdapter[list[Any]] = TypeAdapter(list[row])  # type: ignore[valid-type]
    offered = [JSON, *(one for one in WHOLE if WHOLE[one] != "ris" or kind == "articles")]

    def answer(request: Request, query: Asked) -> Response:
        media = chosen(request, offered)
        archive = sources(request).archive
        if media != JSON:
            note(request, kind, WHOLE[media], query)
            return whole(archive, kind, query, media)
        found: Any
        if kind == "articles":
            page = archive.search(query)
            found, total, after = page.hits, page.total, page.after
        else:
            rows = archive.page("commitments" if kind == "ledger" else kind, query)
            listed = archive.ledger_page(rows, query) if kind == "ledger" else rows.rows
            found, total, after = [numbered(one) for one in listed], rows.total, rows.after
        headers = {"X-Total-Count": str(total), **next_link(request, after)}
        made = [row.model_validate(one) for one in found]
        return tagged(request, many.dump_json(made), JSON, headers)

    answer.__doc__ = TEXTS[kind]
    return answer


def numbered(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its `id`, where it has one."""
    number = row.get("number")
    return row if number is None else {**row, "id": f"{row['article_id']}-{number}"}


def _single(kind: str, row: type[BaseModel]) -> Callable[..., Response]:
    """Return what answers one row that stands in a text."""

    def answer(request: Request, id: RowId) -> Response:
        article, _, number = id.partition("-")
        found = sources(request).archive.item(kind, int(article), int(number))
        if found is None:
            raise missing(f"there is no {id!r} among the {kind} of the current texts")
        return one_answer(request, row.model_validate(numbered(found)))

    answer.__doc__ = f"One of the {kind}, by the `id` of its row."
    return answer


def missing(detail: str) -> Exception:
    """Return what tells that something is not there."""
    return HTTPException(404, detail)


def one_answer(request: Request, made: BaseModel) -> Response:
    """Answer with one thing."""
    return tagged(request, made.model_dump_json().encode(), JSON)


def _content(kind: str, schema: str) -> dict[str, Any]:
    listed = {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}
    plain = {"schema": {"type": "string"}}
    files = (one for one in WHOLE if WHOLE[one] != "ris" or kind == "articles")
    return {JSON: {"schema": listed}, **dict.fromkeys(files, plain)}


def _routes(rows: Iterable[tuple[str, type[BaseModel]]]) -> None:
    for kind, row in rows:
        headers = {"X-Total-Count": _TOTAL, "Link": _NEXT}
        router.add_api_route(
            f"/{kind}",
            _listed(kind, row),
            operation_id=f"list_{kind}",
            summary=f"All {kind} that answer a query",
            response_model=list[row],  # type: ignore[valid-type]
            responses={
                200: {"description": "A page of rows; by Accept all rows as CSV or JSON lines",
                      "content": _content(kind, row.__name__), "headers": headers},
                **SAME, **problems_of(406), **PROBLEMS,
            },
            openapi_extra={"parameters": [*described(kind), TAG]},
        )  # fmt: skip
        if "id" in row.model_fields:
            router.add_api_route(
                f"/{kind}/{{id}}",
                _single(kind, row),
                operation_id=f"get_{kind}",
                summary=f"One of the {kind}",
                response_model=row,
                responses={**SAME, **problems_of(404), **PROBLEMS},
                openapi_extra={"parameters": [TAG]},
            )


_routes(ROWS.items())


@router.get(
    "/query",
    operation_id="explain",
    summary="How a query is understood",
    response_model=schemas.Explained,
    responses={**SAME, **PROBLEMS},
    openapi_extra={"parameters": [*described("articles", paged=False), TAG]},
)
def explain(request: Request, query: Asked) -> Response:
    """A query in words, and what of it was not understood, with its place and a suggestion."""
    archive = sources(request).archive
    page = archive.search(replace(query, limit=1, after=None))
    told = archive.explain(query, page.folded, page.total)
    remarks = [
        schemas.RemarkItem(
            code=one.code, start=one.start, end=one.end, typed=one.typed,
            suggestion=one.suggestion, vi=one.said("vi"), en=one.said("en"),
        )
        for one in told.remarks
    ]  # fmt: skip
    made = schemas.Explained(
        query=query.to_json(), vi=told.vi, en=told.en, remarks=remarks, articles=page.total,
        folded=page.folded, feed=to(request, f"/feed.atom?{urlencode(query.to_params())}"),
    )  # fmt: skip
    return one_answer(request, made)


def install(schema: dict[str, Any]) -> dict[str, Any]:
    """Add to the description of the interface what no route names: the form of problems."""
    kept = schema.setdefault("components", {}).setdefault("schemas", {})
    model = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    kept |= model.pop("$defs", {})
    kept["Problem"] = model
    return schema
