"""One sentence while its names are sought: tokens, words, and what they look like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kb.nlp.names.gazetteer import Gazetteer, gazetteer, plain
from kb.nlp.names.lexicon import Lexicon, lexicon
from kb.nlp.names.tokens import END, tokens
from kb.nlp.tag import Word
from kb.reading import Kind
from kb.text import canonical

_VIETNAMESE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]{1,3}"
    r"(?:ch|ng|nh|[cmnpt])?$"
)
_OPENERS = "“\"'‘:…•*-–.!?"
CLUB = frozenset(("fc", "united", "utd", "city", "real", "club", "clb", "sporting", "athletic"))
_SCORE = re.compile(r" ?\(\d{1,2}-\d{1,2}\)| \d{1,2}-\d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a sentence: `start:end` are its code points, `title` what stood before it."""

    start: int
    end: int
    kind: Kind
    rule: str
    title: str | None = None
    votes: float | None = None
    """Share of the votes for this kind, where votes decided."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Capitals of a sentence with the votes for each kind (`nothing` among them)."""

    start: int
    end: int
    votes: dict[str, float]


class Line:
    """A sentence as the rules see it. Places are numbers of tokens; the last token is `END`.

    `found` holds the names so far; rules add to it and return the place where they stopped.
    """

    def __init__(
        self,
        text: str,
        words: Sequence[Word],
        sport: bool = False,
    ) -> None:
        self.text = text
        self.row = [*tokens(text), END]
        self.words: Lexicon = lexicon()
        self.known: Gazetteer = gazetteer()
        self.broken: set[int] = set()
        """Code points of common words that begin with a capital: `Sáng tạo`, `Trưởng đại diện`."""
        self.inside: set[int] = set()
        """Lower-case syllables inside a word: the `động` of `di động` is no cave."""
        for word in words:
            form = word.text
            if form[0].isupper() and not form.istitle():
                if canonical(form) in self.words.dictionary:
                    self.broken.update(range(word.start, word.end))
            elif " " not in form:
                continue
            at = form.find(" ") + 1
            while at:
                if form[at].islower():
                    self.inside.add(word.start + at)
                at = form.find(" ", at) + 1
        self.pos = {word.start: word.pos for word in words}
        self._starts = [word.start for word in words]
        self._ends = {word.start: word.end for word in words}
        self.shouting = text.isupper()
        self.sport = sport
        self.found: list[Found] = []
        self.undecided: list[Undecided] = []

    def low(self, place: int) -> str:
        return self.row[place].low if 0 <= place < len(self.row) else ""

    def lows(self, first: int, after: int) -> str:
        """Return some words in matching form; nothing where they run over the sentence."""
        if first < 0 or after > len(self.row):
            return ""
        return " ".join(token.low for token in self.row[first:after])

    def surface(self, first: int, after: int) -> str:
        """Return the text of some tokens."""
        return self.text[self.row[first].start : self.row[after - 1].end]

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
            if self.low(end) in self.words.particles and end > place and self.adjacent(end):
                after = end + 1 + (self.low(end + 1) in self.words.particles)
                if self.adjacent(after) and self.row[after].capital and not self.vietnamese(after):
                    end = after  # "Kevin de Bruyne", "Bank of America"
        return end

    def cut(self, place: int, end: int) -> int:
        """Return where a run of capitals really ends.

        Before the first syllable of a common word (`Đua thuyền`), before an event or a place of
        several words that is known, and before a foreign person.
        """
        if self.row[end].start in self.inside and self.lows(end - 1, end + 1) in (
            self.words.dictionary
        ):
            end -= 1
        known = self.known
        for here in range(place + 1, end):
            if max(known.events.at(self.row, here), known.places.at(self.row, here)) > here + 1:
                return here
            if here < end - 1 and self.gives_name(here) and not self.named_like(place):
                return here  # "Voepass Eduardo Busch"
        return end

    def adjacent(self, place: int) -> bool:
        """Whether one space alone stands before a token."""
        return (
            0 < place < len(self.row) - 1
            and self.text[self.row[place - 1].end : self.row[place].start] == " "
        )

    def all_named(self, first: int, after: int) -> bool:
        """Whether a known name is written as one: not with the capital of the sentence alone."""
        return (
            after - first == 1
            or any(token.capital for token in self.row[first + 1 : after])
            or not self.initial(first)
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
            opens = self.initial(place) and self.row[place].low in self.words.openers
            if opens and self.known_at(place + 1) > place + 1:
                return place  # "Từ Đà Nẵng đến Huế"
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

    def known_at(self, place: int) -> int:
        """Return the place after a place, body or club that is known."""
        known = self.known
        return max(names.at(self.row, place) for names in (known.places, known.bodies, known.clubs))

    def begins_name(self, place: int) -> bool:
        """Whether a place begins here: `Nguyễn Văn A Hà Nội` does not happen, `- Hà Nội` does."""
        return self.known.places.at(self.row, place) > place + 1

    def plays(self, place: int, after: int) -> bool:
        """Whether a name stands for a team: between `vs`, after `đánh bại`, before a score."""
        if not self.sport:
            return False
        before = any(
            self.words.against.at(self.row, start) == place
            for start in range(max(0, place - 3), place)
        )
        following = self.text[self.row[after - 1].end :]
        return before or following.startswith(" vs ") or bool(_SCORE.match(following))

    def alone(self, place: int) -> bool:
        """Whether the segmenter left a token a word of its own."""
        return self._ends.get(self.row[place].start) == self.row[place].end

    def word_at(self, place: int) -> int:
        """Return where the segmented word that a token belongs to begins."""
        number = bisect_right(self._starts, self.row[place].start) - 1
        return self._starts[number] if number >= 0 else -1

    def pos_at(self, place: int) -> str:
        """Return the part of speech of the word that a token belongs to."""
        return self.pos.get(self.word_at(place), "")

    def unnamed_before(self, place: int) -> bool:
        """Whether what follows is a storm, a film, a song, a product: nothing by the guidelines."""
        return any(
            self.words.unnamed.at(self.row, before) == place
            for before in range(max(0, place - 3), place)
        )

    def post_before(self, place: int) -> bool:
        """Whether a post stands shortly before: what follows a body may be its holder."""
        return any(
            self.words.posts.at(self.row, before) > before
            for before in range(max(0, place - 12), place)
        )

    def named_like(self, place: int) -> bool:
        """Whether a word is a given or family name of foreigners."""
        word = plain(self.row[place].text)
        return word in self.known.given or word in self.known.family

    def gives_name(self, place: int) -> bool:
        """Whether a foreigner's given name stands here, before a family name."""
        return (
            not self.vietnamese(place + 1)
            and plain(self.row[place].text) in self.known.given
            and plain(self.row[place + 1].text) in self.known.family
        )

    def likely_person(self, first: int, after: int) -> bool:
        """Whether capitals look like a person's name: Vietnamese, or with a known given name."""
        if self.full_name_at(first) > first:
            return True
        return after - first >= 2 and plain(self.row[first].text) in self.known.given
