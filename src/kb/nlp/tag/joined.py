"""Words by the numbers of their syllables: most need no text to be put together."""

from __future__ import annotations

import numpy as np

from kb.nlp.tag.forms import Forms
from kb.nlp.tag.keys import Ints

_BITS = 32
"""Of a syllable's number in the key of two."""
_UNKNOWN = -1


class Joined(dict[int, int]):
    """The numbers of words of two syllables, by those of the syllables; and of one, in an array."""

    def __init__(self, syllables: Forms, words: Forms) -> None:
        super().__init__()
        self._syllables = syllables
        self._words = words
        self._alone = np.full(0, _UNKNOWN)

    def __missing__(self, key: int) -> int:
        texts = self._syllables.texts
        text = f"{texts[key >> _BITS]} {texts[key & (1 << _BITS) - 1]}"
        self[key] = number = self._words[text]
        return number

    def numbers(self, syllables: Ints, first: Ints, after: Ints) -> Ints:
        """Return the numbers of words.

        Args:
            syllables: numbers of all syllables, one sentence after another.
            first, after: where each word begins, and the place after its last syllable.
        """
        texts = self._syllables.texts
        if len(texts) > len(self._alone):
            new = np.full(2 * len(texts) - len(self._alone), _UNKNOWN)
            self._alone = np.concatenate((self._alone, new))
        numbers = self._alone[syllables[first]]
        count = after - first
        for place in np.flatnonzero((numbers == _UNKNOWN) & (count == 1)).tolist():
            syllable = int(syllables[first[place]])
            numbers[place] = self._alone[syllable] = self._words[texts[syllable]]
        two = np.flatnonzero(count == 2)
        keys = syllables[first[two]] << _BITS | syllables[first[two] + 1]
        numbers[two] = list(map(self.__getitem__, keys.tolist()))
        for place in np.flatnonzero(count > 2).tolist():
            parts = syllables[first[place] : after[place]].tolist()
            numbers[place] = self._words[" ".join(map(texts.__getitem__, parts))]
        return numbers

    def forget(self) -> None:
        """Forget all words: their numbers, or those of their syllables, are given anew."""
        self.clear()
        self._alone = np.full(0, _UNKNOWN)
