"""State scores of a batch of sentences from underthesea's feature templates.

A template (`T[-1,0].lower`) looks at an n-gram of one column beside a token, through a function.
Values of all n-grams of a batch are found by C loops (`map`), their weights by gathering rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from kb.nlp.tag.crf import Floats, Ints, Model

Flags = npt.NDArray[np.bool_]
IsTitle = Callable[[str], bool]

_TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\[(\d+)\])?(?:\.(\w+))?$")
_REACH = 2
"""No template looks further than two tokens to either side."""
_NEAR_START = 4
"""Places from the start that templates of placeholders tell apart; the rest are alike."""
_EDGES = ("BOS", "EOS")
"""What every function gives where the n-gram would leave the sentence."""


class Batch:
    """Sentences one after another, each with room for what lies beyond its ends.

    `at[i]` is the place of token i among the padded tokens.
    """

    def __init__(self, lengths: Ints) -> None:
        self.lengths = lengths
        self.tokens = int(lengths.sum())
        self.starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.intp)
        sentences = np.repeat(np.arange(len(lengths)), lengths)
        self.within = np.arange(self.tokens) - self.starts[sentences]
        self.at = np.arange(self.tokens) + _REACH * (1 + 2 * sentences)
        self.places = self.tokens + 2 * _REACH * len(lengths)
        first = self.starts + 2 * _REACH * np.arange(len(lengths))
        last = first + _REACH + lengths
        steps = np.arange(_REACH)
        self.before = (first[:, None] + steps).ravel()
        self.after = (last[:, None] + steps).ravel()

    def pad(self, values: Sequence[str]) -> list[str]:
        """Spread the tokens' values over the padded places; the padding is empty."""
        padded = np.full(self.places, "", dtype=object)
        padded[self.at] = values
        return padded.tolist()

    def edges(self, span: int) -> tuple[Ints, Ints]:
        """Return where n-grams of a length begin before a sentence, and where they reach past it.

        One that begins before and reaches past is counted as beginning before, as in underthesea.
        """
        reaching = (self.after[:, None] - np.arange(span)).ravel()
        inside = np.zeros(self.places, dtype=bool)
        inside[reaching[reaching >= 0]] = True
        inside[self.before] = False
        return self.before, np.flatnonzero(inside)


@dataclass(frozen=True, slots=True)
class _View:
    """What templates look at: a function of the n-grams of one length in one column."""

    column: int
    span: int
    function: str


@dataclass(frozen=True, slots=True)
class _Step:
    """One template: where its n-gram begins beside the token, and the weights by value number."""

    view: _View
    offset: int
    rows: Floats


class Scorer:
    """State scores by one model and its templates.

    Weights are added template by template, as crfsuite does: in lists of names many paths are
    equally good but for the rounding, and the tags are to be the same.

    Templates over the column being predicted see only placeholders in underthesea's own code
    (`X`, or `BOS` near the start): their weights depend on the place in the sentence alone.
    """

    def __init__(
        self,
        model: Model,
        templates: Sequence[str],
        predicted: int,
        is_title: IsTitle,
        dictionary: frozenset[str] = frozenset(),
    ) -> None:
        self.model = model
        self._titles: dict[str, bool] = {}
        self._is_title = is_title
        self._dictionary = dictionary
        self._numbers: dict[_View, dict[str, int]] = {}
        self._steps: list[_Step | Floats] = []
        parsed = [(template, *_parse(template)) for template in templates]
        for template, view, _ in parsed:
            numbers = self._numbers.setdefault(view, {})
            for value in model.values.get(template, {}):
                numbers.setdefault(value, len(numbers) + 1)
        for template, view, offset in parsed:
            if view.column == predicted:
                self._steps.append(self._placeholders(template, view, offset))
            else:
                self._steps.append(_Step(view, offset, self._rows(template, view)))

    def _rows(self, template: str, view: _View) -> Floats:
        """Return the weights of a template by the number of its value; row 0 is no value."""
        numbers = self._numbers[view]
        rows = np.zeros((len(numbers) + 1, len(self.model.labels)))
        for value, row in self.model.values.get(template, {}).items():
            rows[numbers[value]] = self.model.state[row]
        return rows

    def _placeholders(self, template: str, view: _View, offset: int) -> Floats:
        """Return the weights of a template that sees placeholders, by the token's place."""
        known = self.model.values.get(template, {})
        rows = np.zeros((_NEAR_START, len(self.model.labels)))
        for place in range(_NEAR_START):
            row = known.get("BOS" if place + offset < 0 else " ".join("X" * view.span))
            if row is not None:
                rows[place] = self.model.state[row]
        return rows

    def score(self, columns: Sequence[Sequence[str]], lengths: Ints) -> Floats:
        """Return state scores, shape (tokens, labels).

        Args:
            columns: one sequence of values a column, all sentences one after another.
            lengths: tokens of each sentence, each at least 1.
        """
        batch = Batch(lengths)
        scores = np.zeros((batch.tokens, len(self.model.labels)))
        seen = self._look([batch.pad(column) for column in columns], batch)
        for step in self._steps:
            if isinstance(step, _Step):
                numbers = seen[step.view][batch.at + step.offset]
                known = np.flatnonzero(numbers)  # most n-grams are in no model
                scores[known] += step.rows[numbers[known]]
            else:
                scores += step[np.minimum(batch.within, _NEAR_START - 1)]
        return scores

    def _look(self, padded: list[list[str]], batch: Batch) -> dict[_View, Ints]:
        """Return, for each view, the number of its value at each padded place; 0 if unknown."""
        seen: dict[_View, Ints] = {}
        grams: dict[tuple[int, int], list[str]] = {}
        for view, numbers in self._numbers.items():
            if view.column >= len(padded):  # the column being predicted
                continue
            place = view.column, view.span
            if place not in grams:
                grams[place] = _grams(padded[view.column], view.span)
            texts = grams[place]
            match view.function:
                case "":
                    found = _look_up(numbers, texts)
                case "lower":
                    found = _look_up(numbers, map(str.lower, texts))
                case "istitle":
                    flags = self._all_titles(padded[view.column], view.span)
                    found = _choose(numbers, flags)
                case "isdigit":
                    found = _choose(numbers, _flags(map(str.isdigit, texts)))
                case "is_in_dict":
                    known = map(self._dictionary.__contains__, map(str.lower, texts))
                    found = _choose(numbers, _flags(known))
                case _:
                    raise ValueError(f"not a feature function: {view.function}")
            for name, places in zip(_EDGES, batch.edges(view.span), strict=True):
                found[places] = numbers.get(name, 0)
            seen[view] = found
        return seen

    def _all_titles(self, padded: list[str], span: int) -> Flags:
        """Whether all words of each n-gram are titled; words are judged once and remembered."""
        for word in set(padded) - self._titles.keys():
            self._titles[word] = self._is_title(word)
        single = _flags(map(self._titles.__getitem__, padded))
        flags = single.copy()
        for step in range(1, span):
            flags[:-step] &= single[step:]
        return flags


def _parse(template: str) -> tuple[_View, int]:
    match = _TEMPLATE.match(template)
    if match is None:
        raise ValueError(f"not a feature template: {template}")
    first, last = int(match[1]), int(match[2] or match[1])
    return _View(int(match[3] or 0), last - first + 1, match[4] or ""), first


def _look_up(numbers: dict[str, int], values: Iterable[str]) -> Ints:
    return np.fromiter(map(numbers.get, values, repeat(0)), dtype=np.intp)


def _choose(numbers: dict[str, int], flags: Flags) -> Ints:
    return np.where(flags, numbers.get("True", 0), numbers.get("False", 0))


def _grams(padded: list[str], span: int) -> list[str]:
    """Return the n-gram that begins at each place; the last ones are short."""
    if span == 1:
        return padded
    shifted = [padded[step:] + [""] * step for step in range(span)]
    return list(map(" ".join, zip(*shifted, strict=True)))


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)
