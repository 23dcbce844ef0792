"""The passage of a text that shows best why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kb.archive.grammar import Phrase
from kb.archive.index import LONGEST_TOKEN
from kb.text import canonical, fold

LENGTH = 200
"""Code points of a snippet, without the dots at its ends."""
_LEAD_IN = 60  # what is shown before the first highlight, so that it can be understood
_LONGEST_TEXT = 200_000  # a book is not searched to its end for a passage
_DOTS = "… ", " …"

Span = tuple[int, int]


class Snippet(NamedTuple):
    """A passage, the spans in it that match, and where those stand: in which of the texts, and
    their spans (code points) there."""

    text: str
    spans: tuple[Span, ...]
    source: int
    places: tuple[Span, ...]


def snippet(texts: Iterable[str], phrases: Sequence[Phrase], folded: bool) -> Snippet:
    """Return a passage of about 200 characters and the spans in it that match.

    Of all windows in all texts it is the one with the most different phrases, then with the
    most matches, then the first; without any match it is the beginning of the first text.
    """
    filled = [(n, text[:_LONGEST_TEXT]) for n, text in enumerate(texts) if text]
    first_text = filled[0] if filled else (0, "")
    best: tuple[tuple[int, int], tuple[int, str], list[Span]] = ((0, 0), first_text, [])
    for one in filled:
        for score, spans in _windows(_hits(one[1], phrases, folded)):
            if score > best[0]:
                best = score, one, spans
    _, (source, text), spans = best
    if not spans:
        return _cut(source, text, 0, LENGTH, [])
    first, last = spans[0][0], spans[-1][1]
    start = max(0, min(first - _LEAD_IN, len(text) - LENGTH))
    return _cut(source, text, start, max(start + LENGTH, min(last, first + LENGTH)), spans)


def _hits(text: str, phrases: Sequence[Phrase], folded: bool) -> list[tuple[Span, int]]:
    """Return the matched spans with the phrase's number, by place."""
    if not phrases:
        return []
    form = canonical(text)  # as long as the text, and so is what folding makes of it
    if folded:
        form = fold(form)
    patterns = [_pattern(one.folded if folded else one.exact, one.prefix) for one in phrases]
    return sorted(
        ((match.start(), match.end("end")), number)
        for number, pattern in enumerate(patterns)
        for match in pattern.finditer(form)
    )


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...], prefix: bool) -> re.Pattern[str]:
    """Return what finds words that follow each other; the group `end` is at their end.

    Where the first word begins is looked at last, so that the search skips to it; those that
    follow are looked at but not taken, so that spans may overlap. Words as long as the index keeps
    them may go on.
    """
    kept = [word[:LONGEST_TOKEN] for word in words]
    first, *rest = (word + (r"\w*" if len(word) == LONGEST_TOKEN else "") for word in kept)
    start = rf"{kept[0]}(?<!\w{'.' * len(kept[0])}){first[len(kept[0]) :]}"
    end = (r"\w*" if prefix else r"(?!\w)") + "(?P<end>)"
    if rest:
        following = r"\W+".join(rest)
        return re.compile(rf"{start}(?=\W+{following}{end})")
    return re.compile(start + end)


def _windows(hits: list[tuple[Span, int]]) -> Iterable[tuple[tuple[int, int], list[Span]]]:
    """Yield (different phrases, matches) and the spans of the window that each hit begins."""
    for first, ((start, _), _number) in enumerate(hits):
        inside: list[tuple[Span, int]] = []
        for hit in hits[first:]:
            if hit[0][0] - start > LENGTH:
                break
            if hit[0][1] - start <= LENGTH - _LEAD_IN or not inside:
                inside.append(hit)
        yield (len({number for _, number in inside}), len(inside)), [span for span, _ in inside]


def _cut(source: int, text: str, start: int, end: int, spans: list[Span]) -> Snippet:
    """Cut at spaces, put dots where text is missing, and move the spans accordingly."""
    limit = spans[0][0] if spans else 0
    if start:
        space = max(text.find(" ", start, limit), text.find("\n", start, limit))
        start = space + 1 if space >= 0 else start
    end = min(end, len(text))
    if end < len(text):
        space = max(text.rfind(" ", start, end + 1), text.rfind("\n", start, end + 1))
        floor = max((stop for _, stop in spans if stop <= end), default=start)
        end = space if space >= floor and space > start else end
    before = _DOTS[0] if start else ""
    after = _DOTS[1] if end < len(text) else ""
    shift = len(before) - start
    merged: list[Span] = []
    for left, right in spans:
        left, right = left + shift, min(right, end) + shift
        if merged and left < merged[-1][1]:
            merged[-1] = merged[-1][0], max(right, merged[-1][1])
        else:
            merged.append((left, right))
    places = tuple((left - shift, right - shift) for left, right in merged)
    shown = before + text[start:end].replace("\n", " ") + after
    return Snippet(shown, tuple(merged), source, places)
