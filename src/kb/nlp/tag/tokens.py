"""Syllables, numbers and marks of a batch of sentences, as underthesea's tokenizer cuts them.

No pattern of its tokenizer matches a space, and none looks beyond one but for the end of the
sentence: what stands between two spaces is always cut alike, so it is cut once.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from underthesea.pipeline.text_normalize.text_normalizer import character_map, token_map
from underthesea.pipeline.word_tokenize.regex_tokenize import patterns

from kb.nlp.tag.forms import Forms
from kb.nlp.tag.keys import Ints

MOST = 60_000
"""Different chunks remembered; two thousand articles have some 60,000."""
_CHARACTERS = str.maketrans(character_map)


class Tokens(NamedTuple):
    """Tokens of sentences, one sentence after another; spans are code points of a sentence."""

    numbers: Ints
    """As the tokenizer's forms number them."""
    starts: Ints
    ends: Ints
    lengths: Ints
    """Tokens of each sentence; an empty one has none."""


class Tokenizer(dict[str, int]):
    """What stands between spaces, numbered; a leading space marks the last of a sentence."""

    def __init__(self, forms: Forms) -> None:
        super().__init__()
        self._forms = forms
        self._first, self._count, self._width = array("q"), array("q"), array("q")
        self._tokens, self._start, self._end = array("q"), array("q"), array("q")

    def __missing__(self, chunk: str) -> int:
        last = chunk[:1] == " "
        text = (chunk[1:] if last else chunk + " ").translate(_CHARACTERS)
        self._first.append(len(self._tokens))
        for start, end in _spans(text):
            token = text[start:end]
            self._tokens.append(self._forms[token_map.get(token, token)])
            self._start.append(start)
            self._end.append(end)
        self._count.append(len(self._tokens) - self._first[-1])
        self._width.append(len(chunk) - last)
        self[chunk] = number = len(self)
        return number

    def cut(self, sentences: Sequence[str]) -> Tokens:
        """Cut clean sentences into tokens."""
        chunks: list[str] = []
        counts: list[int] = []
        for sentence in sentences:
            parts = sentence.split(" ")
            parts[-1] = " " + parts[-1]
            chunks += parts
            counts.append(len(parts))
        numbers = np.fromiter(map(self.__getitem__, chunks), dtype=np.intp, count=len(chunks))
        first, count, width = (
            np.frombuffer(column, dtype=np.intp)[numbers]
            for column in (self._first, self._count, self._width)
        )
        per_sentence = np.array(counts, dtype=np.intp)
        opening = np.cumsum(per_sentence) - per_sentence  # the first chunk of each sentence
        begin = np.cumsum(width + 1) - width - 1
        begin -= np.repeat(begin[opening], per_sentence)
        places = np.arange(count.sum()) + np.repeat(first - np.cumsum(count) + count, count)
        begins = np.repeat(begin, count)
        tokens, starts, ends = (
            np.frombuffer(column, dtype=np.intp)[places]
            for column in (self._tokens, self._start, self._end)
        )
        return Tokens(tokens, begins + starts, begins + ends, np.add.reduceat(count, opening))

    def full(self) -> bool:
        """Whether there are more chunks than are to be remembered."""
        return len(self) > MOST

    def forget(self) -> None:
        """Forget all chunks, and the forms of their tokens."""
        self.clear()
        self._forms.forget()
        for column in (self._first, self._count, self._width, self._tokens, self._start, self._end):
            del column[:]


def _spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of the tokens of a chunk, after which a space or the sentence's end stands.

    Letters alone, or with a comma, make up most chunks, and need no patterns: no pattern cuts
    them but the one that takes `Th.S` for a title, with any character for the dot.
    """
    chunk = text.rstrip(" ")
    letters = chunk.removesuffix(",")
    if letters.isalpha() and letters[3:4] not in ("S", "s"):
        size = len(letters)
        return [(0, size)] if size == len(chunk) else [(0, size), (size, size + 1)]
    return [match.span() for match in patterns.finditer(text)]
