"""Who speaks: the subject of a word of saying, by name, by pronoun or by calling."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import CAPITALS, Person
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.anchors import Anchors
from kb.nlp.quotes.antecedents import Anchor, Speaker
from kb.text import lower

_WORD_BEFORE = re.compile(r"(\w+) *$")
_WHEN = re.compile(
    r" (?:sau|trong|tại|ở|trước|khi|hôm|ngày|sáng|chiều|tối)(?: [^ ,.;:“”\"]+){1,10} "
)
_BREAK = re.compile(r"[.,;:!?\n“”\"]|(?<!\w)(?:vì|khi|khiến|và|nhưng) ")
_PASSIVE = re.compile(r"(?:^| )(?:được|bị) (?:\w+ ){0,2}$")
_BRACKET = re.compile(r" \(\w{1,12}\),? ")
_JOINED = re.compile(r"(?:[,;]| và| đồng thời) ?$")
_BY = ("được", "bị")
"""The agent of a passive follows: `được ông cho biết`."""
_DASHES = ("-", "–", "—")
_PAIRS = {",": ",", "-": "-", "–": "–", "—": "—"}
_ADVERBS_END = re.compile(r"(?: (?:cũng|đã|còn|vừa|lại|mới))+ *$")


class Speakers(Anchors):
    """Finds the subjects of one passage."""

    def before(self, at: int, since: int, *, firm: bool) -> Speaker | None:
        """Return the subject of a word of saying at `at`, no farther back than `since`.

        `firm`: the word means nothing but saying, so that more may stand between.
        """
        whole = at
        closing = self._low[max(since, at - 80) : at].rstrip()
        if closing.endswith(")") and "(" in closing:
            opening = max(since, at - 80) + closing.rindex("(")
            if opening > since and self._text[opening - 1] == " ":
                at = opening  # `Viện X (thuộc Y) cho biết`
        place = bisect_left(self._starts, at)
        tail = at
        for anchor in self._anchors[max(0, place - 9) : place][::-1]:
            place -= 1
            if anchor.start < since:
                break
            if self._low.endswith(" của ", 0, anchor.start) and anchor.end <= at:
                tail = anchor.start - 5 if self._text[anchor.end : at].count(" ") <= 2 else at
            if anchor.end <= at and not firm and self._passive(anchor, since):
                return None
            # One may hold the brackets: `Bà X (Giám đốc Y) cho biết`.
            if anchor.end > whole or not self._subject(anchor, since, firm=firm):
                continue
            between = self._low[anchor.end : at]
            if cues().quoting.search(between):
                return Speaker(at, at, None, None, near=True)
            near = cues().adverbs.fullmatch(between) is not None
            if self._crowded(anchor, since):
                return Speaker(anchor.start, anchor.end, None, None, near=near)
            if not near and place and self._strayed(anchor, self._anchors[place - 1], since):
                continue
            # `X lên án Y, cho rằng …`: Y opens no clause, and does not speak.
            if _JOINED.search(_ADVERBS_END.sub("", between)) and not self._opens_clause(
                anchor.start
            ):
                continue
            owns = isinstance(anchor.what, Hit) and anchor.end == tail
            if not (near or owns or self._spans(anchor, between, firm)):
                continue
            speaker = self._meant(place, anchor, at, since, near)
            if speaker is not None:
                return speaker
        return self._capitals(at, since) or self._several(at, since)

    def _several(self, at: int, since: int) -> Speaker | None:
        """Return nobody where a crowd that no list knows is the subject: `Nhiều em cho biết`."""
        clause = _BREAK.split(self._low[max(since, at - 60) : at])[-1].lstrip(" -–")
        if cues().crowd.match(clause) and clause.count(" ") <= 8:
            return Speaker(at, at, None, None, near=True)
        return None

    def _crowded(self, anchor: Anchor, since: int) -> bool:
        """Whether several without a name are the subject: `Một số fan của X cho rằng …`."""
        if self._opens_clause(anchor.start):
            return False
        before = self._low[max(since, anchor.start - 60) : anchor.start]
        clause = _BREAK.split(before)[-1].lstrip(" -–")
        if cues().papers.search(clause):
            return False
        return cues().crowd.match(clause) is not None and clause.count(" ") > 1

    def _passive(self, anchor: Anchor, since: int) -> bool:
        """Whether an agent of a passive stands here: `được nhóm X đánh giá là …`."""
        if self._opens_clause(anchor.start):
            return False
        clause = _BREAK.split(self._low[max(since, anchor.start - 40) : anchor.start])[-1]
        return _PASSIVE.search(clause) is not None

    def _strayed(self, anchor: Anchor, other: Anchor, since: int) -> bool:
        """Whether it is a lone word in the middle of a clause: a part of a title, as a rule."""
        what = anchor.what
        body = isinstance(other.what, Hit) and other.what.label == "bodies"
        return (
            isinstance(what, Person)
            and other.start >= since
            and not (body and anchor.start - other.end < 20)
            and not what.titled
            and " " not in self._cast.full(what)[0]
            and not self._opens_clause(anchor.start)
        )

    def _meant(self, place: int, anchor: Anchor, at: int, since: int, near: bool) -> Speaker | None:
        """Return who an anchor means, or the person in whose apposition it stands."""
        first = self._first_of_row(place, anchor)
        near = near and first is anchor
        anchor = first
        owner = self._owner(place - 1, anchor, at, since)
        if owner is not None:
            anchor, near = owner, True
        speaker = self._speaker(anchor, near)
        if speaker is None:
            return None
        between = self._low[anchor.end : at]
        few = isinstance(anchor.what, Hit) and between.count(" ") <= 3 and between[1:2].isalpha()
        if isinstance(anchor.what, Hit) and anchor.what.label == "callings":
            # `giọng ca Phố xanh mùa hạ`
            few = few or (between.count(" ") <= 7 and self._text[anchor.end + 1].isupper())
        near = near or few or between[:2] in (", ", " (", " -", " –")
        return replace(speaker, near=near or _WHEN.fullmatch(between) is not None)

    def _nouns(self, start: int, end: int) -> bool:
        """Whether a stretch is nothing but nouns and what belongs to them, and tells no time."""
        while start < end:
            if self._text[start] != " ":
                return False
            first, last, pos = self._people.word_at(start + 1)
            word = self._low[start + 1 : last]
            if pos[:1] not in ("N", "A", "C", "L", "V") or first > start + 1 or last > end:
                return False
            if cues().times.intersection(word.split()):
                return False
            start = last
        return start == end

    def _first_of_row(self, place: int, anchor: Anchor) -> Anchor:
        """Return the first of two that speak together: `Sở Y và Hội Z cho biết`."""
        other = self._anchors[place - 1] if place else anchor
        alike = isinstance(anchor.what, Name) and isinstance(other.what, Name)
        between = self._low[other.end : anchor.start]
        # `Cục Y, Bộ Z cho biết`, `Cục Y (C05) Bộ Z`: the body above is named behind.
        above = (
            isinstance(other.what, Name)
            and other.what.kind == "org"
            and (
                between == ", "
                or _BRACKET.fullmatch(between) is not None
                or (between.endswith(", ") and self._nouns(other.end, anchor.start - 2))
            )
        )
        joined = alike and (between == " và " or above)
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
            if other.start < since or not (
                isinstance(other.what, Person) or self._in_office_behind(other)
            ):
                continue
            if isinstance(anchor.what, Person) and anchor.start - other.end <= 2:
                continue  # `Trên sóng A, B nói`: no apposition
            opening = self._low[other.end : other.end + 3].strip()[:1]
            if opening in _PAIRS and _PAIRS[opening] == closing:
                return other
            between = self._low[other.end : at]
            opens = isinstance(other.what, Person) and self._opens(other.what)
            if opening == "," and not (opens or self._opens_clause(other.start)):
                continue
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

    def _in_office_behind(self, anchor: Anchor) -> bool:
        """Whether a post follows a name, which so is a person's: `X, đại diện của Y, nói`."""
        place = bisect_left(self._starts, anchor.end)
        behind = self._anchors[place].what if place < len(self._anchors) else None
        return (
            isinstance(anchor.what, Name)
            and anchor.what.kind == "org"
            and anchor.what.entity_id is None
            and isinstance(behind, Hit)
            and behind.label in ("post", "nameless", "callings")
            and self._low[anchor.end : self._starts[place]] in (", ", " - ", " – ", ", hiện là ")
            and self._opens_clause(anchor.start)
        )

    def _dashed(self, place: int, anchor: Anchor, since: int, dash: str) -> Anchor | None:
        """Return the person behind whom the dash opens: `A - con của B, C - nói`."""
        opening = self._text.rfind(f" {dash} ", since, anchor.start)
        for other in self._anchors[max(0, place - 6) : place + 1][::-1]:
            if opening >= since and other.end == opening and isinstance(other.what, Person):
                return other
        return None

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
            if self._low.endswith("theo ", 0, anchor.start) and self._text[anchor.end] == ",":
                continue  # `Theo X, một công ty từ chối, cho rằng …`
            if self._subject(anchor, since):
                speaker = self._speaker(anchor, False)
                if speaker is not None and speaker.name is not None:
                    return speaker
        return None

    def opening(self, since: int, until: int) -> Speaker | None:
        """Return the person who opens a sentence, or a part of it."""
        place = bisect_left(self._starts, since)
        for anchor in self._anchors[place : place + 4]:
            if anchor.end > until:
                break
            what = anchor.what
            if self._opens_clause(anchor.start) or (isinstance(what, Person) and self._opens(what)):
                speaker = self._speaker(anchor, False)
                if speaker is not None and speaker.person:
                    return speaker
        return None

    def _subject(self, anchor: Anchor, since: int, *, firm: bool = False) -> bool:
        before = self._low[max(since, anchor.start - 40) : anchor.start]
        media = cues().media.search(before)
        before = before[: media.start()] if media else before
        word = _WORD_BEFORE.search(before)
        if word is None or word.group(1) not in cues().prepositions:
            return True
        if (firm and word.group(1) in _BY) or cues().quoted_from.search(before):
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
            return words <= 10 and (
                anchor.what.label == "nameless" or self._opens_clause(anchor.start)
            )
        if cues().adjuncts.match(between) or ", " in between or " và " in between:
            return words <= 30
        return words <= (14 if firm else 5)

    def _revered(self, start: int, end: int) -> Speaker | None:
        """Return whom `Bác`, `Người` with a capital means, if the story names him."""
        name = cues().revered[self._text[start:end]]
        known = next((one for one in self._people.persons if one.text == name), None)
        entity = known.entity_id if known else None
        return Speaker(start, end, name, entity, "m", True, near=True) if known else None

    def _capitals(self, at: int, since: int) -> Speaker | None:
        """Return a capitalised run right before the verb that no name covers."""
        begin = max(since, at - 60)
        for match in CAPITALS.finditer(self._text, begin, at):
            rest = self._low[match.end() : at]
            if "," not in rest and cues().adverbs.fullmatch(rest):
                start = match.start()
                word = _WORD_BEFORE.search(self._low, since, start)
                if (
                    word is not None
                    and word.group(1) in cues().prepositions
                    and word.group(1) != "như"
                ):
                    return None
                first = not self._low[since:start].strip(" -–•*")
                if match.group() in cues().revered and self._opens_clause(start):
                    return self._revered(start, match.end())
                if " " not in match.group() and (first or len(rest) > 12):
                    return None
                if lower(match.group()) in cues().nobody or self._people.covering(start):
                    return None
                return Speaker(start, match.end(), match.group(), None, near=True)
        return None
