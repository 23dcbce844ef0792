"""References to articles for reference managers: unAPI, and the tags of an article's page.

Zotero asks `/unapi` for what a page's `<abbr class="unapi-id">` names, and takes RIS from it as a
newspaper article; its translators read no JSON-LD. Others read the citation and Dublin Core tags.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from kb.archive import Archive, Query
from kb.archive.reads import StoredArticle
from kb.research import kind_of, typed_rows, writer_for
from kb.web.answers import tagged
from kb.web.api import problems_of
from kb.web.language import local

FORMATS: Final = {
    "ris": "application/x-research-info-systems",
    "bibtex": "application/x-bibtex",
    "csl-json": "application/vnd.citationstyles.csl+json",
}
_PREFIX = "kb:article:"
_XML = "application/xml"
_PLAIN: dict[str, Any] = {"schema": {"type": "string"}}
router = APIRouter(tags=["references"])


def unapi_id(article_id: int) -> str:
    """Return what unAPI calls an article."""
    return f"{_PREFIX}{article_id}"


@router.get(
    "/unapi",
    operation_id="unapi",
    summary="References to articles (unAPI)",
    response_class=Response,
    responses={
        200: {"description": "The formats there are, or the reference",
              "content": dict.fromkeys((_XML, *FORMATS.values()), _PLAIN)},
        300: {"description": "The formats of this article", "content": {_XML: _PLAIN}},
        **problems_of(404, 406, 422, 429, 500, 503),
    },
)  # fmt: skip
def unapi(request: Request, id: str = "", format: str = "") -> Response:
    """Without `id` the formats; with it (`kb:article:NUMBER`) those of the article; with `format`
    (ris, bibtex, csl-json) the reference."""
    if not id:
        return Response(_formats(None), media_type=_XML)
    number = id.removeprefix(_PREFIX)
    plain = id.startswith(_PREFIX) and number.isascii() and number.isdecimal() and len(number) < 11
    archive: Archive = request.app.state.sources.archive
    row = _row(archive, int(number)) if plain else None
    if row is None:
        raise HTTPException(404, f"there is no {id!r}; an id is {_PREFIX} and a number")
    if not format:
        return Response(_formats(id), 300, media_type=_XML)
    if format not in FORMATS:
        raise HTTPException(406, f"no format {format!r}; there are {', '.join(FORMATS)}")
    out = BytesIO()
    writer_for(format)(kind_of("articles"), [row], out)
    return tagged(request, out.getvalue(), f"{FORMATS[format]}; charset=utf-8")


def _row(archive: Archive, number: int) -> dict[str, Any] | None:
    query = Query(articles=(number,))
    return next(typed_rows(kind_of("articles"), archive, query), None)


def _formats(id: str | None) -> bytes:
    top = ET.Element("formats", {"id": id} if id else {})
    for name, media in FORMATS.items():
        ET.SubElement(top, "format", {"name": name, "type": media})
    return bytes(ET.tostring(top, encoding="utf-8", xml_declaration=True))


def tags(article: StoredArticle, outlet: str | None) -> list[tuple[str, str]]:
    """Return names and contents of the meta tags that describe an article: Highwire's `citation_`
    and Dublin Core."""
    when = f"{local(article.published_at):%Y/%m/%d}" if article.published_at else None
    day = f"{local(article.published_at):%Y-%m-%d}" if article.published_at else None
    found = [
        ("citation_title", article.title),
        *(("citation_author", name) for name in article.authors),
        ("citation_publication_date", when),
        ("citation_publisher", outlet),
        ("citation_public_url", article.url),
        ("citation_abstract", article.lead),
        ("citation_language", "vi"),
        ("DC.title", article.title),
        *(("DC.creator", name) for name in article.authors),
        ("DC.date", day),
        ("DC.publisher", outlet),
        ("DC.source", outlet),
        ("DC.identifier", article.url),
        ("DC.description", article.lead),
        ("DC.language", "vi"),
        ("DC.type", "newspaperArticle"),
    ]
    return [(name, " ".join(value.split())) for name, value in found if value]


def coins(article: StoredArticle, outlet: str | None) -> str:
    """Return a ContextObject in a span (COinS) of an article, as its title holds it."""
    day = f"{local(article.published_at):%Y-%m-%d}" if article.published_at else None
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "newspaperArticle"),
        ("rft.title", article.title),
        *(("rft.creator", name) for name in article.authors),
        ("rft.date", day),
        ("rft.source", outlet),
        ("rft.identifier", article.url),
        ("rft.language", "vi"),
    ]
    return urlencode([(name, value) for name, value in pairs if value])
