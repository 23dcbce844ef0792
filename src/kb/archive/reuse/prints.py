"""What a text is known by: fingerprints of its runs of words, chosen by winnowing.

Method: S. Schleimer, D. S. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003. Of every WINDOW runs of RUN words that follow one another the one
with the least hash is kept, so that any WINDOW + RUN - 1 words in common share a fingerprint.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.archive.reuse.rules import RULES
from kb.text import canonical

Words = NDArray[np.uint64]
Places = NDArray[np.intp]

RUN, WINDOW = 4, 12
"""Words of a run, and runs of which one is kept: 15 words in common are always seen, and a
passage of `RULES.tokens` gives two fingerprints or more."""
BITS = 36
"""Bits of a fingerprint: with 28 of a revision's number it fits a machine word."""
BYTES = 5
_SEED = np.uint64(0x9E3779B97F4A7C15)
_BASE = 0xD1342543DE82EF95
"""Odd, so that there is a number that undoes multiplying by it."""
_LONGEST = 64
"""Letters by which words differ."""
_PART = 1 << 15
"""Letters that are made numbers at a time."""
_POWERS, _UNDONE = (
    np.cumprod(np.full(_PART, base, np.uint64)) for base in (_BASE, pow(_BASE, -1, 1 << 64))
)
_COMMON = 0x2200
"""Code points below it are looked up, in a table."""
_LETTER = re.compile(r"\w")  # of words, as the search analyzer tells them, whose spans are used
_LETTERS = np.array([_LETTER.match(chr(code)) is not None for code in range(_COMMON)])
_LINE = ord("\n")


@dataclass(frozen=True)
class Wording:
    """The words of one text, as numbers: the lead's and, from `body` on, the body's."""

    words: Words
    body: int
    paragraphs: tuple[int, ...]
    """Where paragraphs begin, and the number of words."""

    @classmethod
    def of(cls, lead: str, body: str) -> Wording:
        """Return the words of a lead and a body, as the search analyzer tells them."""
        exact = f"{canonical(lead)}\n{canonical(body)}"
        codes = np.frombuffer(exact.encode("utf-32-le", "surrogatepass"), np.uint32)
        inside = np.zeros(len(codes) + 2, bool)
        _LETTERS.take(codes, mode="clip", out=inside[1:-1])
        for place in np.flatnonzero(codes >= _COMMON).tolist():
            inside[place + 1] = _LETTER.match(exact[place]) is not None
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        starts, ends = edges[::2], edges[1::2]
        lines = np.flatnonzero(codes == _LINE)
        paragraphs = np.searchsorted(starts, lines[lines >= len(lead)]).tolist()
        return cls(_numbers(codes, starts, ends), paragraphs[0], (0, *paragraphs, len(starts)))

    def paragraph(self, start: int, end: int) -> tuple[int, int]:
        """Return where the paragraph of word `start` begins and that of word `end - 1` ends."""
        first = bisect_right(self.paragraphs, start) - 1
        return self.paragraphs[first], self.paragraphs[bisect_left(self.paragraphs, end)]

    def __len__(self) -> int:
        return len(self.words)

    def runs(self, length: int) -> Words:
        """Return a hash for each run of so many words; runs across the fields' border too."""
        return hashes(self.words, length)

    @cached_property
    def threes(self) -> Words:
        """Return a hash for each run of three words."""
        return self.runs(3)

    @cached_property
    def anchors(self) -> tuple[Words, Places]:
        """Runs of three words that occur once and in one field, in order of hash, and places."""
        found = self.threes
        order = np.argsort(found, kind="stable")
        ranked = found[order]
        once = np.ones(len(ranked), bool)
        once[1:] &= ranked[1:] != ranked[:-1]
        once[:-1] &= ranked[:-1] != ranked[1:]
        once &= (order + 3 <= self.body) | (order >= self.body)
        return ranked[once], order[once]

    @cached_property
    def shingles(self) -> Words:
        """The different runs of five words, for the resemblance of whole texts."""
        return np.unique(self.runs(5))


def hashes(words: Words, length: int) -> Words:
    """Return a well-mixed hash of each `length` words that follow one another."""
    count = len(words) - length + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    found = words[:count].copy()
    for place in range(1, length):
        found *= _SEED
        found += words[place : place + count]
    return _mixed(found)


def _numbers(codes: NDArray[np.uint32], starts: Places, ends: Places) -> Words:
    """Return a number for each word of a text: a polynomial of its letters, well mixed.

    Those of all words come from the sums of one row of terms, which goes through the text.
    """
    found = np.zeros(len(starts), np.uint64)
    ends = np.minimum(ends, starts + _LONGEST)
    first = 0
    while first < len(starts):
        origin = starts[first]
        last = int(np.searchsorted(ends, origin + _PART, "right"))
        begin, end = starts[first:last] - origin, ends[first:last] - origin
        sums = np.zeros(end[-1] + 1, np.uint64)
        np.cumsum(codes[origin : origin + end[-1]] * _POWERS[: end[-1]], out=sums[1:])
        found[first:last] = (sums[end] - sums[begin]) * _UNDONE[begin]
        first = last
    return _mixed(found)


def _mixed(found: Words) -> Words:
    """Spread numbers over all of 64 bits, in place."""
    found ^= found >> np.uint64(33)  # finalizer of MurmurHash3
    found *= np.uint64(0xFF51AFD7ED558CCD)
    found ^= found >> np.uint64(33)
    return found


def spread(starts: Places, sizes: Places) -> Places:
    """Return the places of some ranges, each by its start and size, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + sizes, sizes)


def fingerprints(wording: Wording) -> tuple[Words, Places]:
    """Return the fingerprints of a text, BITS wide, each once, and where its words begin."""
    found = wording.runs(RUN) >> np.uint64(64 - BITS)
    if len(wording) < RULES.tokens:
        return found[:0], np.zeros(0, np.intp)
    if len(found) <= WINDOW:
        places = np.array([found.argmin()])
    else:
        least = _slide(found, np.minimum)
        # A run is kept if it is the least of any window that it lies in.
        padding = np.zeros(WINDOW - 1, np.uint64)
        places = np.flatnonzero(
            _slide(np.concatenate([padding, least, padding]), np.maximum) == found
        )
    kept, first = np.unique(found[places], return_index=True)
    return kept, places[first]


def _slide(values: Words, of: np.ufunc) -> Words:
    """Return the minimum or maximum of every WINDOW values, by doubling."""
    width = 1
    while width < WINDOW:
        step = min(width, WINDOW - width)
        values = of(values[:-step], values[step:])
        width += step
    return values


def pack(prints: Words) -> bytes:
    """Return fingerprints as they are stored, BYTES each."""
    return prints.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :BYTES].tobytes()


def unpack(stored: bytes) -> Words:
    """Return the fingerprints that `pack` was given, of any number of texts."""
    narrow = np.frombuffer(stored, np.uint8).reshape(-1, BYTES)
    wide = np.zeros((len(narrow), 8), np.uint8)
    wide[:, :BYTES] = narrow
    return wide.view("<u8").reshape(-1).astype(np.uint64, copy=False)
