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

from ahocorasick_rs import AhoCorasick

from kb.text import canonical, read_yaml

Phrased = Mapping[str, tuple[tuple[str, float], ...]]


class Matches:
    """Words and phrases of texts about matches."""

    def __init__(self, phrases: Iterable[str]) -> None:
        longest_first = sorted(phrases, key=len, reverse=True)
        self._any = AhoCorasick(longest_first)
        self._words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many different ones stand in each text."""
        low = canonical("\n".join(texts))
        starts = list(accumulate(map(len, texts), lambda at, size: at + size + 1, initial=0))
        counts = [0] * len(texts)
        # The automaton takes a tenth of the time, and most sentences have none.
        hits = {bisect_right(starts, hit[1]) - 1 for hit in self._any.find_matches_as_indexes(low)}
        for number in hits:
            sentence = low[starts[number] : starts[number + 1]]
            counts[number] = len(set(self._words.findall(sentence)))
        return counts


@dataclass(frozen=True, slots=True)
class Signs:
    """`evidence.yaml`, ready to be looked up: kinds with votes by word or phrase."""

    least: float
    before: Phrased
    last_before: frozenset[str]
    """The last words of `before`: after others it need not be asked."""
    after: Phrased
    first_after: frozenset[str]
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
        last_before=frozenset(phrase.split(" ")[-1] for phrase in before),
        after=after,
        first_after=frozenset(phrase.split(" ")[0] for phrase in after),
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
