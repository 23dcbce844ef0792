"""All fingerprints of an archive, and which texts a text has enough of them with.

A number holds a fingerprint (36 bits) and a revision (28); the numbers lie sorted in a few runs,
each at least twice as long as the next, as in a log-structured merge tree. The last `HELD` of
them are in memory, older ones in files: 800 bytes an article there, 10 in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.archive.reuse.prints import BITS, Places, Words, spread
from kb.archive.reuse.rules import RULES
from kb.archive.reuse.runs import Held, Kept, Run, merged

_OF_REVISION = 64 - BITS
_REVISION = np.uint64(_OF_REVISION)
_MASK = np.uint64((1 << _OF_REVISION) - 1)
_APART, _NEAR = 10, 64
"""Words that lie between two fingerprints in common of one passage, at least and at most: those
closer together may be no more than the title of an office."""
_FEW = 8
"""Of a formula so many articles are looked at, those first loaded."""
MOST = 16
"""Texts that one text is compared with, those of most fingerprints in common."""
HELD = 4_000_000
"""Numbers in memory, 32 MB, of some 40,000 articles."""


@dataclass(slots=True)
class Index:
    """Fingerprints of all revisions up to `last`; files lie in `folder`, or where the system
    keeps what is temporary."""

    folder: Path | None = None
    runs: list[Run] = field(default_factory=list)
    """Later runs are of later revisions."""
    articles: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1024, np.int32))
    """Of which article each revision is."""
    last: int = 0

    def add(
        self, revisions: Sequence[int], articles: Sequence[int], prints: Sequence[Words]
    ) -> None:
        """Add revisions with their fingerprints."""
        if not revisions:
            return
        self.last = max(self.last, *revisions)
        if self.last >= len(self.articles):
            grown = np.zeros(2 * self.last, np.int32)
            grown[: len(self.articles)] = self.articles
            self.articles = grown
        self.articles[list(revisions)] = articles
        numbers = np.repeat(np.array(revisions, np.uint64), [len(one) for one in prints])
        run = np.sort((np.concatenate(prints) << _REVISION) | numbers)
        while self.runs and isinstance(before := self.runs[-1], Held):
            if len(before) >= 2 * len(run):
                break
            self.runs.pop()
            run = np.concatenate([before.numbers, run])
            run.sort(kind="stable")  # Timsort merges two sorted runs in one pass
        self.runs.append(Held(run))

    def settle(self) -> None:
        """Put what is in memory into a file if it is more than HELD."""
        first = sum(isinstance(run, Kept) for run in self.runs)
        size = sum(map(len, self.runs[first:]))
        if size <= HELD:
            return
        while first and len(self.runs[first - 1]) < 2 * size:
            first -= 1
            size += len(self.runs[first])
        with suppress(OSError):  # without room for a file, memory it is
            self.runs[first:] = [Kept.of(merged(self.runs[first:]), self.folder)]

    def copy(self) -> Index:
        """Return an index to which more revisions can be added while this one stays as it is."""
        return Index(self.folder, list(self.runs), self.articles, self.last)

    def candidates(
        self,
        articles: Sequence[int],
        texts: Sequence[tuple[Words, Places]],
        until: Sequence[int],
    ) -> list[list[int]]:
        """Return for each text, of a given article, the revisions of others to compare with.

        They share two fingerprints of one passage, or many that are formulas by themselves; of
        each text up to the revision `until`, as if none had come since.
        """
        sizes = [len(prints) for prints, _ in texts]
        if not sum(sizes):
            return [[] for _ in texts]
        asked = np.concatenate([prints for prints, _ in texts])
        places = np.concatenate([found for _, found in texts])
        owners = np.repeat(np.arange(len(texts)), sizes)
        order = np.argsort(asked)
        last = np.asarray(until, np.uint64)[owners]
        hit, revision, formula = self._postings(asked[order], last[order])
        hit = order[hit]
        owner = owners[hit]
        other = self.articles[revision] != np.asarray(articles, np.int32)[owner]
        pair = (owner[other].astype(np.int64) << _OF_REVISION) | revision[other]
        return _voted(len(texts), pair, places[hit][other], formula[other])

    def _postings(
        self, asked: Words, last: Words
    ) -> tuple[Places, NDArray[np.int64], NDArray[np.bool_]]:
        """Return for sorted fingerprints, each up to a last revision: which of them, in which
        revision, is it a formula."""
        low, high = asked << _REVISION, (asked << _REVISION) | last
        most = max(RULES.formula + 1, _FEW)
        found = [run.within(low, high, most) for run in self.runs]
        counts = np.sum([had for had, _ in found], axis=0, dtype=np.int64)
        formula: NDArray[np.bool_] = np.greater(counts, RULES.formula)
        hits, revisions = [], []
        left_over = np.where(formula, _FEW, counts)
        for had, numbers in found:
            taken = np.minimum(had, left_over)
            left_over = left_over - taken
            hits.append(np.repeat(np.arange(len(asked)), taken))
            chosen = numbers[spread(np.cumsum(had) - had, taken)]
            revisions.append((chosen & _MASK).astype(np.int64))
        hit = np.concatenate(hits)
        return hit, np.concatenate(revisions), formula[hit]


def _voted(
    count: int, pair: NDArray[np.int64], place: Places, formula: NDArray[np.bool_]
) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(count)]
    # One number each, which are sorted twice as fast as several keys.
    width = 62 - _OF_REVISION - count.bit_length()
    place = np.minimum(place, (1 << width) - 1)  # of no text that is a newspaper's
    keys = np.sort((pair << (width + 1)) | (place << 1) | formula)
    formula = (keys & 1).astype(bool)
    place, pair = (keys >> 1) & ((1 << width) - 1), keys >> (width + 1)
    close = np.zeros(len(pair), bool)
    rare = ~formula
    for step in (1, 2, 3, 4):
        gap = place[step:] - place[:-step]
        both = rare[step:] & rare[:-step] & (pair[step:] == pair[:-step])
        close[step:] |= both & (gap >= _APART) & (gap <= _NEAR)
    starts = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]][: len(pair)])
    if not len(starts):
        return found
    votes = np.diff(np.r_[starts, len(pair)])
    many = np.add.reduceat(formula.astype(np.int64), starts) >= RULES.runs
    chosen = np.flatnonzero(np.logical_or.reduceat(close, starts) | many)
    chosen = chosen[np.argsort(-votes[chosen], kind="stable")]
    for one in pair[starts[chosen]].tolist():
        mine = found[one >> _OF_REVISION]
        if len(mine) < MOST:
            mine.append(one & ((1 << _OF_REVISION) - 1))
    return found
