"""Who is meant by a name, a pronoun, a calling or a bare post."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace

from kb.nlp.passage import Name
from kb.nlp.people.cast import Person
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.antecedents import Anchor, Antecedents, Speaker
from kb.reading import Holding
from kb.text import lower

_SEXED = {"nam": "m", "nữ": "f", "nàng": "f", "hoa": "f", "á": "f", "người": "f", "diva": "f"}
"""The first words of callings that tell the sex."""


class Meant(Antecedents):
    """Resolves what may be a subject in one passage; `last` holds the speakers so far."""

    def _speaker(self, anchor: Anchor, near: bool) -> Speaker | None:
        what = anchor.what
        if isinstance(what, Person):
            name, entity = self._cast.full(what)
            sex = what.sex if what.sex != "-" else self._cast.sex(name)
            return Speaker(anchor.start, anchor.end, name, entity, sex, True)
        if isinstance(what, Name):
            if what.kind in ("initiative", "programme", "event"):
                since = max(0, anchor.start - 30)
                if by := cues().organisers.search(self._low, since, anchor.start):
                    return Speaker(
                        by.start(), anchor.end, self._text[by.start() : anchor.end], None
                    )
            if what.kind == "initiative":
                return None  # a plan says nothing; those behind it do
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
            if anchor.body is None and what.word in cues().jobs:
                called = self._led_by(what.word, anchor.start)
                if called is not None:
                    return self._person(anchor, called)
            alone = anchor.body is None and some is None
            if alone and what.word in cues().spokes and self.lately is not None:
                return replace(self.lately, start=anchor.start, end=anchor.end, near=True)
            if anchor.body is None and self._low.startswith((" này", " ấy"), anchor.end):
                return self._again(anchor, "-")
            told = anchor.body is not None or word.isupper()
            return Speaker(anchor.start, anchor.end, word if told else None, None)
        if what.label == "bodies":
            return self.body(anchor)
        if what.label == "callings":
            return self._called(anchor, what)
        if what.label == "post":
            return self._in_office(anchor, what)
        if what.label == "-" and cues().plurals.search(
            self._low[max(0, anchor.start - 12) : anchor.start]
        ):
            return Speaker(anchor.start, anchor.end, None, None)  # `nhiều em`
        return self._again(anchor, what.label)

    def _headed(self, head: str, at: int) -> Name | None:
        """Return the body named last before a place whose name begins with a word: `Sở` Y."""
        for name in reversed(self._orgs):
            if name.start < at and lower(name.name).startswith(head + " "):
                return name
        return None

    def _crowd_before(self, at: int) -> bool:
        """Whether a crowd was named last before a place."""
        raise NotImplementedError

    def _stranger_before(self, at: int, sex: str) -> bool:
        """Whether somebody without a name acted last before a place."""
        raise NotImplementedError

    def body(self, anchor: Anchor) -> Speaker:
        """Return the body that a bare `công ty`, `hãng` or `họ` means: the last that spoke."""
        name = anchor.body
        plural = cues().plurals.search(self._low[max(0, anchor.start - 12) : anchor.start])
        if (
            isinstance(anchor.what, Hit)
            and anchor.what.word == "họ"
            and (self._crowd_before(anchor.start))
        ):
            return Speaker(anchor.start, anchor.end, None, None)
        if name is None and plural is None and isinstance(anchor.what, Hit):
            name = self._headed(anchor.what.word, anchor.start)
        if name is None and plural is None:
            for known in reversed(self.bodies):
                return replace(known, start=anchor.start, end=anchor.end, near=False)
            name = self._main_body(anchor.start)
        if name is None:
            return Speaker(anchor.start, anchor.end, None, None)
        return Speaker(anchor.start, anchor.end, name.name, name.entity_id)

    def _again(self, anchor: Anchor, sex: str) -> Speaker:
        """Return the last speaker of a sex, or a person who has opened a sentence since."""
        if self._stranger_before(anchor.start, sex):
            return Speaker(anchor.start, anchor.end, None, None)
        person = self._mentioned(anchor.start, sex, since=self.spoke)
        if person is None:
            for known in reversed(self._last):
                if not self._fits(known.name):
                    continue
                if sex == "-" or known.sex in ("-", sex):
                    return replace(known, start=anchor.start, end=anchor.end)
            person = self._mentioned(anchor.start, sex, since=0) or self._headline(sex)
        if person is None:
            return Speaker(anchor.start, anchor.end, None, None)
        name, entity = self._cast.full(person)
        return Speaker(anchor.start, anchor.end, name, entity, sex, True)

    def _main_body(self, before: int) -> Name | None:
        """Return the body that opens most clauses of the passage, rather one named before."""
        if self._main is None:
            counts = Counter(
                name.name
                for name in self._orgs
                if self._opens_clause(name.start)
                and not cues().credited.search(self._low, max(0, name.start - 10), name.start)
            )
            often = [(count, name) for name, count in counts.items() if count > 1]
            first = {name.name: name for name in reversed(self._orgs)}
            self._main = [first[name] for _, name in sorted(often, key=lambda one: -one[0])]
        named = (name for name in self._main if name.start < before)
        return next(named, self._main[0] if self._main else None)

    def _called(self, anchor: Anchor, hit: Hit) -> Speaker | None:
        """Resolve `đạo diễn`, `nhà cầm quân` to whom the story called so."""
        if cues().plurals.search(self._low[max(0, hit.start - 12) : hit.start]):
            return Speaker(anchor.start, anchor.end, None, None)
        line = self._text.rfind("\n", 0, anchor.start) + 1
        wide = hit.word in cues().wide
        same = cues().alike.get(hit.word, ())
        alike: Person | None = None
        place = bisect_right(self._people.starts, hit.start) - 1
        first, _, rest = hit.word.partition(" ")
        sex = _SEXED.get(first, "-")
        base = rest if first in ("nam", "nữ") else hit.word
        for person in self._people.persons[max(0, place - 30) : place + 1][::-1]:
            lead = self._low[person.lead : person.start]
            if cues().plurals.search(self._low[max(0, person.lead - 12) : person.lead]):
                continue
            known = person.sex if person.sex != "-" else self._cast.told(self._full(person))
            if "-" not in (sex, known) and sex != known:
                continue
            behind = self._low[person.end : person.end + 3 + len(hit.word)]
            if wide and person.start < line:
                wide = False
                if (recent := self._recent(anchor, sex, line)) is not None:
                    return recent
            elif wide and known == "-" and not self._opens(person):
                recent = self._recent(anchor, sex, line)
                if recent is not None:
                    return recent
            behind = behind.lstrip(" ,-–(")
            if base in lead or self._leads(base, person, 0) or behind.startswith(hit.word):
                return self._person(anchor, person)
            if hit.word not in cues().wide or person.start >= line:
                alike = alike or (person if any(word in lead for word in same) else None)
        if alike is not None:
            return self._person(anchor, alike)
        if hit.word in cues().stars:
            self._role_for = hit.word
            last = self._mentioned(anchor.start, sex, since=self.spoke, anywhere=True)
            found = self._person(anchor, last) if last is not None else self._again(anchor, sex)
            self._role_for = None
            return found
        if anchor.body is not None:
            return Speaker(anchor.start, anchor.end, anchor.body.name, anchor.body.entity_id)
        if self._low.startswith((" này", " ấy"), anchor.end):
            return self._again(anchor, sex)
        return Speaker(anchor.start, anchor.end, None, None)

    def _in_office(self, anchor: Anchor, hit: Hit) -> Speaker:
        """Resolve `Phó Chủ tịch nước`, `Trưởng đại diện …` to whom the story gives the post."""
        plural = cues().plurals.search(self._low[max(0, hit.start - 12) : hit.start])
        held = self._holder(hit, anchor.end) if plural is None else None
        if held is not None:
            return Speaker(anchor.start, anchor.end, held.person, held.person_id,
                           self._cast.sex(held.person), True)  # fmt: skip
        if anchor.body is not None and plural is None:
            return Speaker(anchor.start, anchor.end, anchor.body.name, anchor.body.entity_id)
        if plural is None and cues().of_body.match(self._low, hit.end):
            return self.body(Anchor(anchor.start, anchor.end, hit))
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
        fits = 2 * shared >= len(own) or (shared and alone)
        return best if fits or (alone and not shared) or not own else None
