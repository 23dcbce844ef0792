"""`/feed.atom`: any query as an Atom feed (RFC 4287), page by page (RFC 5005)."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.archive import Hit
from kb.archive.explain import Language
from kb.archive.reads import seen_at
from kb.web.answers import tagged
from kb.web.api import PROBLEMS
from kb.web.asked import Asked, described
from kb.web.language import words_for
from kb.web.sources import Sources, sources
from kb.web.view import web_address

MEDIA: Final = "application/atom+xml"
_NS = "http://www.w3.org/2005/Atom"
_XHTML = str.maketrans({chr(code): " " for code in range(32) if chr(code) not in "\t\n\r"})
router = APIRouter(tags=["feeds"])


@router.get(
    "/feed.atom",
    operation_id="feed",
    summary="Articles that a query finds, as an Atom feed",
    response_class=Response,
    responses={
        200: {
            "description": "The newest articles",
            "content": {MEDIA: {"schema": {"type": "string"}}},
        },
        **PROBLEMS,
    },
    openapi_extra={"parameters": described("articles")},
)
def feed(request: Request, query: Asked) -> Response:
    """The newest articles that a query finds, each with the passage that shows why."""
    here = sources(request)
    page = here.archive.search(query)
    words = words_for(request)
    language: Language = "en" if words.language == "en" else "vi"
    told = here.archive.explain(query, page.folded, page.total)
    base = str(request.base_url).rstrip("/")
    root = str(request.scope.get("root_path", ""))
    site = base if base.endswith(root) else base + root
    pairs = query.to_params()
    first = f"{site}/feed.atom" + (f"?{urlencode(pairs)}" if pairs else "")
    moments = seen_at(here.archive.engine, [hit.article_id for hit in page.hits])

    ET.register_namespace("", _NS)
    top = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(top, "id", first)
    _add(top, "title", f"{words('site')}: {told.said(language)}")
    if told.remarks:
        _add(top, "subtitle", "; ".join(one.said(language) for one in told.remarks))
    newest = max((_moment(hit, moments) for hit in page.hits), default=_EPOCH)
    _add(top, "updated", newest.isoformat())
    _link(top, "self", first, MEDIA)
    search = f"{site}/search" + (f"?{urlencode(pairs)}" if pairs else "")
    _link(top, "alternate", search, "text/html")
    if page.after:
        onward = urlencode([*pairs, ("limit", query.limit), ("after", page.after)])
        _link(top, "next", f"{site}/feed.atom?{onward}", MEDIA)
    author = _add(top, "author")
    _add(author, "name", words("site"))
    for hit in page.hits:
        _entry(top, hit, site, here, moments)
    body = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return tagged(request, body, f"{MEDIA}; charset=utf-8")


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _moment(hit: Hit, moments: dict[int, datetime]) -> datetime:
    return moments.get(hit.article_id) or hit.published_at or _EPOCH


def _entry(
    top: ET.Element, hit: Hit, site: str, here: Sources, moments: dict[int, datetime]
) -> None:
    entry = _add(top, "entry")
    permalink = f"{site}/articles/{hit.article_id}"
    # Of the story and not of this desk: a feed that moves house shows nothing twice.
    _add(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, hit.url or permalink)}")
    _add(entry, "title", hit.title or hit.snippet[:100] or str(hit.article_id))
    _add(entry, "updated", _moment(hit, moments).isoformat())
    if hit.published_at:
        _add(entry, "published", hit.published_at.isoformat())
    _link(entry, "alternate", permalink, "text/html")
    if url := web_address(hit.url):
        _link(entry, "via", url, "text/html")
    for name in hit.authors:
        _add(_add(entry, "author"), "name", name)
    if hit.outlet:
        outlet = here.archive.outlet_names().get(hit.outlet, hit.outlet)
        ET.SubElement(entry, _name("category"), {"term": hit.outlet, "label": outlet})
    summary = _add(entry, "summary", _marked(hit.snippet, hit.highlights))
    summary.set("type", "html")


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a passage as HTML with the words that were found in bold."""
    parts, place = [], 0
    for start, end in spans:
        parts += [html.escape(text[place:start]), f"<b>{html.escape(text[start:end])}</b>"]
        place = end
    return "".join([*parts, html.escape(text[place:])])


def _name(tag: str) -> str:
    return f"{{{_NS}}}{tag}"


def _add(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, _name(tag))
    if text is not None:
        child.text = text.translate(_XHTML)
    return child


def _link(parent: ET.Element, relation: str, address: str, media: str) -> None:
    ET.SubElement(parent, _name("link"), {"rel": relation, "href": address, "type": media})
