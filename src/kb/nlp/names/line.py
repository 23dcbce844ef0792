"""One sentence while its names are sought: tokens, words, and what they look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.nlp.names.candidates import Candidate
from kb.nlp.names.lexicon import END, Lexicon, lexicon, tokens
from kb.nlp.tag import Word
from kb.reading import Kind
from kb.text import canonical

_VIETNAMESE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]{1,3}"
    r"(?:ch|ng|nh|[cmnpt])?$"
)
_OPENERS = "“\"'‘:…•*-–"
CLUB = frozenset(("fc", "united", "utd", "city", "real", "club", "clb", "sporting", "athletic"))
_WHERE = frozenset(("tại", "ở", "đến", "tới", "sang", "từ"))
_SCORE = re.compile(r" ?\(\d{1,2}-\d{1,2}\)| \d{1,2}-\d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a sentence: `start:end` are its code points, `title` what stood before it."""

    start: int
    end: int
    kind: Kind
    rule: str
    title: str | None = None


class Line:
    """A sentence as the rules see it. Places are numbers of tokens; the last token is `END`.

    `found` holds the names so far; rules add to it and return the place where they stopped.
    """

    def __init__(
        self,
        text: str,
        words: Sequence[Word],
        proposed: Sequence[Candidate],
        memory: dict[str, Kind],
    ) -> None:
        self.text = text
        self.memory = memory
        self.row = [*tokens(text), END]
        self.words: Lexicon = lexicon()
        self.proposed = proposed
        # Common words that begin with a capital: "Sáng tạo", "Đề án", "Trưởng đại diện".
        self.broken = {
            start
            for word in words
            if word.text[0].isupper()
            and not word.text.istitle()
            and canonical(word.text) in self.words.dictionary
            for start in range(word.start, word.end)
        }
        self.pos = {word.start: word.pos for word in words}
        self.shouting = text.isupper()
        lows = {token.low for token in self.row}
        self.sports = "vs" in lows or len(lows & self.words.sports) >= 2
        self.found: list[Found] = []

    def low(self, place: int) -> str:
        return self.row[place].low if place < len(self.row) else ""

    def capitals(self, place: int, most: int) -> int:
        """Return the place after a run of adjacent capitalised words."""
        end = place
        while (
            end < len(self.row)
            and end - place < most
            and self.row[end].capital
            and self.row[end].word
            and self.row[end].start not in self.broken
            and (end == place or self.adjacent(end))
        ):
            end += 1
        return end

    def adjacent(self, place: int) -> bool:
        return self.text[self.row[place - 1].end : self.row[place].start] == " "

    def all_named(self, first: int, after: int) -> bool:
        """Whether a lexicon phrase is written as a name: its first and last words in capitals."""
        return self.row[after - 1].capital and (
            after - first == 1
            or any(token.capital for token in self.row[first + 1 : after])
            or first > 0
        )

    def initial(self, place: int) -> bool:
        """Whether a capital may be that of the sentence alone."""
        return place == 0 or self.row[place - 1].text in _OPENERS

    def vietnamese(self, place: int) -> bool:
        return place < len(self.row) and _VIETNAMESE.match(self.row[place].low) is not None

    def add(self, first: int, after: int, kind: Kind, rule: str, title: str | None = None) -> int:
        self.found.append(Found(self.row[first].start, self.row[after - 1].end, kind, rule, title))
        return after

    def head(self, place: int) -> int:
        """Return the place after a head of a body written with a capital."""
        if not self.row[place].capital:
            return place
        heads = (self.words.admin_heads, self.words.field_heads, self.words.wordy_heads)
        return max(head.at(self.row, place) for head in heads)

    def full_name_at(self, place: int) -> int:
        """Return the place after a Vietnamese full name, or after foreign capitals."""
        if place >= len(self.row) or not self.row[place].capital:
            return place
        if self.row[place].low in self.words.surnames:
            end = place
            while (
                end < len(self.row)
                and end - place < 5
                and self.row[end].capital
                and self.vietnamese(end)
                and (end == place or self.adjacent(end))
                and not (end - place >= 2 and self.begins_name(end))
            ):
                end += 1
            return end if end - place >= 2 else place
        return place

    def begins_name(self, place: int) -> bool:
        """Whether a place begins here: `Nguyễn Văn A Hà Nội` does not happen, `- Hà Nội` does."""
        return self.words.places.at(self.row, place) > place + 1

    def plays(self, place: int, after: int) -> bool:
        """Whether a name stands for a team: between `vs`, after `đánh bại`, before a score."""
        if not self.sports:
            return False
        before = any(
            self.words.against.at(self.row, start) == place
            for start in range(max(0, place - 3), place)
        )
        following = self.text[self.row[after - 1].end :]
        return before or following.startswith(" vs ") or bool(_SCORE.match(following))

    def acts(self, place: int, after: int) -> bool:
        """Whether a country or city does something in a match, as its team."""
        verb = self.pos.get(self.row[after].start) == "V"
        return self.sports and verb and self.low(place - 1) not in _WHERE

    def unnamed_before(self, place: int) -> bool:
        """Whether what follows is a storm, a film, a song, a product: nothing by the guidelines."""
        return any(
            self.words.unnamed.at(self.row, before) == place
            for before in range(max(0, place - 3), place)
        )

    def proposal(self, first: int, after: int) -> Kind | None:
        start, end = self.row[first].start, self.row[after - 1].end
        best: tuple[int, Kind] | None = None
        for one in self.proposed:
            shared = min(one.end, end) - max(one.start, start)
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, one.kind)
        return best[1] if best else None
