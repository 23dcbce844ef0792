"""Entity candidates from the tagger's BIO tags: spans of a sentence with a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.nlp.tag import Word
from kb.reading import Kind

_KINDS: dict[str, Kind] = {"PER": "person", "ORG": "org", "LOC": "place"}
_EDGES = " \t.,;:!?…-–—\"'“”‘’()[]/|*"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that the tagger proposes; `start:end` are code points of the sentence."""

    start: int
    end: int
    kind: Kind


def candidates(sentence: str, words: Sequence[Word]) -> list[Candidate]:
    """Join BIO tags into names; a name without a capital or a letter is dropped."""
    spans: list[tuple[int, int, str]] = []
    for word in words:
        prefix, _, label = word.entity.partition("-")
        if (
            prefix == "I"
            and spans
            and spans[-1][2] == label
            and _adjacent(sentence, spans[-1], word)
        ):
            spans[-1] = (spans[-1][0], word.end, label)
        elif label in _KINDS:
            spans.append((word.start, word.end, label))
    found = []
    for start, end, label in spans:
        raw = sentence[start:end]
        name = raw.strip(_EDGES)
        if not any(character.isupper() for character in name):
            continue
        first = start + raw.index(name)
        found.append(Candidate(first, first + len(name), _KINDS[label]))
    return found


def _adjacent(sentence: str, span: tuple[int, int, str], word: Word) -> bool:
    return not sentence[span[1] : word.start].strip()
