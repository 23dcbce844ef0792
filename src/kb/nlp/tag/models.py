"""Words, parts of speech and entity tags of a batch of sentences, as underthesea gives them.

underthesea's `ner()` runs word segmentation, POS, chunks and entities, and rebuilds every
feature of a sentence for every template of every token. Here its own tokenizer, dictionary,
normaliser and models are used, each once a sentence; chunk tags are left out, since no template
of the entity model looks at them. Tags are the same: `tests/nlp/test_tag.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.nlp.tag.crf import Ints, load_model, viterbi
from kb.nlp.tag.features import Scorer


@dataclass(frozen=True, slots=True)
class Word:
    """One segmented word: `start:end` are code points of the sentence.

    `text` is underthesea's form (one space between syllables, tone marks in its style).
    """

    start: int
    end: int
    text: str
    pos: str
    entity: str
    """BIO tag: `O`, `B-PER`, `I-LOC` …"""


def _not_lower(word: str) -> bool:
    """`istitle` as underthesea_core's featurizer has it: the word does not begin in lower case."""
    return not word[:1].islower()


def _folders() -> tuple[Path, Path]:
    """Return the folders of underthesea's models: all of them, and the segmenter's."""
    import underthesea

    pipeline = Path(underthesea.__file__).parent / "pipeline"
    return pipeline, pipeline / "word_tokenize" / "models" / "ws_crf_vlsp2013_20230727"


@lru_cache(maxsize=1)
def segmenter_dictionary() -> frozenset[str]:
    """Return the 72,547 words, in lower case, that underthesea's segmenter knows."""
    import joblib

    return frozenset(joblib.load(_folders()[1] / "dictionary.bin"))


class Tagger:
    """underthesea 9.5.0's default models behind one batch call; build once a process."""

    def __init__(self) -> None:
        import joblib
        from underthesea.pipeline.ner.tagged_feature import text_istitle
        from underthesea.pipeline.text_normalize import token_normalize
        from underthesea.pipeline.word_tokenize.regex_tokenize import patterns

        pipeline, segmenter = _folders()
        self._patterns = patterns
        self._normalize = lru_cache(maxsize=100_000)(token_normalize)
        self._words = Scorer(
            load_model(segmenter / "models.bin"),
            joblib.load(segmenter / "features.bin"),
            predicted=-1,
            is_title=_not_lower,
            dictionary=segmenter_dictionary(),
        )
        pos = load_model(pipeline / "pos_tag" / "pos_crf_2017_10_11.bin")
        self._pos = Scorer(pos, POS, 1, text_istitle)
        entities = load_model(pipeline / "ner" / "ner_crf_2017_10_12.bin")
        self._entities = Scorer(entities, ENTITIES, 3, text_istitle)

    def tag(self, sentences: Sequence[str]) -> list[list[Word]]:
        """Tag clean sentences (NFC, one line each); an empty one gives an empty list."""
        spans, texts = [], []
        for sentence in sentences:
            found = [match.span() for match in self._patterns.finditer(sentence)]
            spans.append(found)
            texts += [self._normalize(sentence[start:end]) for start, end in found]
        inside = self._decode(self._words, [texts], [len(found) for found in spans])
        words, places = self._join(spans, texts, [label == "I-W" for label in inside])
        lengths = [len(found) for found in places]
        pos = self._decode(self._pos, [words], lengths)
        entities = self._decode(self._entities, [words, pos], lengths)
        rows = iter(zip(words, pos, entities, strict=True))
        return [
            [Word(start, end, *row) for (start, end), row in zip(found, rows, strict=False)]
            for found in places
        ]

    @staticmethod
    def _decode(scorer: Scorer, columns: list[list[str]], lengths: list[int]) -> list[str]:
        kept: Ints = np.array([length for length in lengths if length], dtype=np.intp)
        if not kept.size:
            return []
        scores = scorer.score(columns, kept)
        labels = scorer.model.labels
        return [labels[n] for n in viterbi(scores, kept, scorer.model.transitions).tolist()]

    @staticmethod
    def _join(
        spans: list[list[tuple[int, int]]], texts: list[str], inside: list[bool]
    ) -> tuple[list[str], list[list[tuple[int, int]]]]:
        """Join syllables into words; the first syllable of a sentence always begins one."""
        words: list[str] = []
        places: list[list[tuple[int, int]]] = []
        rows = iter(zip(texts, inside, strict=True))
        for found in spans:
            place: list[tuple[int, int]] = []
            for (start, end), (text, joined) in zip(found, rows, strict=False):
                if joined and place:
                    words[-1] += " " + text
                    place[-1] = (place[-1][0], end)
                else:
                    words.append(text)
                    place.append((start, end))
            places.append(place)
        return words, places


# The templates of underthesea 9.5.0 (pipeline/pos_tag/model_crf.py, pipeline/ner/model_crf.py).
_WORDS = (
    "T[-2].lower", "T[-1].lower", "T[0].lower", "T[1].lower", "T[2].lower",
    "T[0].istitle", "T[-1].istitle", "T[1].istitle",
    "T[-2]", "T[-1]", "T[0]", "T[1]", "T[2]",
    "T[-2,-1]", "T[-1,0]", "T[0,1]", "T[1,2]",
)  # fmt: skip
POS = (*_WORDS, "T[-3][1]", "T[-2][1]", "T[-1][1]", "T[-3,-2][1]", "T[-2,-1][1]")
ENTITIES = (
    *_WORDS, "T[-2].istitle", "T[2].istitle",
    "T[-2][1]", "T[-1][1]", "T[0][1]", "T[1][1]", "T[2][1]",
    "T[-2,-1][1]", "T[-1,0][1]", "T[0,1][1]", "T[1,2][1]",
    "T[-3][3]", "T[-2][3]", "T[-1][3]",
)  # fmt: skip


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """Return this process's tagger; the first call loads the models (about a second)."""
    return Tagger()
