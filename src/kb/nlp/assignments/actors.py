"""A sentence with one character for each name, and who the actors in it are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.nlp.assignments.rules import BODY, ONE_OF, OTHER, PERSON, PLACE, rules
from kb.nlp.passage import Name, Passage, Sentence

_ASIDE = re.compile(rf"thuộc {BODY}|\([^()]*\)")
_HOLDER = re.compile(rf"(?<=[{BODY}{ONE_OF}]) {PERSON}")
"""Who holds the post before: "Bộ trưởng Bộ A Trần Văn B"."""
_POST = 40
"""Code points before a body within which stands whose post it is, or that it is one of many."""
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
    office: tuple[Actor, ...] = ()
    """The bodies whose head acts: "Chủ tịch UBND tỉnh A"."""
    subject: int | None = None
    """Where "C được … giao cho A" has C before it."""


def with_institutions(
    passage: Passage, sentence: Sentence, names: Sequence[Name]
) -> Sequence[Name]:
    """Add the bodies that are named by their kind alone ("Chính phủ"), where no name stands."""
    found = [
        Name(one.start(), one.end(), "org", None, one.group(), "institution", 1.0)
        for one in rules().institutions.finditer(passage.text, sentence.start, sentence.end)
        if all(
            name.end <= one.start() or one.end() <= name.start or _within(name, *one.span())
            for name in names
        )
    ]
    if not found:
        return names
    kept = [name for name in names if not any(_within(name, x.start, x.end) for x in found)]
    return sorted([*kept, *found], key=lambda name: name.start)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _within(name: Name, start: int, end: int) -> bool:
    """Tell whether a name is a part of a span: "Thủ tướng Chính phủ" is one office."""
    return start <= name.start and name.end <= end and name.end - name.start < end - start


def _hosting(text: str, name: Name, floor: int, last: Name | None) -> Name:
    """Return a place as who governs it, where it acts: "tỉnh A phối hợp với …"."""
    if name.kind != "place" or not rules().hosts.match(text, name.end):
        return name
    unit = rules().unit_before.search(text, max(floor, name.start - _SEAT), name.start)
    begin = unit.start() if unit else name.start
    if last is not None and last.kind == "org" and text[last.end : begin] == ", ":
        return name  # "Công an quận A, thành phố B phối hợp với …"
    called = text[begin : name.end] if unit else name.name
    return replace(name, kind="org", start=begin, name=called, entity_id=None)


def _acting(text: str, name: Name, floor: int, last: Name | None) -> Name:
    """Return a name as an actor: "Chính quyền A" is a body, and a verb at its end is no part.

    `last`: the name before it.
    """
    if name.kind in ("place", "person"):
        first = max(floor, name.start - _SEAT)
        if name.kind == "person" and not rules().units.search(text, first, name.start):
            return name
        head = rules().governs.search(text, first, name.start)
        told = None if head else rules().told_place.search(text, first, name.start)
        if told and not told["unit"] and not rules().place_does.match(text, name.end):
            told = None  # "cho Đà Nẵng 2 tỷ đồng"
        start = head.start() if head else None
        if told:
            start = told.start("unit") if told["unit"] else name.start
        if start is None or (
            name.kind == "person" and not rules().units.search(text, start, name.start)
        ):
            return _hosting(text, name, floor, last)
        own = text[start : name.end]
        return replace(name, kind="org", start=start, name=own, entity_id=None)
    if name.kind != "org":
        return name
    if text.endswith(rules().organs, floor, name.start):
        organ = next(one for one in rules().organs if text.endswith(one, floor, name.start))
        start = name.start - len(organ)
        return replace(name, start=start, name=text[start : name.end], entity_id=None)
    if name.entity_id is not None:
        return name
    verb = rules().swallowed.search(text, name.start, name.end)
    if verb is None:
        return name
    own = name.name.removesuffix(verb.group())
    return replace(name, name=own, end=verb.start())


def _whole(text: str, names: Sequence[Name], floor: int) -> list[Name]:
    """Return names as actors; one word that was taken for a person gives way to its body.

    "Nhà | sáng tác Vũng Tàu" is one body, whatever its first word may be elsewhere.
    """
    found: list[Name] = []
    for one in names:
        last = found[-1] if found else None
        alone = last is not None and last.kind == "person" and " " not in last.name
        first = last.start if last and alone else last.end if last else floor
        name = _acting(text, one, first, last)
        if last is not None and alone and name.start <= last.start:
            found.pop()
        found.append(name)
    return found


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
        for name in _whole(passage.text, names, here):
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
        before = max(first, name.start - _POST)
        if not name.listed and (
            rules().many.search(self._passage, before, name.start)
            or rules().of_many.match(self._passage, name.end)
        ):
            return OTHER
        if self._passage.endswith(("tại ", "ở "), before, name.start):
            return PLACE
        return ONE_OF if rules().post.search(self._passage, before, name.start) else BODY

    def actors(
        self, match: re.Match[str], *, persons: bool = True, posts: bool = False
    ) -> list[Actor]:
        """Return who a match of `Rules.actors` names; generic bodies are nobody.

        `posts`: "Giám đốc Sở A" counts as Sở A, as when its head is given a task.
        """
        if match.lastgroup == "group":
            places = range(match.start("group"), match.end("group"))
            members = [self.names[at] for at in places if at in self.names]
            return [
                Actor(name.name if name.listed else f"{match['head']} {name.name}", name.entity_id)
                for name in members
            ]
        row = _ASIDE.sub(_blank, match["list"])
        row = _HOLDER.sub("  ", row)
        here = [match.start() + n for n, c in enumerate(row) if c in (BODY, PERSON, ONE_OF)]
        names = [(at, name) for at in here if (name := self.names.get(at)) is not None]
        if (
            row == f"{BODY}, {BODY}"
            and rules().parts.match(names[0][1].name)
            and rules().parts_of.match(names[1][1].name)
        ):
            names = names[:1]  # "Phòng A, Công an tỉnh B": the second says whose the first is
        wholes = {
            at
            for (before, part), (at, whole) in pairwise(names)
            if self.text[before + 1 : at] == ", "
            and rules().lower_parts.match(part.name)
            and rules().parts_of.match(whole.name)
        }
        return [
            Actor(name.name, name.entity_id, name.kind == "person")
            for at, name in names
            if at not in wholes
            and (
                (name.kind == "org" and (posts or self.text[at] == BODY))
                or (persons and name.kind == "person")
            )
        ]
