"""The article of a probe, read by the outlet's family and beside it by the generic way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.probe import Tried
from flows.probing.check import Result
from kb.article import Article
from kb.capture import Capture
from kb.errors import BadInput
from kb.extract import extract_page, read_capture
from kb.extract.decode import decode
from kb.extract.dom import parse
from kb.extract.families import detect
from kb.extract.opinion import agreement
from kb.outlets import Outlet

AGREEMENT = 0.85
"""Token F1 below which family and generic reader are said to disagree."""
_FEW_WORDS = 80
_MUST = {"title", "published_at", "words"}
_SHOWN = 100
"""Characters of a text's beginning that are shown."""

Row = tuple[str, object, object, Result, str]
"""Field, its value, the generic reader's, the result, and the code of the words for it."""


@dataclass(frozen=True, slots=True)
class Read:
    """One captured page: by the outlet's family and by the generic way; `marks` are the families
    whose marks are on it; `fault` says why there is no article."""

    tried: Tried
    outlet: Outlet
    article: Article | None
    generic: Article | None
    marks: tuple[str, ...] = ()
    fault: str | None = None


def read_article(tried: Sequence[Tried], outlet: Outlet) -> Read | None:
    """Return the newest of the captured pages that holds a story, else the newest of all; None
    if none was captured."""
    stored = [each for each in tried if each.outcome == "stored"]
    reads = [_read(each, outlet) for each in stored]
    return next((one for one in reads if one.article), reads[0] if reads else None)


def _read(tried: Tried, outlet: Outlet) -> Read:
    assert tried.warc is not None
    try:
        capture = read_capture(tried.warc, tried.offset)
        root = parse(decode(capture.payload, capture.encoding))
        marks = tuple(dict.fromkeys(family.name for family in detect(root)))
    except BadInput as error:
        return Read(tried, outlet, None, None, fault=str(error))
    generic, _ = _extract(capture, outlet, generic=True)
    article, fault = _extract(capture, outlet)
    return Read(tried, outlet, article, generic, marks, fault)


def _extract(
    capture: Capture, outlet: Outlet, *, generic: bool = False
) -> tuple[Article | None, str | None]:
    try:
        article = extract_page(
            capture.payload,
            url=capture.url,
            encoding=capture.encoding,
            outlet=outlet,
            families=() if generic else None,
            seen_at=capture.fetched_at,
        )
    except BadInput as error:
        return None, str(error)
    return article, None


def fields(read: Read, outlet: Outlet) -> Iterator[Row]:
    """Yield each field of the article with the generic reader's beside it."""
    article, generic = read.article, read.generic
    if article is None:
        return
    for name in ("title", "lead", "published_at", "published_from", "authors", "section", "words",
                 "parser"):  # fmt: skip
        value = _shown(getattr(article, name))
        result, code = _judged(name, article)
        yield name, value, _shown(getattr(generic, name)) if generic else None, result, code
    if generic is not None:
        beside = (article.title, article.lead, *article.captions)
        same = round(agreement(article.body, generic.body, *beside), 3)
        agrees = same >= AGREEMENT
        result, code = ("ok", "field") if agrees else ("note", "disagree")
        yield "agreement", same, None, result, code


def _judged(name: str, article: Article) -> tuple[Result, str]:
    value = getattr(article, name)
    if name == "words" and article.words < _FEW_WORDS:
        return "note", "few_words"
    if name == "published_from" and value == "url":
        return "note", "lower_bound"
    if value:
        return "ok", "field"
    return ("failed" if name in _MUST else "note"), f"no_{name}"


def _shown(value: object) -> object:
    if isinstance(value, str) and len(value) > _SHOWN:
        return value[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return value
