"""The grammar of Vietnamese names: heads and complements, titles, units, whole names.

Rules look at each sentence from left to right, and the first that applies takes what it covers;
capitals that no rule knows get votes, and the whole article decides. `lexicon.yaml` holds the
words of the grammar, `known.yaml` names known beforehand, `evidence.yaml` what votes for a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import lru_cache

from kb.nlp.names.bodies import body, coordinated, known_body, known_club, team
from kb.nlp.names.documents import documents
from kb.nlp.names.events import known_event, named_event
from kb.nlp.names.evidence import cut_off, opener, stray_head, undecided
from kb.nlp.names.gazetteer import gazetteer
from kb.nlp.names.lexicon import lexicon
from kb.nlp.names.line import Found, Line
from kb.nlp.names.persons import full_name, titled
from kb.nlp.names.places import known_place, unit
from kb.nlp.names.rows import BEGINS, DEGREES
from kb.nlp.names.settle import settle
from kb.nlp.names.signs import signs
from kb.nlp.names.tokens import degrees
from kb.nlp.tag import Word

__all__ = ["Found", "find_names"]

Rule = Callable[[Line, int], int]
"""Looks at a line from a token on; returns where it stopped, or where it began."""

RULES: tuple[Rule, ...] = (
    coordinated, body, known_event, named_event, titled, unit, team, known_club, known_body,
    known_place, full_name, opener, stray_head, cut_off, undecided,
)  # fmt: skip
"""In the order in which they are asked; the first that applies takes what it covers."""
LOWER: Set[Rule] = {body, named_event, titled, unit, team, known_place}
"""Those that may begin at a word in lower case."""


@lru_cache(maxsize=1)
def _first_words() -> dict[Rule, Set[str]]:
    """Return the words at which each rule can begin; rules left out begin at any capital."""
    words, known = lexicon(), gazetteer()
    return {
        coordinated: words.admin_heads.first_words,
        body: words.admin_heads.first_words
        | words.field_heads.first_words
        | words.wordy_heads.first_words,
        known_event: known.events.first_words,
        named_event: words.event_heads.first_words | words.lower_events.first_words,
        titled: words.titles.first_words,
        unit: words.units.first_words,
        team: words.teams.first_words,
        known_club: known.clubs.first_words,
        known_body: known.bodies.first_words,
        known_place: known.places.first_words,
        full_name: words.surnames,
        opener: words.openers,
        stray_head: words.admin_heads.first_words,
        cut_off: words.inner_units.first_words,
    }


@lru_cache(maxsize=50_000)
def _rules_at(low: str, capital: bool) -> tuple[Rule, ...]:
    """Return the rules that can begin at a word in matching form."""
    firsts = _first_words()
    return tuple(
        rule
        for rule in RULES
        if (capital or rule in LOWER)
        and (rule not in firsts or low in firsts[rule] or (rule is titled and degrees(low)))
    )


_A_MATCH = 4
"""Words of a match in an article, above which all its sentences are read as about one; and"""
_OFTEN = 0.25
"""how many of them a sentence it needs."""


def find_names(sentences: Sequence[tuple[str, Sequence[Word]]]) -> list[list[Found]]:
    """Return the names of the sentences of one article, in order, not overlapping.

    Args:
        sentences: clean text of each, and its words as segmented and tagged.
    """
    lines = [Line(text, words) for text, words in sentences]
    matches = signs().matches.counts([text for text, _ in sentences])
    sport = sum(matches) >= max(_A_MATCH, _OFTEN * len(sentences))
    for line, hits in zip(lines, matches, strict=True):
        line.sport = sport or hits >= 2
        if any(map(str.isupper, line.text)):
            _read(line)
    return settle(lines)


def _read(line: Line) -> None:
    """Ask the rules from left to right, where a capital or one of their first words stands."""
    known, row = documents(line), line.row
    starters = line.words.starters
    taken = place = 0
    for number in range(len(row)) if known else line.hinted:
        if number < place:
            continue
        if known:
            start = line.starts[number]
            if start < taken:
                continue
            if (end := known.get(start)) is not None:
                line.found.append(Found(start, end, "document", "document"))
                taken = end
                continue
        token = row[number]
        if token.capital or (
            token.hints & BEGINS
            and (token.hints & DEGREES or starters.at(row, number) > number)
            and not line.inside(number)
        ):
            for rule in _rules_at(token.low, token.capital):
                if (place := rule(line, number)) > number:
                    break
