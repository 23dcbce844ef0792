"""From a body element to the paragraphs of the story, on every page alike."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from kb.extract import boilerplate, bylines
from kb.extract.dom import Paragraph, hidden, paragraphs, remove, select

_NEVER_TEXT = (
    "iframe, object, button, input, select, textarea, svg,"
    " nav, footer, aside, figcaption, picture, video, audio, ins, dialog, [itemprop=caption],"
    " figure:not(.table)"
)
_BOXES = "div, section, ul, ol, table, p, h1, h2, h3, h4, h5, span, article, header, form"
_BOX_NAMES = re.compile(
    r"(?i)(?:^|[\s_-])(?:share|sharing|social|related?|relation|relate|readmore|read-more|xem-?them|"
    r"lien-?quan|tin-?lien-?quan|doc-?them|tin-?khac|tags?|keywords?|comments?|binh-?luan|banner|"
    r"advert\w*|ads?|adv|quang-?cao|sponsor|captions?|author|byline|tac-?gia|newsletter|"
    r"subscribe|breadcrumbs?|rating|vote|poll|survey|copyright|recommend\w*|suggest\w*|most-?read|"
    r"tin-?moi|popup|modal|widget|toolbar|print|follow)(?=$|[\s_-])"
    r"|(?<!\S)(?:hidden|d-none)(?!\S)|related(?:news|box|one)|tinlienquan|baivietlienquan"
)
_LARGE = 0.4
"""A box with more than this share of the body's text is the story, whatever its class says."""
_CAPTION_TABLE = 60
"""Most words of a table around a picture that is its caption."""


@dataclass(frozen=True, slots=True)
class Story:
    """Paragraphs of a story, who signed at its end, and what was cut from inside it."""

    paragraphs: list[str]
    signed: tuple[str, ...]
    cut: list[str]

    @property
    def words(self) -> int:
        """Whitespace-separated syllables."""
        return sum(len(text.split()) for text in self.paragraphs)


def story(body: HtmlElement, drop: Iterable[str] = ()) -> Story:
    """Return the paragraphs of a body element; lists, tables and sub-headings stay.

    Args:
        body: the element; it is not changed.
        drop: the family's selectors of what is not the story.
    """
    body = copy.deepcopy(body)
    cut = list(_take_out(body, drop))
    blocks = paragraphs(body)
    texts: list[str] = []
    for block in blocks:
        (cut if _not_story(block) else texts).append(block.text)
    split = boilerplate.split(texts)
    cut += [texts[i] for i in split.cut]
    kept = [texts[i] for i in split.kept]
    signed = _signature(kept, blocks, cut)
    return Story(kept, signed, cut)


def _take_out(body: HtmlElement, drop: Iterable[str]) -> Iterable[str]:
    for element in select(body, "script, style, noscript, template"):
        element.drop_tree()
    for css in drop:
        yield from remove(body, select(body, css))
    yield from remove(body, [t for t in select(body, "table") if _is_caption_table(t)])
    yield from remove(body, select(body, _NEVER_TEXT))
    whole = len(body.text_content())
    for element in select(body, _BOXES):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if not (element.tag == "article" or hidden(element) or _BOX_NAMES.search(names)):
            continue
        if len(element.text_content()) <= whole * _LARGE:
            yield from remove(body, [element])


def _is_caption_table(element: HtmlElement) -> bool:
    return len(element.text_content().split()) <= _CAPTION_TABLE and bool(
        select(element, "img, iframe, video, picture")
    )


def _not_story(block: Paragraph) -> bool:
    """Whether a paragraph is a caption or a link to another story."""
    if boilerplate.is_caption(block.text):
        return True
    # A paragraph that is one link from end to end leads to another story.
    lone_link = block.linked > 0.9 and len(block.text.split()) >= 4
    arrow = block.text.startswith((">", "»", "→", "►", "- >"))
    return lone_link or (arrow and block.linked > 0.3)


def _signature(kept: list[str], blocks: list[Paragraph], cut: list[str]) -> tuple[str, ...]:
    """Move the author's line (or a mere source) from the end of the story to what was cut."""
    right = {block.text for block in blocks if block.right}
    signed: tuple[str, ...] = ()
    for _ in range(2):
        if len(kept) < 2 or boilerplate.is_prose(kept[-1]):
            break
        named = bylines.signature(kept[-1])
        if not named and kept[-1] in right and len(kept[-1].split()) <= 12:
            named = bylines.names(kept[-1])
        if not named and not bylines.is_credit(kept[-1]):
            break
        signed = named + signed
        cut.append(kept.pop())
    return signed
