"""Pages of no known family: where the story, its title and its lead stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import trafilatura
from lxml.html import HtmlElement

from kb.extract import boilerplate
from kb.extract.cleaning import Story
from kb.extract.dom import hidden, line, select, tags_of
from kb.extract.structured import Metadata, plain

TRAFILATURA_TAGS = 20_000
"""Most tags of a page that trafilatura is given: its time grows with their square."""
_PARAGRAPH_WORDS = 12
_TRIED = 8
_NEAR = 6
"""How many elements, from the block outwards, may say that it pops up."""
_BROTHERS = 0.9
"""Weight of a div's words for its parent: one div alone stays the block, two make a parent."""
_HAS_BLOCKS = "(.//p | .//div | .//li | .//table)[1]"
_INLINE_TAGS = "a abbr b big cite em font i mark q small span strong sub sup u"
_INLINE = frozenset(_INLINE_TAGS.split())
_LEAD_NAMES = re.compile(r"(?i)sapo|lead|summary|desc|chappeau|intro|abstract|standfirst|excerpt")
_SURELY_LEAD = re.compile(r"(?i)sapo|chappeau|article-?(?:lead|summary)")
_LEAD_WORDS = 150
_OFF_STAGE = re.compile(r"(?i)popup|modal|login|cookie|comment|binh-?luan|footer|policy")
_TAIL = re.compile(r"\s+(?:\||-|–|—|::?|»)\s+(?P<tail>[^|]{2,60})$")
_SITE_WORDS = re.compile(
    r"(?i)\b(?:báo|news|online|tin tức|tạp chí|điện tử|\w+\.(?:vn|com|net|org))\b"
)


def main_block(root: HtmlElement) -> tuple[HtmlElement | None, int]:
    """Return the element whose own paragraphs hold most words, and that number of words.

    A story's paragraphs are brothers; on a listing every teaser has a parent of its own, so
    that a small number means that the page holds no story. Text between `<br>` counts for the
    element itself. Links and whatever is hidden or pops up do not count.
    """
    scores: defaultdict[HtmlElement, float] = defaultdict(float)
    for element in root.iter("p", "div", "li", "td", "blockquote", "section", "article"):
        words = _own_words(element)
        if words < _PARAGRAPH_WORDS:
            continue
        parent = element.getparent()
        paragraph = element.tag in ("p", "blockquote")
        leaf = paragraph or (element.tag == "div" and not element.xpath(_HAS_BLOCKS))
        if leaf and parent is not None:
            # A div of text is a paragraph like its brothers, or the whole story between <br>.
            scores[parent] += words if paragraph else words * _BROTHERS
        if not paragraph:
            scores[element] += words
    for element in sorted(scores, key=scores.__getitem__, reverse=True)[:_TRIED]:
        chain = [element, *element.iterancestors()]
        names = " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in chain[:_NEAR])
        if not any(hidden(e) for e in chain) and not _OFF_STAGE.search(names):
            return element, round(scores[element])
    return None, 0


def is_headed(block: HtmlElement) -> bool:
    """Whether a block stands with the page's one headline in an `<article>`: a story, if short."""
    return (
        bool(block.xpath("ancestor-or-self::article[.//h1][1]"))
        and len(block.getroottree().xpath("//h1")) == 1
    )


def _own_words(element: HtmlElement) -> int:
    """Count the words directly in an element and in its inline children, links excepted."""
    count = len((element.text or "").split())
    opening = element[0] if not count and len(element) else None
    if opening is not None and opening.tag == "a" and len(opening.text_content().split()) >= 4:
        return 0  # a linked headline and its teaser
    for child in element:
        if child.tag in _INLINE and child.tag != "a":
            count += len(child.text_content().split())
        elif child.tag == "a":
            # a few linked words in a sentence are part of it; a linked teaser is not
            count += min(len(child.text_content().split()), 4) if count else 0
        count += len((child.tail or "").split())
    return count


def by_trafilatura(html: str) -> Story:
    """Let trafilatura (fast mode) find the story where no block of the page stands out.

    Not on a page of more than `TRAFILATURA_TAGS`, for which it would need minutes.
    """
    text = None
    if tags_of(html) <= TRAFILATURA_TAGS:
        text = trafilatura.extract(html, fast=True, include_comments=False, include_tables=True)
    text = text or ""
    lines = [row.strip() for row in text.split("\n") if row.strip()]
    # Its edges are menus and link lists: the story begins with the first paragraph.
    start = next((i for i, row in enumerate(lines) if boilerplate.is_prose(row)), len(lines))
    split = boilerplate.split(lines[start:])
    kept = [lines[start + i] for i in split.kept]
    cut = lines[:start] + [lines[start + i] for i in split.cut]
    captions = [row for row in kept if boilerplate.is_caption(row)]
    return Story([row for row in kept if row not in captions], (), cut, captions)


def title_of(root: HtmlElement, metadata: Metadata) -> str:
    """Return the headline: the `<h1>` that agrees with what the page says its title is."""
    headings = [text for h1 in select(root, "h1") if (text := line(h1))]
    page = select(root, "title")
    said = [
        plain(metadata.article.get("headline")),
        metadata.first("og:title", "twitter:title", "title", "dcterms.title") or "",
        line(page[0]) if page else "",
    ]
    said = [without_site(text, metadata) for text in said if text]
    for heading in headings:
        if any(_overlap(heading, text) > 0.7 for text in said):
            return heading
    if said and not (headings and len(headings[0].split()) >= 5):
        return said[0]
    return headings[0] if headings else ""


def without_site(title: str, metadata: Metadata) -> str:
    """Return a title without the site's name at its end."""
    site = (metadata.first("og:site_name") or "").lower()
    while match := _TAIL.search(title):
        tail = match["tail"].strip()
        marked = match.group().strip().startswith(("|", ":", "»")) or _SITE_WORDS.search(tail)
        if not (marked or (site and (tail.lower() in site or site in tail.lower()))):
            break
        title = title[: match.start()].rstrip()
    return title


def lead_of(
    root: HtmlElement,
    metadata: Metadata,
    title: str,
    body: list[str],
    selectors: Iterable[str] = (),
) -> str:
    """Return the lead: the family's element, else the one that shows the page's description,
    else the description itself.

    Of several elements of the family the one that agrees with the description is taken. Empty
    if the description is only the title, is about the site, or stands in the body.
    """
    said = metadata.first("description", "og:description") or plain(
        metadata.article.get("description")
    )
    said = without_site(said, metadata)
    own = [
        text for css in selectors for e in select(root, css) if len((text := line(e)).split()) >= 5
    ]
    if own:
        best = max(own, key=lambda text: _overlap(said, text))
        return best if _overlap(said, best) > 0.5 else own[0]
    shown = _shown_leads(root)
    if len(said.split()) < 8 or _overlap(said, title) > 0.9:
        return next((text for text, named in shown if named), "")
    best = max((text for text, _ in shown), key=lambda text: _overlap(said, text), default="")
    if _overlap(said, best) >= 0.75:
        return best
    for text in body[:3]:
        if _overlap(said, text) > 0.9:  # the lead was saved as a paragraph
            return text
    cut_off = said.rstrip(" .…")
    if any(_overlap(said, text) > 0.75 or text.startswith(cut_off) for text in body[:3]):
        return ""
    return said


def _shown_leads(root: HtmlElement) -> list[tuple[str, bool]]:
    """Return texts that may be the lead, and whether name or place says that they are."""
    found = []
    below = _below_title(root)
    for element in select(root, "h2, h3, p, div, strong"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        below_title = element in below
        if below_title or element.tag == "h2" or _LEAD_NAMES.search(names):
            text = line(element)
            if 8 <= len(text.split()) <= _LEAD_WORDS:
                found.append((text, below_title or bool(_SURELY_LEAD.search(names))))
    return found


def _below_title(root: HtmlElement) -> set[HtmlElement]:
    """Return the `<h2>` among the brothers after an `<h1>`, and the `<p>` right after one."""
    found: set[HtmlElement] = set()
    seen: set[HtmlElement | None] = set()
    for heading in root.iter("h1"):
        following = heading.getnext()
        if following is not None and following.tag == "p":
            found.add(following)
        if (parent := heading.getparent()) not in seen:  # each brother is looked at once
            seen.add(parent)
            found.update(heading.itersiblings("h2"))
    return found


def _overlap(one: str, other: str) -> float:
    """Share (0–1) of common word tokens, by the Dice coefficient."""
    first, second = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0
