"""Single things by their address: an article with all that was read from it, a registry's entry."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import Response

from kb.archive import Query
from kb.archive.reads import LARGEST_ID, StoredArticle, stored_article
from kb.reading import Kind
from kb.settings import settings
from kb.web import schemas
from kb.web.api import (
    PROBLEMS,
    ROWS,
    SAME,
    TAG,
    EntityId,
    missing,
    numbered,
    one_answer,
    problems_of,
    router,
)
from kb.web.sources import sources
from kb.web.view import to

__all__ = ["router"]
Number = Annotated[int, Path(ge=1, le=LARGEST_ID, description="Number of the article")]
_ALL = 1_000_000
"""More than any text holds."""
_READ = ("mentions", "quotes", "commitments", "assignments", "reuse")
_KINDS: dict[str, tuple[Kind, ...]] = {
    "actors": ("person", "org"),
    "initiatives": ("initiative",),
    "documents": ("document",),
}
_MORE: dict[str, Any] = {
    "responses": {**SAME, **problems_of(404), **PROBLEMS},
    "openapi_extra": {"parameters": [TAG]},
}


@router.get(
    "/articles/{article_id}",
    operation_id="get_article",
    summary="One article",
    response_model=schemas.ArticleItem,
    **_MORE,
)
def article(request: Request, article_id: Number) -> Response:
    """One article with its mentions, quotes, commitments, assignments, reuse and revisions."""
    archive = sources(request).archive
    found = stored_article(archive.engine, article_id)
    if found is None:
        raise missing(f"there is no article {article_id}")
    query = Query(articles=(article_id,), limit=_ALL)
    read = {
        kind: [ROWS[kind].model_validate(numbered(row)) for row in archive.page(kind, query).rows]
        for kind in _READ
    }
    made = schemas.ArticleItem(
        **_own(found),
        body=found.body if settings().full_text else None,
        permalink=to(request, f"/articles/{article_id}"),
        outlet_name=archive.outlet_names().get(found.outlet or ""),
        story_id=archive.representatives([article_id])[article_id],
        revisions=[schemas.RevisionItem.model_validate(one) for one in found.revisions],
        **read,  # type: ignore[arg-type]
    )
    return one_answer(request, made)


def _own(found: StoredArticle) -> dict[str, Any]:
    names = (
        "article_id", "url", "outlet", "title", "lead", "published_at", "published_from",
        "modified_at", "gone_at", "section", "words",
    )  # fmt: skip
    return {**{name: getattr(found, name) for name in names}, "authors": list(found.authors)}


def _entry(kind: str) -> Any:  # noqa: ANN401 - a route
    def answer(request: Request, entity_id: EntityId) -> Response:
        here = sources(request)
        entry = here.entry(entity_id, *_KINDS[kind])
        if entry is None:
            raise missing(f"the registry has no {entity_id!r} among the {kind}")
        query = Query.from_params([(kind.removesuffix("s"), entity_id)])
        rows = [row for row in here.archive.rows(kind, query) if row["entity_id"] == entity_id]
        counted = rows[0] if rows else {}
        href = here.href(entity_id)
        made = schemas.EntryItem(
            entity_id=entry.id, kind=entry.kind, name=entry.name, name_en=entry.name_en,
            aliases=[one.text for one in entry.aliases], level=entry.level,
            programme=entry.programme, description=entry.description, sources=list(entry.sources),
            mentions=counted.get("mentions", 0), articles=counted.get("articles", 0),
            first=counted.get("first", counted.get("first_seen")),
            last=counted.get("last", counted.get("last_seen")),
            permalink=to(request, href) if href else None,
        )  # fmt: skip
        return one_answer(request, made)

    answer.__doc__ = f"One of the {kind} of the registry, with counts."
    return answer


for _kind in _KINDS:
    router.add_api_route(
        f"/{_kind}/{{entity_id}}",
        _entry(_kind),
        operation_id=f"get_{_kind.removesuffix('s')}",
        summary=f"One of the {_kind}",
        response_model=schemas.EntryItem,
        **_MORE,
    )
