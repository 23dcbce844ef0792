"""Who is meant by a name, a pronoun, a calling or a bare post."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import Cast, People, Person
from kb.nlp.people.wordlists import Hit, cues
from kb.reading import Holding
from kb.text import lower

_MARKS = ('"', "“", "'", "‘")
_SEXED = {"nam": "m", "nữ": "f", "nàng": "f", "hoa": "f", "á": "f", "người": "f", "diva": "f"}
"""The first words of callings that tell the sex."""
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
    """The body of a bare post, the place of a nameless crowd."""


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
            post = lower(holding.post)
            known = self._posts.setdefault(post.split(" ")[0], [])
            if len(known) < _MOST:
                known.append((post, holding))
        self._last = last
        self._orgs = [name for name in people.passage.names if name.kind == "org"]
        self._main: list[Name] | None = None
        self.bodies: list[Speaker] = []
        """The bodies that have spoken."""
        self.spoke = 0
        """Where the last word of saying stood."""

    def _opens_clause(self, at: int) -> bool:
        before = self._low[max(0, at - 14) : at]
        for lead in (cues().plurals, cues().media):
            if some := lead.search(before):
                before = before[: some.start()]
        before = before.rstrip(" ")
        return not before or before[-1] in '.!?\n:,;”"-–' or before.endswith(cues().conjunctions)

    def _speaker(self, anchor: Anchor, near: bool) -> Speaker | None:
        what = anchor.what
        if isinstance(what, Person):
            name, entity = self._cast.full(what)
            sex = what.sex if what.sex != "-" else self._cast.sex(name)
            return Speaker(anchor.start, anchor.end, name, entity, sex, True)
        if isinstance(what, Name):
            if what.kind in ("place", "event") and not (near and self._opens_clause(anchor.start)):
                return None
            if lower(what.name).startswith(cues().crowds):
                return Speaker(anchor.start, anchor.end, None, None)
            return Speaker(anchor.start, anchor.end, what.name, what.entity_id)
        if what.label == "nameless":
            word = self._text[anchor.start : anchor.end]
            some = cues().plurals.search(self._low[max(0, anchor.start - 12) : anchor.start])
            if some is not None or what.word in cues().outsiders:
                return Speaker(anchor.start, anchor.end, None, None)
            if anchor.body is not None and anchor.body.kind == "org":
                return Speaker(anchor.start, anchor.end, anchor.body.name, anchor.body.entity_id)
            told = anchor.body is not None or word.isupper()
            return Speaker(anchor.start, anchor.end, word if told else None, None)
        if what.label == "bodies":
            return self.body(anchor)
        if what.label == "callings":
            return self._called(anchor, what)
        if what.label == "post":
            return self._in_office(anchor, what)
        return self._again(anchor, what.label)

    def body(self, anchor: Anchor) -> Speaker:
        """Return the body that a bare `công ty`, `hãng` or `họ` means: the last that spoke."""
        name = anchor.body
        plural = cues().plurals.search(self._low[max(0, anchor.start - 12) : anchor.start])
        if name is None and plural is None:
            for known in reversed(self.bodies):
                return replace(known, start=anchor.start, end=anchor.end, near=False)
            name = self._main_body(anchor.start)
        if name is None:
            return Speaker(anchor.start, anchor.end, None, None)
        return Speaker(anchor.start, anchor.end, name.name, name.entity_id)

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

    def _mentioned(self, at: int, sex: str, *, since: int, anywhere: bool = False) -> Person | None:
        """Return the person named last; one of unknown sex only if nobody tells his.

        Since the last speech only one who opens a clause, or `anywhere`.
        """
        place = bisect_left(self._people.starts, at) - 1
        unknown = None
        for person in self._people.persons[max(0, place - 7) : place + 1][::-1]:
            if person.start < since:
                break
            known = self._cast.sex(self._cast.full(person)[0])
            if self._text[person.lead - 1 : person.lead] in _MARKS or (
                since and not anywhere and not self._opens_clause(person.lead)
            ):
                continue
            told = person.titled or anywhere or not since
            if sex == known or (sex == "-" and told):
                return person
            if known == "-" and unknown is None and told:
                unknown = person
        return unknown

    def _main_body(self, before: int) -> Name | None:
        """Return the body that opens most clauses of the passage, rather one named before."""
        if self._main is None:
            counts = Counter(name.name for name in self._orgs if self._opens_clause(name.start))
            often = [(count, name) for name, count in counts.items() if count > 1]
            first = {name.name: name for name in reversed(self._orgs)}
            self._main = [first[name] for _, name in sorted(often, key=lambda one: -one[0])]
        named = (name for name in self._main if name.start < before)
        return next(named, self._main[0] if self._main else None)

    def _called(self, anchor: Anchor, hit: Hit) -> Speaker | None:
        """Resolve `đạo diễn`, `nhà cầm quân` to whom the story called so."""
        if cues().plurals.search(self._low[max(0, hit.start - 12) : hit.start]):
            return Speaker(anchor.start, anchor.end, None, None)
        same = cues().alike.get(hit.word, ())
        alike: Person | None = None
        place = bisect_right(self._people.starts, hit.start) - 1
        first, _, rest = hit.word.partition(" ")
        sex = _SEXED.get(first, "-")
        base = rest if first in ("nam", "nữ") else hit.word
        for person in self._people.persons[max(0, place - 30) : place + 1][::-1]:
            lead = self._low[person.lead : person.start]
            if "-" not in (sex, known := self._sex_of(person)) and sex != known:
                continue
            behind = self._low[person.end : person.end + 3 + len(hit.word)]
            if base in lead or behind.lstrip(" ,-–(").startswith(hit.word):
                return self._person(anchor, person)
            alike = alike or (person if any(word in lead for word in same) else None)
        if alike is not None:
            return self._person(anchor, alike)
        if hit.word in cues().stars:
            last = self._mentioned(anchor.start, sex, since=self.spoke, anywhere=True)
            return self._person(anchor, last) if last is not None else self._again(anchor, sex)
        if anchor.body is not None:
            return Speaker(anchor.start, anchor.end, anchor.body.name, anchor.body.entity_id)
        return Speaker(anchor.start, anchor.end, None, None)

    def _person(self, anchor: Anchor, person: Person) -> Speaker:
        name, entity = self._cast.full(person)
        return Speaker(anchor.start, anchor.end, name, entity, self._sex_of(person), True)

    def _sex_of(self, person: Person) -> str:
        return person.sex if person.sex != "-" else self._cast.sex(self._cast.full(person)[0])

    def _in_office(self, anchor: Anchor, hit: Hit) -> Speaker:
        """Resolve `Phó Chủ tịch nước`, `Trưởng đại diện …` to whom the story gives the post."""
        plural = cues().plurals.search(self._low[max(0, hit.start - 12) : hit.start])
        held = self._holder(hit, anchor.end) if plural is None else None
        if held is not None:
            return Speaker(anchor.start, anchor.end, held.person, held.person_id,
                           self._cast.sex(held.person), True)  # fmt: skip
        if anchor.body is not None and plural is None:
            return Speaker(anchor.start, anchor.end, anchor.body.name, anchor.body.entity_id)
        return Speaker(anchor.start, anchor.end, None, None)

    def _holder(self, hit: Hit, end: int) -> Holding | None:
        """Return who holds a bare post; words after it (`… UNESCO tại Việt Nam`) choose."""
        held = [
            one
            for post, one in self._posts.get(hit.word.split()[0], ())
            if post.startswith(hit.word)
        ]
        if not held:
            return None
        own = set(self._low[hit.end : end].split())
        best = max(reversed(held), key=lambda one: len(own.intersection(lower(one.post).split())))
        shared = len(own.intersection(lower(best.post).split()))
        alone = len({one.person for one in held}) == 1
        return best if shared or alone or not own else None
