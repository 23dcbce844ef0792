"""What a page says about itself outside of its text: `<meta>` and JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from kb.extract.dom import select
from kb.text import clean

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Reportage|LiveBlogPosting)$")
_DATE_FIELD = re.compile(r'"(date(?:Published|Modified|Created))"\s*:\s*"([^"]{8,40})"')
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_HOME = {"trang chủ", "home", "trang nhất", ""}


@dataclass(frozen=True, slots=True)
class Metadata:
    """Meta fields by lower-case name, the JSON-LD article (or {}), and the breadcrumb's names."""

    meta: dict[str, list[str]]
    article: dict[str, Any]
    crumbs: tuple[str, ...] = ()
    loose: dict[str, str] = field(default_factory=dict)
    """Date fields of JSON-LD blocks that are not valid JSON."""

    def first(self, *names: str) -> str | None:
        """Return the first non-empty meta field among `names`."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def dated(self, name: str) -> str | None:
        """Return a date field (`datePublished` …) of the JSON-LD article."""
        value = self.article.get(name) or self.loose.get(name)
        return value if isinstance(value, str) else None

    @property
    def is_article(self) -> bool:
        """Whether the page says of itself that it is one article."""
        return bool(self.article or self.first("article:published_time", "pubdate"))


def read_metadata(root: HtmlElement) -> Metadata:
    """Read `<meta>` (by property, name and itemprop) and every JSON-LD block of a page."""
    meta: dict[str, list[str]] = {}
    for element in select(root, "meta[content]"):
        content = clean(element.get("content") or "").replace("\n", " ")
        for attribute in ("property", "name", "itemprop"):
            if name := element.get(attribute):
                meta.setdefault(name.lower().strip(), []).append(content)
    article: dict[str, Any] = {}
    crumbs: tuple[str, ...] = ()
    loose: dict[str, str] = {}
    for script in select(root, 'script[type*="ld+json"]'):
        source = script.text or ""
        try:
            data = json.loads(_TRAILING_COMMA.sub(r"\1", source), strict=False)
        except (ValueError, RecursionError):
            loose.update(_DATE_FIELD.findall(source))
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE_TYPES.search(kind) for kind in kinds):
                article = article or node
            elif "BreadcrumbList" in kinds:
                crumbs = crumbs or tuple(_crumbs(node))
    return Metadata(meta, article, crumbs, loose)


def plain(value: object) -> str:
    """Return a JSON-LD string as text; some outlets escape entities twice."""
    return clean(html.unescape(html.unescape(value))) if isinstance(value, str) else ""


def _nodes(data: object) -> Iterator[dict[str, Any]]:
    """Yield the top-level objects of a JSON-LD block, through lists and `@graph`."""
    if isinstance(data, list):
        for item in data:
            yield from _nodes(item)
    elif isinstance(data, dict):
        yield data
        yield from _nodes(data.get("@graph"))


def _crumbs(node: dict[str, Any]) -> Iterator[str]:
    for item in _nodes(node.get("itemListElement")):
        inner = item.get("item")
        name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
        if plain(name).lower() not in _HOME:
            yield plain(name)


def section_of(metadata: Metadata) -> str | None:
    """Return the section that the page names: meta, JSON-LD, else the end of the breadcrumb."""
    said = metadata.first("article:section", "articlesection")
    listed = metadata.article.get("articleSection")
    listed = listed[0] if isinstance(listed, list) and listed else listed
    for value in (said, plain(listed).partition(",")[0], *metadata.crumbs[-1:]):
        if value and "://" not in value and not value.isdigit() and value.lower() not in _HOME:
            return value.strip()
    return None
