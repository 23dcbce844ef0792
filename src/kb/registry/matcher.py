"""Names of the registry found in running text, whatever the case, tone-mark style or dash."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ahocorasick_rs import AhoCorasick

from kb.registry.evidence import Evidence, Weighed
from kb.registry.loader import Registry
from kb.registry.model import Alias, Entry
from kb.text import canonical, characters

_MARKS = r",\-\u2010-\u2015\u2212\"'“”‘’«»„‟"
_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c != " ")
_JOINT = re.compile(rf"[{_MARKS}{_BLANKS}][\s{_MARKS}]*")
"""What newspapers put between the words of a name: spaces, commas, dashes, quotation marks. A
single space is the form already, so it is not looked for; one may stand before the rest."""
_WIDE = re.compile(rf"{_JOINT.pattern}| [\s{_MARKS}]+")
"""The same where spaces may stand side by side: several times as slow."""


_WORD = re.compile(r"\w+")

EXACT = 0.99
"""A name that needs no clue: all of 295 such links in annotated texts were right."""
CONTEXT = 0.95
"""A name that its clues decided, where nothing spoke against it: of 135 such links in the same
texts two were wrong, but a new text misleads anew."""
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Match:
    """One name found: `start:end` are code points of the text searched.

    `rule` is `exact` where the name alone decided, `context` where clues did; `score` is how
    sure that is, in 0–1.
    """

    start: int
    end: int
    entry: Entry
    alias: str
    """The registry's spelling that matched."""
    rule: Literal["exact", "context"] = "exact"
    score: float = EXACT


@dataclass(frozen=True, slots=True)
class _Form:
    """A text in matching form: canonical, with one space for every joint.

    After the joint at `joints[i]` of `text` the original goes on at `resumes[i]`.
    """

    text: str
    joints: list[int]
    resumes: list[int]

    def source(self, at: int) -> int:
        """Return the place in the original of the character at a place of the form."""
        before = bisect_left(self.joints, at) - 1
        return at if before < 0 else self.resumes[before] + at - self.joints[before] - 1


def _form(text: str) -> _Form:
    lowered = canonical(text)
    parts: list[str] = []
    joints: list[int] = []
    resumes: list[int] = []
    at = length = 0
    for joint in (_WIDE if "  " in lowered else _JOINT).finditer(lowered):
        start, end = joint.span()
        if start > at and lowered[start - 1] == " ":
            start -= 1
        # A line end always breaks a name.
        parts += (lowered[at:start], "\n" if "\n" in joint.group() else " ")
        length += start - at
        joints.append(length)
        resumes.append(end)
        length += 1
        at = end
    parts.append(lowered[at:])
    return _Form("".join(parts), joints, resumes)


@dataclass(frozen=True, slots=True)
class _Owner:
    """An entry that a form may stand for, with the clues that have to decide."""

    entry: Entry
    name: str
    case: bool
    needs: tuple[Weighed, ...]
    unless: tuple[Weighed, ...]

    def written(self, surface: str) -> bool:
        """Whether the capitals are those of the name: exactly, or for people and places enough.

        "xã hội, an ninh" names no Hội An.
        """
        if self.case:
            return _capitals(self.name) == _capitals(surface)
        if self.entry.kind not in ("person", "place") or surface.isupper():
            return True
        wanted, there = _capitalised(self.name), _capitalised(surface)
        return there >= wanted - max(0, wanted - 1) // 2

    def score(self, evidence: Evidence, field: int, start: int, end: int) -> float:
        """Return how sure it is that the name at a place is this entry's, 0 if it is not."""
        if not self.needs and not self.unless:
            return EXACT
        sure = 1.0
        for clue in self.needs:
            sure = min(sure, evidence.share(clue, field, start, end))
            if sure < _ENOUGH:
                return 0.0
        for clue in self.unless:
            sure = min(sure, 1 - evidence.share(clue, field, start, end))
            if sure < _ENOUGH:
                return 0.0
        return CONTEXT * sure


class Matcher:
    """Every alias of a registry as one automaton; build once, then search any text.

    The longest name wins and a stretch of text belongs to one entry, so that a programme named
    inside a forum's name is not counted, and a craft centre that begins like the design centre
    is itself.
    """

    def __init__(self, registry: Registry) -> None:
        self._aliases: dict[str, list[_Owner]] = defaultdict(list)
        for entry in registry.entries.values():
            for alias in entry.names:
                needs, unless = _weighed(alias)
                for name in alias.forms:
                    form = _form(characters(name)).text.strip()
                    self._aliases[form].append(_Owner(entry, name, alias.case, needs, unless))
        self._forms = list(self._aliases)
        self._automaton = AhoCorasick(self._forms)

    def find(self, texts: Sequence[str]) -> list[list[Match]]:
        """Return the matches of each text (NFC), in order, not overlapping.

        The texts are the fields of one article: an alias's clues may stand in any of them.
        """
        forms = [_form(text) for text in texts]
        evidence = Evidence([form.text for form in forms])
        return [
            self._in_field(text, form, evidence, number)
            for number, (text, form) in enumerate(zip(texts, forms, strict=True))
        ]

    def _in_field(self, text: str, form: _Form, evidence: Evidence, field: int) -> list[Match]:
        hits = self._automaton.find_matches_as_indexes(form.text, overlapping=True)
        longest_first = sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1]))
        taken = bytearray(len(form.text))
        found: list[Match] = []
        for number, start, end in longest_first:
            if 1 in taken[start:end] or not _whole_words(form.text, start, end):
                continue
            first, last = form.source(start), form.source(end - 1) + 1
            last += _closing(text, first, last)
            best, score = None, 0.0
            for owner in self._aliases[self._forms[number]]:
                if not owner.written(text[first:last]):
                    continue
                sure = owner.score(evidence, field, start, end)
                if sure > score:
                    best, score = owner, sure
            if best is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            rule: Literal["exact", "context"] = "context" if best.needs or best.unless else "exact"
            found.append(Match(first, last, best.entry, best.name, rule, score))
        return sorted(found, key=lambda match: match.start)


def _weighed(alias: Alias) -> tuple[tuple[Weighed, ...], tuple[Weighed, ...]]:
    needs, unless = (tuple(map(Weighed.of, clues)) for clues in (alias.needs, alias.unless))
    return needs, unless


def _closing(text: str, first: int, last: int) -> int:
    """Return 1 if a quotation mark opened inside the name is closed right after it, else 0."""
    inside = text[first:last]
    opened = inside.count('"') % 2 or inside.count("“") > inside.count("”")
    return int(bool(opened) and text[last : last + 1] in ('"', "”"))


def _whole_words(form: str, start: int, end: int) -> bool:
    before = form[start - 1] if start else " "
    after = form[end] if end < len(form) else " "
    return not (_wordlike(before) or _wordlike(after))


def _wordlike(character: str) -> bool:
    return character.isalnum() or character == "_"


def _capitals(text: str) -> list[bool]:
    return [character.isupper() for character in text if character.isalnum()]


def _capitalised(text: str) -> int:
    return sum(str(word)[0].isupper() for word in _WORD.findall(text))
