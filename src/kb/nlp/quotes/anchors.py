"""What may be a subject in one passage: names, pronouns, callings, posts, bodies."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import TypeVar

from kb.nlp.passage import Name
from kb.nlp.people.cast import Cast, People, Person
from kb.nlp.people.span import PostSpan
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.antecedents import Anchor, Speaker
from kb.nlp.quotes.marks import Quoted
from kb.nlp.quotes.meant import Meant
from kb.reading import Holding

_KIN = (" gái", " trai", "vợ", "chồng")
_APPOSED = 12
"""A name that says who a calling is begins within so many code points behind it."""
_NEXT = 250
"""A pronoun within so many code points of a name may tell the person's sex."""
_NAMED = frozenset(("org", "place", "programme", "initiative", "event"))
_START, _END = itemgetter(0), itemgetter(1)
_SEXED = frozenset(("m", "f"))
_WHO = _SEXED | {"-", "callings", "nameless", "bodies"}
Found = TypeVar("Found", Anchor, Person)


class Anchors(Meant):
    """The possible subjects of one passage, in order, none within another or a quotation."""

    def __init__(
        self, people: People, hits: Sequence[Hit], marks: Sequence[Quoted], cast: Cast,
        holdings: Sequence[Holding], last: list[Speaker],
    ) -> None:  # fmt: skip
        super().__init__(people, cast, holdings, last)
        self._free = _outside(people.persons, marks)
        self._free_starts = [one.start for one in self._free]
        self._anchors = self._find(hits, marks)
        self._tell_sexes()
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
            for a, b in _around(spans, person.start) if spans else ():
                start, end = min(start, a), max(end, b)
            found.append(Anchor(start, end, person))
        found += [
            Anchor(name.start, name.end, name)
            for name in self._people.passage.names
            if name.kind in _NAMED
        ]
        posts = {hit.start: hit.end for hit in self._people.posts if hit.label == "post"}
        for hit in hits:
            label = hit.label
            if label not in _WHO:
                continue
            if label == "nameless" and posts.get(hit.start, 0) > hit.end:
                continue  # `Bộ trưởng` is no `bộ`
            around = self._people.covering(hit.start)
            if around is not None and around.kind == "org" and hit.end <= around.end:
                continue
            if label in _SEXED:
                if self._proper(hit.start):
                    continue
                noun = cues().nouns.match(self._low, hit.end)
                if noun and not self._text[noun.end() + 1 : noun.end() + 2].isupper():
                    hit = hit._replace(label="nameless")  # `cô chủ quán` is no `cô`
            anchor = self._bare(hit)
            if label != "callings" or not self._told_by_name(hit, anchor.end):
                found.append(anchor)
        span = PostSpan(self._people)
        for hit in self._people.posts:
            if hit.label == "post" and not _around(spans, hit.start):
                end = span.end(hit)
                if not self._told_by_name(hit, end):
                    found.append(Anchor(hit.start, end, hit, self._org(hit.end, end)))
        found.sort(key=_END, reverse=True)
        found.sort(key=_START)  # the longest of those that begin together still stands first
        kept: list[Anchor] = []
        end = 0
        for anchor in found:
            if anchor.start >= end:
                kept.append(anchor)
                end = anchor.end
            elif (
                isinstance(anchor.what, Person)
                and isinstance(kept[-1].what, Hit)
                and anchor.end > end
            ):
                kept[-1] = anchor  # `một người tên X`
                end = anchor.end
        return _outside(kept, marks)

    def _tell_sexes(self) -> None:
        """Let pronouns tell the sex of the person named last before them, if they agree."""
        votes: dict[str, Counter[str]] = {}
        person: Person | None = None
        for anchor in self._anchors:
            what = anchor.what
            if isinstance(what, Person):
                person = what
                if kin := cues().kin.match(self._low, what.end):
                    self._cast.tell(self._cast.full(what)[0], cues().sexes[kin[1]])
                    votes.setdefault(self._cast.full(what)[0], Counter())[cues().sexes[kin[1]]] += 3
            elif (
                person is not None
                and isinstance(what, Hit)
                and what.label in _SEXED
                and anchor.start - person.end < _NEXT
            ):
                votes.setdefault(self._cast.full(person)[0], Counter())[what.label] += 1
        for name, count in votes.items():
            (sex, most), *others = count.most_common()
            if most >= 2 * sum(other for _, other in others):
                self._cast.tell(name, sex)

    def _told_by_name(self, hit: Hit, end: int) -> bool:
        """Whether a name says who a calling or a post is: `tay vợt nữ Jelena Dokic`.

        `end`: where what belongs to the word ends.
        """
        place = bisect_left(self._people.starts, end)
        if place == len(self._people.starts):
            return False
        person = self._people.persons[place]
        if person.lead - end > _APPOSED:
            return False
        if person.titled and hit.word.endswith(_KIN):
            return False  # `con gái ông X` is not X
        between = self._low[end : person.lead]
        return between.replace(" ", "a").isalpha() and cues().saying.search(between) is None

    def _bare(self, hit: Hit) -> Anchor:
        """Return a bare word for who speaks, with the body or the place that follows it."""
        name = self._people.name_at(hit.end + 1)
        placed = hit.word in cues().of_place
        if name is None and not placed:
            return Anchor(hit.start, hit.end, hit)
        at = hit.end
        while placed and name is None and at - hit.end < 12:
            at = self._low.find(" ", at + 1, hit.end + 14)
            if at < 0 or not self._text[hit.end : at].replace(" ", "a").isalpha():
                break
            name = self._people.name_at(at + 1)
        if (
            name is not None
            and name.kind == "place"
            and hit.label == "nameless"
            and hit.word.startswith(cues().crowds)
        ):
            return Anchor(hit.start, name.end, hit)  # `báo giới Ý` is nobody
        kinds = ("org", "place") if placed else ("org",)
        if name is None or name.kind not in kinds or hit.label in ("m", "f", "-"):
            return Anchor(hit.start, hit.end, hit)
        return Anchor(hit.start, name.end, hit, name)

    def _org(self, start: int, end: int) -> Name | None:
        names = self._people.passage.names_in(start, end)
        return next((name for name in names if name.kind == "org"), None)

    def _proper(self, at: int) -> bool:
        """Whether a word for a man or a woman is part of a name: `Anh` the country."""
        if not self._text[at].isupper():
            return False
        before = self._text[max(0, at - 2) : at].rstrip(" ")
        return bool(before) and before[-1] not in '.!?\n:”",-–…'

    def _crowd_before(self, at: int) -> bool:
        """Whether a crowd was named last before a place: `khán giả. Họ cho rằng …`."""
        place = bisect_left(self._starts, at)
        for anchor in self._anchors[max(0, place - 2) : place][::-1]:
            if isinstance(anchor.what, Hit):
                return anchor.what.word in cues().outsiders
            if isinstance(anchor.what, Name) and anchor.what.kind == "org":
                return False
        return False

    def _stranger_before(self, at: int, sex: str) -> bool:
        """Whether somebody's kin without a name acted last: `em trai của X … Người này nói`."""
        place = bisect_left(self._starts, at)
        for anchor in self._anchors[max(0, place - 6) : place][::-1]:
            what = anchor.what
            if anchor.start < self.spoke:
                break
            if isinstance(what, Person) and self._opens(what):
                break
            if isinstance(what, Hit) and what.word in cues().sexes:
                alike = sex in ("-", cues().sexes[what.word])
                if alike and self._opens_clause(anchor.start):
                    return True
        return False

    def starting(self, at: int) -> Speaker | None:
        """Return who is named right here, at the beginning of a clause."""
        place = bisect_left(self._starts, at)
        if place < len(self._anchors) and self._starts[place] - at <= 1:
            return self._speaker(self._anchors[place], True)
        return None

    def named(self, at: int) -> bool:
        """Whether the name of a person or a body begins here, with what leads it."""
        place = bisect_left(self._starts, at)
        if place == len(self._starts) or self._starts[place] != at:
            return False
        what = self._anchors[place].what
        return isinstance(what, Person) or (isinstance(what, Name) and what.kind == "org")

    def listed_at(self, start: int) -> int:
        """Return where a body's name that begins here and is one of a row ends; 0: none."""
        place = bisect_left(self._starts, start)
        if place == len(self._starts) or self._starts[place] != start:
            return 0
        anchor = self._anchors[place]
        row = isinstance(anchor.what, Name) and anchor.what.kind == "org"
        return anchor.end if row and self._text.startswith((",", " và "), anchor.end) else 0


def _around(spans: list[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    place = bisect_right(spans, (at, 1 << 60))
    return [(a, b) for a, b in spans[max(0, place - 4) : place] if a <= at < b]


def _outside(found: list[Found], marks: Sequence[Quoted]) -> list[Found]:
    """Return what begins in no quotation; both are in order."""
    if not marks:
        return found
    starts = [one.start for one in found]
    kept, at = list[Found](), 0
    for mark in marks:
        kept += found[at : bisect_left(starts, mark.open)]
        at = bisect_left(starts, mark.close)
    return kept + found[at:]
