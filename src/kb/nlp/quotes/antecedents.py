"""Who stands before a place in a passage and may be meant there: subjects, openers, the led."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from kb.nlp.passage import Name
from kb.nlp.people.cast import Cast, People, Person
from kb.nlp.people.wordlists import Hit, cues
from kb.reading import Holding
from kb.text import lower

_STOP = re.compile(r"[.!?…] |\n")
_BEFORE = re.compile(r"(\w+) +$")
_VERB = re.compile(
    r" (?:đã|vừa|sẽ|đang|từng|cũng|bất ngờ|chính thức|tiếp tục|không|chưa|mới)(?!\w)"
)
_MARKS = ('"', "“", "'", "‘")
_LEAD = 30
"""What leads a name stands within so many code points."""
_MOST = 60
"""Holders of like posts that are looked through for a bare one."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: a person or a body; `name` None where nobody is named. `start` in the text."""

    start: int
    end: int
    name: str | None
    entity_id: str | None
    sex: str = "-"
    person: bool = False
    near: bool = False
    """Whether nothing but adverbs and appositions stand between the speaker and the verb."""


class Anchor(NamedTuple):
    """Something in the text that may be a subject."""

    start: int
    end: int
    what: Person | Name | Hit
    body: Name | None = None
    """The body of a bare post, the place of a nameless crowd."""


class Antecedents:
    """The persons of one passage in their order; `last` holds the speakers so far."""

    def __init__(
        self, people: People, cast: Cast, holdings: Sequence[Holding], last: list[Speaker]
    ) -> None:
        self._people = people
        self._text = people.text
        self._low = people.lowered
        self._cast = cast
        self._holdings = holdings
        self._last = last
        self._orgs = [name for name in people.passage.names if name.kind == "org"]
        self._main: list[Name] | None = None
        self.lately: Speaker | None = None
        """Who has spoken last: a person, a body or nobody named."""
        self.bodies: list[Speaker] = []
        """The bodies that have spoken."""
        self._free = people.persons
        self._free_starts = people.starts
        """The persons outside quotation marks."""
        self._role_for: str | None = None
        """The calling that is being resolved."""
        self._trainers: frozenset[str] | None = None
        self.answering = False
        """Whether the word of saying tells that somebody else has just spoken."""
        self.spoke = 0
        """Where the last word of saying stood."""

    @cached_property
    def _posts(self) -> dict[str, list[tuple[str, Holding]]]:
        """The posts in lower case with who holds them, by their first words."""
        posts: dict[str, list[tuple[str, Holding]]] = {}
        for holding in self._holdings:
            post = lower(holding.post)
            known = posts.setdefault(post.split(" ")[0], [])
            if len(known) < _MOST:
                known.append((post, holding))
        return posts

    def _opens_clause(self, at: int) -> bool:
        before = self._low[max(0, at - 14) : at]
        for lead in (cues().plurals, cues().media):
            if some := lead.search(before):
                before = before[: some.start()]
        before = before.rstrip(" ")
        if not before or before[-1] in '.!?\n:,;”"-–':
            return True
        return before.replace("\n", " ").endswith(cues().conjunctions)

    def _mentioned(self, at: int, sex: str, *, since: int, anywhere: bool = False) -> Person | None:
        """Return the person named last; one of unknown sex only if nobody tells his.

        Since the last speech only one who opens a clause, or `anywhere`.
        """
        place = bisect_left(self._free_starts, at) - 1
        found: list[Person] = []
        unknown: list[Person] = []
        for person in self._free[max(0, place - 7) : place + 1][::-1]:
            if person.start < since:
                break
            known = self._cast.sex(self._full(person))
            if anywhere and self._led_to(person):
                continue
            if self._text[person.lead - 1 : person.lead] in _MARKS or (
                since and not anywhere and not self._subject_like(person)
            ):
                continue
            if not self._fits(self._full(person)):
                continue
            told = person.titled or anywhere or not since or self._subject_like(person)
            if sex == known or (sex == "-" and told):
                found.append(person)
            elif known == "-" and told:
                unknown.append(person)
        alike = found or unknown
        return self._subject_of(alike) if alike else None

    def _headline(self, sex: str) -> Person | None:
        """Return whom the headline names: a story may begin with `Cô cho biết …`."""
        for person in self._cast.people[0].persons if self._cast.people else ():
            if sex in ("-", known := self._cast.sex(self._full(person))) or known == "-":
                return person
        return None

    def _subject_of(self, persons: Sequence[Person]) -> Person:
        """Return the first person, or who opens a clause before it in the same sentence."""
        best = persons[0]
        for person in persons[1:]:
            if _STOP.search(self._text, person.end, best.start):
                break
            if self._subject_like(person):
                best = person
        return best

    def _fits(self, name: str | None) -> bool:
        """Whether somebody may be meant: not who is answered, and no coach for a player."""
        if self.answering and self._last and self._last[-1].name == name:
            return False
        if self._role_for in cues().players:
            return name not in self._coaches()
        return True

    def _coaches(self) -> frozenset[str]:
        """Return the full names of those whom the passage calls coaches."""
        if self._trainers is None:
            self._trainers = frozenset(
                self._full(person)
                for person in self._people.persons
                if cues().coaches.intersection(
                    self._low[max(0, person.start - 20) : person.start].replace(",", " ").split()
                )
                or "huấn luyện viên " in self._low[max(0, person.start - 20) : person.start]
            )
        return self._trainers

    def _full(self, person: Person) -> str:
        return self._cast.full(person)[0]

    def _opens(self, person: Person) -> bool:
        """Whether a person opens a clause, with a calling before the name or not."""
        led = cues().led.search(self._low, max(0, person.lead - 24), person.lead)
        if self._low.endswith(("về phần ", "về phía "), 0, person.lead):
            return self._opens_clause(person.lead - 8)
        return self._opens_clause(led.start() if led else person.lead)

    def _subject_like(self, person: Person) -> bool:
        """Whether a person opens a clause, or has a verb right behind: `tin ca sĩ X đã …`."""
        if self._opens(person):
            return True
        if self._led_to(person):
            return False
        return _VERB.match(self._low, person.end) is not None

    def _led_to(self, person: Person) -> bool:
        """Whether a preposition stands before a person, who so is no subject."""
        word = _BEFORE.search(self._low, max(0, person.lead - 12), person.lead)
        return word is not None and word[1] in cues().prepositions

    def _leads(self, word: str, person: Person, most: int = 3) -> bool:
        """Whether a word, alone or with what belongs to it, leads a name: `chuyên gia bếp X`."""
        before = self._low[max(0, person.lead - _LEAD) : person.lead]
        at = before.rfind(word + " ")
        if at < 0 or (at and before[at - 1].isalnum()):
            return False
        rest = before[at + len(word) : -1]
        return rest.count(" ") <= most and (not rest or rest.replace(" ", "").isalpha())

    def _led_by(self, word: str, at: int) -> Person | None:
        """Return the person before a place whom a word without a name of its own leads."""
        place = bisect_right(self._people.starts, at)
        for person in self._people.persons[max(0, place - 30) : place][::-1]:
            behind = self._low[person.end : person.end + 4 + len(word)]
            if self._leads(word, person) or behind.startswith((f" - {word}", f" – {word}")):
                return person
        return None

    def _recent(self, anchor: Anchor, sex: str, line: int) -> Speaker | None:
        """Return who was named, or spoke, last in a line, if a calling of this sex fits."""
        since = max(line, self.spoke, 1)
        near = self._mentioned(anchor.start, sex, since=since)
        if near is not None:
            return self._person(anchor, near)
        last = self._last[-1] if self._last else None
        alike = last is not None and ("-" in (sex, last.sex) or sex == last.sex)
        if alike and last and last.start >= line and self._fits(last.name):
            return replace(last, start=anchor.start, end=anchor.end)
        near = self._mentioned(anchor.start, sex, since=max(line, 1), anywhere=True)
        return self._person(anchor, near) if near is not None else None

    def _person(self, anchor: Anchor, person: Person) -> Speaker:
        name, entity = self._cast.full(person)
        return Speaker(anchor.start, anchor.end, name, entity, self._sex_of(person), True)

    def _sex_of(self, person: Person) -> str:
        return person.sex if person.sex != "-" else self._cast.sex(self._cast.full(person)[0])
