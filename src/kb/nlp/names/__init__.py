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
from kb.reading import Kind

__all__ = ["Candidate", "Found", "candidates", "find_names"]

RULES = (
    coordinated, body, known_event, named_event, titled, unit, team, known_body, known_place,
    full_name, left,
)  # fmt: skip
"""In the order in which they are asked; each returns where it stopped, or where it began."""


SURE = frozenset(("titled", "full name", "club", "known body", "team", "body of words"))
"""Rules whose names are remembered for the rest of the article."""


def find_names(
    sentence: str, words: Sequence[Word], memory: dict[str, Kind] | None = None
) -> list[Found]:
    """Return the names of one clean sentence, in order, not overlapping.

    Args:
        sentence: clean text.
        words: its words as segmented and tagged.
        memory: names sure so far in the same article with their kinds; this sentence adds its
            own, so that a name repeated without its title or in short form keeps its kind.
    """
    if not any(map(str.isupper, sentence)):
        return []
    memory = {} if memory is None else memory
    line = Line(sentence, words, candidates(sentence, words), memory)
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
    for one in line.found:
        if one.rule in SURE:
            surface = sentence[one.start : one.end]
            memory[surface] = one.kind
            if one.kind == "person":
                memory.setdefault(surface.rpartition(" ")[2], "person")
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
