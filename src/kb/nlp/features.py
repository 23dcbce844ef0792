"""State scores of a batch of sentences from underthesea's feature templates.

A template (`T[-1,0].lower`) looks at an n-gram of one column beside a token. Each n-gram is
scored once for every place from which a token may look at it, and that block of weights is
remembered: words are Zipf distributed, so almost every look-up is a hit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from kb.nlp.crf import Floats, Ints, Model

BOS, EOS = "\x02", "\x03"
"""Padding before and after a sentence; no token can hold these characters."""

Function = Callable[[str], str]
_Places = dict[int, list[tuple[str, Function]]]
"""By place of the n-gram beside the token: the templates that see it, with their functions."""
_TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\[(\d+)\])?(?:\.(\w+))?$")
_REACH = 2
"""No template looks further than two tokens to either side."""
_MOST = 400_000
"""N-grams remembered before a table starts anew: bounds memory at some tens of MB."""


class _Table:
    """The weights of all n-grams of one length in one column, filled as they are met.

    A block has shape (places, labels). Each function of the templates keeps the blocks of the
    values that its model knows; an n-gram's block is their sum, and most n-grams share one.
    """

    def __init__(self, model: Model, span: int, places: _Places) -> None:
        self.span = span
        self.offsets = sorted(places)
        self.shape = (len(self.offsets), len(model.labels))
        templates: dict[Function, dict[str, int]] = defaultdict(dict)
        for place, offset in enumerate(self.offsets):
            for template, function in places[offset]:
                templates[function][template] = place
        self.functions = [
            (function, self._blocks_of(model, found)) for function, found in templates.items()
        ]
        self.index: dict[tuple[str, ...], int] = {}
        self.sums: dict[tuple[int, ...], int] = {}
        self.blocks: list[Floats] = []

    def _blocks_of(self, model: Model, templates: dict[str, int]) -> dict[str, Floats]:
        blocks: dict[str, Floats] = {}
        for template, place in templates.items():
            for value, row in model.values.get(template, {}).items():
                block = blocks.setdefault(value, np.zeros(self.shape))
                block[place] += model.state[row]
        return blocks

    def _number(self, gram: tuple[str, ...]) -> int:
        edge = "BOS" if gram[0] == BOS else "EOS" if EOS in gram else None
        text = " ".join(gram)
        found = [blocks.get(edge or function(text)) for function, blocks in self.functions]
        key = tuple(map(id, found))
        number = self.sums.setdefault(key, len(self.blocks))
        if number == len(self.blocks):
            known = [block for block in found if block is not None]
            self.blocks.append(np.sum(known, axis=0) if known else np.zeros(self.shape))
        self.index[gram] = number
        return number

    def add(self, scores: Floats, padded: Sequence[str], at: Ints) -> None:
        """Add to `scores` what these n-grams say; `at` are the tokens' places in `padded`."""
        if len(self.index) > _MOST:
            self.index.clear()
        grams = zip(*(padded[i:] for i in range(self.span)), strict=False)
        get, number = self.index.get, self._number
        numbers = [found if (found := get(gram)) is not None else number(gram) for gram in grams]
        flat = np.asarray(numbers, dtype=np.intp)
        blocks = np.asarray(self.blocks)
        for place, offset in enumerate(self.offsets):
            scores += blocks[flat[at + offset], place]


class Scorer:
    """State scores by one model and its templates.

    Templates over the column being predicted see only placeholders in underthesea's own code
    (`X`, or `BOS` near the start): their weights depend on the place in the sentence alone.
    """

    def __init__(
        self, model: Model, templates: Sequence[str], predicted: int, functions: dict[str, Function]
    ) -> None:
        self.model = model
        places: dict[tuple[int, int], _Places] = defaultdict(lambda: defaultdict(list))
        self.start = np.zeros((4, len(model.labels)))
        for template in templates:
            match = _TEMPLATE.match(template)
            if match is None:
                raise ValueError(f"not a feature template: {template}")
            first, last = int(match[1]), int(match[2] or match[1])
            column = int(match[3] or 0)
            if column == predicted:
                self._placeholder(template, first, last)
                continue
            function = functions[match[4]] if match[4] else str
            places[column, last - first + 1][first].append((template, function))
        self.tables = [
            (column, _Table(model, span, found)) for (column, span), found in places.items()
        ]

    def _placeholder(self, template: str, first: int, last: int) -> None:
        for place in range(len(self.start)):
            value = "BOS" if place + first < 0 else " ".join("X" * (last - first + 1))
            row = self.model.values.get(template, {}).get(value)
            if row is not None:
                self.start[place] += self.model.state[row]

    def score(self, columns: Sequence[Sequence[str]], lengths: Ints) -> Floats:
        """Return state scores, shape (tokens, labels).

        Args:
            columns: one sequence of values a column, all sentences one after another.
            lengths: tokens of each sentence.
        """
        total = int(lengths.sum())
        scores = np.zeros((total, len(self.model.labels)))
        if not total:
            return scores
        starts = np.concatenate(([0], np.cumsum(lengths)))
        within = np.arange(total) - np.repeat(starts[:-1], lengths)
        scores += self.start[np.minimum(within, len(self.start) - 1)]
        at = np.arange(total) + np.repeat(_REACH + 2 * _REACH * np.arange(len(lengths)), lengths)
        for column, table in self.tables:
            padded: list[str] = []
            for start, end in pairwise(starts.tolist()):
                padded += [BOS] * _REACH
                padded += columns[column][start:end]
                padded += [EOS] * _REACH
            table.add(scores, padded + [EOS] * (table.span - 1), at)
        return scores
