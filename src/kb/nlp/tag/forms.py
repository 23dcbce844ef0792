"""What a model sees of single words, found once a word: words are Zipf-distributed."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from kb.nlp.tag.crf import Floats
from kb.nlp.tag.grams import Grams
from kb.nlp.tag.keys import Ints
from kb.nlp.tag.templates import EDGES, REACH, Template, Templates, titled

_MORE = 2048
"""Looks that room is made for at a time; two thousand articles have some 11,000."""


class _View:
    """What the templates of one function see of single words.

    `values` numbers what they tell from others, from 1 on; `rows[REACH + n, value]` is the row
    of weights beside a word with this value n words before it.
    """

    def __init__(self, templates: Templates, function: str, same: Sequence[Template]) -> None:
        self.function = templates.functions[function]
        told = dict.fromkeys(value for one in same for value in templates.known(one))
        self.values = {value: number for number, value in enumerate(told, start=1)}
        nothing = len(templates.model.state) - 1
        self.rows = np.full((2 * REACH + 1, len(told) + 1), nothing)
        for one in same:
            known = templates.known(one)
            numbers = [self.values[value] for value in known]
            self.rows[REACH + one.first, numbers] = list(known.values())


class Forms(dict[str, int]):
    """The numbers of words, given at first sight, and what is known of each word.

    `weights[REACH + n, look]` is the sum of the weights that templates of one word give beside
    a word of that look, n words before it; float64 of shape (places, looks, labels). Words that
    all these templates see alike, such as all unknown ones, have the same look.
    """

    def __init__(self, templates: Templates, raw: Grams, low: Grams) -> None:
        super().__init__()
        single = [one for one in templates.all if one.span == 1]
        names = ["", "lower", *sorted({one.function for one in single} - {"", "lower"})]
        self._views = [
            _View(templates, name, [one for one in single if one.function == name])
            for name in names
        ]
        self._as_it_stands, self._lowered = (view.values for view in self._views[:2])
        self._asked = [(view.function, view.values) for view in self._views[2:]]
        self._state = templates.model.state
        self._raw, self._low = raw.numbers, low.numbers
        self._looks: dict[tuple[int, ...], int] = {}
        self._known = 0
        """Looks that have their weights."""
        self._new: list[tuple[int, ...]] = []
        """Those that have none yet."""
        self.weights = self._room()
        for edge in ("", *EDGES):  # in the order of the rows of n-grams: NONE, BOS, EOS
            self._look(tuple(view.values.get(edge, 0) for view in self._views))
        self._columns = [array("q") for _ in range(4)]
        self.texts: list[str] = []
        """The words by their numbers."""

    def __missing__(self, word: str) -> int:
        lower = word.lower()
        look = (
            self._as_it_stands.get(word, 0),
            self._lowered.get(lower, 0),
            *[values.get(function(word), 0) for function, values in self._asked],
        )
        number = self._looks.get(look)
        looks, raw, low, titles = self._columns
        looks.append(self._look(look) if number is None else number)
        raw.append(self._raw.get(word, 0))
        low.append(self._low.get(lower, 0))
        titles.append(titled(word))
        self.texts.append(word)
        self[word] = number = len(self)
        return number

    def _room(self) -> Floats:
        """Return weights for more looks; not for twice as many, which would fill the memory."""
        return np.zeros((2 * REACH + 1, _MORE, self._state.shape[1]))

    def _look(self, look: tuple[int, ...]) -> int:
        """Number a new look."""
        number = self._looks[look] = self._known + len(self._new)
        self._new.append(look)
        return number

    def _weigh(self) -> None:
        """Sum up the weights of new looks."""
        seen = np.array(self._new, dtype=np.intp).T
        new = slice(self._known, self._known + len(self._new))
        while new.stop > self.weights.shape[1]:
            self.weights = np.concatenate((self.weights, self._room()), axis=1)
        for view, values in zip(self._views, seen, strict=True):
            self.weights[:, new] += self._state[view.rows[:, values]]
        self._known = new.stop
        self._new.clear()

    def columns(self, numbers: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the looks, the numbers in n-grams as they stand and in lower case, the titles."""
        if self._new:
            self._weigh()
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
