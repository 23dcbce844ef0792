"""One sentence while its names are sought: tokens, words, and what they look like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from kb.nlp.names.gazetteer import Gazetteer, gazetteer, plain
from kb.nlp.names.lexicon import Lexicon, lexicon
from kb.nlp.names.rows import rows
from kb.nlp.tag import Word
from kb.reading import Kind
from kb.text import canonical

_OPENERS = "“\"'‘:…•*-–.!?"
_NEAR = 12
"""Tokens before a body in which a post counts as one in it."""
_LONG_POST = 160
"""Code points between somebody and the body of his post, at most."""
_LONG = 5
"""Tokens of a known name that is nothing else, whatever its capitals."""
CLUB = frozenset(("fc", "united", "utd", "city", "real", "club", "clb", "sporting", "athletic"))
_APPOSITION = re.compile(r" ?[,(–-] (?:(?! (?:và|cùng|với) )[^;:.])*")
"""What stands between somebody and a body that is of his own post."""
_FIRST = itemgetter(0)
_SCORE = re.compile(r" ?\(\d{1,2}-\d{1,2}\)| \d{1,2}-\d{1,2}\b")


class Found(NamedTuple):
    """A name in a sentence: `start:end` are its code points, `title` what stood before it."""

    start: int
    end: int
    kind: Kind
    rule: str
    title: str | None = None
    votes: float | None = None
    """Share of the votes for this kind, where votes decided."""


class Undecided(NamedTuple):
    """Capitals of a sentence with the votes for each kind (`nothing` among them)."""

    start: int
    end: int
    surface: str
    votes: dict[str, float]


class Line:
    """A sentence as the rules see it. Places are numbers of tokens; the last token is `END`.

    `starts` tells where each token begins, `hinted` at which places there may be something.
    `found` holds the names so far; rules add to it and return the place where they stopped.
    """

    __slots__ = (
        "_begin", "_segmented", "found", "hinted", "known", "row", "shouting", "sport", "starts",
        "text", "undecided", "words",
    )  # fmt: skip

    def __init__(self, text: str, words: Sequence[Word], sport: bool = False) -> None:
        self.text = text
        self.row, self.starts = rows().of(text)
        self.hinted = [place for place, token in enumerate(self.row) if token.hints]
        self.words: Lexicon = lexicon()
        self.known: Gazetteer = gazetteer()
        self._segmented = words
        self._begin = list(map(_FIRST, words))
        self.shouting = text.isupper()
        self.sport = sport
        self.found: list[Found] = []
        self.undecided: list[Undecided] = []

    def end(self, place: int) -> int:
        """Return the code point after a token."""
        return self.starts[place] + self.row[place].size

    def low(self, place: int) -> str:
        return self.row[place].low if 0 <= place < len(self.row) else ""

    def lows(self, first: int, after: int) -> str:
        """Return some words in matching form; nothing where they run over the sentence."""
        if first < 0 or after > len(self.row):
            return ""
        return " ".join([token.low for token in self.row[first:after]])

    def surface(self, first: int, after: int) -> str:
        """Return the text of some tokens."""
        return self.text[self.starts[first] : self.end(after - 1)]

    def capitals(self, place: int, most: int) -> int:
        """Return the place after a run of adjacent capitalised words."""
        row, particles = self.row, self.words.particles
        end, limit = place, min(place + most, len(row))
        while end < limit:
            token = row[end]
            if not (token.capital and token.word) or self.broken(end):
                break
            if end > place and not self.adjacent(end):
                break
            end += 1
            if row[end].low in particles and end > place and self.adjacent(end):
                after = end + 1 + (self.low(end + 1) in particles)
                if self.adjacent(after) and row[after].capital and not self.vietnamese(after):
                    end = after  # "Kevin de Bruyne", "Bank of America"
        return end

    def cut(self, place: int, end: int) -> int:
        """Return where a run of capitals really ends.

        Before the first syllable of a common word (`Đua thuyền`), before an event or a place of
        several words that is known, and before a foreign person.
        """
        if self.inside(end) and self.begins_word(end - 1):
            end -= 1
        for here in range(place + 1, end):
            if self.known.goals.at(self.row, here) > here + 1:
                return here
            if here < end - 1 and self.gives_name(here) and not self.named_like(place):
                return here  # "Voepass Eduardo Busch"
        return end

    def adjacent(self, place: int) -> bool:
        """Whether one space alone stands before a token."""
        if not 0 < place < len(self.row) - 1:
            return False
        space = self.starts[place] - 1
        ends = self.starts[place - 1] + self.row[place - 1].size
        return ends == space and self.text[space] == " "

    def all_named(self, first: int, after: int) -> bool:
        """Whether a known name is written as one: not with the capital of the sentence alone."""
        return (
            after - first == 1
            or after - first >= _LONG
            or any(token.capital for token in self.row[first + 1 : after])
            or not self.initial(first)
        )

    def initial(self, place: int) -> bool:
        """Whether a capital may be that of the sentence alone."""
        return place == 0 or self.row[place - 1].text in _OPENERS

    def vietnamese(self, place: int) -> bool:
        return place < len(self.row) and self.row[place].vietnamese

    def add(self, first: int, after: int, kind: Kind, rule: str, title: str | None = None) -> int:
        self.found.append(Found(self.starts[first], self.end(after - 1), kind, rule, title))
        return after

    def head(self, place: int) -> int:
        """Return the place after a head of a body written with a capital."""
        if not self.row[place].capital:
            return place
        return self.words.heads.at(self.row, place)

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
        return self.known.names.at(self.row, place)

    def begins_name(self, place: int) -> bool:
        """Whether a place begins here: `Nguyễn Văn A Hà Nội` does not happen, `- Hà Nội` does."""
        return self.known.places.at(self.row, place) > place + 1

    def plays(self, place: int, after: int) -> bool:
        """Whether a name stands for a team: between `vs`, after `đánh bại`, before a score."""
        if not self.sport:
            return False
        before = self.words.against.before(self.row, place, most=3)
        end = self.end(after - 1)
        return before or self.text.startswith(" vs ", end) or bool(_SCORE.match(self.text, end))

    def _word(self, place: int) -> Word | None:
        """Return the segmented word that begins last before a token's end."""
        number = bisect_right(self._begin, self.starts[place]) - 1
        return self._segmented[number] if number >= 0 else None

    def alone(self, place: int) -> bool:
        """Whether the segmenter left a token a word of its own."""
        word = self._word(place)
        return word is not None and (word.start, word.end) == (self.starts[place], self.end(place))

    def inside(self, place: int) -> bool:
        """Whether a token is a lower-case syllable inside a word: the `động` of `di động`."""
        word = self._word(place)
        if word is None:
            return False
        at = self.starts[place] - word.start
        return 0 < at < len(word.text) and word.text[at - 1] == " " and word.text[at].islower()

    def broken(self, place: int) -> bool:
        """Whether a token belongs to a common word with a capital: `Sáng tạo`."""
        word = self._word(place)
        return word is not None and self.starts[place] < word.end and _common(word.text)

    def word_at(self, place: int) -> int:
        """Return where the segmented word that a token belongs to begins."""
        word = self._word(place)
        return word.start if word else -1

    def word_text(self, place: int) -> str:
        """Return the segmented word that a token belongs to, in matching form."""
        word = self._word(place)
        return canonical(self.text[word.start : word.end]) if word else ""

    def begins_word(self, place: int) -> bool:
        """Whether two tokens are a word of the dictionary."""
        return self.lows(place, place + 2) in self.words.dictionary

    def word_after(self, place: int) -> int:
        """Return the place after the segmented word of a token; its own if a token runs over."""
        word = self._word(place)
        end = word.end if word else 0
        after = place + 1
        while self.end(after) <= end:
            after += 1
        return after if self.starts[after] >= end else place

    def pos_at(self, place: int) -> str:
        """Return the part of speech of the word that a token belongs to."""
        word = self._word(place)
        return word.pos if word else ""

    def pos_from(self, place: int) -> str:
        """Return the part of speech of the word that begins with a token, else a name's."""
        word = self._word(place)
        return word.pos if word and word.start == self.starts[place] else "Np"

    def unnamed_before(self, place: int) -> bool:
        """Whether what follows is a storm, a film, a song, a product: nothing by the guidelines."""
        return self.words.unnamed.before(self.row, place, most=3)

    def post_before(self, place: int) -> bool:
        """Whether a post stands shortly before: what follows a body may be its holder.

        Not where its holder is named before it: `ông Lê Văn A, Giám đốc Nhà hát Âu Cơ`.
        """
        if not self._post_near(place):
            return False
        last = self.found[-1] if self.found else None
        if last is None or last.kind != "person":
            return True
        if self._post_near(bisect_right(self.starts, last.start) - 1):
            return True  # "Bí thư Tỉnh ủy Lê Văn A, Chủ tịch UBND tỉnh Trần Văn B"
        start = self.starts[place]
        return start - last.end > _LONG_POST or not _APPOSITION.fullmatch(
            self.text, last.end, start
        )

    def _post_near(self, place: int) -> bool:
        return any(
            place - _NEAR <= before < place and self.words.posts.at(self.row, before) > before
            for before in self.hinted
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


@lru_cache(maxsize=20_000)
def _common(form: str) -> bool:
    """Whether a segmented word is a common one of which only the first syllable has a capital."""
    common = form[0].isupper() and not form.istitle()
    return common and canonical(form) in lexicon().dictionary
