"""Who speaks: the subject of a word of saying, by name, by pronoun or by calling."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import CAPITALS, Person
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.anchors import Anchors
from kb.nlp.quotes.meant import Anchor, Speaker
from kb.text import lower

_WORD_BEFORE = re.compile(r"(\w+) *$")
_WHEN = re.compile(
    r" (?:sau|trong|tại|ở|trước|khi|hôm|ngày|sáng|chiều|tối)(?: [^ ,.;:“”\"]+){1,10} "
)
_SINCE = re.compile(r" (?:ngày|hôm|sáng|chiều|tối|đêm) ")
_NO_NAME = re.compile(r"[:;?!“”\"\n]|\. ")
_JOINED = re.compile(r"(?:[,;]| và| đồng thời) ?$")
_DASHES = ("-", "–", "—")
_PAIRS = {",": ",", "-": "-", "–": "–", "—": "—"}
_ADVERBS_END = re.compile(r"(?: (?:cũng|đã|còn|vừa|lại|mới))+ *$")


class Speakers(Anchors):
    """Finds the subjects of one passage."""

    def before(self, at: int, since: int, *, firm: bool) -> Speaker | None:
        """Return the subject of a word of saying at `at`, no farther back than `since`.

        `firm`: the word means nothing but saying, so that more may stand between.
        """
        place = bisect_left(self._starts, at)
        for anchor in self._anchors[max(0, place - 9) : place][::-1]:
            place -= 1
            if anchor.start < since:
                break
            if anchor.end > at or not self._subject(anchor, since):
                continue
            between = self._low[anchor.end : at]
            near = cues().adverbs.fullmatch(between) is not None
            # `X lên án Y, cho rằng …`: Y opens no clause, and does not speak.
            if _JOINED.search(_ADVERBS_END.sub("", between)) and not self._opens_clause(
                anchor.start
            ):
                continue
            if not near and not self._spans(anchor, between, firm):
                continue
            speaker = self._meant(place, anchor, at, since, near)
            if speaker is not None:
                return speaker
        return self._capitals(at, since)

    def _meant(self, place: int, anchor: Anchor, at: int, since: int, near: bool) -> Speaker | None:
        """Return who an anchor means, or the person in whose apposition it stands."""
        anchor = self._first_of_row(place, anchor)
        owner = self._owner(place - 1, anchor, at, since)
        if owner is not None:
            anchor, near = owner, True
        speaker = self._speaker(anchor, near)
        if speaker is None:
            return None
        between = self._low[anchor.end : at]
        few = isinstance(anchor.what, Hit) and between.count(" ") <= 3 and between[1:2].isalpha()
        near = near or few or between[:2] in (", ", " (", " -", " –")
        return replace(speaker, near=near or _WHEN.fullmatch(between) is not None)

    def _first_of_row(self, place: int, anchor: Anchor) -> Anchor:
        """Return the first of two that speak together: `Sở Y và Hội Z cho biết`."""
        other = self._anchors[place - 1] if place else anchor
        alike = isinstance(anchor.what, Name) and isinstance(other.what, Name)
        joined = alike and self._low[other.end : anchor.start] == " và "
        return other if joined and self._opens_clause(other.start) else anchor

    def _owner(self, place: int, anchor: Anchor, at: int, since: int) -> Anchor | None:
        """Return the person in whose apposition a name stands: `bà X, nhà báo của Y, cho biết`."""
        titled = isinstance(anchor.what, Person) and anchor.what.titled
        closing = self._low[max(anchor.end, at - 40) : at]
        closing = _ADVERBS_END.sub("", closing).rstrip()[-1:]
        if closing in _DASHES and (wide := self._dashed(place, anchor, since, closing)):
            return wide
        if titled:
            return None
        for other in self._anchors[max(0, place - 3) : place + 1][::-1]:
            if other.start < since or not isinstance(other.what, Person):
                continue
            if isinstance(anchor.what, Person) and anchor.start - other.end <= 2:
                continue  # `Trên sóng A, B nói`: no apposition
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

    def _dashed(self, place: int, anchor: Anchor, since: int, dash: str) -> Anchor | None:
        """Return the person behind whom the dash opens: `A - con của B, C - nói`."""
        opening = self._text.rfind(f" {dash} ", since, anchor.start)
        for other in self._anchors[max(0, place - 6) : place + 1][::-1]:
            if opening >= since and other.end == opening and isinstance(other.what, Person):
                return other
        return None

    def paper(self, at: int) -> Speaker | None:
        """Return the body whose `báo cáo`, `thông báo` speaks here."""
        if cues().papers.search(self._low, max(0, at - 14), at) is None:
            return None
        return self.body(Anchor(at, at, Hit(at, at, "", "bodies")))

    def ending(self, at: int) -> bool:
        """Whether a person or a crowd, which may be a subject, ends right before a word."""
        place = bisect_left(self._starts, at) - 1
        return (
            place >= 0
            and self._anchors[place].end == at - 1
            and self._opens_clause(self._anchors[place].start)
        )

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

    def source(self, at: int) -> Speaker | None:
        """Return who is named after a `theo` that ends here: `theo báo cáo của Sở Y`."""
        place = bisect_left(self._starts, at)
        crowd: Anchor | None = None
        for anchor in self._anchors[place : place + 3]:
            what = anchor.what
            if anchor.start - at > 60:
                break
            if not cues().source.fullmatch(self._low, at, anchor.start) or (
                isinstance(what, Name) and what.kind in ("place", "event")
            ):
                continue
            if isinstance(what, Hit) and what.label in ("nameless", "bodies"):
                crowd = crowd or anchor
                continue
            return self._speaker(anchor, False)
        return self._unknown(at) or (self._speaker(crowd, False) if crowd else None)

    def _unknown(self, at: int) -> Speaker | None:
        """Return what stands up to the comma where no name is known: `theo trang abc.net, …`."""
        end = self._text.find(",", at, at + 70)
        lead = cues().reported_by.match(self._low, at, end) if end > 0 else None
        name = _SINCE.split(self._text[lead.end() : end])[0] if lead else ""
        if lead is not None and self._low.startswith(cues().crowds, at + 1):
            return Speaker(lead.end(), end, None, None)
        if lead is None or (name == name.lower() and "." not in name) or _NO_NAME.search(name):
            return None
        return Speaker(lead.end(), end, name, None)

    def _subject(self, anchor: Anchor, since: int) -> bool:
        before = self._low[max(since, anchor.start - 40) : anchor.start]
        word = _WORD_BEFORE.search(before)
        if word is None or word.group(1) not in cues().prepositions:
            return True
        paper = cues().papers.search(before)
        # `một đại diện của Y` stays without a name, `đại diện của Y` speaks for Y.
        return paper is not None and not before[: paper.start()].endswith("một ")

    def _spans(self, anchor: Anchor, between: str, firm: bool) -> bool:
        """Whether a subject may govern a verb over the words between."""
        if isinstance(anchor.what, Name) and (
            anchor.what.kind == "place" or not self._opens_clause(anchor.start)
        ):
            return False
        words = between.count(" ")
        if isinstance(anchor.what, Hit) and anchor.what.label in ("nameless", "bodies"):
            return words <= 8 and (
                anchor.what.label == "nameless" or self._opens_clause(anchor.start)
            )
        if cues().adjuncts.match(between) or ", " in between or " và " in between:
            return words <= 30
        return words <= (14 if firm else 5)

    def _capitals(self, at: int, since: int) -> Speaker | None:
        """Return a capitalised run right before the verb that no name covers."""
        begin = max(since, at - 60)
        for match in CAPITALS.finditer(self._text, begin, at):
            rest = self._low[match.end() : at]
            if "," not in rest and cues().adverbs.fullmatch(rest):
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
