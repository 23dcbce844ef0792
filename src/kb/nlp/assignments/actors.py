"""A sentence with one character for each name, and who the actors in it are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.nlp.assignments.rules import BODY, ONE_OF, OTHER, PERSON, PLACE, rules
from kb.nlp.passage import Name, Passage, Sentence
from kb.registry import Registry
from kb.text import canonical


@dataclass(frozen=True, slots=True)
class Actor:
    """Who has a role: the name of a body or a person."""

    name: str
    entity_id: str | None
    person: bool = False


def bodies_of(registry: Registry) -> dict[str, Actor]:
    """Return each body of a registry by its name as it is compared."""
    return {canonical(one.name): Actor(one.name, one.id) for one in registry.of_kind("org")}


def with_names(passage: Passage) -> Iterator[tuple[Sentence, list[Name]]]:
    """Give each sentence the names that begin in it; one walk over both."""
    at = 0
    for sentence in passage.sentences:
        first = at
        while at < len(passage.names) and passage.names[at].start < sentence.end:
            at += 1
        yield sentence, list(passage.names[first:at])


def _trimmed(name: Name) -> Name:
    """Return a body without a verb at its end that the finder of names took for a part of it."""
    if name.kind != "org" or name.method == "registry":
        return name
    verb = rules().swallowed.search(name.name)
    if verb is None:
        return name
    length = len(verb.group())
    return replace(name, name=name.name[:-length], end=name.end - length)


class Skeleton:
    """A sentence in which each name is one character, so that its words are not read as words.

    `text` is what patterns look at; `names` are by place in it; `source` maps a place of `text`
    to the passage.
    """

    def __init__(
        self,
        passage: Passage,
        sentence: Sentence,
        names: Sequence[Name],
        bodies: Mapping[str, Actor],
    ) -> None:
        self._passage = passage.text
        self._bodies = bodies
        self.names: dict[int, Name] = {}
        self._starts, self._sources = [0], [sentence.start]
        parts: list[str] = []
        here, length = sentence.start, 0
        for name in map(_trimmed, names):
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
        if name.method != "coordinated" and rules().many.search(self._passage, before, name.start):
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
            return [self._member(match["head"], match["units"], name) for name in members]
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

    def _member(self, head: str, units: str, name: Name) -> Actor:
        """Give one place of a shared list its body: by its own unit word, else as registered."""
        surface = self._passage[name.start : name.end]
        before = rules().units.findall(self._passage[max(0, name.start - 10) : name.start])
        if rules().units.match(surface):
            tries = [surface]
        elif before and self._passage[name.start - len(before[-1]) - 1 : name.start - 1] in before:
            tries = [f"{before[-1].lower()} {surface}"]
        else:
            tries = [f"{unit} {surface}" for unit in rules().units.findall(units)]
        for one in tries:
            if known := self._bodies.get(canonical(f"{head} {one}")):
                return known
        return Actor(f"{head} {tries[0] if len(tries) == 1 else surface}", None)
