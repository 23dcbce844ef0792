"""The language of text queries: what is typed becomes a small tree and never an error.

Words (all of them), "phrases", OR / HOẶC, NOT / KHÔNG / -word, AND / VÀ, parentheses, word*,
a NEAR/5 b or NEAR(a b, 5) (GẦN), and fields: `title:word`, `lead:"a phrase"`, `outlet:id` …
(see fields.yaml). What is not understood is taken as plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import combinations

from kb.archive.index import LONGEST_TOKEN
from kb.text import canonical, characters, fold, read_yaml, tokens


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other; with `prefix` the last one may go on.

    `field`: only there (`title`, `lead`); empty: anywhere.
    """

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    prefix: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Two phrases in either order with at most `distance` tokens between them."""

    first: Phrase
    second: Phrase
    distance: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must have beside its words: `name` is a key of fields.yaml's filters."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts (two or more)."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts (two or more)."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: Node


Node = Phrase | Near | Filter | And | Or | Not

FARTHEST = 30
"""Tokens between two words that NEAR allows at most; more are cut to it."""
_USUAL = 10
DEEPEST = 12
"""Parentheses further in are ignored; SQLite's own parser ends at about 30."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_NEAR = r"(?:NEAR|GẦN)"
OPERATORS = {"OR": "or", "HOẶC": "or", "AND": "and", "VÀ": "and", "NOT": "not", "KHÔNG": "not"}
_ITEM = (
    rf"(?P<clump>{_NEAR})\s*\((?P<inside>[^()]*)\)"
    rf"|(?P<near>(?<!\S){_NEAR}(?:/(?P<distance>\d{{1,9}}))?(?!\S))"
    r'|(?P<field>(?<![\w:/.])(?i:FIELDS):)(?=["(\w])'
    r'|"(?P<phrase>[^"]*)"'
    r"|(?P<open>\()"
    r"|(?P<close>\))"
    r'|(?P<minus>(?<![^\s(])[-−](?=["(]|[^\W\d]))'
    r'|(?P<word>[^\s()"]+)'
)
_COMMA = re.compile(r"[,;!?…](?!\d)|(?<!\d)[,;!?…]")


def parse(text: str) -> Node | None:
    """Return what a typed query means; None if it holds no word at all. Never raises."""
    text = normal(text)
    items = list(_items(text))
    node = _Parser(items).parse()
    if node is None:  # nothing but operators: take them as words
        return _join(And, [leaf for word in text.split() for leaf in _leaves(word)])
    return node


def normal(text: str) -> str:
    """Return typed text as it is parsed: one form of letters, one kind of quotation marks."""
    return characters(text).translate(_QUOTES)


def unmarked(text: str) -> str:
    """Return a query whose words have no marks, so that none count; signs and values stay."""
    text = normal(text)
    shouting = text.upper() == text
    letters, place = list(text), 0
    while match := pattern().search(text, place):
        place = match.end()
        part: str | int = 0
        match match.lastgroup:
            case "clump" | "inside":
                part = "inside"
            case "field":
                value = VALUE.match(text, place)
                if value and field_names()[canonical(match.group()[:-1])] not in COLUMNS:
                    place = value.end()
                continue
            case "near" | "distance" if not shouting:
                continue
            case _ if match.group() in OPERATORS and not (shouting and match.group() == "KHÔNG"):
                continue
        start, end = match.span(part)
        letters[start:end] = fold(match[part])
    return "".join(letters)


@cache
def field_names() -> dict[str, str]:
    """Return what each way of writing a field means."""
    data = read_yaml(files("kb.archive").joinpath("fields.yaml").read_text("utf-8"))
    return {
        form: name
        for part in ("columns", "filters")
        for name, spellings in data[part].items()
        for spelling in (name, *spellings)
        for form in (canonical(spelling), canonical(spelling).replace(" ", "_"))
    }


@cache
def pattern() -> re.Pattern[str]:
    """Return what tells the items of a query apart: words, phrases, signs, fields."""
    names = sorted(field_names(), key=len, reverse=True)
    return re.compile(_ITEM.replace("FIELDS", "|".join(map(re.escape, names))))


COLUMNS = ("title", "lead")
Item = str | Node


def _items(text: str) -> Iterator[Item]:
    """Yield leaves and the signs `(`, `)`, `or`, `and`, `not`, `near/N`."""
    # A headline in capitals is no query: KHÔNG GIAN SÁNG TẠO excludes nothing.
    shouting = text.upper() == text
    depth = place = 0
    field = ""
    while match := pattern().search(text, place):
        item, place = match.group(), match.end()
        leaves: list[Node] = []
        match match.lastgroup:
            case "clump" | "inside":
                leaves = _clump(match["inside"])
            case "near" | "distance" if not shouting:
                yield f"near/{match['distance'] or _USUAL}"
                continue
            case "field":
                name = field_names()[canonical(item[:-1])]
                if name in COLUMNS:
                    field = name
                elif value := VALUE.match(text, place):
                    place = value.end()
                    yield Filter(name, (value["quoted"] or value["bare"] or "").strip())
                continue
            case "open":
                depth += 1
                if depth <= DEEPEST:
                    yield f"({field}"
                field = ""
                continue
            case "close":
                if 0 < depth <= DEEPEST:
                    yield ")"
                depth = max(0, depth - 1)
                continue
            case "minus":
                yield "not"
                continue
            case "phrase":
                leaves = list(_leaf(match["phrase"]))
            case _ if item in OPERATORS and not (shouting and item == "KHÔNG"):
                yield OPERATORS[item]
                continue
            case _:
                leaves = list(_leaves(item))
        yield from (_within(leaf, field) for leaf in leaves)
        field = ""


VALUE = re.compile(r'"(?P<quoted>[^"]*)"|(?P<bare>[^\s()"]+)')


def _within(node: Node, field: str) -> Node:
    """Return a tree whose words are looked for in one field alone."""
    if not field:
        return node
    match node:
        case Phrase():
            return node if node.field else replace(node, field=field)
        case Near(first, second):
            inner = _within(first, field), _within(second, field)
            assert isinstance(inner[0], Phrase)
            assert isinstance(inner[1], Phrase)
            return replace(node, first=inner[0], second=inner[1])
        case And(parts):
            return And(tuple(_within(part, field) for part in parts))
        case Or(parts):
            return Or(tuple(_within(part, field) for part in parts))
        case Not(part):
            return Not(_within(part, field))
        case Filter():
            return node


def _clump(inside: str) -> list[Node]:
    """Return NEAR(a b "c d", 5) as pairs, each of them near: engines differ on more than two."""
    words, _, last = inside.rpartition(",")
    distance = last.strip()
    if not (distance.isdecimal() and len(distance) < 10):
        words, distance = inside, str(_USUAL)
    found = [leaf for one in _PIECE.finditer(words) for leaf in _leaf(
        one["quoted"] or one.group(), prefix=one.group().endswith("*"))]  # fmt: skip
    found = list(dict.fromkeys(found))[:8]
    if len(found) < 2:
        return list(found)
    return [Near(a, b, min(int(distance), FARTHEST)) for a, b in combinations(found, 2)]


_PIECE = re.compile(r'"(?P<quoted>[^"]*)"|[^\s"]+')


def _leaves(word: str) -> Iterator[Phrase]:
    """Yield the leaves of text without spaces: 161/KH-UBND is one phrase, a,b are two words."""
    for part in _COMMA.split(word):
        yield from _leaf(part, prefix=part.endswith("*"))


def _leaf(text: str, *, prefix: bool = False) -> Iterator[Phrase]:
    found = tokens(text)
    if found:
        exact = tuple(token.exact[:LONGEST_TOKEN] for token in found)
        folded = tuple(token.folded[:LONGEST_TOKEN] for token in found)
        yield Phrase(exact, folded, prefix)


class _Parser:
    """Recursive descent over items; a missing operand makes its operator void."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.place = 0

    def parse(self) -> Node | None:
        return self._any()

    def _next(self) -> Item | None:
        return self.items[self.place] if self.place < len(self.items) else None

    def _any(self) -> Node | None:
        parts = [self._all()]
        while self._next() == "or":
            self.place += 1
            parts.append(self._all())
        return _join(Or, [part for part in parts if part is not None])

    def _all(self) -> Node | None:
        parts: list[Node] = []
        while (item := self._next()) not in (None, "or", ")"):
            self.place += 1
            if item == "and":
                continue
            negative = False
            while item == "not":
                negative = not negative
                item = self._next()
                if item in (None, "or", ")"):
                    break
                self.place += 1
            node = self._operand(item)
            while isinstance(after := self._next(), str) and after.startswith("near/"):
                self.place += 1
                node = self._near(node, min(int(after[5:]), FARTHEST), parts)
            if node is not None:
                parts.append(Not(node) if negative else node)
        return _join(And, parts)

    def _near(self, node: Node | None, distance: int, parts: list[Node]) -> Node | None:
        """Return `node` near what follows; where one of both is no phrase, both plainly."""
        item = self._next()
        if item is None or item in ("or", ")", "and", "not"):
            return node
        self.place += 1
        other = self._operand(item)
        near = node.second if isinstance(node, Near) else node
        if isinstance(near, Phrase) and isinstance(other, Phrase):
            if isinstance(node, Near):
                parts.append(node)
            return Near(near, other, distance)
        if node is not None and other is not None:
            parts.append(node)
        return other or node

    def _operand(self, item: Item | None) -> Node | None:
        if not isinstance(item, str):
            return item
        if not item.startswith("("):
            return None
        node = self._any()
        if self._next() == ")":
            self.place += 1
        return None if node is None else _within(node, item[1:])


def _join(kind: type[And | Or], parts: list[Node]) -> Node | None:
    unique = tuple(dict.fromkeys(parts))
    if len(unique) > 1:
        return kind(unique)
    return unique[0] if unique else None


def phrases(node: Node | None) -> Iterator[Phrase]:
    """Yield the phrases that a match may show, that is, those that are not excluded."""
    match node:
        case Phrase():
            yield node
        case Near(first, second):
            yield from (first, second)
        case And(parts) | Or(parts):
            for part in parts:
                yield from phrases(part)


def leaves(node: Node) -> Iterator[Phrase | Near | Filter]:
    """Yield all leaves of a tree."""
    match node:
        case Phrase() | Near() | Filter():
            yield node
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
