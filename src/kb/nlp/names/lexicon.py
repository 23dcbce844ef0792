"""The words that the grammar of names knows, and how they are found among tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from kb.nlp.tag.models import segmenter_dictionary
from kb.text import canonical

_TOKEN = re.compile(r"[^\W_]+(?:[.&'’-](?=[^\W_])[^\W_]+)*\.?(?<!\w{3}\.)|[^\W_]+|[^\w\s]|_")


class Token(NamedTuple):
    """One syllable, abbreviation, number or mark: `start:end` are code points of the sentence."""

    start: int
    end: int
    text: str
    low: str
    """Lower case, tone marks in one style."""
    capital: bool
    """Whether it begins with a capital letter."""
    word: bool
    """Whether it is a word or a number, not a mark."""


END = Token(10**9, 10**9, "\0", "\0", False, False)
"""Stands after the last token, so that rules may look one place ahead."""


def tokens(sentence: str) -> list[Token]:
    """Cut a sentence into syllables and marks; a dot stays with a short abbreviation (`TP.`)."""
    lowered = canonical(sentence)
    found = []
    for match in _TOKEN.finditer(sentence):
        start, end = match.span()
        text, dot = match.group(), False
        if text[-1] == "." and end - start > 1 and not _abbreviated(text):
            text, end, dot = text[:-1], end - 1, True
        first = text[0]
        found.append(Token(start, end, text, lowered[start:end], first.isupper(), first.isalnum()))
        if dot:
            found.append(Token(end, end + 1, ".", ".", False, False))
    return found


def _abbreviated(text: str) -> bool:
    return text.lower() in _SHORT


_SHORT = {"tp.", "tx.", "ts.", "ths.", "gs.", "pgs.", "pgs.ts.", "gs.ts.", "bs.", "kts.", "ls.",
          "mr.", "mrs.", "ms.", "dr.", "st."}  # fmt: skip


class Phrases:
    """A set of phrases found in a list of tokens, the longest first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            parts = tuple(token.low for token in tokens(canonical(phrase)) if _counts(token))
            self._by_first.setdefault(parts[0], []).append(parts)
        for found in self._by_first.values():
            found.sort(key=len, reverse=True)

    def at(self, row: Sequence[Token], place: int, *, joints: str = "") -> int:
        """Return the place after the longest phrase that begins here; `place` if none does.

        `joints` are marks that may stand between its words (`,` and `-` in names of ministries).
        """
        for phrase in self._by_first.get(row[place].low, ()) if place < len(row) else ():
            here = place
            for number, part in enumerate(phrase):
                if number:
                    while here < len(row) and row[here].text in joints:
                        here += 1
                if here >= len(row) or row[here].low != part:
                    break
                here += 1
            else:
                return here
        return place

    @property
    def first_words(self) -> set[str]:
        """Words with which a phrase may begin."""
        return set(self._by_first)


def _counts(token: Token) -> bool:
    return token.text not in ",-–"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything in `lexicon.yaml`, ready to be looked up."""

    units: Phrases
    inner_units: Phrases
    """Units inside the name of a body: `Công an quận Tây Hồ`."""
    streets: Phrases
    titles: Phrases
    posts: Phrases
    fields: Phrases
    admin_heads: Phrases
    field_heads: Phrases
    wordy_heads: Phrases
    bodies: Phrases
    teams: Phrases
    unnamed: Phrases
    against: Phrases
    sports: frozenset[str]
    openers: frozenset[str]
    events: Phrases
    event_heads: Phrases
    places: Phrases
    laws: Phrases
    dictionary: frozenset[str]
    """Words of more than one syllable, from underthesea's own dictionary."""
    starters: frozenset[str]
    """Lower-case words at which a rule may begin: titles, units, words of teams."""
    acts: frozenset[str]
    """Words of two syllables that say what a body does."""
    inner: frozenset[str]
    surnames: frozenset[str]
    nothing: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Load `lexicon.yaml` and the names of countries that CLDR has in Vietnamese."""
    raw: dict[str, Any] = yaml.safe_load(
        files("kb.nlp.names").joinpath("lexicon.yaml").read_text("utf-8")
    )
    units, heads = raw["units"], raw["heads"]
    from babel import Locale

    countries = [
        name
        for code, name in Locale("vi").territories.items()
        if len(code) == 2 and "(" not in name
    ]
    all_units = Phrases(word for group in units.values() for word in group)
    titles, teams = Phrases(raw["courtesy"] + raw["posts"]), Phrases(raw["teams"])
    return Lexicon(
        units=all_units,
        inner_units=Phrases(units["admin"]),
        streets=Phrases(units["street"]),
        titles=titles,
        posts=Phrases(raw["posts"]),
        fields=Phrases(raw["fields"]),
        admin_heads=Phrases(heads["admin"]),
        field_heads=Phrases(heads["field"]),
        wordy_heads=Phrases(heads["wordy"]),
        bodies=Phrases(raw["bodies"]),
        teams=teams,
        starters=frozenset(
            {"châu"} | titles.first_words | teams.first_words | all_units.first_words
        ),
        unnamed=Phrases(raw["unnamed_after"]),
        against=Phrases(raw["against"]),
        openers=frozenset(map(canonical, raw["openers"])),
        sports=frozenset(map(canonical, raw["sports"])),
        events=Phrases(raw["events"]),
        event_heads=Phrases(raw["event_heads"]),
        places=Phrases(raw["places"] + countries),
        laws=Phrases(raw["laws"]),
        dictionary=frozenset(map(canonical, segmenter_dictionary())),
        acts=frozenset(map(canonical, raw["acts"])),
        inner=frozenset(raw["inner"]),
        surnames=frozenset(raw["surnames"]),
        nothing=frozenset(map(canonical, raw["nothing"])),
    )
