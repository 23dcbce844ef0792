"""What an address of the interface asks for, read by the one table of parameters (query.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError

from kb.archive import Query
from kb.archive.params import Parameter, by_param, parameters, unknown
from kb.errors import QueryError
from kb.research import KINDS
from kb.research.figures import FIGURES

LARGEST_PAGE, USUAL_PAGE = 1000, 100
LONGEST = 4000
"""Characters of a value."""
PAGING = ("limit", "after")


def asked(request: Request) -> Query:
    """Return the query of a request.

    Raises:
        RequestValidationError: with every parameter that is unknown or no value of its kind.
    """
    return asked_beside(request, (), PAGING)


def asked_beside(request: Request, own: Collection[str], pages: Collection[str] = ()) -> Query:
    """Return the query of a request to an address that has parameters of its own.

    Args:
        own: their names; the address reads them itself.
        pages: those of `PAGING` that it has.

    Raises:
        RequestValidationError: with every parameter that is unknown or no value of its kind.
    """
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in own:
            given.setdefault(name, []).append(value)
    faults = []
    paging: dict[str, Any] = {"limit": USUAL_PAGE}
    for name, values in given.items():
        try:
            if name in pages:
                paging |= _paging(name, values)
            elif name not in by_param():
                raise QueryError(unknown(name, [*by_param(), *own, *pages]))
            else:
                _only(request, by_param()[name])
                _short(name, values)
                Query.from_params((name, value) for value in values)
        except QueryError as error:
            said = str(error).removeprefix(f"{name}: ")
            faults.append({"loc": ("query", name), "msg": said, "input": values[-1]})
    if faults:
        raise RequestValidationError(faults)
    pairs = [(k, v) for k, many in given.items() if k not in pages for v in many]
    return Query.from_params(pairs, **paging)


Asked = Annotated[Query, Depends(asked)]


def _paging(name: str, values: list[str]) -> dict[str, Any]:
    if name == "after":
        _short(name, values)
        return {"after": values[-1]}
    text = values[-1]
    if not (
        text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= LARGEST_PAGE
    ):
        raise QueryError(f"limit: {text!r} is no number from 1 to {LARGEST_PAGE}")
    return {"limit": int(text)}


def _only(request: Request, one: Parameter) -> None:
    kind = request.url.path.rpartition("/")[2]
    listed = kind in KINDS or kind in FIGURES
    if one.only and (kind if listed else "articles") not in one.only:
        raise QueryError(f"{one.param} is asked of {', '.join(one.only)} alone")


def _short(name: str, values: list[str]) -> None:
    if any(len(value) > LONGEST for value in values):
        raise QueryError(f"{name}: longer than {LONGEST} characters")


def described(kind: str | None = None, *, paged: bool = True) -> list[dict[str, Any]]:
    """Return the parameters as OpenAPI describes them, for one kind of result or for all."""
    found = [_described(one) for one in parameters().values() if not one.only or kind in one.only]
    return found + (list(_PAGING) if paged else [])


def _described(one: Parameter) -> dict[str, Any]:
    schema = _schema(one)
    if one.many:
        schema = {"type": "array", "items": schema}
    told = {"name": one.param, "in": "query", "required": False, "schema": schema}
    example = _EXAMPLES.get(one.name)
    return {
        **told,
        "description": f"{one.en}. / {one.vi}.",
        **({"style": "form", "explode": True} if one.many else {}),
        **({"example": example} if example is not None else {}),
    }


def _schema(one: Parameter) -> dict[str, Any]:
    match one.value:
        case "day":
            return {"anyOf": [{"type": "string", "format": "date"}, _EMPTY]}
        case "moment":
            moment = {"type": "string", "format": "date-time"}
            return {"anyOf": [{"type": "string", "format": "date"}, moment, _EMPTY]}
        case "numbers":
            number = {"type": "integer", "minimum": 0, "maximum": 9_999_999_999}
            return {"anyOf": [number, _EMPTY]}
    if one.choices:
        return {"type": "string", "enum": [*one.choices, *[""] * one.many]}
    return {"type": "string", "maxLength": LONGEST}


_EMPTY: dict[str, Any] = {"type": "string", "maxLength": 0}
"""An empty field of a form is no limit."""
_EXAMPLES: dict[str, Any] = {
    "text": '"không gian sáng tạo" HOẶC tiêu_đề:"lễ hội"',
    "since": "2025-01-01",
    "outlets": ["hanoimoi"],
    "initiatives": ["design-festival"],
    "actors": ["Sở Văn hóa và Thể thao Hà Nội"],
    "facts": ["commitments"],
    "reuse": "folded",
    "as_of": "2025-12-31",
}
_PAGING: Iterable[dict[str, Any]] = (
    {
        "name": "limit", "in": "query", "required": False,
        "description": "Rows of a page; CSV and JSON lines hold all rows, whatever it says.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
    },
    {
        "name": "after", "in": "query", "required": False,
        "description": "Where the page before ended: take it from its `Link: …; rel=\"next\"`.",
        "schema": {"type": "string", "maxLength": LONGEST},
    },
)  # fmt: skip
