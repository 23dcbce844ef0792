"""How far a post goes: the post, its field and the body that gives it."""

from __future__ import annotations

import re
from bisect import bisect_left

from kb.nlp.people.cast import People
from kb.nlp.people.wordlists import Hit, cues, words

_TOKEN = re.compile(r"[^\s,;:.!?()“”\"]+|[,;:.!?()“”\"]")
_YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST = 140
"""A post with its body is never longer (code points)."""
_STOPS = frozenset(("R", "C", "P", "L", "M", "T", "I", "V"))
"""Parts of speech that no body's name holds in lower case, but for the listed verbs."""


class PostSpan:
    """Where the posts of one passage end."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._text = people.text
        self._low = people.lowered

    def end(self, hit: Hit) -> int:
        """Return where a post in apposition ends, with its body.

        Before any capital all words belong to it, and all nouns after the head of a body (`Sở
        nông nghiệp`); after a name, or behind `và`, only what leads on to another or to a comma.
        """
        end = at = hit.end
        bare, open_, linked = True, True, False
        limit = min(len(self._text), hit.end + LONGEST)
        while match := _TOKEN.search(self._text, at, limit):
            token, start = match.group(), match.start()
            if "\n" in self._text[at:start]:
                break
            name = self._people.name_at(start)
            if name is not None and name.kind != "person" and name.end <= limit:
                joined = self._text[name.end : name.end + 1] == "-" and name.end < match.end()
                at = end = match.end() if joined else name.end
                open_ = self._low[name.start : name.end].split(" ")[-1] in words().units
                bare = linked = False
                continue
            if token in ",-–—" and self.inner(start):
                at, open_ = match.end(), True
                continue
            if self._person(start):
                break
            if not token[0].isalnum() and token != "&":
                end = end if linked else at
                break
            if link := words().links.match(self._low, start):
                at, linked = link.end(), True
                continue
            if onward := words().onward.match(self._low, start):
                at = end = onward.end()
                continue
            first, last, pos = self._people.word_at(start)
            if token[0].isupper():
                at = end = match.end()
                open_ = token.lower() in words().units
                bare = linked = False
                continue
            if first < start < last:
                at = match.end()
                end = at if self._text[end:start] == " " else end
                continue
            if token[0].isdigit() and (open_ or _YEAR.fullmatch(token)):
                at = end = match.end()
                continue
            within = words().within.match(self._low, start)
            if within:
                at = within.end()
                end = at if open_ or self._text[end:start] in (" ", " và ") else end
                continue
            if self._ends_at(start, last) or (not bare and pos[:1] in _STOPS):
                break
            at = match.end()
            linked = linked and " và " in self._text[end:start]
            if open_ and not linked:
                end = at
        return end

    def inner(self, at: int) -> bool:
        """Whether a comma or a dash lies inside the name of a body."""
        name = self._people.covering(at)
        if name is not None and name.start < at and name.kind != "person":
            return True
        return self._text.startswith(words().sectors, at + 2)

    def ended(self, start: int, end: int) -> bool:
        """Whether words between a post and what follows it hold one at which posts end."""
        at = start
        while match := _TOKEN.search(self._text, at, end):
            at = match.end()
            token = match.group()
            if token[0].isupper() or not token[0].isalpha():
                continue
            name = self._people.covering(match.start())
            if name is not None:
                at = max(at, name.end)
                continue
            first, last, _ = self._people.word_at(match.start())
            if first in (match.start(), last) and self._ends_at(match.start(), last):
                return True
        return False

    def verb_before(self, start: int, end: int) -> bool:
        """Whether a verb in lower case, no part of a name, stands right before a place."""
        at = end - 1
        while at > start and self._text[at - 1] == " ":
            at -= 1
        if at - 1 <= start or self._people.covering(at - 1) is not None:
            return False
        first, _, pos = self._people.word_at(at - 1)
        return (
            pos[:1] in ("V", "R", "E")
            and first > start
            and self._text[first].islower()
            and (words().within.match(self._low, first) is None)
        )

    def _person(self, at: int) -> bool:
        starts = [self._people.starts, self._people.leads]
        return any(
            (place := bisect_left(row, at)) < len(row) and row[place] == at for row in starts
        )

    def _ends_at(self, at: int, last: int) -> bool:
        """Whether a post ends before the word that begins here and goes on up to `last`."""
        match = words().ends.match(self._low, at) or cues().saying.match(self._low, at)
        return (
            match is not None
            and match.end() >= last
            and words().within.match(self._low, at) is None
        )
