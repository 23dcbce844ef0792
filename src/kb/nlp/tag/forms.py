"""What a model sees of single words, found once a word: words are Zipf-distributed."""

from __future__ import annotations

from array import array

import numpy as np

from kb.nlp.tag.grams import Grams
from kb.nlp.tag.keys import Ints
from kb.nlp.tag.templates import EDGES, REACH, Templates, titled


class Forms(dict[str, int]):
    """The numbers of words, given at first sight, and what is known of each word.

    `weights[REACH + n, look]` is the sum of the weights that templates of one word give beside
    a word of that look, n words before it; float64 of shape (places, looks, labels). Words that
    all these templates see alike, such as all unknown ones, have the same look.
    """

    def __init__(self, templates: Templates, raw: Grams, low: Grams) -> None:
        super().__init__()
        single = [one for one in templates.all if one.span == 1]
        self._views = []
        for name in sorted({one.function for one in single}):
            tables = [(REACH + t.first, templates.known(t)) for t in single if t.function == name]
            values = frozenset(value for _, known in tables for value in known)
            self._views.append((templates.functions[name], values, tables))
        self._state = templates.model.state
        self._raw, self._low = raw.numbers, low.numbers
        self._looks: dict[tuple[str | None, ...], int] = {}
        self.weights = np.zeros((2 * REACH + 1, 1024, self._state.shape[1]))
        self._sums: list[tuple[int, int, int]] = []
        """Weights still to be added to a look's: place, look, row of the model."""
        for edge in ("", *EDGES):  # in the order of the rows of n-grams: NONE, BOS, EOS
            self._look((edge,) * len(self._views))
        self._columns = [array("q") for _ in range(4)]
        self.texts: list[str] = []
        """The words by their numbers."""

    def __missing__(self, word: str) -> int:
        look = tuple(
            [
                value if (value := function(word)) in values else None
                for function, values, _ in self._views
            ]
        )
        looks, raw, low, titles = self._columns
        looks.append(self._looks.get(look) or self._look(look))
        raw.append(self._raw.get(word, 0))
        low.append(self._low.get(word.lower(), 0))
        titles.append(titled(word))
        self.texts.append(word)
        self[word] = number = len(self)
        return number

    def _look(self, look: tuple[str | None, ...]) -> int:
        """Number a new look, and note the weights that it sums up."""
        number = self._looks[look] = len(self._looks)
        if number == self.weights.shape[1]:
            self.weights = np.concatenate((self.weights, np.zeros_like(self.weights)), axis=1)
        for value, (_, _, tables) in zip(look, self._views, strict=True):
            if value is not None:
                self._sums += [(at, number, known[value]) for at, known in tables if value in known]
        return number

    def columns(self, numbers: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the looks, the numbers in n-grams as they stand and in lower case, the titles."""
        if self._sums:
            places, looks, rows = np.array(self._sums).T
            np.add.at(self.weights, (places, looks), self._state[rows])
            self._sums.clear()
        look, raw, low, title = (
            np.frombuffer(column, dtype=np.intp)[numbers] for column in self._columns
        )
        return look, raw, low, title

    def forget(self) -> None:
        """Forget the words, not the looks: there are no more of these than the model tells."""
        self.clear()
        self.texts.clear()
        for column in self._columns:
            del column[:]
