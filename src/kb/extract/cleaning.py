"""From a body element to the paragraphs of the story, on every page alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from kb.extract import boilerplate, bylines
from kb.extract.dom import Paragraph, copied, hidden, paragraphs, remove, select

_CAPTIONS = "figcaption, [itemprop=caption], figure:not(.table)"
_NEVER_TEXT = (
    "iframe, object, button, input, select, textarea, svg,"
    " nav, footer, aside, picture, video, audio, ins, dialog"
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
_READERS = re.compile(r"(?i)(?:^|[\s_-])(?:comments?|binh-?luan)(?=$|[\s_-])")
_CREDITS = 6
"""Most lines below a story that say who made it: a long read names them all."""
_LARGE = 0.4
"""A box with more than this share of the body's text is the story, whatever its class says, unless
readers wrote it."""
_CAPTION_TABLE = 60
"""Most words of a table around a picture that is its caption."""
_CAPTION_NAMES = re.compile(r"(?i)(?:^|[\s_-])captions?(?=$|[\s_-])")
_FEW = 40
"""Words below which captions that hold more are the story: pictures with a text each."""


@dataclass(frozen=True, slots=True)
class Story:
    """Paragraphs of a story, who signed at its end, captions, and what else was cut from it."""

    paragraphs: list[str]
    signed: tuple[str, ...]
    cut: list[str]
    captions: list[str] = field(default_factory=list)

    @property
    def words(self) -> int:
        """Whitespace-separated syllables."""
        return sum(len(text.split()) for text in self.paragraphs)


def story(body: HtmlElement, drop: Iterable[str] = (), captions: Iterable[str] = ()) -> Story:
    """Return the paragraphs of a body element; lists, tables and sub-headings stay.

    Where there is next to no text the captions are the story, as in a series of pictures.

    Args:
        body: the element; it is not changed.
        drop: the family's selectors of what is not the story.
        captions: the family's selectors of captions.
    """
    drop, captions = tuple(drop), tuple(captions)
    found = _story(body, drop, captions)
    told = sum(len(text.split()) for text in found.captions)
    if found.words < _FEW <= told and told > 2 * found.words:
        return _story(body, tuple(css for css in drop if css not in captions), None)
    return found


def _story(body: HtmlElement, drop: tuple[str, ...], captions: tuple[str, ...] | None) -> Story:
    """Return the story; `captions` None leaves them in their places."""
    body = copied(body)
    apart: list[str] = []
    cut = list(_take_out(body, drop, captions, apart))
    blocks = paragraphs(body)
    texts: list[str] = []
    for block in blocks:
        if boilerplate.is_caption(block.text) and captions is not None:
            apart.append(block.text)
        elif _is_link(block):
            cut.append(block.text)
        else:
            texts.append(block.text)
    split = boilerplate.split(texts)
    cut += [texts[i] for i in split.cut]
    kept = [texts[i] for i in split.kept]
    signed = _signature(kept, blocks, cut)
    return Story(kept, signed, cut, list(dict.fromkeys(apart)))


def _take_out(
    body: HtmlElement, drop: Iterable[str], captions: Iterable[str] | None, apart: list[str]
) -> Iterator[str]:
    """Take what is not the story out of a body: yield its text, put captions `apart`."""
    for element in select(body, "script, style, noscript, template"):
        element.drop_tree()
    for css in drop:
        yield from remove(body, select(body, css))
    if captions is not None:
        for css in (*captions, _CAPTIONS):
            apart += _lines(remove(body, select(body, css)))
        apart += _lines(remove(body, [t for t in select(body, "table") if _is_caption_table(t)]))
    yield from remove(body, select(body, _NEVER_TEXT))
    whole = len(body.text_content())
    for element in select(body, _BOXES):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if not (element.tag == "article" or hidden(element) or _BOX_NAMES.search(names)):
            continue
        caption = bool(_CAPTION_NAMES.search(names))
        large = len(element.text_content()) > whole * _LARGE and not _READERS.search(names)
        if large or (caption and captions is None):
            continue
        if caption:
            apart += _lines(remove(body, [element]))
        else:
            yield from remove(body, [element])


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in text.split("\n")]


def _is_caption_table(element: HtmlElement) -> bool:
    return len(element.text_content().split()) <= _CAPTION_TABLE and bool(
        select(element, "img, iframe, video, picture")
    )


def _is_link(block: Paragraph) -> bool:
    """Whether a paragraph leads to another story."""
    # A paragraph that is one link from end to end does.
    lone_link = block.linked > 0.9 and len(block.text.split()) >= 4
    arrow = block.text.startswith((">", "»", "→", "►", "- >"))
    return lone_link or (arrow and block.linked > 0.3)


def _signature(kept: list[str], blocks: list[Paragraph], cut: list[str]) -> tuple[str, ...]:
    """Move the author's line (or a mere source) from the end of the story to what was cut."""
    right = {block.text for block in blocks if block.right}
    signed: tuple[str, ...] = ()
    for _ in range(_CREDITS):
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
