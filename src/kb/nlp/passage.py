"""One field of one article between the stages of reading: sentences, words, names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kb.article import Field
from kb.nlp.tag import Word
from kb.reading import Kind


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `start:end` are code points of the passage, words' spans of the sentence."""

    start: int
    end: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One name found: `start:end` are code points of the passage.

    `name` is the registry's or the fullest form in the article; `entity_id` is None where the
    registry does not know it. `method` is `registry:` and the rule that linked it, else the rule
    that found it; `score` lies in 0–1. `title` is the courtesy, degree or post stripped before a
    person, or the head that a list of bodies shares.
    """

    start: int
    end: int
    kind: Kind
    entity_id: str | None
    name: str
    method: str
    score: float
    title: str | None = None

    @property
    def listed(self) -> bool:
        """Whether it is one of several bodies after a head that they share."""
        return self.method in ("coordinated", "registry:list")


@dataclass(frozen=True, slots=True)
class Passage:
    """One field as the stages of reading see it; `names` are in order and do not overlap.

    `metonyms` are no names but stand for one where somebody acts: the city for its government.
    """

    field: Field
    text: str
    sentences: tuple[Sentence, ...]
    names: tuple[Name, ...]
    metonyms: tuple[Name, ...] = ()

    def acting(self) -> Passage:
        """Return the passage with its metonyms among the names, for who promises and does what."""
        if not self.metonyms:
            return self
        names = sorted((*self.names, *self.metonyms), key=lambda name: name.start)
        return replace(self, names=tuple(names))

    def names_in(self, start: int, end: int) -> list[Name]:
        """Return the names that lie wholly in a span."""
        return [name for name in self.names if start <= name.start and name.end <= end]
