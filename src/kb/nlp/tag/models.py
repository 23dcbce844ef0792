"""Words and parts of speech of a batch of sentences, as underthesea gives them.

Segmentation is that of its `word_tokenize`; parts of speech are those of its model 2.0, which
`pos_tag(model="v2.0")` loads (and crashes on its second call): both are of one class,
`FastCRFSequenceTagger`. Here the library's own tokenizer, dictionary, normaliser and models are
used, so that words and tags are the same: `python -m benchmarks.same_tags`.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise, repeat
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np

from kb.errors import ConfigError
from kb.nlp.tag.crf import Ints, load_model, viterbi
from kb.nlp.tag.features import Scorer
from kb.nlp.tag.joined import Joined
from kb.nlp.tag.templates import Templates

_BATCH = 100_000
"""Code points decoded together: some 20,000 words, as many as fit the processor's cache."""
MOST = 60_000
"""Different words remembered; two thousand articles have some 55,000."""


class Word(NamedTuple):
    """One segmented word: `start:end` are code points of the sentence.

    `text` is underthesea's form (one space between syllables, tone marks in its style).
    """

    start: int
    end: int
    text: str
    pos: str


class Tagger:
    """underthesea 9.5.0's models behind one batch call; build once a process."""

    def __init__(self) -> None:
        from kb.nlp.tag.tokens import Tokenizer

        words, pos = folders()
        self._words = Scorer(_templates(words, segmenter_dictionary()), spaced=False)
        self._pos = Scorer(_templates(pos), spaced=True)
        self._tokenizer = Tokenizer(self._words.forms)
        self._joined = Joined(self._words.forms, self._pos.forms)
        self._lock = Lock()  # words are numbered as they come

    def tag(self, sentences: Sequence[str]) -> list[list[Word]]:
        """Tag clean sentences (NFC, one line each); an empty one gives an empty list."""
        rows: list[list[Word]] = [[]] * len(sentences)
        with self._lock:
            for batch in _batches(sentences):
                self._bound()
                words = self._tag([sentences[place] for place in batch])
                for place, found in zip(batch, words, strict=True):
                    rows[place] = found
        return rows

    def _bound(self) -> None:
        """Forget words when there are too many, and all that refers to them by their numbers."""
        full = self._tokenizer.full(), len(self._pos.forms) > MOST
        if full[0]:
            self._tokenizer.forget()
        if full[1]:
            self._pos.forms.forget()
        if any(full):
            self._joined.forget()

    def _tag(self, sentences: Sequence[str]) -> list[list[Word]]:
        tokens = self._tokenizer.cut(sentences)
        inside = self._decode(self._words, tokens.numbers, tokens.lengths)
        begins = inside != self._words.templates.model.labels.index("I-W")
        offsets = np.concatenate(([0], np.cumsum(tokens.lengths)))
        begins[offsets[:-1][tokens.lengths > 0]] = True  # a sentence begins with a word
        first = np.flatnonzero(begins)
        after = np.append(first, len(begins))[1:]
        numbers = self._joined.numbers(tokens.numbers, first, after)
        bounds = np.searchsorted(first, offsets)
        tags = self._decode(self._pos, numbers, np.diff(bounds))
        labels = [label[2:] for label in self._pos.templates.model.labels]  # all are `B-…`
        fields = zip(
            tokens.starts[first].tolist(),
            tokens.ends[after - 1].tolist(),
            map(self._pos.forms.texts.__getitem__, numbers.tolist()),  # each once in memory
            map(labels.__getitem__, tags.tolist()),
            strict=True,
        )
        # Three times as fast as calling `Word`, and there are twenty of them a sentence.
        rows = list(map(tuple.__new__, repeat(Word), fields))
        cuts = bounds.tolist()
        return [rows[a:b] for a, b in pairwise(cuts)]

    @staticmethod
    def _decode(scorer: Scorer, numbers: Ints, lengths: Ints) -> Ints:
        """Return the number of the best label of every word, as the library would decide."""
        kept, texts = lengths[lengths > 0], scorer.forms.texts
        if not kept.size:
            return np.zeros(0, dtype=np.intp)
        best, close = scorer.paths.best(scorer.score(numbers, kept), kept)
        starts = np.cumsum(kept) - kept
        for sentence in np.flatnonzero(close).tolist():
            a, b = int(starts[sentence]), int(starts[sentence] + kept[sentence])
            exact = scorer.templates.exact([texts[number] for number in numbers[a:b].tolist()])
            transitions = scorer.templates.model.transitions
            best[a:b], _ = viterbi(exact, kept[sentence : sentence + 1], transitions)
        return best


def _batches(sentences: Sequence[str]) -> Iterator[list[int]]:
    """Yield places of sentences of like length, which are decoded in the fewest steps."""
    batch: list[int] = []
    size = 0
    for place in sorted(range(len(sentences)), key=lambda place: len(sentences[place])):
        batch.append(place)
        size += len(sentences[place])
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def folders() -> tuple[Path, Path]:
    """Return the folders of underthesea's models: of its segmenter and of its tagger 2.0."""
    spec = find_spec("underthesea")
    if spec is None or spec.origin is None:
        raise ConfigError("underthesea is not installed; install underthesea==9.5.0")
    pipeline = Path(spec.origin).parent / "pipeline"
    return (
        pipeline / "word_tokenize" / "models" / "ws_crf_vlsp2013_20230727",
        pipeline / "pos_tag" / "models" / "pos_crf_vlsp2013_20230303",
    )


def _templates(folder: Path, dictionary: frozenset[str] = frozenset()) -> Templates:
    names: list[str] = pickle.loads((folder / "features.bin").read_bytes())
    return Templates(load_model(folder / "models.bin"), names, dictionary)


@lru_cache(maxsize=1)
def segmenter_dictionary() -> frozenset[str]:
    """Return the 72,547 words, in lower case, that underthesea's segmenter knows."""
    return frozenset(pickle.loads((folders()[0] / "dictionary.bin").read_bytes()))


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """Return this process's tagger; the first call loads the models (about a second)."""
    return Tagger()
