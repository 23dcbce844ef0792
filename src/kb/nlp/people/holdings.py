"""Who holds which post: apposition of name, post and body, in either order."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from kb.nlp.passage import Name
from kb.nlp.people.cast import CAPITAL_BEFORE, Cast, People, Person, body_like
from kb.nlp.people.span import LONGEST, PostSpan
from kb.nlp.people.wordlists import Hit, words
from kb.reading import Holding

_HARD = re.compile(r"[.!?;:\n“”\"(){}\[\]/|…]| [-–—] ")
_OPEN_END = re.compile(r" (?:và|của|giữa|trong|cho|từ|là|hoặc|hay|về) $")
_APPOSED = re.compile(
    r"(?: ?\([^()\n]{1,40}\))?(?:, \d\d tuổi)?(?: ?[,–—-] ?| ?\()"
    r"(?:(?:hiện|hiện nay|hiện tại|khi đó|lúc đó)(?: đang)? )?"
)
_JOIN = re.compile(r"(?:, ?| kiêm | và | [-–—] )$")
_SHORT = re.compile(r" \([A-ZĐ][\w.&-]{1,14}\) ?$")
_JOINT = re.compile(r" ?[,–—-] $")
_BODIES = ("org", "initiative", "programme")
_TRAIL = re.compile(r"(?:[\s,–—-]| kiêm| và)+$")


def find_holdings(cast: Cast) -> list[Holding]:
    """Return who is named with which post in an article.

    One record a post: joined posts (`Ủy viên …, Bí thư …`) give several with one person. The
    post is without `nguyên`, `cựu` or `tân`; the span holds them.
    """
    return [holding for one in cast.people for holding in _Posts(one).holdings(cast)]


class _Posts:
    """The posts of one passage."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.passage = people.passage
        self.text = people.text
        self.lowered = people.lowered
        self.posts = [
            hit
            for hit in people.posts
            if not self._within_body(hit)
            and not people.lowered.endswith(words().runs, 0, hit.start)
        ]
        self.persons = people.persons
        self.starts = people.starts
        self._post_starts = [hit.start for hit in self.posts]
        self._span = PostSpan(people)

    def holdings(self, cast: Cast) -> list[Holding]:
        """Return the persons of this passage with their posts, in order."""
        found = []
        for chain in self._chains():
            person = self._after(chain[-1]) or self._before(chain[0])
            if person is None:
                person = self._after(chain[-1], joined=True)
            if person is None:
                continue
            before = self._shared(chain, person)
            if before is not None:
                # "A, giám đốc …, giám đốc … B": the last post alone is B's.
                for first, second in pairwise(chain):
                    one = self._holding(before, self._begin(second), first, cast)
                    if one is not None:
                        found.append(one)
                chain = chain[-1:]
            follows = person.start > chain[0].start
            for hit, later in zip(chain, [*chain[1:], None], strict=True):
                if later is not None:
                    end = self._begin(later)
                elif hit.label == "rank":
                    end = hit.end
                else:
                    end = person.lead if follows else self._span.end(hit)
                one = self._holding(person, end, hit, cast)
                if one is not None:
                    found.append(one)
        return found

    def _shared(self, chain: list[Hit], person: Person) -> Person | None:
        """Return who has all posts of a chain but the last, which is the person's behind them."""
        if len(chain) < 2 or person.start < chain[0].start:
            return None
        before = self._before(chain[0])
        return before if before is not None and not self._posted(before) else None

    def _posted(self, person: Person) -> bool:
        """Whether a post stands before a person's name."""
        return any(
            0 <= person.start - hit.end < LONGEST
            and not self._person_in(hit.end, person.start)
            and self._plain(hit.end, person.lead)
            for hit in self.posts
        )

    def _chains(self) -> list[list[Hit]]:
        """Join posts that stand side by side: `Ủy viên …, Bí thư …`, `Giám đốc kiêm …`."""
        chains: list[list[Hit]] = []
        for hit in self.posts:
            last = chains[-1][-1] if chains else None
            joined = self._joined(last, hit) if last else None
            if last is None or joined is None:
                chains.append([hit])
            elif joined == " kiêm " and hit.start - last.end == len(joined):
                # One post of one body: `Phó Chỉ huy trưởng kiêm Tham mưu trưởng …`.
                chains[-1][-1] = last._replace(end=hit.end)
            else:
                chains[-1].append(hit)
        return chains

    def _joined(self, last: Hit, hit: Hit) -> str | None:
        """Return what joins a post to the one before it, if anything does."""
        if hit.start - last.end >= LONGEST:
            return None
        between = self.text[last.end : self._begin(hit)]
        joined = _JOIN.search(between)
        if joined is None or (hit.label in ("rank", "job") and joined.group() == " và "):
            return None
        end = last.end + joined.start()
        return joined.group() if self._plain(last.end, end) else None

    def _within_body(self, hit: Hit) -> bool:
        """Whether a word for a post is part of a body's name: `Ban Bí thư`, `Cục Quản lý …`."""
        name = self.people.covering(hit.start)
        if name is not None and name.start < hit.start and name.kind != "person":
            return True
        return (
            hit.label not in ("post", "rank")
            and self.text[hit.start].isupper()
            and CAPITAL_BEFORE.search(self.text, max(0, hit.start - 12), hit.start) is not None
        )

    def _plain(self, start: int, end: int) -> bool:
        """Whether words between a post and what follows can be its complement."""
        short = _SHORT.search(self.text, start, end)
        hard = any(
            not self._within_name(mark.start() + mark.group().startswith(" "))
            and not (short and short.start() <= mark.start() < short.end())
            for mark in _HARD.finditer(self.text, start, end)
        )
        return not hard and not self._person_in(start, end) and not self._span.ended(start, end)

    def _within_name(self, at: int) -> bool:
        """Whether a mark is part of a body's name: `UBND TP. Hà Nội`, `Sở Văn hóa - Thể thao`."""
        if self.text[at] in "-–—":
            return self._span.inner(at)
        name = self.people.covering(at)
        return name is not None and name.kind != "person" and name.start < at

    def _person_in(self, start: int, end: int) -> bool:
        place = bisect_left(self.starts, start)
        return place < len(self.starts) and self.starts[place] < end

    def _begin(self, hit: Hit) -> int:
        """Return where a post begins, `nguyên` and `cựu` included."""
        start = self._post_start(hit)
        before = self.lowered[max(0, start - 12) : start]
        for word in words().times:
            if before.endswith(f"{word} ") and not before[: -len(word) - 1][-1:].isalnum():
                return start - len(word) - 1
        return start

    def _post_start(self, hit: Hit) -> int:
        before = self.lowered[max(0, hit.start - 12) : hit.start].split(" ")
        if len(before) > 1 and before[-1] == "" and before[-2] in words().before:
            return hit.start - len(before[-2]) - 1
        return hit.start

    def _after(self, hit: Hit, joined: bool = False) -> Person | None:
        """Return the person whose name follows a post and its body.

        `joined`: only with a comma or a dash before the name, which counts if nobody else is meant.
        """
        place = bisect_left(self.starts, hit.end)
        if place == len(self.starts) or self.persons[place].lead - hit.end > LONGEST:
            return None
        person = self.persons[place]
        between = self.text[hit.end : person.lead]
        tail = _JOINT.search(between)
        alone = " " in person.text and hit.label in ("post", "rank")
        if joined != (tail is not None) or (joined and not (person.titled or alone)):
            return None
        inside = between[: tail.start()] if tail else between
        if _OPEN_END.search(inside) or not self._plain(hit.end, hit.end + len(inside)):
            return None
        if any(hit.end < other.start < person.lead for other in self._posts_from(hit)):
            return None
        if not person.titled and self.lowered[: hit.start].rstrip().endswith(words().made):
            return None
        if not tail and self._span.verb_before(hit.end, person.lead):
            return None
        for comma in re.finditer(",", inside):
            if not self._span.inner(hit.end + comma.start()):
                return None
        return person

    def _posts_from(self, hit: Hit) -> list[Hit]:
        place = bisect_right(self._post_starts, hit.start)
        return self.posts[place : place + 2]

    def _before(self, hit: Hit) -> Person | None:
        """Return the person to whose name a post stands in apposition."""
        begin = self._begin(hit)
        place = bisect_right(self.starts, begin) - 1
        if place < 0 or begin - self.persons[place].end > 60:
            return None
        person = self.persons[place]
        between = self.text[person.end : begin]
        return person if _APPOSED.fullmatch(between) else None

    def _holding(self, person: Person, end: int, hit: Hit, cast: Cast) -> Holding | None:
        start = self._post_start(hit)
        post = _TRAIL.sub("", self.text[start:end])
        end = start + len(post)
        # A body may begin in the word for the post: "Trưởng | Ban Tổ chức Trung ương".
        names = self.passage.names_in(hit.start + 1, end)
        if not self._counts(hit, names, end):
            return None
        name, entity_id = cast.full(person)
        org = next((n for n in names if n.kind in _BODIES), None)
        return Holding(
            person_id=entity_id,
            person=name,
            post=post,
            org_id=org.entity_id if org else None,
            org=org.name if org else None,
            field=self.passage.field,
            start=min(self._begin(hit), person.start),
            end=max(end, person.end),
        )

    def _counts(self, hit: Hit, names: list[Name], end: int) -> bool:
        """Whether a word for a post is one here: a calling only with the body that gives it."""
        if hit.label in ("post", "rank"):
            return True
        kinds = (*_BODIES, "place", "event") if hit.label == "head" else _BODIES
        if any(name.kind in kinds for name in names):
            return True
        # A body that is no name found: `bác sĩ Bệnh viện …`.
        first = self.text[hit.end : end].lstrip().partition(" ")[0]
        return first[:1].isupper() and (first.lower() in words().units or body_like(first))
