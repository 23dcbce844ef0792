"""A second opinion on a page: what a general extractor reads, set beside the family's parser.

It knows no newspaper's markup, so that a changed layout does not mislead both. It costs about as
much as the parser itself: for a few pages of a run, not for all.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import trafilatura

from kb.article import Article
from kb.errors import UnreadableFile
from kb.extract.decode import decode
from kb.extract.dom import tags_of
from kb.extract.generic import TRAFILATURA_TAGS

BEGINS = 12
"""Words of a text's beginning that are shown to a person."""
_ITEM = re.compile(r"(?m)^(?:- |\|).*$")
"""How trafilatura writes list items and table rows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way of extracting read on a page: how many words, and the first of them."""

    words: int
    begins: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """Both readings of one page, and how far they agree: F1 of their words, 0 to 1."""

    ours: Reading
    theirs: Reading
    agreement: float


def second_opinion(
    payload: bytes, article: Article | None, *, encoding: str | None = None
) -> Opinion:
    """Read a captured page once more, by trafilatura in its fast mode, and compare.

    Args:
        payload: the HTML as fetched.
        article: what the parser made of it; None if it found no story.
        encoding: charset named by the HTTP header.

    Raises:
        UnreadableFile: the page has so many tags that trafilatura would need minutes.
    """
    try:
        text = decode(payload, encoding)
    except UnreadableFile:
        text = ""
    if tags_of(text) > TRAFILATURA_TAGS:
        raise UnreadableFile(f"more than {TRAFILATURA_TAGS} tags: too many for a second opinion")
    said = trafilatura.extract(text, fast=True, include_comments=False)
    body = article.body if article else ""
    theirs = said or ""
    beside = (article.title, article.lead, *article.captions) if article else ()
    prose = (line for line in _ITEM.sub("", theirs).split("\n") if line not in beside)
    return Opinion(_reading(body), _reading("\n".join(prose)), agreement(body, theirs, *beside))


def agreement(ours: str, theirs: str, *beside: str) -> float:
    """Return the token F1 of two texts. What extractors count in or out as they like speaks
    neither for nor against: words of `beside` (title, lead, captions), and lists and table rows
    of `theirs`, which are as often boxes of links as part of a story."""
    mine = _tokens(ours)
    common = (mine & _tokens(theirs)).total()
    foreign = (_tokens(_ITEM.sub("", theirs)) - mine - _tokens(*beside)).total()
    total = mine.total() + common + foreign
    return 2 * common / total if total else 1.0


def _tokens(*texts: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", "\n".join(texts).lower()))


def _reading(text: str) -> Reading:
    found = text.split()
    return Reading(len(found), " ".join(found[:BEGINS]))
