"""A captured page → Article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from kb.article import VIETNAM, Article
from kb.errors import NoArticle
from kb.extract import dates, facts, generic
from kb.extract.cleaning import Story, story
from kb.extract.decode import decode
from kb.extract.dom import first, line, parse, select
from kb.extract.families import FAMILIES, Family, detect
from kb.extract.structured import Metadata, read_metadata

if TYPE_CHECKING:
    from kb.outlets import Outlet

_ERROR_TITLE = re.compile(
    r"(?i)\b(?:404|403|500|502|503)\b|không tìm thấy|không tồn tại|not found|access denied"
    r"|just a moment|attention required|truy cập bị từ chối|bảo trì"
)
_ENOUGH = 40
"""Words from which a family's body is believed without asking the generic way."""
_LEAST = 15
"""Words that lead and body need together."""
_BLOCK_HEADED = 25
_BLOCK = 60
_BLOCK_UNPROVED = 90
"""Words that the largest block needs: in an `<article>` under the page's one headline, on a page
that says it is an article, and on others."""
GENERIC = Family(name="generic", marks=(), body=())
TRAFILATURA = f"trafilatura/{version('trafilatura')}"


@dataclass(frozen=True, slots=True)
class _Parts:
    family: Family
    parser: str
    story: Story


def extract_page(
    payload: bytes,
    *,
    url: str | None,
    encoding: str | None = None,
    outlet: Outlet | None = None,
    source_file: str | None = None,
    capture_digest: str | None = None,
    families: Iterable[Family] | None = None,
    seen_at: datetime | None = None,
) -> Article:
    """Return the story on a page.

    The outlet's family is tried first, then every family whose marks are on the page, then the
    generic way: the block with the most sibling paragraphs, or trafilatura where none stands out.

    Args:
        payload: the HTML as fetched, decompressed.
        url: address of the page, if known: its id gives a lower bound of the date.
        encoding: charset named by the HTTP header.
        outlet: gives the family, its selectors and the zone of dates without one.
        source_file: kept in the article.
        capture_digest: kept in the article (`sha1:BASE32`).
        families: families to try instead (empty: the generic way alone).
        seen_at: when the page was fetched: it is read by the selectors of that day.

    Raises:
        UnreadableFile: empty, binary, or in no known charset.
        NoArticle: a listing, an error page, or a page without text.
    """
    text = decode(payload, encoding)
    root = parse(text)
    metadata = read_metadata(root)
    zone = outlet.zone if outlet else VIETNAM
    day = seen_at.astimezone(zone).date() if seen_at else None
    tried = _families(root, text, outlet, day) if families is None else iter(families)
    parts = _find(root, text, metadata, tried, url, outlet)
    family, found = parts.family, parts.story
    heading = first(root, family.title)
    title = (line(heading) if heading is not None else "") or generic.title_of(root, metadata)
    lead = generic.lead_of(root, metadata, title, found.paragraphs, family.lead)
    body, repeated = _without_repeats(found.paragraphs, title, lead)
    words = len(lead.split()) + sum(len(p.split()) for p in body)
    if words < _LEAST or (words < _BLOCK and _ERROR_TITLE.search(title)):
        raise NoArticle(f"no story on the page: {words} words under the title {title[:60]!r}")
    published = dates.choose(facts.published(root, metadata, family, url, zone), zone)
    when = published.when if published else None
    return Article(
        title=title,
        lead=lead,
        body="\n".join(body),
        url=url,
        outlet=outlet.id if outlet else _host(url),
        authors=facts.authors(root, metadata, family, found, outlet),
        published_at=when,
        published_from=published.source if published else None,
        modified_at=facts.modified(metadata, when, outlet),
        section=facts.section(root, metadata, family),
        source_file=source_file,
        seen_at=seen_at,
        capture_digest=capture_digest,
        boilerplate="\n".join(dict.fromkeys((*found.cut, *repeated, *found.captions))),
        parser=parts.parser,
        keywords=facts.keywords(root, metadata, family, outlet),
        captions=tuple(found.captions),
    )


def _families(
    root: HtmlElement, text: str, outlet: Outlet | None, day: date | None
) -> Iterator[Family]:
    """Yield the outlet's own families with its selectors, those of the day first, then those
    seen in the markup."""
    own: set[str] = set()
    for markup in outlet.markups(day) if outlet else ():
        family = FAMILIES.get(markup.family, GENERIC)
        if family is not GENERIC or markup.selectors:
            own.add(family.name)
            yield from (each.overridden(markup.selectors, markup.until) for each in family.at(day))
    yield from (family for family in detect(root, day, text) if family.name not in own)


def _find(
    root: HtmlElement,
    text: str,
    metadata: Metadata,
    families: Iterator[Family],
    url: str | None,
    outlet: Outlet | None,
) -> _Parts:
    best: _Parts | None = None
    proved = metadata.is_article or bool(outlet and url and outlet.is_article(url))
    tried: list[Family] = []
    for family in families:  # lazily: the marks of other systems are only looked for if needed
        tried.append(family)
        for body in _bodies(root, family):
            found = story(body, family.drop, family.captions)
            if found.words >= _ENOUGH:
                return _Parts(family, family.parser, found)
            # An empty body still counts where the lead may be all: pictures, films.
            if (found.words or proved) and (best is None or found.words > best.story.words):
                best = _Parts(family, family.parser, found)
    block, words = generic.main_block(root)
    headed = block is not None and generic.is_headed(block)
    needed = _BLOCK_HEADED if headed else _BLOCK if proved else _BLOCK_UNPROVED
    if block is not None and words >= needed:
        drop = {css for family in tried for css in family.drop}
        found = story(block, sorted(drop), {css for family in tried for css in family.captions})
        if best is None or found.words > best.story.words * 2:
            return _Parts(tried[0] if tried else GENERIC, GENERIC.parser, found)
    if best is not None:
        return best
    if not proved:
        raise NoArticle(f"a listing or a page without a story: its largest block has {words} words")
    return _Parts(tried[0] if tried else GENERIC, TRAFILATURA, generic.by_trafilatura(text))


def _bodies(root: HtmlElement, family: Family) -> Iterator[HtmlElement]:
    for css in family.body:
        yield from select(root, css)[:1]


def _without_repeats(body: list[str], title: str, lead: str) -> tuple[list[str], list[str]]:
    """Take title and lead out of the first paragraphs, where some systems repeat them."""
    known = {_bare(title), _bare(lead)} - {""}
    repeated = [text for text in body[:3] if _bare(text) in known]
    return [text for i, text in enumerate(body) if i > 2 or text not in repeated], repeated


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _host(url: str | None) -> str | None:
    """Return what stands for an unknown outlet: its host."""
    return urlsplit(url or "").netloc.lower().removeprefix("www.") or None
