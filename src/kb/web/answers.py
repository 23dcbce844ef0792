"""How the interface answers: in the form that was asked for, with a tag, page after page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from starlette.responses import Response, StreamingResponse

from kb.archive import Archive, Query
from kb.research import kind_of, typed_rows, writer_for
from kb.research.columns import Kind, Row
from kb.web.view import to

JSON: Final = "application/json"
CSV: Final = "text/csv"
LINES: Final = "application/jsonl"
RIS: Final = "application/x-research-info-systems"
WHOLE: Final = {CSV: "csv", LINES: "jsonl", "application/x-ndjson": "jsonl", RIS: "ris"}
"""Forms of complete results, with the formats of exports."""
_BATCH = 500


def chosen(request: Request, offered: Iterable[str]) -> str:
    """Return which of some media types a request prefers; the first where it does not say.

    Raises:
        HTTPException: it accepts none of them (406).
    """
    offers = list(offered)
    header = request.headers.get("accept", "").strip() or "*/*"
    best, weight = "", 0.0
    for offer in offers:
        mine = max((_weight(one, offer) for one in header.split(",")), default=(0, 0.0))[1]
        if mine > weight:
            best, weight = offer, mine
    if not best:
        raise HTTPException(406, f"this is to be had as {', '.join(offers)}")
    return best


def _weight(accepted: str, offer: str) -> tuple[int, float]:
    """Return how exactly a part of Accept names a type, and how much it is wanted."""
    name, *options = (part.strip().lower() for part in accepted.split(";"))
    if name not in (offer, "*/*", f"{offer.partition('/')[0]}/*"):
        return 0, 0.0
    quality = next((one[2:] for one in options if one.startswith("q=")), "1")
    try:
        return 3 - name.count("*"), float(quality)
    except ValueError:
        return 3 - name.count("*"), 0.0


def tagged(
    request: Request, body: bytes, media: str, headers: dict[str, str] | None = None
) -> Response:
    """Answer with a body and its ETag; 304 if the one who asks has it."""
    tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    given = {"ETag": tag, "Vary": "Accept, Cookie", **(headers or {})}
    known = [one.strip().removeprefix("W/") for one in
             request.headers.get("if-none-match", "").split(",")]  # fmt: skip
    if tag in known or known == ["*"]:
        return Response(None, 304, given)
    return Response(body, 200, given, media_type=media)


def next_link(request: Request, after: str | None) -> dict[str, str]:
    """Return the header that leads to the next page, nothing if this is the last."""
    if after is None:
        return {}
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
    path = to(request, request.url.path.removeprefix(request.scope.get("root_path", "")))
    return {"Link": f'<{path}?{urlencode([*kept, ("after", after)])}>; rel="next"'}


def whole(archive: Archive, kind: str, query: Query, media: str) -> Response:
    """Answer with all rows of a kind as a file, written while it is read."""
    columns = kind_of(kind)
    return streamed(kind, columns, typed_rows(columns, archive, query), media)


def streamed(name: str, columns: Kind, rows: Iterator[Row], media: str) -> Response:
    """Answer with rows as a file `name`, written while they are read."""
    format = WHOLE[media]
    type_ = f"{media}; charset=utf-8" if format != "jsonl" else media
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{format}"',
        "Vary": "Accept, Cookie",
    }
    return StreamingResponse(_parts(columns, rows, format), 200, headers, media_type=type_)


def _parts(columns: Kind, rows: Iterator[Row], format: str) -> Iterator[bytes]:
    """Yield a file in parts: the export's own writer, some rows at a time."""
    write = writer_for(format)
    first = True
    for some in _batches(rows):
        out = BytesIO()
        write(columns, some, out)
        part = out.getvalue()
        if format == "csv" and not first:  # each part has the header, the file has one
            part = part.partition(b"\r\n")[2]
        first = False
        yield part


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    some = list(islice(rows, _BATCH))
    yield some  # of nothing, too: a header alone is an answer
    while some := list(islice(rows, _BATCH)):
        yield some
