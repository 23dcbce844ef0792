"""What stands around a name in its article: the clues for and against an entry, weighed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.registry.model import Clue
from kb.text import expand, name_form

_WORD = re.compile(r"\w+")
_HALF = 30.0
"""At this distance, in words, an occurrence weighs half of one beside the name: about the length
of a sentence of the press (25 words in the seed articles)."""


@dataclass(frozen=True, slots=True)
class Side:
    """The words of a clue, or those that they must outweigh, ready to be looked for."""

    padded: tuple[str, ...]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Side:
        """Prepare words; `[a|b]` stands for one of several, as in aliases, `#` for a number."""
        forms = sorted({name_form(form) for word in words for form in expand(word)}, key=len)
        body = "|".join(re.escape(form) or r"\d+" for form in reversed(forms))
        return cls(tuple(f" {form} " for form in forms), re.compile(rf"(?<= )(?:{body})(?= )"))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clue ready to be looked for."""

    clue: Clue
    words: Side
    than: Side | None

    @classmethod
    def of(cls, clue: Clue) -> Weighed:
        """Prepare a clue."""
        return cls(clue, Side.of(clue.words), Side.of(clue.than) if clue.than else None)


class Evidence:
    """The words of one article, all fields one after another; looked at only when asked."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = forms
        self._seen: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def _fields(self) -> list[list[int]]:
        return [[word.start() for word in _WORD.finditer(form)] for form in self._forms]

    @cached_property
    def _text(self) -> str:
        return f" {' '.join(word for form in self._forms for word in _WORD.findall(form))} "

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start() for word in _WORD.finditer(self._text)]

    def share(self, weighed: Weighed, field: int, start: int, end: int) -> float:
        """Return how much of the evidence speaks for a clue's words, in 0–1.

        Args:
            weighed: the clue.
            field: number of the field that holds the name.
            start, end: the name's span in the form of that field.

        0 means that none of the words is there, 1 that nothing speaks against them.
        """
        clue = weighed.clue
        if weighed.than is None and not (clue.near or clue.before or clue.after):
            return float(any(word in self._text for word in weighed.words.padded))
        before = sum(len(words) for words in self._fields[:field])
        own = self._fields[field]
        first = before + bisect_left(own, start)
        after = before + bisect_left(own, end)
        found = self._weight(weighed.words, clue, first, after)
        if not found or weighed.than is None:
            return float(found > 0)
        return found / (found + self._weight(weighed.than, clue, first, after))

    def _weight(self, side: Side, clue: Clue, first: int, after: int) -> float:
        """Add up what the occurrences weigh around the name's words `first` to `after`."""
        back, ahead = clue.before or clue.near, clue.after or clue.near
        anywhere = back is None and ahead is None
        total = 0.0
        for begin, stop in self._places(side):
            distance = first - stop if stop <= first else begin - after
            limit = back if stop <= first else ahead
            if distance < 0 or (not anywhere and (limit is None or distance >= limit)):
                continue  # part of the name itself, or too far
            total += 1 / (1 + distance / _HALF)
        return total

    def _places(self, side: Side) -> list[tuple[int, int]]:
        """Return where a side's words stand, in numbers of words; looked for once an article."""
        found = self._seen.get(id(side))
        if found is None:
            found = [
                (bisect_left(self._starts, m.start()), bisect_right(self._starts, m.end() - 1))
                for m in side.pattern.finditer(self._text)
            ]
            self._seen[id(side)] = found
        return found
