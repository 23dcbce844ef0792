"""What became of an article: changes from revision to revision, and its archived copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from kb.archive import Archive
from kb.archive.accounts import Role
from kb.archive.diff import RevisionDiff
from kb.archive.origins import Origin, origins
from kb.archive.reads import StoredArticle, stored_article
from kb.article import FIELDS
from kb.errors import ConfigError, UnreadableFile
from kb.extract.captures import read_capture
from kb.extract.decode import decode
from kb.extract.places import kept
from kb.settings import settings
from kb.web.access import visitor_of
from kb.web.inert import POLICY, inert
from kb.web.sources import sources
from kb.web.view import render

Piece = tuple[str, str]
"""What happened to some words (`same`, `insert`, `delete`), and the words."""
_TAKEN_IN = re.compile(r"(.+\.warc(?:\.gz)?)@(\d+)")
_AROUND = 160
"""Characters that stay on both sides of a change; of the rest only that it is there."""

router = APIRouter(prefix="/articles/{number}", include_in_schema=False)
_page = partial(router.api_route, methods=["GET", "HEAD"])


@_page("/changes")
def changes(request: Request, number: str) -> Response:
    """Show what changed from one revision (`from`) to another (`to`), word by word."""
    article = _article(request, number)
    numbers = [one.number for one in article.revisions]
    asked = request.query_params
    before = _one_of(asked.get("from"), numbers, numbers[max(len(numbers) - 2, 0)])
    after = _one_of(asked.get("to"), numbers, numbers[-1])
    try:
        found = sources(request).archive.revision_diff(article.article_id, before, after)
    except ConfigError as error:
        raise HTTPException(404) from error
    context = {
        "article": article,
        "before": before,
        "after": after,
        "numbers": numbers,
        "fields": [(name, pieces) for name in FIELDS if (pieces := list(_pieces(found, name)))],
    }
    return render(request, "changes.html", context)


@_page("/capture")
def capture(request: Request, number: str) -> Response:
    """Show the archived copy in a frame, with where it lies and its digest."""
    article, origin = _article(request, number), _origin(request, number)
    context = {
        "article": article,
        "origin": origin,
        "outlets": sources(request).outlets(),
        "kept": record(origin) is not None,
        "allowed": _allowed(request),
    }
    return render(request, "capture.html", context)


@_page("/capture/page")
def page(request: Request, number: str) -> Response:
    """Return the archived page itself, inert."""
    _article(request, number)
    origin = _origin(request, number)
    if not _allowed(request):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    place = record(origin)
    if place is None:
        raise HTTPException(404)
    try:
        chosen, (warc, offset) = settings(), place
        file = str(kept(warc, chosen.data_dir))
        copy = read_capture(file, offset, max_bytes=chosen.max_page_bytes)
        body = inert(decode(copy.payload, copy.encoding))
    except (UnreadableFile, OSError) as error:
        # The file was moved or damaged: `kb archive check` says which.
        raise HTTPException(404) from error
    headers = {"Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex"}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def record(origin: Origin) -> tuple[str, int] | None:
    """Return WARC file and offset of a copy: of a crawl, or of a file that was taken in."""
    if origin.warc is not None and origin.offset is not None:
        return origin.warc, origin.offset
    taken = _TAKEN_IN.fullmatch(origin.source_file or "")
    return (taken[1], int(taken[2])) if taken else None


def copies(archive: Archive, article_ids: Iterable[int]) -> set[int]:
    """Return those of some articles whose page was captured."""
    found = origins(archive.engine, article_ids)
    return {number for number, origin in found.items() if record(origin)}


def _allowed(request: Request) -> bool:
    """Tell whether whole texts may be shown: to all by the setting, else to who reviews."""
    visitor = visitor_of(request)
    return settings().full_text or (visitor is not None and visitor.may(Role.reviewer))


def _article(request: Request, number: str) -> StoredArticle:
    plain = number.isascii() and number.isdigit() and len(number) <= 10
    found = stored_article(sources(request).archive.engine, int(number)) if plain else None
    if found is None:
        raise HTTPException(404)
    return found


def _origin(request: Request, number: str) -> Origin:
    found = origins(sources(request).archive.engine, [int(number)])
    return found[int(number)]


def _one_of(asked: str | None, numbers: list[int], usual: int) -> int:
    plain = asked is not None and asked.isascii() and asked.isdigit() and len(asked) < 10
    return int(str(asked)) if plain and int(str(asked)) in numbers else usual


def _pieces(diff: RevisionDiff, field: str) -> Iterator[Piece]:
    """Yield a field as runs of kept, taken out and put in words; nothing if it is unchanged."""
    changed = [one for one in diff.changes if one.field == field]
    text, at = diff.earlier[field], 0  # type: ignore[index]
    for one in changed:
        yield from _kept(text[at : one.before[0]], at == 0, False)
        if one.removed:
            yield "delete", one.removed
        if one.added:
            yield "insert", one.added
        at = one.before[1]
    if changed:
        yield from _kept(text[at:], False, True)


def _kept(text: str, first: bool, last: bool) -> Iterator[Piece]:
    """Yield what stayed the same; of a long passage only what is near a change."""
    if len(text) <= 2 * _AROUND:
        if text:
            yield "same", text
        return
    if not first:
        yield "same", text[:_AROUND]
    yield "gap", ""
    if not last:
        yield "same", text[-_AROUND:]
