"""The interface for figures: attention, share of voice, company, and what became of initiatives.

They are complete, so there are no pages; parameters, forms and problems are those of the lists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, get_args

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from kb.archive import Archive, Query
from kb.archive.records import By
from kb.research import figures
from kb.research.columns import Kind, Row
from kb.research.figures import FIGURES
from kb.web import schemas
from kb.web.answers import CSV, JSON, LINES, WHOLE, chosen, streamed, tagged
from kb.web.api import PROBLEMS, SAME, TAG, problems_of
from kb.web.asked import LONGEST, asked_beside, described
from kb.web.sources import sources

router = APIRouter(prefix="/api/v1", tags=["api"])
PERIODS: Final[tuple[str, ...]] = get_args(By)
MOST: Final = 50
"""Entities that are compared at once."""
COMPANY: Final = 20
"""Names beside an entity."""
_FORMS: Final = (JSON, *(one for one in WHOLE if WHOLE[one] in ("csv", "jsonl")))
_NAME: Final = {"type": "string", "minLength": 1, "maxLength": LONGEST}
_BY: Final = {
    "name": "by", "in": "query", "required": False,
    "description": "How long a period is. / Độ dài mỗi kỳ.",
    "schema": {"type": "string", "enum": list(PERIODS), "default": "month"}, "example": "month",
}  # fmt: skip
_OF: Final = {
    "name": "of", "in": "query", "required": True, "style": "form", "explode": True,
    "description": "Who and what are compared: ids or names. / Mã hoặc tên những bên cần so sánh.",
    "schema": {"type": "array", "items": _NAME, "minItems": 1, "maxItems": MOST},
    "example": ["design-festival", "sea-forum"],
}  # fmt: skip
_ONE: Final = {
    "name": "of", "in": "query", "required": True, "schema": _NAME, "example": "design-centre",
    "description": "Whose company is asked for: an id or a name. / Mã hoặc tên bên cần xem.",
}  # fmt: skip


def attention(archive: Archive, query: Query, request: Request) -> list[Row]:
    """Articles by period, raw and as a share of all that the same outlets published, from the
    first to the last period that has any."""
    (by,) = _own(request, "by", 1) or ["month"]
    if by not in PERIODS:
        raise _fault("by", f"{by!r} is none of {', '.join(PERIODS)}", by)
    return figures.attention(archive, query, by)  # type: ignore[arg-type]


def share_of_voice(archive: Archive, query: Query, request: Request) -> list[Row]:
    """Articles that mention each of some entities, and their share of those that mention any.

    An article that mentions several counts for each: shares may add up to more than 1."""
    return figures.share_of_voice(archive, _own(request, "of", MOST, needed=True), query)


def co_mentions(archive: Archive, query: Query, request: Request) -> list[Row]:
    """Who and what is named in the same articles as an entity, most articles first."""
    (of,) = _own(request, "of", 1, needed=True)
    return figures.co_mentions(archive, of, query, COMPANY)


def timeline(archive: Archive, query: Query, request: Request) -> list[Row]:
    """What became of initiatives, oldest first: announced, assigned, promised, reported, silent.

    Silence is judged by today, or by the day of `as_of`."""
    if not query.initiatives:
        raise _fault("initiative", "name at least one initiative", None)
    return figures.timeline(archive, query)


def _own(request: Request, name: str, most: int, *, needed: bool = False) -> list[str]:
    """Return the values of a parameter of a figure's own.

    Raises:
        RequestValidationError: there are too many, too long ones, or none though one is needed.
    """
    values = request.query_params.getlist(name)
    if needed and not values:
        raise _fault(name, "name at least one", None)
    if len(values) > most:
        raise _fault(name, f"given {len(values)} times, {most} at most", values[-1])
    for value in values:
        if not 1 <= len(value) <= LONGEST:
            raise _fault(name, f"write 1 to {LONGEST} characters", value)
    return values


def _fault(name: str, said: str, value: str | None) -> RequestValidationError:
    return RequestValidationError([{"loc": ("query", name), "msg": said, "input": value}])


Figure = Callable[[Archive, Query, Request], list[Row]]


def _answer(name: str, figure: Figure, row: type[BaseModel], own: Sequence[str]) -> Any:  # noqa: ANN401
    many: TypeAdapter[list[Any]] = TypeAdapter(list[row])  # type: ignore[valid-type]

    def answer(request: Request) -> Response:
        media = chosen(request, _FORMS)
        rows = figure(sources(request).archive, asked_beside(request, own), request)
        if media != JSON:
            return streamed(name, Kind(FIGURES[name], lambda *_: iter(())), iter(rows), media)
        made = [row.model_validate(one) for one in rows]
        return tagged(request, many.dump_json(made), JSON, {"X-Total-Count": str(len(made))})

    answer.__doc__ = figure.__doc__
    return answer


def _needed(parameters: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return parameters with one that must be given, once at least."""
    more = {"required": True, "schema": {"type": "array", "items": _NAME, "minItems": 1}}
    return [one | more if one["name"] == name else one for one in parameters]


def _routes() -> None:
    rows: dict[str, tuple[Figure, type[BaseModel], list[dict[str, Any]]]] = {
        "attention": (attention, schemas.AttentionRow, [_BY]),
        "share-of-voice": (share_of_voice, schemas.VoiceRow, [_OF]),
        "co-mentions": (co_mentions, schemas.CompanyRow, [_ONE]),
        "timeline": (timeline, schemas.EventRow, []),
    }
    for name, (figure, row, own) in rows.items():
        parameters = described(name, paged=False)
        if name == "timeline":
            parameters = _needed(parameters, "initiative")
        listed = {"type": "array", "items": {"$ref": f"#/components/schemas/{row.__name__}"}}
        plain = {"schema": {"type": "string"}}
        total = {"description": "Rows", "schema": {"type": "integer", "minimum": 0}}
        router.add_api_route(
            f"/{name}",
            _answer(name, figure, row, [one["name"] for one in own]),
            operation_id=name.replace("-", "_"),
            summary=(figure.__doc__ or "").split(".")[0].replace("\n    ", " "),
            response_model=list[row],  # type: ignore[valid-type]
            responses={
                200: {"description": "All rows; by Accept also as CSV or JSON lines",
                      "content": {JSON: {"schema": listed}, CSV: plain, LINES: plain},
                      "headers": {"X-Total-Count": total}},
                **SAME, **problems_of(406), **PROBLEMS,
            },
            openapi_extra={"parameters": [*own, *parameters, TAG]},
        )  # fmt: skip


_routes()
