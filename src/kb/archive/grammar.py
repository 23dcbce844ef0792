"""The language of text queries: what is typed becomes a small tree and never an error.

Words (all of them), "phrases", OR / HOẶC, NOT / KHÔNG / -word, AND / VÀ, parentheses, word*.
What is not understood is taken as plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.archive.index import LONGEST_TOKEN
from kb.text import characters, tokens


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other; with `prefix` the last one may go on."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    prefix: bool = False


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


Node = Phrase | And | Or | Not

_DEEPEST = 12  # parentheses further in are ignored; SQLite's own parser ends at about 30
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_OPERATORS = {"OR": "or", "HOẶC": "or", "AND": "and", "VÀ": "and", "NOT": "not", "KHÔNG": "not"}
_ITEM = re.compile(
    r'"(?P<phrase>[^"]*)"'
    r"|(?P<open>\()"
    r"|(?P<close>\))"
    r'|(?P<minus>(?<![^\s(])[-−](?=["(]|[^\W\d]))'
    r'|(?P<word>[^\s()"]+)'
)
_COMMA = re.compile(r"[,;!?…](?!\d)|(?<!\d)[,;!?…]")


def parse(text: str) -> Node | None:
    """Return what a typed query means; None if it holds no word at all. Never raises."""
    text = characters(text).translate(_QUOTES)
    items = list(_items(text))
    node = _Parser(items).parse()
    if node is None:  # nothing but operators: take them as words
        return _join(And, [leaf for word in text.split() for leaf in _leaves(word)])
    return node


def _items(text: str) -> Iterator[str | Phrase]:
    """Yield leaves and the signs `(`, `)`, `or`, `and`, `not`."""
    # A headline in capitals is no query: KHÔNG GIAN SÁNG TẠO excludes nothing.
    shouting = text.upper() == text
    depth = 0
    for match in _ITEM.finditer(text):
        item = match.group()
        match match.lastgroup:
            case "open":
                depth += 1
                if depth <= _DEEPEST:
                    yield "("
            case "close":
                if 0 < depth <= _DEEPEST:
                    yield ")"
                depth = max(0, depth - 1)
            case "minus":
                yield "not"
            case "phrase":
                yield from _leaf(match["phrase"])
            case _ if item in _OPERATORS and not (shouting and item == "KHÔNG"):
                yield _OPERATORS[item]
            case _:
                yield from _leaves(item)


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

    def __init__(self, items: list[str | Phrase]) -> None:
        self.items = items
        self.place = 0

    def parse(self) -> Node | None:
        return self._any()

    def _next(self) -> str | Phrase | None:
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
            if node is not None:
                parts.append(Not(node) if negative else node)
        return _join(And, parts)

    def _operand(self, item: str | Phrase | None) -> Node | None:
        if isinstance(item, Phrase):
            return item
        if item != "(":
            return None
        node = self._any()
        if self._next() == ")":
            self.place += 1
        return node


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
        case And(parts) | Or(parts):
            for part in parts:
                yield from phrases(part)
