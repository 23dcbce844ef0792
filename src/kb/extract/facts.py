"""What stands around the story on a page: dates, authors, section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from datetime import datetime, tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from kb.article import VIETNAM
from kb.extract import bylines, dates
from kb.extract.cleaning import Story
from kb.extract.dom import first, line, paragraphs, select
from kb.extract.families import Family
from kb.extract.structured import Metadata, plain, section_of

if TYPE_CHECKING:
    from kb.outlets import Outlet

_DATE_NAMES = re.compile(r"(?i)date|time|publish|ngay|clock")
_CURRENT = re.compile(r"(?i)current|today|now|clock")
_DATE_TRIES = 6
_DATE_PARTS = 30
"""Elements from which on one that is named after a date is a box, and holds more than a date."""
_DATES_READ = 1000
"""Most such elements that are read of a page; a front page has about a hundred."""
_ASIDE_TAGS = frozenset(("header", "nav", "footer", "aside", "a"))
_ASIDE_NAMES = re.compile(
    r"(?i)masthead|top-?bar|site-?head|menu|(?:^|[\s_-])nav|footer|side-?bar|relat(?!ive)"
    r"|lien-?quan|teaser"
)
"""Where other dates stand than the story's: today's in the masthead, those of teasers."""
_KEYWORD = 80
"""Most characters of a keyword; what is longer is a description."""
_BYLINES = ("[rel=author]", "[class*=author] a", "[class*=author]", "[class*=tacgia]")


def published(
    root: HtmlElement, metadata: Metadata, family: Family, url: str | None, zone: tzinfo
) -> Iterator[tuple[str, str | None]]:
    """Yield (source, text) of every date that may be that of publication, best first."""
    names = ("article:published_time", "pubdate", "datepublished", "og:article:published_time")
    yield "meta", metadata.first(*names)
    shown = [e for css in family.date for e in select(root, css)[:2]][:_DATE_TRIES]
    for element in shown:
        yield "visible", element.get("datetime")
        yield "visible", line(element)
    # MasterCMS shows the hour and the day in elements of their own.
    yield "visible", " ".join(line(e) for css in family.date for e in select(root, css)[:1])
    yield from (("visible", text) for text in _dates_near_title(root))
    yield "json-ld", metadata.dated("datePublished")
    if url and (created := dates.parse_url(url, zone)):
        yield "url", created.isoformat()


def _dates_near_title(root: HtmlElement) -> list[str]:
    """Return texts of date elements, nearest to the headline first, those with a time first."""
    order = {element: at for at, element in enumerate(root.iter())}
    headings = select(root, "h1")
    centre = order[headings[0]] if headings else 0
    around = set(headings[0].iterancestors()) if headings else set()
    found: list[tuple[bool, int, str]] = []
    for element, names in islice(_date_elements(root), _DATES_READ):
        text = element.get("datetime") or ""
        if not text and next(islice(element.iter(), _DATE_PARTS, None), None) is None:
            text = line(element)
        if not text or len(text) > 80 or _CURRENT.search(names) or _aside(element, around):
            continue
        read = dates.parse_iso(text) or dates.parse_visible(text)
        if read:
            found.append((not read[1], abs(order[element] - centre), text))
    return [text for _, _, text in sorted(found)[:3]]


def _date_elements(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the elements that class, id or tag call a date, with their class and id."""
    for element in select(root, "time, [class], [id]"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag == "time" or _DATE_NAMES.search(names):
            yield element, names


def _aside(element: HtmlElement, around: Set[HtmlElement]) -> bool:
    """Whether an element stands in a part of the page that does not hold the headline too. A row
    of a list counts if it holds a link: without one it is a line below the headline."""
    for part in (element, *element.iterancestors()):
        if part in around:
            return False
        names = f"{part.get('class') or ''} {part.get('id') or ''}"
        linked = part.tag == "li" and next(part.iter("a"), None) is not None
        if linked or part.tag in _ASIDE_TAGS or _ASIDE_NAMES.search(names):
            return True
    return False


def modified(
    metadata: Metadata, published: datetime | None, outlet: Outlet | None
) -> datetime | None:
    """Return the latest change that the page names, if it does not precede publication."""
    zone = outlet.zone if outlet else VIETNAM
    said = (
        metadata.first("article:modified_time"),
        metadata.first("lastmod", "datemodified", "og:updated_time"),
        metadata.dated("dateModified"),
    )
    found = [read.when for text in said if (read := dates.choose([("meta", text)], zone))]
    latest = max(found, default=None)
    return latest if latest and (published is None or latest >= published) else None


def authors(
    root: HtmlElement, metadata: Metadata, family: Family, found: Story, outlet: Outlet | None
) -> tuple[str, ...]:
    """Return the authors from the first place that names any: JSON-LD persons, the family's
    elements, the signature at the end, meta fields, elements whose class says so."""
    own = (*_site_names(metadata), *((outlet.name, outlet.id) if outlet else ()))
    stop = {name.lower() for name in own}
    said = metadata.first("article:author", "author", "dc.creator") or ""
    return (
        tuple(name for name in bylines.of_json_ld(metadata.article) if name.lower() not in stop)
        or _shown_names(root, family.byline, own)
        or found.signed
        or bylines.names(said, own)
        or _shown_names(root, _BYLINES, own)
    )


def _shown_names(
    root: HtmlElement, selectors: tuple[str, ...], own: tuple[str, ...]
) -> tuple[str, ...]:
    for css in selectors:
        rows = [p.text for element in select(root, css) for p in paragraphs(element)]
        if named := bylines.names("\n".join(rows), own):
            return named
    return ()


def _site_names(metadata: Metadata) -> tuple[str, ...]:
    publisher = metadata.article.get("publisher")
    name = plain(publisher.get("name")) if isinstance(publisher, dict) else ""
    return tuple(filter(None, (metadata.first("og:site_name"), name)))


def section(root: HtmlElement, metadata: Metadata, family: Family) -> str | None:
    """Return the section that the page says or shows it stands in."""
    if said := section_of(metadata):
        return said
    shown = first(root, family.section)
    return line(shown) if shown is not None else None


def keywords(
    root: HtmlElement, metadata: Metadata, family: Family, outlet: Outlet | None
) -> tuple[str, ...]:
    """Return what the page says that it is about, from the first place that says anything: meta
    fields, JSON-LD, the tags below the story. Names of the site are left out."""
    own = {name.lower() for name in (*_site_names(metadata), *((outlet.name,) if outlet else ()))}
    listed = metadata.article.get("keywords")
    places: tuple[Iterable[str | None], ...] = (
        (metadata.first("news_keywords"),),
        (metadata.first("keywords"),),
        metadata.meta.get("article:tag", ()),
        (metadata.first("its_tag"),),
        map(plain, listed) if isinstance(listed, list) else (plain(listed),),
        (line(element).lstrip("#") for css in family.tags for element in select(root, css)),
    )
    for place in places:
        said = (word for text in place for word in re.split(r"[,;|]", text or ""))
        words: dict[str, str] = {}
        for word in said:
            words.setdefault(word.strip(' "#.').lower(), word.strip(' "#.'))
        named = (one for key, one in words.items() if key not in own and 0 < len(key) <= _KEYWORD)
        if found := tuple(named):
            return found
    return ()
