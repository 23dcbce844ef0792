"""Which passages two texts have in common, word by word, though some words were changed.

Seed and extend, as programs for text reuse do (D. A. Smith et al., "Infectious texts", 2013):
runs of three words that stand once in the earlier text are anchors, anchors that go on in step
are a passage, and what lies between them is aligned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import LCSseq

from kb.archive.reuse.prints import Places, Wording
from kb.archive.reuse.rules import RULES

_ANCHOR = 3
_FEW, _WITHIN = 5, 40
"""Anchors, and words in which so many lie wherever there is a passage."""
_GAP = 12
"""Changed words that a passage may hold in a row."""
_PIECE = 200
"""Words that are compared at once."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words `start:end` of a text, words `earlier_start:earlier_end` of an earlier one.

    `similarity` is twice the length of the longest common subsequence of their words by the number
    of words of both (normalized indel similarity), 0 to 1.
    """

    start: int
    end: int
    earlier_start: int
    earlier_end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Chain:
    """Anchors of one passage in both texts, in step and in order."""

    here: Places
    there: Places

    def passage(self, later: Wording, earlier: Wording, low: int, high: int) -> Passage | None:
        """Return the part of the passage that lies within words `low:high`, if it is one."""
        if self.here[-1] < low or self.here[0] > high - _ANCHOR:
            return None
        inside = slice(self.here.searchsorted(low), self.here.searchsorted(high - _ANCHOR, "right"))
        here, there = self.here[inside], self.there[inside]
        if not len(here):
            return None
        a, b = later.words, earlier.words
        start, end = int(here[0]), int(here[-1]) + _ANCHOR
        first, last = int(there[0]), int(there[-1]) + _ANCHOR
        low, high = max(low, _floor(later, start)), min(high, _ceiling(later, start))
        bottom, top = _floor(earlier, first), _ceiling(earlier, first)
        while start > low and first > bottom and a[start - 1] == b[first - 1]:
            start, first = start - 1, first - 1
        while end < high and last < top and a[end] == b[last]:
            end, last = end + 1, last + 1
        if end - start < RULES.tokens or last - first < RULES.tokens:
            return None
        common = int(here[0]) - start + end - int(here[-1]) + _common(later, earlier, here, there)
        exact = _passage(start, end, first, last, common)
        # Whole paragraphs read better, and tell how much of one was changed.
        left, right = later.paragraph(start, end)
        above, below = earlier.paragraph(first, last)
        start, end = _grown(start, end, max(left, low), min(right, high))
        first, last = _grown(first, last, max(above, bottom), min(below, top))
        return _passage(start, end, first, last, common) or exact


def _passage(start: int, end: int, first: int, last: int, common: int) -> Passage | None:
    similarity = 2.0 * common / (end - start + last - first)
    if similarity < RULES.similarity:
        return None
    return Passage(start, end, first, last, round(similarity, 4))


def _grown(start: int, end: int, left: int, right: int) -> tuple[int, int]:
    return (
        left if start - left <= _GAP else start,
        right if right - end <= _GAP else end,
    )


def _floor(text: Wording, place: int) -> int:
    return text.body if place >= text.body else 0


def _ceiling(text: Wording, place: int) -> int:
    return len(text) if place >= text.body else text.body


def _common(later: Wording, earlier: Wording, here: Places, there: Places) -> int:
    """Return the words in common from the first anchor's to the last one's beginning.

    Pieces between anchors are compared one by one, so that the work grows with the length.
    """
    ours = later.words[here[0] : here[-1]].tolist()
    theirs = earlier.words[there[0] : there[-1]].tolist()
    if len(ours) <= _PIECE:
        return LCSseq.similarity(ours, theirs)
    at, where = (here - here[0]).tolist(), (there - there[0]).tolist()
    common = first = 0
    for number, place in enumerate(at):
        if place - at[first] >= _PIECE or number + 1 == len(at):
            left, right = slice(at[first], place), slice(where[first], where[number])
            common += LCSseq.similarity(ours[left], theirs[right])
            first = number
    return common


def chains(later: Wording, earlier: Wording) -> Iterator[Chain]:
    """Yield the passages in common, as chains of anchors, in the later text's order."""
    runs, (known, places) = later.threes, earlier.anchors
    if not len(runs) or not len(known):
        return
    at = np.minimum(np.searchsorted(known, runs), len(known) - 1)
    here = np.flatnonzero(known[at] == runs)
    here = here[(here + _ANCHOR <= later.body) | (here >= later.body)]
    if len(here) < _FEW or (here[_FEW - 1 :] - here[: 1 - _FEW]).min() > _WITHIN:
        return  # nowhere close enough together: what most comparisons end with
    there = places[at[here]]
    # Chance anchors stand alone and would break a chain in two: they go first.
    for least in (2, 1):
        cuts = _cuts(later, earlier, here, there)
        sizes = np.diff(cuts)
        keep = np.repeat(sizes >= least, sizes)
        here, there = here[keep], there[keep]
    if not len(here):
        return
    first, last = cuts[:-1], cuts[1:]
    long = here[last - 1] - here[first] + _ANCHOR >= RULES.tokens // 2
    for begin, end in zip(first[long].tolist(), last[long].tolist(), strict=True):
        yield Chain(here[begin:end], there[begin:end])


def _cuts(later: Wording, earlier: Wording, here: Places, there: Places) -> Places:
    """Return where chains begin, and the number of anchors."""
    steps, strides = here[1:] - here[:-1], there[1:] - there[:-1]
    broken = (steps > _GAP) | (strides > _GAP) | (strides < 1)
    for places, body in ((here, later.body), (there, earlier.body)):
        inside = places >= body
        broken |= inside[1:] != inside[:-1]
    return np.r_[0, np.flatnonzero(broken) + 1, len(here)] if len(here) else np.zeros(1, np.intp)


def resemblance(one: Wording, other: Wording) -> float:
    """Return the resemblance of two texts: of all runs of five words, how many both have.

    A. Broder, "On the resemblance and containment of documents", 1997.
    """
    a, b = one.shingles, other.shingles
    if not len(a) or not len(b):
        return 0.0
    common = len(np.intersect1d(a, b, assume_unique=True))
    return round(common / (len(a) + len(b) - common), 4)
