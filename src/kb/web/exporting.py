"""Exports of exactly what a search finds: every row, in the formats of `kb export`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from kb.archive import Query
from kb.archive.accounts import Accounts
from kb.errors import ConfigError
from kb.research.exports import FORMATS, format_for, source
from kb.research.exports.base import described
from kb.web.access import visitor_of
from kb.web.form import SearchForm
from kb.web.language import local
from kb.web.sources import sources

KINDS: Final = (
    "articles", "mentions", "quotes", "commitments", "assignments", "actors", "posts", "documents",
    "reuse",
)  # fmt: skip
"""What the search page offers, in its order."""
OFFERED: Final = (
    "xlsx", "csv", "jsonl", "parquet", "ris", "bibtex", "csl-json", "w3c", "ftm",
)  # fmt: skip
_BLOCK = 1 << 16
_IN_MEMORY = 1 << 20

router = APIRouter(include_in_schema=False)


def offered(form: SearchForm) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each kind the formats that can hold it, with addresses of the files."""
    return [
        (
            kind,
            [
                (name, form.address(f"/search/export/{kind}.{name}"))
                for name in OFFERED
                if kind in (FORMATS[name].kinds or KINDS)
            ],
        )
        for kind in KINDS
    ]


@router.get("/search/export/{kind}.{name}")
def export(request: Request, kind: str, name: str) -> Response:
    """Answer with a file of all rows of a kind; whose it was stands in the audit log."""
    try:
        chosen = format_for(name, kind)
    except ConfigError as error:
        raise HTTPException(404) from error
    if kind not in KINDS or name not in OFFERED:
        raise HTTPException(404)
    form = SearchForm.read(request.query_params).going_on(None)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when sent
    try:
        # Excel knows UTF-8 by the mark alone, and who clicks here will open it with that.
        rows = replace(source(sources(request).archive, kind, form.query), bom=name == "csv")
        count = chosen.write(rows, file)  # type: ignore[arg-type]
        note(request, kind, name, form.query, count)
    except BaseException:
        file.close()
        raise
    day = f"{local(datetime.now(UTC)):%Y-%m-%d}"
    headers = {
        "Content-Disposition": f'attachment; filename="{kind}-{day}{chosen.suffix}"',
        "Content-Length": str(file.tell()),
        "X-Total-Count": str(count),
    }
    file.seek(0)
    return StreamingResponse(_blocks(file), 200, headers, media_type=chosen.media_type)


def note(request: Request, kind: str, format: str, query: Query, rows: int | None = None) -> None:
    """Write into the audit log who took what; the public has no name and is not noted."""
    visitor = visitor_of(request)
    if visitor is None or not visitor.name:
        return
    size = "" if rows is None else f", {rows} rows"
    detail = f"{kind} as {format}{size}: {described(query) or 'everything'}"
    Accounts(sources(request).archive.engine).note(visitor.name, "export", detail)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block
