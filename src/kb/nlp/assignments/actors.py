"""A sentence with one character for each name, and who the actors in it are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.nlp.assignments.rules import BODY, ONE_OF, OTHER, PERSON, PLACE, rules
from kb.nlp.passage import Name, Passage, Sentence

_SEAT = 60
"""Code points before a place within which a body begins that is called after it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who has a role: the name of a body or a person."""

    name: str
    entity_id: str | None
    person: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Actors at the head of a clause: what was said before them, and where to read on."""

    actors: list[Actor]
    start: int
    at: int
    told: bool = False
    order: bool = False
    """Told by "yêu cầu", "chỉ đạo": weaker than "giao", so the verb has to be one of a task."""
    subject: int | None = None
    """Where "C được … giao cho A" has C before it."""


def with_names(passage: Passage) -> Iterator[tuple[Sentence, list[Name]]]:
    """Give each sentence the names that begin in it; one walk over both."""
    at = 0
    for sentence in passage.sentences:
        first = at
        while at < len(passage.names) and passage.names[at].start < sentence.end:
            at += 1
        yield sentence, _with_institutions(passage, sentence, list(passage.names[first:at]))


def _with_institutions(passage: Passage, sentence: Sentence, names: list[Name]) -> list[Name]:
    """Add the bodies that are named by their kind alone ("Chính phủ"), where no name stands."""
    found = [
        Name(one.start(), one.end(), "org", None, one.group(), "institution", 1.0)
        for one in rules().institutions.finditer(passage.text, sentence.start, sentence.end)
        if not any(name.start < one.end() and one.start() < name.end for name in names)
    ]
    return sorted([*names, *found], key=lambda name: name.start) if found else names


def _acting(text: str, name: Name, floor: int) -> Name:
    """Return a name as an actor: "Chính quyền A" is a body, and a verb at its end is no part."""
    if name.kind == "place":
        head = rules().governs.search(text, max(floor, name.start - _SEAT), name.start)
        if head is None:
            return name
        own = text[head.start() : name.end]
        return replace(name, kind="org", start=head.start(), name=own, entity_id=None)
    if name.kind != "org" or name.entity_id is not None:
        return name
    verb = rules().swallowed.search(text, name.start, name.end)
    if verb is None:
        return name
    own = name.name.removesuffix(verb.group())
    return replace(name, name=own, end=verb.start())


class Skeleton:
    """A sentence in which each name is one character, so that its words are not read as words.

    `text` is what patterns look at; `names` are by place in it; `source` maps a place of `text`
    to the passage.
    """

    def __init__(self, passage: Passage, sentence: Sentence, names: Sequence[Name]) -> None:
        self._passage = passage.text
        self.names: dict[int, Name] = {}
        self._starts, self._sources = [0], [sentence.start]
        parts: list[str] = []
        here, length = sentence.start, 0
        for one in names:
            name = _acting(passage.text, one, here)
            if name.start < here or name.end > sentence.end:
                continue
            parts += (passage.text[here : name.start], self._mark(sentence.start, name))
            length += name.start - here
            self.names[length] = name
            length += 1
            here = name.end
            self._starts.append(length)
            self._sources.append(here)
        self.text = "".join(parts) + passage.text[here : sentence.end]

    def source(self, at: int) -> int:
        """Return the place in the passage of a place in `text`."""
        before = bisect_right(self._starts, at) - 1
        return self._sources[before] + at - self._starts[before]

    def _mark(self, first: int, name: Name) -> str:
        if name.name in rules().bare:
            return OTHER
        if name.kind != "org":
            return {"person": PERSON, "place": PLACE}.get(name.kind, OTHER)
        before = max(first, name.start - 40)
        if not name.listed and rules().many.search(self._passage, before, name.start):
            return OTHER
        return ONE_OF if rules().post.search(self._passage, before, name.start) else BODY

    def actors(
        self, match: re.Match[str], *, persons: bool = True, posts: bool = False
    ) -> list[Actor]:
        """Return who a match of `Rules.actors` names; generic bodies are nobody.

        `posts`: "Giám đốc Sở A" counts as Sở A, as when its head is given a task.
        """
        if match["group"]:
            places = range(match.start("group"), match.end("group"))
            members = [self.names[at] for at in places if at in self.names]
            return [
                Actor(name.name if name.listed else f"{match['head']} {name.name}", name.entity_id)
                for name in members
            ]
        row = re.sub(rf"thuộc {BODY}|\([^()]*\)", lambda m: " " * len(m.group()), match["list"])
        here = [match.start() + n for n, c in enumerate(row) if c in (BODY, PERSON, ONE_OF)]
        names = [(at, name) for at in here if (name := self.names.get(at)) is not None]
        if row == f"{BODY}, {BODY}" and rules().parts.match(names[0][1].name):
            names = names[:1]  # "Phòng A, Công an tỉnh B": the second says whose the first is
        return [
            Actor(name.name, name.entity_id, name.kind == "person")
            for at, name in names
            if (name.kind == "org" and (posts or self.text[at] == BODY))
            or (persons and name.kind == "person")
        ]
