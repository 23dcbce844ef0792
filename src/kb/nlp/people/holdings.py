"""Who holds which post: apposition of name, post and body, in either order."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from kb.nlp.people.cast import Cast, People, Person
from kb.nlp.people.wordlists import Hit, words
from kb.reading import Holding
from kb.text import lower

_HARD = re.compile(r"[.!?;:\n“”\"(){}\[\]/|…]| [-–—] ")
_OPEN_END = re.compile(r" (?:và|của|giữa|trong|cho|từ|là|hoặc|hay|về) $")
_APPOSED = re.compile(
    r"(?: ?\([^()\n]{1,40}\))?(?: ?[,–—-] ?| ?\()(?:(?:hiện|nguyên|cựu|quyền|tân) )?(?:là )?"
)
_TOKEN = re.compile(r"[^\s,;:.!?()“”\"]+|[,;:.!?()“”\"]")
_LONGEST = 140
"""A post with its body is never longer (code points)."""
_DANGLING = frozenset(("tại", "của", "thuộc", "ở", "kiêm", "và", "&", "phụ trách"))


def find_holdings(cast: Cast) -> list[Holding]:
    """Return who is named with which post in an article.

    One record a post: joined posts (`Ủy viên …, Bí thư …`) give several with one person.
    """
    return [holding for one in cast.people for holding in _Posts(one).holdings(cast)]


class _Posts:
    """The posts of one passage."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.passage = people.passage
        self.text = people.text
        self.lowered = people.lowered
        self.posts = people.posts
        self.persons = people.persons
        self.starts = people.starts
        self._post_starts = [hit.start for hit in people.posts]

    def holdings(self, cast: Cast) -> list[Holding]:
        """Return the persons of this passage with their posts, in order."""
        found = []
        for chain in self._chains():
            person = self._after(chain[-1]) or self._before(chain[0])
            if person is None:
                person = self._after(chain[-1], joined=True)
            if person is None:
                continue
            ends = [hit.start for hit in chain[1:]]
            ends.append(person.lead if person.start > chain[0].start else self._end(chain[-1]))
            for hit, end in zip(chain, ends, strict=True):
                found.append(self._holding(person, self._begin(hit), end, hit, cast))
        return found

    def _chains(self) -> list[list[Hit]]:
        """Join posts that stand side by side: `Ủy viên …, Bí thư …`, `Giám đốc kiêm …`."""
        chains: list[list[Hit]] = []
        for hit in self.posts:
            if chains and hit.start - chains[-1][-1].end < _LONGEST:
                between = self.text[chains[-1][-1].end : self._begin(hit)]
                joined = re.search(r"(?:, ?| kiêm | và )$", between)
                inside = between[: joined.start()] if joined else ""
                if joined and not _HARD.search(inside) and self._plain(chains[-1][-1].end, inside):
                    chains[-1].append(hit)
                    continue
            covering = self.people.covering(hit.start)
            if covering is None or covering.start == hit.start or covering.kind == "person":
                chains.append([hit])
        return chains

    def _plain(self, at: int, inside: str) -> bool:
        """Whether words between a post and what follows can be its complement."""
        if self._person_in(at, at + len(inside)):
            return False
        return not words().ends.intersection(lower(inside).replace(",", " ,").split())

    def _person_in(self, start: int, end: int) -> bool:
        place = bisect_left(self.starts, start)
        return place < len(self.starts) and self.starts[place] < end

    def _begin(self, hit: Hit) -> int:
        """Return where a post begins, `nguyên` and `cựu` included."""
        before = self.lowered[max(0, hit.start - 12) : hit.start].split(" ")
        if len(before) > 1 and before[-1] == "" and before[-2] in words().before:
            return hit.start - len(before[-2]) - 1
        return hit.start

    def _after(self, hit: Hit, joined: bool = False) -> Person | None:
        """Return the person whose name follows a post and its body."""
        place = bisect_left(self.starts, hit.end)
        if place == len(self.starts) or self.persons[place].lead - hit.end > _LONGEST:
            return None
        person = self.persons[place]
        between = self.text[hit.end : person.lead]
        tail = re.search(r" ?[,–—-] $", between)
        if tail and not joined:
            return None
        inside = between[: tail.start()] if tail else between
        if _HARD.search(inside) or _OPEN_END.search(inside) or not self._plain(hit.end, inside):
            return None
        if any(hit.end < other.start < person.lead for other in self._posts_from(hit)):
            return None
        for comma in re.finditer(",", inside):
            if not self._inner_comma(hit.end + comma.start()):
                return None
        return person

    def _posts_from(self, hit: Hit) -> list[Hit]:
        place = bisect_right(self._post_starts, hit.start)
        return self.posts[place : place + 2]

    def _inner_comma(self, at: int) -> bool:
        name = self.people.covering(at)
        if name is not None and name.start < at:
            return True
        return self.text.startswith(words().sectors, at + 2)

    def _before(self, hit: Hit) -> Person | None:
        """Return the person to whose name a post stands in apposition."""
        begin = self._begin(hit)
        place = bisect_right(self.starts, begin) - 1
        if place < 0 or begin - self.persons[place].end > 60:
            return None
        person = self.persons[place]
        between = self.text[person.end : begin]
        return person if _APPOSED.fullmatch(between) else None

    def _end(self, hit: Hit) -> int:
        """Return where a post in apposition ends."""
        end = at = hit.end
        named = False
        limit = min(len(self.text), hit.end + _LONGEST)
        while match := _TOKEN.search(self.text, at, limit):
            token = match.group()
            if "\n" in self.text[at : match.start()]:
                break
            name = self.people.name_at(match.start())
            if name is not None and name.kind != "person" and name.kind != "event":
                at = end = name.end
                named = True
                continue
            low = token.lower()
            if token == "," and self._inner_comma(match.start()):
                at = match.end()
                continue
            if not token[0].isalnum() and token != "&":
                break
            if low in words().ends or name is not None:
                break
            if named and not token[0].isupper() and low not in words().onward:
                break
            at = match.end()
            if low not in words().onward or low not in _DANGLING:
                end = at
        return end

    def _holding(self, person: Person, start: int, end: int, hit: Hit, cast: Cast) -> Holding:
        name, entity_id = cast.full(person)
        post = re.sub(r"(?:[\s,–—-]| kiêm| và)+$", "", self.text[start:end])
        end = start + len(post)
        org = next(
            (
                name
                for name in self.passage.names_in(hit.end, end)
                if name.kind in ("org", "initiative", "programme")
            ),
            None,
        )
        return Holding(
            person_id=entity_id,
            person=name,
            post=post,
            org_id=org.entity_id if org else None,
            org=org.name if org else None,
            field=self.passage.field,
            start=min(start, person.start),
            end=max(end, person.end),
        )
