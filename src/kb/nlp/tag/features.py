"""State scores of a batch of sentences: sums of weights, gathered array by array.

They are added in whatever order is fast, so that they may differ from the library's in the last
bits; where these decide (`crf.viterbi` tells), `Templates.exact` adds as the library does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kb.nlp.tag.crf import Floats
from kb.nlp.tag.forms import Forms
from kb.nlp.tag.grams import BOS, EOS, FIRST, NONE, Grams
from kb.nlp.tag.keys import Ints
from kb.nlp.tag.paths import Paths
from kb.nlp.tag.templates import EDGES, REACH, Template, Templates


class Scorer:
    """State scores by one model and its templates, and `paths` by its transitions."""

    def __init__(self, templates: Templates, *, spaced: bool) -> None:
        """Prepare the weights; `spaced` says whether words may hold spaces (`Hà Nội`)."""
        self.templates = templates
        self.paths = Paths(templates.model.transitions)
        longer = [one for one in templates.all if one.span > 1]
        raw = [one for one in longer if one.function == ""]
        low = [one for one in longer if one.function in ("lower", "is_in_dict")]
        self._raw = Grams(templates, raw, spaced=spaced)
        self._low = Grams(templates, low, spaced=spaced)
        self._titles = {
            (one.first, one.span): _title_weights(templates, one)
            for one in longer
            if one.function == "istitle"
        }
        self.forms = Forms(templates, self._raw, self._low)

    def score(self, words: Ints, lengths: Ints) -> Floats:
        """Return state scores, shape (words, labels).

        Args:
            words: numbers (`forms`) of the words, all sentences one after another.
            lengths: words of each sentence, each at least 1.
        """
        room = _Room(lengths)
        look, raw, low, title = self.forms.columns(words)
        scores = np.zeros((room.size, len(self.templates.model.labels)))
        spare = np.empty_like(scores)
        looks = np.where(room.before, BOS, EOS)
        looks[room.at] = look
        for step, weights in enumerate(self.forms.weights):
            _add(scores, weights, looks, step - REACH, spare)
        titles = room.spread(title) > 0
        titled = {2: titles & _ahead(titles, 1), 3: titles & _ahead(titles, 1) & _ahead(titles, 2)}
        every = (
            (self._raw.rows(room.spread(raw)), self._raw.weights),
            (self._low.rows(room.spread(low)), self._low.weights),
            ({span: np.where(flags, FIRST, NONE) for span, flags in titled.items()}, self._titles),
        )
        for rows_by_span, tables in every:
            for span, rows in rows_by_span.items():
                room.mark_edges(rows, span)
                for (first, length), table in tables.items():
                    if length == span:
                        _add(scores, table, rows, first, spare)
        inside: Floats = scores[room.at]
        return inside


class _Room:
    """Sentences one after another, each with room on both sides for what lies beyond its ends.

    `at[i]` is the place of word i; `before` says which places lie before a sentence.
    """

    def __init__(self, lengths: Ints) -> None:
        sentences = np.arange(len(lengths))
        words = int(lengths.sum())
        self.size = words + 2 * REACH * len(lengths)
        self.at = np.arange(words) + REACH * (1 + 2 * np.repeat(sentences, lengths))
        first = np.cumsum(lengths) - lengths + 2 * REACH * sentences
        self.before = np.zeros(self.size, dtype=bool)
        self._after = np.zeros(self.size, dtype=bool)
        for step in range(REACH):
            self.before[first + step] = True
            self._after[first + REACH + lengths + step] = True

    def spread(self, values: Ints) -> Ints:
        """Return values of the words by place; 0 beyond the sentences."""
        spread = np.zeros(self.size, dtype=np.intp)
        spread[self.at] = values
        return spread

    def mark_edges(self, rows: Ints, span: int) -> None:
        """Set the rows of n-grams that leave their sentence.

        One that begins before and reaches past it is counted as beginning before.
        """
        rows[_ahead(self._after, span - 1) | self._after] = EOS
        rows[self.before] = BOS


def _ahead(flags: npt.NDArray[np.bool_], steps: int) -> npt.NDArray[np.bool_]:
    """Return what holds so many places further on."""
    return np.concatenate((flags[steps:], np.zeros(steps, dtype=bool)))


def _add(scores: Floats, weights: Floats, rows: Ints, first: int, spare: Floats) -> None:
    """Add to every place the weights of what stands `first` places beside it."""
    inner = scores[REACH : len(scores) - REACH]
    beside = rows[REACH + first : len(rows) - REACH + first]
    # To all, though many have none: thrice as fast as to choose. Into an array that is there is
    # so again, and clipping saves a copy; all rows are there.
    inner += np.take(weights, beside, axis=0, out=spare[: len(inner)], mode="clip")


def _title_weights(templates: Templates, template: Template) -> Floats:
    """Return the weights of an n-gram in titles: of one that is not, beyond the edges, that is."""
    weights = np.zeros((FIRST + 1, len(templates.model.labels)))
    known = templates.known(template)
    for row, value in {NONE: "False", BOS: EDGES[0], EOS: EDGES[1], FIRST: "True"}.items():
        if value in known:
            weights[row] = templates.model.state[known[value]]
    return weights
