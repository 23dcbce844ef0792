"""Finding a passage again in a text that changed around it.

A passage is kept as the W3C's Web Annotation model keeps it: the words themselves with some text
before and after (TextQuoteSelector), and where they stood (TextPositionSelector) as a last hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from kb.article import FIELDS

Texts = Mapping[str, str]
"""The text of each field."""
Span = tuple[str, int, int]
"""Field, start and end (code points, end exclusive)."""
_CONTEXT = 32
_ALIKE = 0.8
"""How much of a sentence must be unchanged (difflib's ratio) for it to be the same one."""
_STOP = re.compile(r"[.!?…]+[”\"»)]*\s+|\n")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage in words: `text` with what stood `before` and `after` it in `field`."""

    field: str
    text: str
    before: str
    after: str
    start: int

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)


def anchor(texts: Texts, span: Span) -> Anchor:
    """Return the passage at a span."""
    field, start, end = span
    text = texts[field]
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return Anchor(field, text[start:end], before, after, start)


def find(texts: Texts, wanted: Anchor) -> Span | None:
    """Return where the words stand now: with most of their context, then nearest; or None."""
    best: tuple[tuple[int, bool, int], Span] | None = None
    for field in FIELDS:
        text = texts.get(field, "")
        for start in _places(text, wanted.text):
            end = start + len(wanted.text)
            shared = _shared(text[:start][-_CONTEXT:][::-1], wanted.before[::-1])
            shared += _shared(text[end : end + _CONTEXT], wanted.after)
            same = field == wanted.field
            rank = (shared, same, -abs(start - wanted.start))
            if best is None or rank > best[0]:
                best = rank, (field, start, end)
    return best[1] if best else None


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _places(text: str, words: str) -> Iterator[int]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def alike(one: str, other: str) -> float:
    """Return how alike two passages are (0–1), 0 where they are less so than a corrected one."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _ALIKE else 0.0


def overlap(one: Span, other: Span) -> float:
    """Return what two spans share of what they cover together (0–1)."""
    if one[0] != other[0]:
        return 0.0
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return shared / (max(one[2], other[2]) - min(one[1], other[1])) if shared > 0 else 0.0


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences by their stops alone; good enough to show and to compare."""
    start = 0
    for stop in _STOP.finditer(text):
        yield start, start + len(text[start : stop.end()].rstrip())
        start = stop.end()
    if start < len(text):
        yield start, len(text)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence, or sentences, that a passage stands in."""
    first, last = start, end
    for a, b in sentences(text):
        if a < end and start < b:
            first, last = min(first, a), max(last, b)
    return first, last
