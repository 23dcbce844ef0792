"""Names of the registry found in running text, whatever the case, tone-mark style or dash."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from kb.registry.loader import Entry, Registry
from kb.text import canonical, characters

_JOINT = re.compile(r"[\s,\-\u2010-\u2015\u2212\"'“”‘’«»„‟]+")
"""What newspapers put between the words of a name: spaces, commas, dashes, quotation marks."""


@dataclass(frozen=True, slots=True)
class Match:
    """One name found: `start:end` are code points of the text searched."""

    start: int
    end: int
    entry: Entry
    alias: str
    """The registry's spelling that matched."""


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
    for joint in _JOINT.finditer(lowered):
        start, end = joint.span()
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
    """An entry that a form may stand for; `needs` as padded words of the matching form."""

    entry: Entry
    name: str
    case: bool
    needs: list[str]


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
                needs = [f" {_words(canonical(characters(name)))} " for name in alias.needs]
                for name in alias.forms:
                    form = _form(characters(name)).text.strip()
                    self._aliases[form].append(_Owner(entry, name, alias.case, needs))
        self._forms = list(self._aliases)
        self._automaton = AhoCorasick(self._forms)

    def find(self, texts: Sequence[str]) -> list[list[Match]]:
        """Return the matches of each text (NFC), in order, not overlapping.

        The texts are the fields of one article: what an alias needs may stand in any of them.
        """
        forms = [_form(text) for text in texts]
        whole = "\n".join(f" {_words(form.text)} " for form in forms)
        return [self._in_field(text, form, whole) for text, form in zip(texts, forms, strict=True)]

    def _in_field(self, text: str, form: _Form, whole: str) -> list[Match]:
        hits = self._automaton.find_matches_as_indexes(form.text, overlapping=True)
        longest_first = sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1]))
        taken = bytearray(len(form.text))
        found: list[Match] = []
        for number, start, end in longest_first:
            if any(taken[start:end]) or not _whole_words(form.text, start, end):
                continue
            first, last = form.source(start), form.source(end - 1) + 1
            last += _closing(text, first, last)
            owner = self._owner(self._forms[number], text[first:last], whole)
            if owner is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Match(first, last, *owner))
        return sorted(found, key=lambda match: match.start)

    def _owner(self, form: str, surface: str, whole: str) -> tuple[Entry, str] | None:
        for owner in self._aliases[form]:
            if owner.case and not _same_capitals(owner.name, surface):
                continue
            if not owner.needs or any(name in whole for name in owner.needs):
                return owner.entry, owner.name
        return None


def _closing(text: str, first: int, last: int) -> int:
    """Return 1 if a quotation mark opened inside the name is closed right after it, else 0."""
    inside = text[first:last]
    opened = inside.count('"') % 2 or inside.count("“") > inside.count("”")
    return int(bool(opened) and text[last : last + 1] in ('"', "”"))


def _words(form: str) -> str:
    return " ".join(re.findall(r"\w+", form))


def _whole_words(form: str, start: int, end: int) -> bool:
    before = form[start - 1] if start else " "
    after = form[end] if end < len(form) else " "
    return not (_wordlike(before) or _wordlike(after))


def _wordlike(character: str) -> bool:
    return character.isalnum() or character == "_"


def _same_capitals(alias: str, surface: str) -> bool:
    def capitals(text: str) -> list[bool]:
        return [character.isupper() for character in text if character.isalnum()]

    return capitals(alias) == capitals(surface)
