"""Syllables, abbreviations, numbers and marks; phrases found among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from kb.text import canonical

_TOKEN = re.compile(r"[^\W_]+(?:[.&'’-](?=[^\W_])[^\W_]+)*\.?(?<!\w{3}\.)|[^\W_]+|[^\w\s]|_")
_VIETNAMESE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]{1,3}"
    r"(?:ch|ng|nh|[cmnpt])?$"
)


_Tree: TypeAlias = "dict[str, _Tree]"
"""Words that may follow, and what may follow these; `_WHOLE` where a phrase may end."""
_WHOLE = ""


class Token:
    """One syllable, abbreviation, number or mark; all places where it stands share it."""

    __slots__ = ("capital", "hints", "low", "size", "text", "vietnamese", "word")

    def __init__(self, text: str, low: str, hints: int = 0) -> None:
        """Look at a token once: `low` is its matching form, `hints` what it may be part of."""
        self.text = text
        self.low = low
        self.hints = hints
        self.size = len(text)
        """Code points."""
        self.capital = text[0].isupper()
        """Whether it begins with a capital letter."""
        self.word = text[0].isalnum()
        """Whether it is a word or a number, not a mark."""
        self.vietnamese = _VIETNAMESE.match(low) is not None
        """Whether it is spelt like a Vietnamese syllable."""


END = Token("\0", "\0")
"""Stands after the last token, so that rules may look one place ahead."""
FAR = 10**9
"""Where it stands."""


def cut(text: str) -> list[tuple[int, int]]:
    """Return the spans of the tokens of a text; a dot stays with a short abbreviation (`TP.`)."""
    found = []
    length = len(text)
    for match in _TOKEN.finditer(text):
        token = match[0]
        start, end = match.span()
        dot = token[-1] == "." and end - start > 1 and not _abbreviated(token, last=end == length)
        if dot:
            token, end = token[:-1], end - 1
        if "-" in token and not token.isascii():
            found += _parts(token, start)
        else:
            found.append((start, end))
        if dot:
            found.append((end, end + 1))
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

_DEGREES = frozenset(
    ("gs", "pgs", "ts", "ths", "bs", "cki", "ckii", "bsckii", "bscki", "kts", "ls", "nsnd", "nsưt")
)


def degrees(low: str) -> bool:
    """Whether a token is several degrees: `PGS.TS`."""
    parts = [part for part in low.split(".") if part] if "." in low else []
    return len(parts) > 1 and all(part in _DEGREES for part in parts)


class Phrases:
    """A set of phrases found in a row of tokens, the longest first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: _Tree = {}
        self._last: set[str] = set()
        for phrase in phrases:
            low = canonical(phrase)
            branch, last = self._by_first, ""
            for start, end in cut(low):
                if low[start:end] not in ",-–":
                    last = low[start:end]
                    branch = branch.setdefault(last, {})
            branch[_WHOLE] = {}
            self._last.add(last)

    def at(self, row: Sequence[Token], place: int, *, joints: str = "") -> int:
        """Return the place after the longest phrase that begins here; `place` if none does.

        Args:
            row: tokens, the last of which is `END`.
            place: of the first word.
            joints: marks that may stand between words (`,` and `-` in names of ministries).
        """
        try:
            branch = self._by_first.get(row[place].low)
        except IndexError:
            return place
        if branch is None:
            return place
        found, here = place, place + 1
        while True:
            if _WHOLE in branch:
                found = here
            while joints and row[here].text in joints:
                here += 1
            further = branch.get(row[here].low)
            if further is None:
                return found
            branch = further
            here += 1

    def before(self, row: Sequence[Token], place: int, most: int) -> bool:
        """Whether a phrase, the longest from its first word, ends before a place.

        Args:
            row: tokens, the last of which is `END`.
            place: after the phrase.
            most: words that it may have.
        """
        if not place or row[place - 1].low not in self._last:
            return False
        return any(self.at(row, first) == place for first in range(max(0, place - most), place))

    @property
    def first_words(self) -> set[str]:
        """Words with which a phrase may begin."""
        return set(self._by_first)
