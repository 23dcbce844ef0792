"""N-grams that a model has weights for, looked up by the numbers of their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np

from kb.nlp.tag.crf import Floats
from kb.nlp.tag.keys import Ints, Keys
from kb.nlp.tag.templates import EDGES, Template, Templates

NONE, BOS, EOS, FIRST = range(4)
"""Rows of weights: an n-gram that is not known, beyond either edge, the first that is known."""
_BITS = 24
"""Of a number within a key; models and dictionary hold some 20,000 different words."""


class Grams:
    """Bigrams and trigrams of words as they stand, or in lower case.

    Where words hold spaces (`Hà Nội`), the same n-gram may be made of different words: all ways
    to cut it are known.
    """

    def __init__(self, templates: Templates, chosen: Sequence[Template], *, spaced: bool) -> None:
        """Prepare templates of more than one word that look at the same form of a word."""
        self.numbers: dict[str, int] = {}
        """The words that are part of an n-gram."""
        self.weights: dict[tuple[int, int], Floats] = {}
        """By first place and span: weights of every row, shape (rows, labels)."""
        pairs: dict[int, int] = {}
        pair_rows, triples = [0], {}
        for span in (2, 3):
            longer = [one for one in chosen if one.span == span]
            rows: dict[str, int] = {}
            for gram in _known(templates, longer):
                for first, second, *third in _cuts(gram.split(" "), span, spaced=spaced):
                    row = rows.setdefault(gram, FIRST + len(rows))
                    key = self._number(first) << _BITS | self._number(second)
                    pair = pairs.setdefault(key, len(pairs) + 1)
                    if pair == len(pair_rows):
                        pair_rows.append(NONE)
                    if third:
                        triples[pair << _BITS | self._number(third[0])] = row
                    else:
                        pair_rows[pair] = row
            for one in longer:
                table = np.zeros((FIRST + len(rows), len(templates.model.labels)))
                weights = self.weights.setdefault((one.first, span), table)
                _weigh(weights, templates, one, rows)
        self._pairs, self._triples = Keys(pairs), Keys(triples)
        self._pair_rows = np.array(pair_rows, dtype=np.intp)

    def rows(self, numbers: Ints) -> dict[int, Ints]:
        """Return, by span, the row of weights of the n-gram that begins at each word.

        Args:
            numbers: the words' numbers; 0 for one that is part of no n-gram.
        """
        pairs = np.zeros(len(numbers), dtype=np.intp)
        at = np.flatnonzero((numbers[:-1] > 0) & (numbers[1:] > 0))
        pairs[at] = self._pairs.find(numbers[at] << _BITS | numbers[at + 1])
        triples = np.zeros(len(numbers), dtype=np.intp)
        at = np.flatnonzero((pairs[:-2] > 0) & (numbers[2:] > 0))
        triples[at] = self._triples.find(pairs[at] << _BITS | numbers[at + 2])
        return {2: self._pair_rows[pairs], 3: triples}

    def _number(self, word: str) -> int:
        return self.numbers.setdefault(word, len(self.numbers) + 1)


def _weigh(weights: Floats, templates: Templates, one: Template, rows: dict[str, int]) -> None:
    """Add the weights of one template to those of its place and span."""
    state, known = templates.model.state, templates.known(one)
    for row, edge in zip((BOS, EOS), EDGES, strict=True):
        if edge in known:
            weights[row] += state[known[edge]]
    if one.function != "is_in_dict":
        told = [(rows[gram], row) for gram, row in known.items() if gram in rows]
        at, found = np.array(told, dtype=np.intp).reshape(-1, 2).T
        weights[at] += state[found]
        return
    inside = np.zeros(len(weights), dtype=bool)
    inside[[row for gram, row in rows.items() if gram in templates.dictionary]] = True
    outside = ~inside
    outside[[BOS, EOS]] = False
    for value, chosen in (("True", inside), ("False", outside)):
        if value in known:
            weights[chosen] += state[known[value]]


def _known(templates: Templates, chosen: Sequence[Template]) -> dict[str, None]:
    """Return the n-grams that templates tell from others, in a fixed order."""
    found = dict.fromkeys(
        gram for one in chosen if one.function != "is_in_dict" for gram in templates.known(one)
    )
    if any(one.function == "is_in_dict" for one in chosen):
        found |= dict.fromkeys(templates.dictionary)
    for edge in EDGES:
        found.pop(edge, None)
    return found


def _cuts(parts: list[str], span: int, *, spaced: bool) -> Iterator[Sequence[str]]:
    """Yield the ways to make words of the syllables of an n-gram."""
    if len(parts) == span:
        yield parts
    elif spaced:
        for places in combinations(range(1, len(parts)), span - 1):
            yield [" ".join(parts[a:b]) for a, b in pairwise([0, *places, len(parts)])]
