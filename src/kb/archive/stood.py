"""Which articles a query finds in the archive as it stood at a moment.

The indexes hold the texts of today. Most articles had the same one then, and are found by them;
those that did not, a few in a hundred, are looked at one by one with the text that they had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select

from kb.archive import tables
from kb.archive.actors import KINDS_OF, resolve_actors
from kb.archive.as_of import last_seen, moment
from kb.archive.filters import (
    FACTS,
    NAMED,
    days_of,
    fact_of,
    is_post,
    is_role,
    kind_of,
    posts_like,
)
from kb.archive.grammar import And, Filter, Near, Node, Not, Or, Phrase
from kb.archive.index import LONGEST_TOKEN
from kb.archive.lookup import chunks
from kb.archive.query import Query
from kb.article import FIELDS, VIETNAM
from kb.text import canonical, characters, token_strings

_article, _revision, _mention = tables.article.c, tables.revision.c, tables.mention.c
Name = tuple[str, str | None, str]
"""Kind, entry and name of a mention."""


@dataclass(frozen=True, slots=True)
class Stood:
    """Articles that had another text: all of them, and those of them that a query finds."""

    changed: tuple[int, ...]
    found: tuple[int, ...]

    def conditions(self, today: Sequence[ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
        """Return what an article must fulfil, given the conditions on today's indexes."""
        if not today or not self.changed:
            return tuple(today)
        same = and_(~_article.id.in_(_inline(self.changed)), *today)
        return (or_(same, _article.id.in_(_inline(self.found))),)


def _inline(ids: Sequence[int]) -> Any:  # noqa: ANN401 - a parameter written out, without limit
    return bindparam(None, list(ids), expanding=True, literal_execute=True)


@dataclass(slots=True)
class _Text:
    """A text as it stood, with what is asked of it."""

    article_id: int
    revision_id: int
    outlet: str | None
    day: date | None
    texts: dict[str, str]
    names: set[Name]
    tokens: dict[str, tuple[list[str], list[str]]]
    """Exact and folded tokens by field; filled when they are needed."""

    plain: dict[str, str]
    """Texts as they are compared, by field; they tell fast that a word is not there."""

    def lacks(self, field: str, node: Phrase) -> bool:
        if field not in self.plain:
            self.plain[field] = canonical(self.texts[field])
        return not all(word in self.plain[field] for word in node.exact)

    def words(self, field: str, folded: bool) -> list[str]:
        if field not in self.tokens:
            exact, bare = token_strings(self.texts[field])
            cut = [[word[:LONGEST_TOKEN] for word in words] for words in (exact, bare)]
            self.tokens[field] = cut[0], cut[1]
        return self.tokens[field][folded]


class Past:
    """The texts that articles had at a moment, where they are others today."""

    def __init__(self, connection: Connection, query: Query) -> None:
        self._connection = connection
        self._query = query
        self._texts = list(_changed(connection, moment(query.as_of))) if query.as_of else []
        self._sets: dict[tuple[str, tuple[str, ...]], frozenset[Any]] = {}

    def find(self, node: Node | None, folded: bool) -> Stood:
        """Return which of them a query finds."""
        found = [
            text.article_id
            for text in self._texts
            if self._passes(text) and (node is None or self._holds(node, text, folded))
        ]
        return Stood(tuple(text.article_id for text in self._texts), tuple(found))

    def _passes(self, text: _Text) -> bool:
        query = self._query
        ids = {entity for _, entity, _ in text.names}
        return (
            _within(text.day, query.since, query.until)
            and (not query.outlets or text.outlet in query.outlets)
            and (not query.articles or text.article_id in query.articles)
            and (not query.initiatives or not ids.isdisjoint(query.initiatives))
            and (not query.kinds or any(kind in query.kinds for kind, _, _ in text.names))
            and (not query.levels or text.outlet in self._of_level(query.levels))
            and all(
                not query[name] or self._named(text, field, query[name])
                for name, field in NAMED.items()
            )
            and (not query.posts or text.revision_id in self._with_post(query.posts))
            and (not query.facts or text.revision_id in self._with_fact(query.facts))
            and (not query.roles or text.revision_id in self._with_role(query.roles))
        )

    def _named(self, text: _Text, field: str, values: tuple[str, ...]) -> bool:
        actors = resolve_actors(self._connection, values)
        return any(
            entity in actors.ids
            or (entity is None and (name in actors.names or (kind, name) in actors.alone))
            for kind, entity, name in text.names
            if not KINDS_OF[field] or kind in KINDS_OF[field]
        )

    def _set(self, what: str, values: tuple[str, ...], *statements: Select[Any]) -> frozenset[Any]:
        """Return what statements select, asked once; facts of the texts looked at alone."""
        key = (what, values)
        if key not in self._sets:
            self._sets[key] = frozenset(
                one for each in statements for one in self._connection.execute(each).scalars()
            )
        return self._sets[key]

    def _of_level(self, levels: tuple[str, ...]) -> frozenset[str]:
        outlet = tables.outlet.c
        return self._set("level", levels, select(outlet.id).where(outlet.level.in_(levels)))

    def _with_post(self, values: tuple[str, ...]) -> frozenset[int]:
        holding, which = tables.holding.c, is_post(posts_like(self._connection, values))
        return self._set(
            "post", values, select(holding.revision_id).where(which, *self._mine(holding))
        )

    def _with_fact(self, kinds: tuple[str, ...]) -> frozenset[int]:
        told = [FACTS[kind].c for kind in kinds if kind in FACTS]
        statements = [select(c.revision_id).where(*self._mine(c)) for c in told]
        return self._set("fact", kinds, *statements)

    def _with_role(self, values: tuple[str, ...]) -> frozenset[int]:
        given, which = tables.assignment.c, is_role(self._connection, values)
        return self._set("role", values, select(given.revision_id).where(which, *self._mine(given)))

    def _mine(self, columns: Any) -> tuple[ColumnElement[bool]]:  # noqa: ANN401
        return (columns.revision_id.in_(_inline([text.revision_id for text in self._texts])),)

    def _holds(self, node: Node, text: _Text, folded: bool) -> bool:
        match node:
            case And(parts):
                return all(self._holds(part, text, folded) for part in parts)
            case Or(parts):
                return any(self._holds(part, text, folded) for part in parts)
            case Not(part):
                return not self._holds(part, text, folded)
            case Phrase():
                return any(
                    True
                    for words in _fields(text, node, folded)
                    for _ in _places(words, node, folded)
                )
            case Near(first, second, distance):
                return any(
                    _near(words, first, second, distance, folded)
                    for words in _fields(text, first, folded)
                )
            case Filter(name, value):
                return self._has(text, name, value)

    def _has(self, text: _Text, name: str, value: str) -> bool:
        match name:
            case "outlet":
                key, outlet = canonical(characters(value)), tables.outlet.c
                rows = self._connection.execute(select(outlet.id, outlet.name)).all()
                named = {row.id for row in rows if canonical(row.name) == key}
                return text.outlet in {value, key, *named}
            case "initiative" | "actor" | "place" | "document":
                return self._named(text, name, (value,))
            case "kind":
                return any(kind == kind_of(value) for kind, _, _ in text.names)
            case "level":
                return text.outlet in self._of_level((canonical(value),))
            case "post":
                return text.revision_id in self._with_post((value,))
            case "fact":
                fact = fact_of(value)
                return fact is not None and text.revision_id in self._with_fact((fact,))
            case "role":
                return text.revision_id in self._with_role((value,))
        days = days_of(value)
        if days is None:
            return False
        since = days[0] if name in ("date", "since") else None
        until = days[1] if name in ("date", "until") else None
        return _within(text.day, since, until)


def _changed(connection: Connection, at: datetime) -> Iterator[_Text]:
    last = last_seen(at)
    columns = [_revision[name] for name in ("published_at", *FIELDS)]
    statement = (
        select(_article.id, _article.outlet, last.c.revision_id, *columns)
        .join_from(tables.article, last, last.c.article_id == _article.id)
        .join(tables.revision, _revision.id == last.c.revision_id)
        .where(_article.first_seen <= at, last.c.revision_id != _article.revision_id)
        .order_by(_article.id)
    )
    rows = connection.execute(statement).mappings().all()
    names: dict[int, set[Name]] = {}
    for ids in chunks([row["revision_id"] for row in rows]):
        own = (_mention.kind, _mention.entity_id, _mention.name)
        mentioned = select(_mention.revision_id, *own).where(_mention.revision_id.in_(ids))
        for revision_id, *name in connection.execute(mentioned.distinct()):
            names.setdefault(revision_id, set()).add((name[0], name[1], name[2]))
    for row in rows:
        published = row["published_at"]
        yield _Text(
            row["id"],
            row["revision_id"],
            row["outlet"],
            published.astimezone(VIETNAM).date() if published else None,
            {field: row[field] for field in FIELDS},
            names.get(row["revision_id"], set()),
            {},
            {},
        )


def _within(day: date | None, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    return day is not None and (since or date.min) <= day <= (until or date.max)


def _fields(text: _Text, node: Phrase, folded: bool) -> Iterator[list[str]]:
    """Yield the tokens of the fields that a phrase may stand in."""
    fields: Iterable[str] = FIELDS
    if node.field:
        fields = ("title", "lead") if node.field == "top" else (node.field,)
    for field in fields:
        if folded or not text.lacks(field, node):
            yield text.words(field, folded)


def _places(words: Sequence[str], node: Phrase, folded: bool) -> Iterator[int]:
    wanted = list(node.folded if folded else node.exact)
    *head, tail = wanted
    for place in range(len(words) - len(wanted) + 1):
        last = words[place + len(head)]
        same = last.startswith(tail) if node.prefix else last == tail
        if same and list(words[place : place + len(head)]) == head:
            yield place


def _near(words: Sequence[str], first: Phrase, second: Phrase, distance: int, folded: bool) -> bool:
    """Whether two phrases stand, in either order, with few enough words between them."""
    ones, others = (list(_places(words, node, folded)) for node in (first, second))
    sizes = len(first.exact), len(second.exact)
    return any(
        0 <= (b - a - sizes[0] if a < b else a - b - sizes[1]) <= distance
        for a in ones
        for b in others
    )
