"""Who is meant by a name, a pronoun, a calling or a bare post."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import Cast, People, Person
from kb.nlp.people.wordlists import Hit, cues, words
from kb.reading import Holding
from kb.text import lower

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


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something in the text that may be a subject."""

    start: int
    end: int
    what: Person | Name | Hit
    body: Name | None = None
    """The body of a bare post."""


class Meant:
    """Resolves what may be a subject in one passage; `last` holds the speakers so far."""

    def __init__(
        self, people: People, cast: Cast, holdings: Sequence[Holding], last: list[Speaker]
    ) -> None:
        self._people = people
        self._text = people.text
        self._low = people.lowered
        self._cast = cast
        self._holdings = holdings
        self._posts: dict[str, list[tuple[str, Holding]]] = {}
        for holding in holdings:
            post = bare_post(holding.post)
            known = self._posts.setdefault(post.split(" ")[0], [])
            if len(known) < _MOST:
                known.append((post, holding))
        self._last = last
        self.spoke = 0
        """Where the last word of saying stood."""

    def _opens_clause(self, at: int) -> bool:
        before = self._low[max(0, at - 14) : at].rstrip(" ")
        return not before or before[-1] in '.!?\n:,;”"-–' or before.endswith(cues().conjunctions)

    def _speaker(self, anchor: Anchor, near: bool) -> Speaker | None:
        what = anchor.what
        if isinstance(what, Person):
            name, entity = self._cast.full(what)
            sex = what.sex if what.sex != "-" else self._cast.sex(name)
            return Speaker(anchor.start, anchor.end, name, entity, sex, True)
        if isinstance(what, Name):
            if what.kind == "place" and not (near and self._opens_clause(anchor.start)):
                return None
            return Speaker(anchor.start, anchor.end, what.name, what.entity_id)
        if what.label == "nameless":
            return Speaker(anchor.start, anchor.end, None, None)
        if what.label == "callings":
            return self._called(anchor, what)
        return self._again(anchor, what.label)

    def _again(self, anchor: Anchor, sex: str) -> Speaker:
        """Return the last speaker of a sex, or a person who has opened a sentence since."""
        person = self._mentioned(anchor.start, sex, since=self.spoke)
        if person is None:
            for known in reversed(self._last):
                if sex == "-" or known.sex in ("-", sex):
                    return replace(known, start=anchor.start, end=anchor.end)
            person = self._mentioned(anchor.start, sex, since=0)
        if person is None:
            return Speaker(anchor.start, anchor.end, None, None)
        name, entity = self._cast.full(person)
        return Speaker(anchor.start, anchor.end, name, entity, sex, True)

    def _mentioned(self, at: int, sex: str, *, since: int) -> Person | None:
        """Return the person named last; one of unknown sex only if nobody tells his."""
        place = bisect_left(self._people.starts, at) - 1
        unknown = None
        for person in self._people.persons[max(0, place - 7) : place + 1][::-1]:
            if person.start < since:
                break
            known = self._cast.sex(self._cast.full(person)[0])
            if since and not (person.titled and self._opens_clause(person.lead)):
                continue
            if sex in (known, "-"):
                return person
            if known == "-" and unknown is None:
                unknown = person
        return unknown

    def _called(self, anchor: Anchor, hit: Hit) -> Speaker | None:
        """Resolve `đạo diễn`, `Trưởng đại diện …` to whom the story named so."""
        if cues().plurals.search(self._low[max(0, hit.start - 12) : hit.start]):
            return Speaker(anchor.start, anchor.end, None, None)
        held = self._holder(hit)
        if held is not None:
            return Speaker(anchor.start, anchor.end, held.person, held.person_id,
                           self._cast.sex(held.person), True)  # fmt: skip
        place = bisect_right(self._people.starts, hit.start) - 1
        for person in self._people.persons[max(0, place - 30) : place + 1][::-1]:
            if person.titled and hit.word in self._low[person.lead : person.start]:
                name, entity = self._cast.full(person)
                return Speaker(anchor.start, anchor.end, name, entity, person.sex, True)
        if anchor.body is not None:
            return Speaker(anchor.start, anchor.end, anchor.body.name, anchor.body.entity_id)
        if hit.word in cues().stars:
            sex = {"nam": "m", "nữ": "f", "nàn": "f"}.get(hit.word[:3].strip(), "-")
            return self._again(anchor, sex)
        return Speaker(anchor.start, anchor.end, None, None)

    def _holder(self, hit: Hit) -> Holding | None:
        """Return who holds a bare post; words after it (`… UNESCO tại Việt Nam`) choose."""
        held = [
            one
            for post, one in self._posts.get(hit.word.split()[0], ())
            if post.startswith(hit.word)
        ]
        if not held:
            return None
        tail = re.split(r"[,.:;(\n]", self._low[hit.end : hit.end + 60], maxsplit=1)[0].split()
        own = set(tail).difference(*[[hit.word]])
        best = max(reversed(held), key=lambda one: len(own.intersection(lower(one.post).split())))
        shared = len(own.intersection(lower(best.post).split()))
        alone = len({one.person for one in held}) == 1
        return best if shared or alone or not own else None


def bare_post(post: str) -> str:
    """Return a post in lower case without `nguyên`, `tân` and the like."""
    low = lower(post)
    first, _, rest = low.partition(" ")
    return rest if first in words().before else low
