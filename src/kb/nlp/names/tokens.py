"""A sentence as tokens of the grammar of names, and phrases found among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

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
    new = tuple.__new__  # twice as fast as Token(…), and there are 600 to an article
    length = len(sentence)
    for match in _TOKEN.finditer(sentence):
        text = match[0]
        start, end = match.span()
        dot = text[-1] == "." and end - start > 1 and not _abbreviated(text, last=end == length)
        if dot:
            text, end = text[:-1], end - 1
        first = text[0]
        if "-" in text and not text.isascii():
            for begin, stop in _parts(text, start):
                first = sentence[begin]
                fields = (begin, stop, sentence[begin:stop], lowered[begin:stop])
                found.append(new(Token, (*fields, first.isupper(), first.isalnum())))
        else:
            fields = (start, end, text, lowered[start:end])
            found.append(new(Token, (*fields, first.isupper(), first.isalnum())))
        if dot:
            found.append(Token(end, end + 1, ".", ".", False, False))
    return found


def _parts(text: str, start: int) -> list[tuple[int, int]]:
    """Cut `Nhựt-Cục` and `Nam-Campuchia-Lào` at the dash, not `Al-Hilal`, `F-16` or `Covid-19`."""
    pieces = text.split("-")
    if not all(piece.istitle() and len(piece) > 1 for piece in pieces):
        return [(start, start + len(text))]
    spans = []
    for number, piece in enumerate(pieces):
        if number:
            spans.append((start, start + 1))
            start += 1
        spans.append((start, start + len(piece)))
        start += len(piece)
    return spans


def _abbreviated(text: str, *, last: bool) -> bool:
    return text.lower() in _SHORT or (not last and _INITIALS.match(text) is not None)


_INITIALS = re.compile(r"(?:[A-ZĐ]\.)+$")
_SHORT = {"tp.", "tx.", "ts.", "ths.", "gs.", "pgs.", "pgs.ts.", "gs.ts.", "bs.", "kts.", "ls.",
          "mr.", "mrs.", "ms.", "dr.", "st.", "jr.", "sr."}  # fmt: skip


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
