"""What of a typed query was not understood, or may have been meant otherwise.

A second look at the items that the parser reads (`grammar.items_in`), with their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, get_args

from sqlalchemy import Connection, select

from kb.archive import grammar, tables
from kb.archive.actors import KINDS_OF, name_ids, resolve_actors
from kb.archive.explain import SINGULAR, Remark, day_of
from kb.archive.facts import has_actor
from kb.archive.filters import (
    days_of,
    fact_of,
    is_role,
    kind_of,
    posts_like,
    role_of,
)
from kb.archive.params import FACTS
from kb.archive.query import Query
from kb.archive.search import plan
from kb.reading import KINDS, Role
from kb.text import canonical, fold

_NAMED_FIELD = re.compile(r"(?P<name>[^\W\d_][\w]*):(?P<rest>[^/\s]?)")
_PLACES = {"place": "place", "document": "document"}
_Sign = Literal["word", "filter", "open", "close", "or", "and", "not", "near"]


@dataclass(frozen=True, slots=True)
class _Item:
    sign: _Sign
    start: int
    end: int
    typed: str
    field: str = ""


def remarks(text: str) -> list[Remark]:
    """Return what the words alone tell, in the order of the text (as `grammar.normal` has it)."""
    text = grammar.normal(text)
    found = list(_items(text))
    said = [*_wordless(text), *_signs(found), *_marks(text), *_values(found), *_fields(text, found)]
    return sorted(said, key=lambda one: one.start or 0)


def _items(text: str) -> Iterator[_Item]:
    shouting = text.upper() == text
    place = 0
    while match := grammar.pattern().search(text, place):
        start, place = match.span()
        typed, sign = match.group(), "word"
        match match.lastgroup:
            case "near" | "distance" if not shouting:
                sign = "near"
            case "open" | "close":
                sign = str(match.lastgroup)
            case "minus":
                sign = "not"
            case "field":
                name = grammar.field_names()[canonical(typed[:-1])]
                if name not in grammar.COLUMNS and (value := grammar.VALUE.match(text, place)):
                    place = value.end()
                    said = value["quoted"] or value["bare"] or ""
                    yield _Item("filter", start, place, said.strip(), name)
                continue
            case _ if typed in grammar.OPERATORS and not (shouting and typed == "KHÔNG"):
                sign = grammar.OPERATORS[typed]
        yield _Item(sign, start, place, typed)  # type: ignore[arg-type]


def _wordless(text: str) -> Iterator[Remark]:
    """Yield a text that asks for nothing: only signs."""
    if text.strip() and grammar.parse(text) is None:
        yield Remark("wordless", 0, len(text), text.strip())


def _signs(found: Sequence[_Item]) -> Iterator[Remark]:
    """Yield parentheses without their like and operators without a side."""
    opened: list[_Item] = []
    for number, item in enumerate(found):
        before = found[number - 1].sign if number else None
        after = found[number + 1].sign if number + 1 < len(found) else None
        match item.sign:
            case "open":
                opened.append(item)
                if len(opened) > grammar.DEEPEST:
                    yield _remark("deep", item)
            case "close" if opened:
                opened.pop()
            case "close":
                yield _remark("close", item)
            case "or" | "and" if before in _BEGIN or after in _END:
                yield _remark("operator", item)
            case "not" if after in _END:
                yield _remark("operator", item)
            case "near" if before != "word" or after != "word":
                yield _remark("near", item)
            case "near":
                steps = item.typed.partition("/")[2]
                if steps and int(steps) > grammar.FARTHEST:
                    most = str(grammar.FARTHEST)
                    near = f"{item.typed.partition('/')[0]}/{most}"
                    yield _remark("far", item, near, most=most)
    yield from (_remark("open", item) for item in opened)


_BEGIN = (None, "open", "or", "and", "not", "near")
_END = (None, "close", "or", "and", "near")


def _marks(text: str) -> Iterator[Remark]:
    """Yield a quotation mark that does not close and stars that no word ends with."""
    quotes = [match.start() for match in re.finditer('"', text)]
    if len(quotes) % 2:
        yield Remark("quote", quotes[-1], quotes[-1] + 1, '"', text[quotes[-1] :] + '"')
    for match in re.finditer(r'[^\s()"]*\*(?=[^\s()"])[^\s()"]*|(?<!\S)\*+(?!\S)', text):
        word = match.group().replace("*", "")
        yield Remark("star", *match.span(), match.group(), f"{word}*" if word else None)


def _fields(text: str, found: Sequence[_Item]) -> Iterator[Remark]:
    """Yield words that look like fields and are none."""
    known = grammar.field_names()
    marked_last = sorted(known, key=lambda name: name != fold(name))
    bare = {fold(name).replace("_", " "): name for name in marked_last}
    for item in found:
        match = _NAMED_FIELD.match(item.typed) if item.sign == "word" else None
        if match is None or item.typed.startswith('"'):
            continue
        name = canonical(match["name"])
        if name in known:  # a space follows
            after = text[item.end :].split()
            whole = f"{match['name']}:{after[0]}" if after else None
            yield _remark("space", item, whole)
        elif match["rest"]:
            near = get_close_matches(fold(name), bare, n=1, cutoff=0.7)
            rest = item.typed[match.start("rest") :]
            meant = f"{bare[near[0]].replace(' ', '_')}:{rest}" if near else None
            end = item.start + match.end("name") + 1
            yield Remark("field", item.start, end, match["name"], meant)


def _values(found: Iterable[_Item]) -> Iterator[Remark]:
    """Yield values that a field cannot have."""
    for item in found:
        match item.field:
            case "date" | "since" | "until" if days_of(item.typed) is None:
                yield _remark("day", item)
            case "kind" if kind_of(item.typed) not in KINDS:
                yield _choice(item, KINDS)
            case "fact" if fact_of(item.typed) is None:
                yield _choice(item, FACTS)


def _choice(item: _Item, known: Iterable[str]) -> Remark:
    listed = list(known)
    near = get_close_matches(fold(item.typed), listed, n=1, cutoff=0.5)
    suggestion = f"{item.field}:{near[0]}" if near else None
    return _remark("value", item, suggestion, known=", ".join(listed))


def _remark(code: str, item: _Item, suggestion: str | None = None, **values: str) -> Remark:
    typed = item.typed
    return Remark(code, item.start, item.end, typed, suggestion, tuple(values.items()))


def impossible(query: Query) -> list[Remark]:
    """Return the pairs of days of which the first comes after the last: nothing lies between."""
    pairs = ((query.since, query.until), (query.due_after, query.due_before))
    return [
        Remark("period", None, None, day_of(first), values=(("last", day_of(last)),))
        for first, last in pairs
        if first and last and first > last
    ]


# --- what the archive has not seen ---------------------------------------------------------------


def unseen(connection: Connection, query: Query, kind: str) -> list[Remark]:
    """Return names that stand for nothing in the archive, of fields and filters, with the nearest
    that it has; an actor of whom the list of this `kind` has a row is not one of them."""
    asked: list[tuple[str, str, _Item | None]] = [
        (item.field, item.typed, item)
        for item in _items(grammar.normal(query.text))
        if item.field and item.typed
    ]
    asked += [(one, value, None) for many, one in SINGULAR.items() for value in query[many]]
    return [
        Remark(
            "unknown", item.start if item else None, item.end if item else None, str(value), near
        )
        for name, value, item in asked
        for near in _missing(connection, name, str(value))
        if item or name != "actor" or not has_actor(connection, kind, str(value))
    ]


def marks(connection: Connection, query: Query, folded: bool, found: int) -> list[Remark]:
    """Return a remark where marks that were typed are ignored (`folded`), or where no articles
    are `found` with them but some without."""
    typed = grammar.normal(query.text)
    bare = grammar.unmarked(typed)
    if bare == typed or (found and not folded):
        return []
    total = plan(connection, replace(query, text=bare, reuse="each")).total
    code, values = "unmarked" if folded else "marks", (("articles", str(total)),)
    return [Remark(code, 0, len(typed), typed.strip(), bare, values)] if total else []


def _missing(connection: Connection, name: str, value: str) -> Iterator[str | None]:
    """Yield the nearest known name (or None) if the archive knows nothing of that name."""
    outlet, entry, facet = tables.outlet.c, tables.entry.c, tables.facet.c
    match name:
        case "outlet" | "level":
            columns = (outlet.id, outlet.name) if name == "outlet" else (outlet.level,)
            rows = connection.execute(select(*columns).distinct()).all()
            known = {canonical(text): row[0] for row in rows for text in row}
            there = select(facet.place).where(facet.outlet == value).limit(1)
            seen = canonical(value) in known or (
                name == "outlet" and connection.execute(there).first() is not None
            )
        case "initiative" | "actor" | "place" | "document":
            actors = resolve_actors(connection, (value,))
            seen = bool(name_ids(connection, actors, KINDS_OF[name]))
            rows = connection.execute(select(entry.id, entry.name, entry.kind)).all()
            kinds = KINDS_OF[name] or ("person", "org")
            own = [row for row in rows if row.kind in kinds]
            known = {canonical(text): row.id for row in own for text in row[:2]}
            seen = seen or not {row.id for row in own}.isdisjoint(actors.ids)
        case "post":
            seen, known = bool(posts_like(connection, (value,))), {}
        case "role":
            role, _ = role_of(value)
            given = select(tables.assignment.c.number).where(is_role(connection, (value,)))
            seen = connection.execute(given.limit(1)).first() is not None
            known = {} if role else {one: one for one in get_args(Role)}
        case _:
            return
    if not seen:
        near = get_close_matches(canonical(value), known, n=1, cutoff=0.6)
        yield known[near[0]] if near else None
