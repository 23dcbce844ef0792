"""`evidence.yaml`: what votes for which kind of name, and the words of texts about matches."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

from kb.text import canonical, read_yaml

Phrased = Mapping[str, tuple[tuple[str, float], ...]]

_WORD = re.compile(r"\w")


class Matches:
    """Words and phrases of texts about matches."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._automaton = AhoCorasick(sorted(set(phrases)), implementation=Implementation.DFA)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many different ones stand in each text, the longest where they overlap."""
        low = canonical("\n".join(texts))
        hits = [
            (start, -end, phrase)
            for phrase, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True)
            if not _WORD.match(low, end) and not (start and _WORD.match(low, start - 1))
        ]
        hits.sort()
        starts = list(accumulate(map(len, texts), lambda at, size: at + size + 1, initial=0))
        found: dict[int, set[int]] = defaultdict(set)
        after = 0
        for start, end, phrase in hits:
            if start >= after:
                found[bisect_right(starts, start) - 1].add(phrase)
                after = -end
        return [len(found[number]) if number in found else 0 for number in range(len(texts))]


@dataclass(frozen=True, slots=True)
class Signs:
    """`evidence.yaml`, ready to be looked up: kinds with votes by word or phrase."""

    least: float
    before: Phrased
    last_before: Mapping[str, tuple[int, ...]]
    """How many words those of `before` have that end with a word, most first."""
    after: Phrased
    first_after: Mapping[str, tuple[int, ...]]
    tails: Phrased
    inside: Phrased
    matches: Matches


@lru_cache(maxsize=1)
def signs() -> Signs:
    """Load `evidence.yaml`."""
    raw: dict[str, Any] = read_yaml(
        files("kb.nlp.names").joinpath("evidence.yaml").read_text("utf-8")
    )
    before, after = _phrased(raw["before"]), _phrased(raw["after"])
    return Signs(
        least=raw["least"],
        before=before,
        last_before=_sizes(before, -1),
        after=after,
        first_after=_sizes(after, 0),
        tails=_phrased(raw["tails"]),
        inside=_phrased(raw["inside"]),
        matches=Matches(map(canonical, raw["matches"])),
    )


def _phrased(groups: dict[str, dict[float, list[str]]]) -> Phrased:
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for kind, by_weight in groups.items():
        for weight, phrases in by_weight.items():
            for phrase in phrases:
                found[canonical(phrase)].append((kind, float(weight)))
    return {phrase: tuple(kinds) for phrase, kinds in found.items()}


def _sizes(phrases: Iterable[str], place: int) -> dict[str, tuple[int, ...]]:
    """Return how many words phrases have, most first, by the word at a place in them."""
    found: dict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        words = phrase.split(" ")
        found[words[place]].add(len(words))
    return {word: tuple(sorted(sizes, reverse=True)) for word, sizes in found.items()}
