"""The grammar of Vietnamese names: heads and complements, titles, units, whole names.

The tagger proposes, this grammar decides. Rules look at one sentence from left to right, and the
first that applies takes what it covers; `lexicon.yaml` holds the words that they know.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.nlp.names.bodies import body, coordinated, known_body, team
from kb.nlp.names.candidates import Candidate, candidates
from kb.nlp.names.documents import documents
from kb.nlp.names.events import known_event, named_event
from kb.nlp.names.line import Found, Line
from kb.nlp.names.persons import full_name, titled
from kb.nlp.names.places import known_place, unit
from kb.nlp.names.shapes import left
from kb.nlp.tag import Word

__all__ = ["Candidate", "Found", "candidates", "find_names"]

RULES = (
    coordinated, body, known_event, named_event, titled, unit, team, known_body, known_place,
    full_name, left,
)  # fmt: skip
"""In the order in which they are asked; each returns where it stopped, or where it began."""


def find_names(sentence: str, words: Sequence[Word]) -> list[Found]:
    """Return the names of one clean sentence, in order, not overlapping.

    Args:
        sentence: clean text.
        words: its words as segmented and tagged.
    """
    if not any(map(str.isupper, sentence)):
        return []
    line = Line(sentence, words, candidates(sentence, words))
    known = documents(line)
    place = 0
    while place < len(line.row):
        end = known.get(line.row[place].start)
        if end is None:
            place = max(_step(line, place), place + 1)
            continue
        line.found.append(Found(line.row[place].start, end, "document", "document"))
        while place < len(line.row) and line.row[place].start < end:
            place += 1
    return line.found


def _step(line: Line, place: int) -> int:
    token = line.row[place]
    if not token.capital and token.low not in line.words.starters and "." not in token.low:
        return place
    for rule in RULES:
        after = rule(line, place)
        if after > place:
            return after
    return place
