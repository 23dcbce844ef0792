"""The word lists of speech and posts, and how their phrases are found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from ahocorasick_rs import AhoCorasick, MatchKind


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a word list found in a text; `start:end` are code points."""

    start: int
    end: int
    word: str
    label: str


class Phrases:
    """Labelled phrases found as whole words, whatever their case; the longest wins."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._words = [(word, label) for label, words in labels.items() for word in words]
        self._automaton = AhoCorasick(
            [word for word, _ in self._words], matchkind=MatchKind.LeftmostLongest
        )

    def find(self, lowered: str) -> list[Hit]:
        """Return the phrases of a lower-cased text, in order, not overlapping."""
        found = []
        for number, start, end in self._automaton.find_matches_as_indexes(lowered):
            if (start and lowered[start - 1].isalnum()) or lowered[end : end + 1].isalnum():
                continue
            found.append(Hit(start, end, *self._words[number]))
        return found


def _load(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(files("kb.nlp.people").joinpath(name).read_text("utf-8"))
    return raw


@dataclass(frozen=True, slots=True)
class Words:
    """`posts.yaml`, ready to be looked up."""

    phrases: Phrases
    before: frozenset[str]
    ends: frozenset[str]
    onward: frozenset[str]
    sectors: tuple[str, ...]
    units: frozenset[str]


@lru_cache(maxsize=1)
def words() -> Words:
    """Load `posts.yaml`."""
    raw = _load("posts.yaml")
    return Words(
        phrases=Phrases({**raw["courtesies"], "post": raw["posts"]}),
        before=frozenset(raw["before"]),
        ends=frozenset(raw["ends"]),
        onward=frozenset(raw["onward"]),
        sectors=tuple(raw["sectors"]),
        units=frozenset(raw["units"]),
    )


SAYING = ("strong", "clause", "marked", "narrow")
"""Labels of the words of saying: from those that can be nothing else to those that need more."""


@dataclass(frozen=True, slots=True)
class Cues:
    """`cues.yaml`, ready to be looked up."""

    phrases: Phrases
    prepositions: frozenset[str]
    papers: re.Pattern[str]
    adverbs: re.Pattern[str]
    titles: re.Pattern[str]
    plurals: re.Pattern[str]
    adjuncts: re.Pattern[str]
    """What leads from a subject over other words to its verb."""
    predicates: re.Pattern[str]
    """Whether words are a clause, not the object of the word of saying."""
    verbs: re.Pattern[str]
    nominal: re.Pattern[str]
    """Words of saying are nouns or passive after one of these."""
    marker: re.Pattern[str]
    rather: re.Pattern[str]
    conjunctions: tuple[str, ...]
    nobody: frozenset[str]
    stars: frozenset[str]


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Load `cues.yaml`."""
    raw = _load("cues.yaml")
    adjunct = rf"(?: (?:{'|'.join(raw['adjuncts'])}) [^,.:;!?\n“”\"]{{1,90}})?"
    labels = {name: raw[name] for name in ("callings", "nameless", "according", "nothing")}
    labels |= {name: raw[name] for name in SAYING} | raw["pronouns"]
    return Cues(
        phrases=Phrases(labels),
        prepositions=frozenset(raw["prepositions"]),
        papers=re.compile(rf"(?:{'|'.join(raw['papers'])})(?: \w+){{0,4}}? *(?:của|từ)? *$"),
        adverbs=re.compile(rf"[ ,]*(?:(?:{'|'.join(raw['adverbs'])})(?!\w)[ ,]*)*"),
        plurals=re.compile(rf"(?:{'|'.join(raw['plurals'])}) *$"),
        adjuncts=re.compile(rf" ?(?:[,(–—-]|(?:{'|'.join(raw['adjuncts'])})(?!\w))"),
        predicates=re.compile(rf" (?:{'|'.join(raw['predicates'])}) "),
        verbs=re.compile(rf" (?:{'|'.join(raw['verbs'])}) "),
        nominal=re.compile(rf"(?:^|\W)(?:{'|'.join(raw['nominal'])}) $"),
        marker=re.compile(
            rf"(?: thêm| rõ| lại)?(?P<about>{adjunct})"
            r"(?P<sep>,? rằng|, là| là|[,:])[,:]? (?:rằng,? )?"
        ),
        rather=re.compile(rf"(?: thêm| rõ)?{adjunct},? rằng,? "),
        conjunctions=tuple(f" {word}" for word in raw["conjunctions"]),
        nobody=frozenset(raw["nobody"]),
        stars=frozenset(raw["stars"]),
        titles=re.compile(rf"(?:^|\W)(?:{'|'.join(raw['titles'])}) *:? *$"),
    )
