"""The passage of a text that shows best why it was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.archive.grammar import Phrase
from kb.archive.index import LONGEST_TOKEN
from kb.text import token_spans, token_strings

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
    words = token_strings(text)[folded]
    if words and max(map(len, words)) > LONGEST_TOKEN:
        words = [word[:LONGEST_TOKEN] for word in words]
    firsts = {(one.folded if folded else one.exact)[0] for one in phrases}
    places: dict[str, list[int]] = {first: [] for first in firsts}
    for place in [place for place, word in enumerate(words) if word in firsts]:
        places[words[place]].append(place)
    hits: list[tuple[int, int, int]] = []
    for number, phrase in enumerate(phrases):
        wanted = phrase.folded if folded else phrase.exact
        if len(wanted) == 1 and phrase.prefix:
            starts = [place for place, word in enumerate(words) if word.startswith(wanted[0])]
        else:
            starts = places.get(wanted[0], [])
        for place in starts:
            if _follows(words, place, wanted, phrase.prefix):
                hits.append((place, place + len(wanted) - 1, number))
    spans = token_spans(text) if hits else []
    return [((spans[a][0], spans[b][1]), number) for a, b, number in sorted(hits)]


def _follows(words: list[str], place: int, wanted: tuple[str, ...], prefix: bool) -> bool:
    there = words[place : place + len(wanted)]
    if len(there) < len(wanted) or tuple(there[:-1]) != wanted[:-1]:
        return False
    return there[-1].startswith(wanted[-1]) if prefix else there[-1] == wanted[-1]


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
