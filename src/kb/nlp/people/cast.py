"""Persons named in a text, with courtesy and sex, and the full form of a short name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from kb.nlp.passage import Name, Passage
from kb.nlp.people.wordlists import POSTS, Hit, cues, words
from kb.nlp.tag import Word
from kb.text import lower

_UPPER = "".join(c for c in map(chr, range(0x41, 0x1F00)) if c.isupper() and c.isalpha())
CAPITALS = re.compile(
    rf"[{_UPPER}][\w'’]*(?:[-.](?=\w)[\w'’]+)*"
    rf"(?: (?:(?:de|van|von|bin|da|di|la) )?[{_UPPER}][\w'’]*(?:-\w+)*|(?<= [{_UPPER}])\.){{0,5}}"
)
_NO_COURTESY = frozenset(("post", "member", "head"))
_NEAR = 30
"""A body that follows a post begins within so many code points."""
CAPITAL_BEFORE = re.compile(rf"(?<!\w)[{_UPPER}]\w* $")


class Person(NamedTuple):
    """A person named at one place: `start:end` is the name, `lead` where the courtesy begins.

    `sex` is `m`, `f` or `-` where nothing tells.
    """

    start: int
    end: int
    lead: int
    text: str
    sex: str
    entity_id: str | None

    @property
    def titled(self) -> bool:
        """Whether a courtesy or a degree stands before the name."""
        return self.lead < self.start


class People:
    """The persons and posts of one passage."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = passage.text
        self.lowered = lower(passage.text)
        hits = words().phrases.find(self.lowered)
        self.posts = [hit for hit in hits if hit.label in POSTS]
        self._name_at = {name.start: name for name in passage.names}
        self._name_starts = [name.start for name in passage.names]
        self._given = {
            passage.text[name.start : name.end].rsplit(" ", 1)[-1]
            for name in passage.names
            if name.kind == "person"
        }
        self._sentence_starts = [one.start for one in passage.sentences]
        self.persons = self._persons([hit for hit in hits if hit.label not in _NO_COURTESY])
        self.starts = [person.start for person in self.persons]
        self.leads = [person.lead for person in self.persons]

    def name_at(self, start: int) -> Name | None:
        """Return the name that begins at a code point."""
        return self._name_at.get(start)

    def covering(self, at: int) -> Name | None:
        """Return the name that covers a code point."""
        place = bisect_right(self._name_starts, at) - 1
        if place < 0 or self.passage.names[place].end <= at:
            return None
        return self.passage.names[place]

    def word_at(self, at: int) -> tuple[int, int, str]:
        """Return the span and the part of speech of the word at a code point; `""`: unknown."""
        place = bisect_right(self._sentence_starts, at) - 1
        if place >= 0:
            sentence = self.passage.sentences[place]
            inner = at - sentence.start
            number = bisect_right(sentence.words, inner, key=_word_start) - 1
            if number >= 0 and inner < (word := sentence.words[number]).end:
                return sentence.start + word.start, sentence.start + word.end, word.pos
        return at, at, ""

    def _persons(self, courtesies: Sequence[Hit]) -> list[Person]:
        found: dict[int, Person] = {}
        lead: int | None = None
        sex = "-"
        previous = -9
        offices = {hit.start for hit in self.posts}
        for hit in courtesies:
            if self.text[hit.start].isupper() and self._within_name(hit.start):
                continue
            told = hit.label if hit.label in ("m", "f") else "-"
            if not (0 <= hit.start - previous <= 2):
                lead, sex = hit.start, told
            elif sex == "-":
                sex = told
            previous = hit.end
            at = hit.end
            # `TS. X`, but no `… của rapper. X …`
            after = " ." if self.text[hit.start].isupper() or len(hit.word) <= 3 else " "
            while at < len(self.text) and self.text[at] in after:
                at += 1
            if at in offices:
                continue  # `đồng chí Phó Bí thư …`
            person = self._named(at, hit.start if lead is None else lead, sex)
            if person is not None and at > hit.end:
                found[person.start] = person
        for hit in self.posts:
            at = hit.end + 1
            name = self._name_at.get(at)
            if name is None or name.kind != "person":
                at = self._behind_body(hit)
            person = self._named(at, at, "-") if at else None
            if person is not None:
                found.setdefault(person.start, person)
        for name in self.passage.names:
            if name.kind != "org" or name.entity_id is not None:
                continue
            if called := cues().named.match(self.lowered, name.start, name.end):
                text = self.text[called.end() : name.end]  # `TikToker Lê Văn X` is no body
                found[called.end()] = Person(
                    called.end(), name.end, name.start, text, _sex(text), None
                )
        posts = {hit.end + 1 for hit in self.posts}
        bodies = {one.name for one in self.passage.names if one.kind == "org"}
        for name in self.passage.names:
            if name.kind == "person" and name.start not in found:
                if self.text.startswith("The ", name.start):
                    continue  # a film or a paper
                text = self.text[name.start : name.end]
                if name.start in posts and any(body.endswith(f" {text}") for body in bodies):
                    continue  # `Giám đốc Nhã Nam` of `Công ty Nhã Nam`
                bare = name.start in posts or self.text[name.start - 1 : name.start] == "-"
                if bare and self._body(name.start, name.end):
                    continue
                text = _uncredited(text)
                end = name.start + len(text)
                found[name.start] = Person(
                    name.start, end, name.start, text, _sex(text), name.entity_id
                )
        row: list[Person] = []
        for one in sorted(found.values(), key=lambda person: person.start):
            if not row or one.start >= row[-1].end:
                row.append(one)
            elif row[-1].lead == row[-1].start and one.lead < one.start:
                row[-1] = one  # a degree taken into the name: `TS.BS Nguyễn …`
        return row

    def _behind_body(self, hit: Hit) -> int:
        """Return where capitals follow a post and its body that are no name found; 0: nowhere."""
        place = bisect_left(self._name_starts, hit.end)
        if place == len(self._name_starts) or self._name_starts[place] > hit.end + _NEAR:
            return 0
        body = self.passage.names[place]
        between = self.text[hit.end : body.start].replace(" ", "")
        plain = body.kind in ("place", "org") and (not between or between.isalpha())
        if not plain or self.text[body.end : body.end + 1] != " " or body.end + 1 in self._name_at:
            return 0
        return body.end + 1

    def _body(self, start: int, end: int) -> bool:
        """Whether what follows a post is a body's name, or a word that goes on: `Chuyên đề`."""
        alone = " " not in self.text[start:end] and self.text[end + 1 : end + 2].islower()
        return (alone and self.word_at(start)[1] > end) or body_like(self.text[start:end])

    def _within_name(self, at: int) -> bool:
        """Whether a capitalised word goes on a name: `Hoàng Anh Tuấn` holds no `anh`."""
        name = self.covering(at)
        return (name is not None and name.start < at) or bool(
            CAPITAL_BEFORE.search(self.text, max(0, at - 12), at)
        )

    def _named(self, at: int, lead: int, sex: str) -> Person | None:
        name = self._name_at.get(at)
        if name is not None and name.kind == "person":
            end, entity = name.end, name.entity_id
        else:
            around = self.covering(at)
            if around is not None and (around.entity_id is not None or sex == "-"):
                return None
            match = CAPITALS.match(self.text, at)
            if match is None or (
                sex == "-" and " " not in match.group() and match.group() not in self._given
            ):
                return None
            end, entity = match.end(), None
        text = _uncredited(self.text[at:end])
        end = at + len(text)
        if lead == at and self._body(at, end):
            return None
        return Person(at, end, lead, text, sex if sex != "-" else _sex(text), entity)


class Cast:
    """The persons of one article, field by field; finds the full form of a short name."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.people = [People(passage) for passage in passages]
        self._entities: dict[str, str] = {}
        self._sexes: dict[str, str] = {}
        self._full: dict[str, list[str]] = {}
        for person in (person for one in self.people for person in one.persons):
            if person.entity_id is not None:
                self._entities.setdefault(person.text, person.entity_id)
            if self._sexes.get(person.text, "-") == "-":
                self._sexes[person.text] = person.sex
            parts = person.text.split(" ")
            if len(parts) == 1 and "." in person.text:
                parts = [person.text, person.text.rstrip(".").rpartition(".")[2]]  # `chị N.T.H`
            if len(parts) > 1:
                for part in parts:
                    known = self._full.setdefault(part, [])
                    if person.text not in known[:9]:
                        known.append(person.text)

        for person in (person for one in self.people for person in one.persons):
            if person.sex != "-" and person.text.count(" ") < 2:
                self.tell(self.full(person)[0], person.sex)

    def tell(self, name: str, sex: str) -> None:
        """Note the sex of a full name for which nothing has told it."""
        if self._sexes.get(name, "-") == "-":
            self._sexes[name] = sex

    def full(self, person: Person) -> tuple[str, str | None]:
        """Return a person's name as the article gives it in full, and the registry's id.

        A given name comes last in Vietnamese, a family name may stand alone in others.
        """
        name = person.text
        parts = name.split(" ")
        if len(parts) < 3:
            known = [
                one
                for one in self._full.get(parts[-1], ())[:9]
                if (one.count(" ") >= len(parts) or "." in one) and self._agrees(one, person.sex)
            ]
            ending = [one for one in known if one.endswith((" " + name, f".{name}"))]
            holding = [one for one in known if f" {name} " in f" {one} "]
            name = next(iter(ending or holding), name)
        return name, person.entity_id or self._entities.get(name)

    def told(self, name: str) -> str:
        """Return the sex that a courtesy or a pronoun has told; `-`: none."""
        return self._sexes.get(name, "-")

    def sex(self, name: str) -> str:
        """Return `m`, `f` or `-`, by any courtesy before a full name, else by the given name."""
        known = self._sexes.get(name, "-")
        return known if known != "-" else given_sex(name)

    def _agrees(self, name: str, sex: str) -> bool:
        return "-" in (sex, known := self._sexes.get(name, "-")) or known == sex


def body_like(name: str) -> bool:
    """Whether a name after a post is rather a body's: `Phó Trưởng ban MRB`, `Vụ trưởng Vụ …`."""
    first, space, _ = lower(name).partition(" ")
    if space:
        return first in words().bodies or name.endswith(" Đảng")
    return (name.isupper() and len(name) > 1) or first in words().units


def given_sex(name: str) -> str:
    """Return the sex that the given name, the last one, mostly tells; `-`: either or unknown."""
    _, space, given = lower(name).rpartition(" ")
    return words().given.get(given, "-") if space else "-"


def _uncredited(name: str) -> str:
    """Return a name without the photographer's in capitals behind it: `Lê Văn Đạt MINH TÚ`."""
    last = name.rpartition(" ")[2]
    if not (last in cues().captions or last.isupper()):
        return name
    parts = name.split(" ")
    if len(parts) > 1 and parts[-1] in cues().captions:
        parts.pop()  # `Lê Văn Đạt Ảnh: …`
    while len(parts) > 2 and not parts[0].isupper():
        last = parts[-1]
        if len(last) < 2 or not (last.isupper() and last.isalpha()):
            break
        parts.pop()
    return " ".join(parts)


def _word_start(word: Word) -> int:
    return word.start


def _sex(name: str) -> str:
    return "f" if " Thị " in name else "m" if " Văn " in name else "-"
