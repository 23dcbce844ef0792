"""Who speaks: the subject of a word of saying, by name, by pronoun or by calling."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import CAPITALS, Cast, People, Person
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.marks import Quoted
from kb.nlp.quotes.meant import Anchor, Meant, Speaker
from kb.reading import Holding
from kb.text import lower

_WORD_BEFORE = re.compile(r"(\w+) *$")
_PAIRS = {",": ",", "-": "-", "–": "–", "—": "—"}
_ADVERBS_END = re.compile(r"(?: (?:cũng|đã|còn|vừa|lại|mới))+ *$")


class Speakers(Meant):
    """Finds the subjects of one passage."""

    def __init__(
        self, people: People, hits: Sequence[Hit], marks: Sequence[Quoted], cast: Cast,
        holdings: Sequence[Holding], last: list[Speaker],
    ) -> None:  # fmt: skip
        super().__init__(people, cast, holdings, last)
        self._anchors = self._find(hits, marks)
        self._starts = [anchor.start for anchor in self._anchors]

    def _find(self, hits: Sequence[Hit], marks: Sequence[Quoted]) -> list[Anchor]:
        field = self._people.passage.field
        whole: dict[int, int] = {}
        for holding in self._holdings:
            if holding.field == field:
                whole[holding.start] = max(whole.get(holding.start, 0), holding.end)
        found = []
        spans = sorted(whole.items())
        for person in self._people.persons:
            start, end = person.lead, person.end
            for a, b in _around(spans, person.start):
                start, end = min(start, a), max(end, b)
            found.append(Anchor(start, end, person))
        for name in self._people.passage.names:
            if name.kind in ("org", "place", "programme", "initiative"):
                found.append(Anchor(name.start, name.end, name))
        for hit in hits:
            if hit.label in ("m", "f", "-", "callings", "nameless") and not self._proper(hit):
                body = None
                if hit.label == "callings":
                    body = self._people.covering(hit.end + 1)
                if body is not None and (body.start != hit.end + 1 or body.kind != "org"):
                    body = None
                found.append(Anchor(hit.start, body.end if body else hit.end, hit, body))
        # `tay vợt nữ Jelena Dokic`: the name says who it is.
        starts = [bisect_left(self._people.starts, anchor.end) for anchor in found]
        found = [
            anchor
            for anchor, place in zip(found, starts, strict=True)
            if not (
                isinstance(anchor.what, Hit)
                and anchor.what.label == "callings"
                and place < len(self._people.starts)
                and self._people.persons[place].lead - anchor.end <= 12
                and self._low[anchor.end : self._people.persons[place].lead]
                .replace(" ", "a")
                .isalpha()
            )
        ]
        found.sort(key=lambda anchor: (anchor.start, -anchor.end))
        kept: list[Anchor] = []
        for anchor in found:
            if kept and anchor.start < kept[-1].end:
                continue
            kept.append(anchor)
        opens = [mark.open for mark in marks]
        return [one for one in kept if not _inside(marks, opens, one.start)]

    def _proper(self, hit: Hit) -> bool:
        """Whether a word for a person is part of a name: `Anh` the country."""
        first = self._text[hit.start]
        if not first.isupper() or hit.label not in ("m", "f"):
            return False
        before = self._text[max(0, hit.start - 2) : hit.start].rstrip(" ")
        return bool(before) and before[-1] not in '.!?\n:”",-–…'

    def before(self, at: int, since: int, *, firm: bool) -> Speaker | None:
        """Return the subject of a word of saying at `at`, no farther back than `since`.

        `firm`: the word means nothing but saying, so that more may stand between.
        """
        place = bisect_left(self._starts, at) - 1
        steps = 0
        while place >= 0 and self._anchors[place].start >= since and steps < 8:
            anchor = self._anchors[place]
            place -= 1
            steps += 1
            if anchor.end > at or not self._subject(anchor, since):
                continue
            between = self._low[anchor.end : at]
            near = cues().adverbs.fullmatch(between) is not None
            if not near and not self._spans(anchor, between, firm):
                continue
            owner = self._owner(place, anchor, at, since)
            if owner is not None:
                anchor, near = owner, True
            speaker = self._speaker(anchor, near)
            if speaker is not None:
                return replace(speaker, near=near or between[:2] in (", ", " (", " -", " –"))
        return self._capitals(at, since)

    def _owner(self, place: int, anchor: Anchor, at: int, since: int) -> Anchor | None:
        """Return the person in whose apposition a name stands: `bà X, nhà báo của Y, cho biết`."""
        if isinstance(anchor.what, Person) and anchor.what.titled:
            return None
        closing = self._low[max(anchor.end, at - 40) : at]
        closing = _ADVERBS_END.sub("", closing).rstrip()[-1:]
        for other in self._anchors[max(0, place - 3) : place + 1][::-1]:
            if other.start < since or not isinstance(other.what, Person):
                continue
            opening = self._low[other.end : other.end + 3].strip()[:1]
            if opening in _PAIRS and _PAIRS[opening] == closing:
                return other
            between = self._low[other.end : at]
            if opening == "(" and ")" in between:
                if other.end + between.index(")") > anchor.start:
                    return other
                between = between[between.index(")") + 1 :]
            if (
                (opening in _PAIRS or opening == "(")
                and between.count(" ") <= 18
                and not cues().verbs.search(between)
                and self._subject(other, since)
            ):
                return other
        return None

    def first(self, since: int, until: int) -> Speaker | None:
        """Return the first subject of a stretch: the one of its main clause."""
        place = bisect_left(self._starts, since)
        last = min(len(self._anchors), place + 12)
        while place < last and self._anchors[place].end <= until:
            anchor = self._anchors[place]
            place += 1
            if isinstance(anchor.what, Name) and anchor.what.kind == "place":
                continue
            if self._subject(anchor, since):
                speaker = self._speaker(anchor, False)
                if speaker is not None and speaker.name is not None:
                    return speaker
        return None

    def at(self, start: int) -> Speaker | None:
        """Return who is named exactly here: after `theo`."""
        place = bisect_left(self._starts, start)
        if place < len(self._anchors) and self._anchors[place].start - start <= 1:
            return self._speaker(self._anchors[place], False)
        return None

    def body_at(self, start: int) -> bool:
        """Whether a body's name begins exactly here."""
        place = bisect_left(self._starts, start)
        if place == len(self._anchors) or self._starts[place] != start:
            return False
        what = self._anchors[place].what
        return isinstance(what, Name) and what.kind == "org"

    def _subject(self, anchor: Anchor, since: int) -> bool:
        before = self._low[max(since, anchor.start - 40) : anchor.start]
        word = _WORD_BEFORE.search(before)
        if word is None or word.group(1) not in cues().prepositions:
            return True
        return cues().papers.search(before) is not None

    def _spans(self, anchor: Anchor, between: str, firm: bool) -> bool:
        """Whether a subject may govern a verb over the words between."""
        if isinstance(anchor.what, Name) and (
            anchor.what.kind == "place" or not self._opens_clause(anchor.start)
        ):
            return False
        words = between.count(" ")
        if isinstance(anchor.what, Hit) and anchor.what.label == "nameless":
            return words <= 8
        if cues().adjuncts.match(between) or ", " in between or " và " in between:
            return words <= 30
        return words <= (14 if firm else 5)

    def _capitals(self, at: int, since: int) -> Speaker | None:
        """Return a capitalised run right before the verb that no name covers."""
        begin = max(since, at - 60)
        for match in CAPITALS.finditer(self._text, begin, at):
            rest = self._low[match.end() : at]
            if cues().adverbs.fullmatch(rest):
                start = match.start()
                word = _WORD_BEFORE.search(self._low, since, start)
                if word is not None and word.group(1) in cues().prepositions:
                    return None
                if " " not in match.group() and (start == since or len(rest) > 12):
                    return None
                if lower(match.group()) in cues().nobody or self._people.covering(start):
                    return None
                return Speaker(start, match.end(), match.group(), None, near=True)
        return None


def _around(spans: list[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    place = bisect_right(spans, (at, 1 << 60))
    return [(a, b) for a, b in spans[max(0, place - 4) : place] if a <= at < b]


def _inside(marks: Sequence[Quoted], opens: Sequence[int], at: int) -> bool:
    place = bisect_right(opens, at) - 1
    return place >= 0 and at < marks[place].close
