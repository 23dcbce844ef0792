"""Best paths of a batch of sentences: most labels are beyond doubt without looking far.

Where the best label of a word by its own score leads every other by more than transitions could
make up for, it is on the best path whatever stands around: and it parts the sentence in two. What
stays in doubt is a fifth of the words, in short stretches, and `crf.viterbi` decides there.
"""

from __future__ import annotations

import numpy as np

from kb.nlp.tag import crf
from kb.nlp.tag.crf import Flags, Floats, Ints

_PASSES = 3
"""Each knows the neighbours that the one before decided; a fourth decides one word in fifty."""
_FEW = 12
"""Labels that are enough for nine in ten stretches; the work grows with their square."""
_CERTAIN = 10
"""Times what paths may differ by and count as equal."""


class Paths:
    """Best paths by the transitions of one model."""

    def __init__(self, transitions: Floats) -> None:
        """Prepare what transitions can make up for; `transitions[i, j]` is of label j after i."""
        self.transitions = transitions
        self._labels = len(transitions)
        self._into, self._from = _gains(transitions), _gains(transitions.T)
        beyond = np.zeros((1, self._labels))
        self._after = np.concatenate((transitions, beyond))
        self._before = np.concatenate((transitions.T, beyond))

    def best(self, scores: Floats, lengths: Ints) -> tuple[Ints, Flags]:
        """Return what `crf.viterbi` returns for the same scores and lengths."""
        labels = self._labels
        best = scores.argmax(axis=1)
        # By place: what is decided, or that it is not; 0 and the last lie beyond the sentences.
        decided = np.full(len(scores) + 2, labels)
        ends = np.cumsum(lengths)
        first, last = np.zeros((2, len(scores)), dtype=bool)
        first[ends - lengths] = last[ends - 1] = True
        left = np.arange(len(scores))
        for _ in range(_PASSES):
            top = best[left]
            least = scores[left, top] - _CERTAIN * crf.ROUNDING
            before = np.where(first[left], labels + 1, decided[left])
            after = np.where(last[left], labels + 1, decided[left + 2])
            # Weights are gathered thrice as fast by `take`, which may clip: all rows are there.
            most = np.take(self._into, before * labels + top, axis=0, mode="clip")
            most += np.take(self._from, after * labels + top, axis=0, mode="clip")
            most += np.take(scores, left, axis=0, mode="clip")
            possible = most >= least[:, None]
            # The fastest way to count along so short a row; the best label is always counted.
            doubtful = np.einsum("ij->i", possible.view(np.uint8)) > 1
            decided[left[~doubtful] + 1] = top[~doubtful]
            left = left[doubtful]
        close = np.zeros(len(lengths), dtype=bool)
        if not left.size:
            return best, close
        before = np.where(first[left], labels, decided[left])
        after = np.where(last[left], labels, decided[left + 2])
        begins = np.flatnonzero(first[left] | (before < labels))
        stretches = np.diff(np.append(begins, len(left)))
        around = scores[left] + self._after[before] + self._before[after]
        for chosen, among in _shared(possible[doubtful], begins):
            rows = np.repeat(chosen, stretches)
            found, unsure = crf.viterbi(
                around[rows][:, among], stretches[chosen], self.transitions[np.ix_(among, among)]
            )
            best[left[rows]] = among[found]
            close[np.searchsorted(ends, left[begins[chosen][unsure]], side="right")] = True
        return best, close


def _shared(possible: Flags, begins: Ints) -> list[tuple[Flags, Ints]]:
    """Part stretches of words into those with few labels, the same for all, and those with any.

    Args:
        possible: which labels a word may have, shape (words, labels).
        begins: the first word of each stretch.

    Returns:
        Which stretches, and the labels that may stand in them, twice.
    """
    often = np.argsort(-possible.sum(axis=0), kind="stable")
    few, every = np.sort(often[:_FEW]), np.arange(len(often))
    beyond = np.logical_or.reduceat(possible[:, often[_FEW:]].any(axis=1), begins)
    return [(~beyond, few), (beyond, every)]


def _gains(transitions: Floats) -> Floats:
    """Return the most that a label can gain over another on one side of a word.

    Row `(beside * labels + best)` holds the gain of every label over `best`; `beside` is the
    label there, or `labels` if it is not decided, or one more if there is none.
    """
    labels = len(transitions)
    known = transitions[:, None, :] - transitions[:, :, None]
    rows = (known, known.max(axis=0, keepdims=True), np.zeros((1, labels, labels)))
    return np.concatenate(rows).reshape(-1, labels)
