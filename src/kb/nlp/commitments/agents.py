"""Who acts in a clause, which initiative it is about, and how much of what it promises."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from kb.nlp.commitments.clauses import Clause, any_of, words
from kb.nlp.dates import TimeSpan
from kb.nlp.passage import Name, Passage, Sentence
from kb.nlp.tag import Word

_REACH = 500
"""Code points around a clause within which the initiative of its sentence is looked for."""
_SUBJECT = 40
"""Code points within which a name that acts begins, behind the post of a person."""
_DOER = re.compile(r"\bdo (?=\w)")
_CITY = re.compile(r"thành phố|\btp\b|hà nội")
_A_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–]\s?\d+)?")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)*(?:\s?[-–]\s?\d+(?:[.,]\d+)*)?(?P<percent>\s?%)?(?![\w/:])")


class Agents:
    """The names of one passage, as those who act."""

    def __init__(self, passage: Passage) -> None:
        self._names = passage.names
        self._starts = [name.start for name in passage.names]

    def within(self, start: int, end: int) -> list[Name]:
        """Return the names that begin in a span."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return list(self._names[first:last])

    def before(self, at: int, kinds: tuple[str, ...] = ("org", "place")) -> Name | None:
        """Return the last of the dozen names before a place that has the best of some kinds."""
        near = self._last(12, at)
        ranked = [one for kind in reversed(kinds) for one in near if one.kind == kind]
        return ranked[-1] if ranked else None

    def _last(self, count: int, at: int) -> tuple[Name, ...]:
        here = bisect_left(self._starts, at)
        return self._names[max(0, here - count) : here]

    def owner(
        self, sentence: Sentence, text: str, clause: Clause, subject: tuple[int, int]
    ) -> Name | None:
        """Return who acts: "do …", the subject's name, or the one a common noun stands for."""
        begin, end = subject
        doer = _DOER.search(text, end, clause.end)
        if doer is not None:
            at = sentence.start + doer.end()
            names = [one for one in self.within(at, at + 30) if one.kind in ("org", "person")]
            if names:
                return names[0]
        for one in self.within(sentence.start + begin, sentence.start + end):
            lead = text[begin : one.start - sentence.start].strip()
            if one.kind not in ("org", "person", "place"):
                return None
            if not lead or any_of("places" if one.kind == "place" else "posts").match(lead):
                return one
        return self._stands_for(sentence.start + begin, text[begin:end].strip())

    def behind(self, sentence: Sentence, text: str, owner: Name | None, start: int) -> int:
        """Return where the action begins behind its subject, if somebody acts."""
        if owner is None:
            return start
        first = owner.end - sentence.start
        if sentence.start + start <= owner.start < sentence.start + start + _SUBJECT:
            return first + len(text[first:]) - len(text[first:].lstrip())
        noun = any_of("cities", "persons", "bodies", after=" ").match(text, start)
        return noun.end() if noun else start

    def _stands_for(self, at: int, said: str) -> Name | None:
        """Resolve "ông", "thành phố", "công ty" … to the last such name."""
        if any_of("cities").match(said):
            near = [one for one in self._last(40, at) if one.kind in ("org", "place")]
            cities = [one for one in near if _CITY.search(one.name.lower())]
            return cities[-1] if cities else None
        if len(said) < 15 and any_of("persons").match(said):
            return self.before(at, ("person",))
        if len(said) < 30 and any_of("bodies").match(said):
            head = any_of("own_heads").match(said)
            if head is None:
                return self.before(at, ("org",))
            near = [one for one in self._last(12, at) if one.kind == "org"]
            return next((one for one in reversed(near) if head[0] in one.name.lower()), None)
        return None

    def initiative(self, sentence: Sentence, clause: Clause, span: tuple[int, int]) -> str | None:
        """Return the initiative in the span, else the only one in a sentence that lists nothing."""
        around = (max(sentence.start, span[0] - _REACH), min(sentence.end, span[1] + _REACH))
        found = self.within(*around)
        names = [one for one in found if one.kind == "initiative"]
        inside = [one for one in names if span[0] <= one.start < span[1]]
        if inside:
            return inside[0].entity_id
        ids = {name.entity_id for name in names}
        listed = clause.listed or clause.segments[0].mark == ";"
        return ids.pop() if len(ids) == 1 and not listed else None


def quantity(
    passage: Passage, sentence: Sentence, dates: Sequence[TimeSpan], span: tuple[int, int]
) -> str | None:
    """Return the first figure in the span with what it counts ("3-5 trung tâm", "60%").

    `dates` are those of the sentence: their figures count nothing.
    """
    start, end = span[0] - sentence.start, span[1] - sentence.start
    near = [one for one in dates if one.end > start and one.start < end]
    first = bisect_left(sentence.words, start, key=lambda word: word.start)
    for number in range(first, len(sentence.words)):
        word = sentence.words[number]
        if word.end > end:
            break
        if not word.text[0].isdigit():
            continue
        if any(one.start <= word.start < one.end for one in near):
            continue
        before = sentence.words[number - 1].text.lower() if number else ""
        amount = _AMOUNT.match(passage.text, sentence.start + word.start, span[1])
        if before in words("no_count_before") or amount is None or _A_YEAR.fullmatch(amount[0]):
            continue
        if amount["percent"]:
            return amount[0]
        after = amount.end() - sentence.start
        joined = passage.text[amount.end() : sentence.start + word.end].strip().lower()
        if joined and joined not in words("no_units"):  # segmented as one word: "3-4 phòng"
            return passage.text[amount.start() : sentence.start + word.end]
        rest = [one for one in sentence.words[number : number + 8] if one.start >= after]
        last = _unit(rest[:3])
        if last is not None and last <= end:
            return passage.text[amount.start() : sentence.start + last]
    return None


def _unit(following: Sequence[Word]) -> int | None:
    """Return where the noun after a figure ends ("tỷ đồng", "lượt khách"); None without one."""
    end = None
    for word in following:
        currency = end is not None and word.text in words("currencies")
        noun = word.pos[:1] in ("N", "M") and not word.text[0].isupper()
        if not currency and (not noun or word.text.lower() in words("no_units")):
            break
        end = word.end
        if word.pos not in ("M", "Nu", "Nc") and word.text.lower() not in words("measures"):
            break
    return end
