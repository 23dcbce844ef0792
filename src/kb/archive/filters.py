"""The filters of a query as SQL conditions on articles and on mentions."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, false, func, or_, select

from kb.archive import places, tables
from kb.archive.actors import KINDS_OF, Actors, is_one, name_ids, named_ids, resolve_actors
from kb.archive.derived import mask_of
from kb.archive.query import Query
from kb.archive.reuse_tables import reuse
from kb.reading import KINDS
from kb.text import canonical, characters, name_form, read_yaml

_article, _mention, _commitment = tables.article.c, tables.mention.c, tables.commitment.c
_appearance, _facet = tables.appearance.c, tables.facet.c
_outlet, _holding, _assignment = tables.outlet.c, tables.holding.c, tables.assignment.c
FACTS: dict[str, Table] = {
    "quotes": tables.quote, "commitments": tables.commitment, "assignments": tables.assignment,
    "posts": tables.holding, "reuse": reuse,
}  # fmt: skip
"""Where the facts of each kind stand, by revision."""
NAMED = {"actors": "actor", "places": "place", "documents": "document"}
"""Filters for names, each with the field of the language that asks for the same."""


def posts_like(connection: Connection, values: Iterable[str]) -> list[tuple[str, str | None]]:
    """Return the posts, each with its body, that are written so: alone or with the body, whether
    the press wrote the body with it or not.

    They are compared as names are (`kb.text.name_form`), which neither engine knows.
    """
    wanted = set(filter(None, map(name_form, values)))
    rows = connection.execute(select(_holding.post, _holding.org).distinct())
    return [(post, org) for post, org in rows if not wanted.isdisjoint(_called(post, org))]


def _called(post: str, org: str | None) -> Iterator[str]:
    """Yield how a post can be asked for: as written, its own words alone, either with the body."""
    whole, body = name_form(post), name_form(org or "")
    words, of = whole.split(), body.split()
    yield whole
    if not body:
        return
    for size in range(min(len(words) - 1, len(of)), -1, -1):
        if words[len(words) - size :] == of[:size]:  # "giám đốc Sở Xây dựng" of that of Cà Mau
            own = words[: len(words) - size]
            while len(own) > 1 and own[-1] in _values("joints"):
                own.pop()
            yield from (" ".join(own), " ".join((*own, body)), f"{whole} {body}")
            return


def is_post(found: Iterable[tuple[str, str | None]]) -> ColumnElement[bool]:
    """Return the condition that a row of `holding` is one of some posts."""
    bodies: dict[str, list[str | None]] = {}
    for post, org in found:
        bodies.setdefault(post, []).append(org)
    any_of = [
        and_(_holding.post == post, or_(*(_holding.org.is_not_distinct_from(one) for one in orgs)))
        for post, orgs in bodies.items()
    ]
    return or_(*any_of) if any_of else false()


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a query, looked up: conditions on places, whichever table gives them."""

    connection: Connection
    query: Query
    entities: tuple[list[int], ...]
    """Numbers of names; an article must mention one of each."""

    @classmethod
    def of(cls, connection: Connection, query: Query) -> Filters:
        """Look up whom a query asks for."""
        entities = []
        if query.initiatives:
            entities.append(name_ids(connection, Actors(query.initiatives, ())))
        for name, field in NAMED.items():
            if query[name]:
                entities.append(named_ids(connection, field, query[name]))
        return cls(connection, query, tuple(entities))

    def any(self) -> bool:
        """Whether anything is asked for."""
        query = self.query
        return replace(query, text="").limited

    def period(self, place: ColumnElement[int]) -> list[ColumnElement[bool]]:
        """Return what a place must fulfil to lie within the query's days."""
        return _between(place, self.query.since, self.query.until)

    def conditions(
        self, held: ColumnElement[int], *, without: int | None = None
    ) -> list[ColumnElement[bool]]:
        """Return what a place must fulfil beside its days; `without` one set of entities."""
        query = self.query
        found = [
            _mentioned(held, numbers)
            for place, numbers in enumerate(self.entities)
            if place != without
        ]
        if query.articles:
            # An id beyond the column's range would be an error on PostgreSQL, no empty answer.
            wanted = [id_ for id_ in query.articles if 0 < id_ < 2**31]
            found.append(held.in_(select(_article.place).where(_article.id.in_(wanted))))
        if query.outlets:
            found.append(_by_facet(held, _facet.outlet.in_(query.outlets)))
        if query.levels:
            found.append(_by_facet(held, of_level(query.levels)))
        if query.kinds:
            found.append(_by_facet(held, _facet.kinds.op("&")(mask_of(query.kinds)) != 0))
        if query.posts:
            found.append(_told(held, tables.holding, self._is_post(query.posts)))
        if query.facts:
            found.append(or_(*(_told(held, FACTS[kind]) for kind in query.facts if kind in FACTS)))
        if query.roles:
            found.append(_told(held, tables.assignment, is_role(self.connection, query.roles)))
        return found

    def _is_post(self, values: Iterable[str]) -> ColumnElement[bool]:
        return is_post(posts_like(self.connection, values))

    def condition(self, name: str, value: str, held: ColumnElement[int]) -> ColumnElement[bool]:
        """Return what a field of the query language asks for; what it cannot be, nothing is."""
        match name:
            case "outlet":
                key = canonical(characters(value))
                rows = self.connection.execute(select(_outlet.id, _outlet.name)).all()
                ids = [row.id for row in rows if canonical(row.name) == key]
                return _by_facet(held, _facet.outlet.in_([value, key, *ids]))
            case "initiative" | "actor" | "place" | "document":
                return _mentioned(held, named_ids(self.connection, name, (value,)))
            case "level":
                return _by_facet(held, of_level((canonical(value),)))
            case "kind":
                return _by_facet(held, _facet.kinds.op("&")(mask_of((kind_of(value),))) != 0)
            case "post":
                return _told(held, tables.holding, self._is_post((value,)))
            case "fact":
                return _told(held, FACTS[fact]) if (fact := fact_of(value)) else false()
            case "role":
                return _told(held, tables.assignment, is_role(self.connection, (value,)))
        days = days_of(value)
        if days is None:
            return false()
        since = days[0] if name in ("date", "since") else None
        until = days[1] if name in ("date", "until") else None
        return and_(*_between(held, since, until))


def kind_of(value: str) -> str:
    """Return the kind of mention that is meant by its name in the language of queries."""
    return _values("kinds").get(_key(value), value)


def fact_of(value: str) -> str | None:
    """Return the kind of fact that is meant by its name in the language of queries."""
    return _values("facts").get(_key(value))


def role_of(value: str) -> tuple[str | None, str]:
    """Return the role that a value names, and whose it is as far as it says so after it."""
    said = characters(value).strip()
    for gap in reversed([*re.finditer(r"[ _]+", said), *re.finditer("$", said)]):
        if role := _values("roles").get(_key(said[: gap.start()])):
            return role, said[gap.end() :]
    return None, ""


def is_role(connection: Connection, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a row of `assignment` gives one of some roles: to anybody, or to
    whom a value names after it ("chủ trì Sở Văn hóa")."""
    given: list[ColumnElement[bool]] = []
    for role, whose in map(role_of, values):
        if role is None:
            continue
        condition = _assignment.role == role
        if whose:
            actors = holders(connection, whose)
            own = _assignment.actor_id.in_(actors.ids) | _assignment.actor.in_(actors.names)
            condition &= own
        given.append(condition)
    return or_(*given) if given else false()


def holders(connection: Connection, whose: str) -> Actors:
    """Return who is meant by a name, however written, among those whom assignments name."""
    rows = connection.execute(select(_assignment.actor).distinct()).scalars()
    form = name_form(whose.replace("_", " "))
    named = [name for name in rows if form and name_form(name) == form]
    return resolve_actors(connection, (whose, *named))


def _key(value: str) -> str:
    return canonical(value).replace("_", " ")


@cache
def _values(part: str) -> dict[str, str]:
    """Return what each way of writing a value of a field means (fields.yaml)."""
    data = read_yaml(files("kb.archive").joinpath("fields.yaml").read_text("utf-8"))[part]
    return {_key(one): name for name, said in data.items() for one in (name, *said)}


_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?)?$")
_LOCAL = re.compile(r"(?:(?:(?P<day>\d\d?)[/.-])?(?P<month>\d\d?)[/.-])?(?P<year>\d{4})$")


def days_of(text: str) -> tuple[date, date] | None:
    """Return first and last day of `2024`, `2024-03`, `3/2024`, `2024-03-05` or `5/3/2024`."""
    for pattern in (_ISO, _LOCAL):
        if not (found := pattern.match(text)):
            continue
        year, month, day = (int(found[name] or 0) for name in ("year", "month", "day"))
        try:
            first = date(year, month or 1, day or 1)
            if day:
                return first, first
            last_month = month or 12
            return first, date(year, last_month, monthrange(year, last_month)[1])
        except ValueError:
            return None
    return None


def mention_conditions(query: Query, filters: Filters) -> list[ColumnElement[bool]]:
    """Return which mentions of a found article are meant: all, or those that were named."""
    conditions: list[ColumnElement[bool]] = []
    named: list[ColumnElement[bool]] = []
    if query.initiatives:
        named.append(_mention.entity_id.in_(query.initiatives))
    for name, field in NAMED.items():
        if query[name]:
            asked = resolve_actors(filters.connection, query[name])
            named.append(is_one(_mention, asked, KINDS_OF[field]))
    if named:
        conditions.append(or_(*named))
    if query.kinds:
        conditions.append(_is_kind(query.kinds))
    return conditions


def due_conditions(query: Query) -> list[ColumnElement[bool]]:
    """Return when a commitment must be due: the last day of it decides.

    "From 2026 on" has no last day: it is to come until its first, and due before none.
    """
    conditions: list[ColumnElement[bool]] = []
    if query.due_after:
        day = func.coalesce(_commitment.due_to, _commitment.due_from)
        conditions.append(day > query.due_after)
    if query.due_before:
        conditions.append(_commitment.due_to < query.due_before)
    return conditions


def _between(
    place: ColumnElement[int], since: date | None, until: date | None
) -> list[ColumnElement[bool]]:
    if not since and not until:
        return []
    first = places.start(max(since.toordinal(), places.FIRST_DAY)) if since else places.DATED
    conditions = [place >= first]
    if until:
        conditions.append(place < places.following(max(until.toordinal(), places.FIRST_DAY - 1)))
    return conditions


def bearing(numbers: Sequence[int]) -> Select[int]:
    """Select the places of the articles that have any of some names, each once."""
    chosen = _bearing(numbers)
    return chosen.distinct() if len(numbers) > 1 else chosen


def _bearing(numbers: Sequence[int]) -> Select[int]:
    # No name has the number 0; for an empty list SQLite would look at each row there is.
    return select(_appearance.place).where(_appearance.name_id.in_(numbers or (0,)))


def _mentioned(held: ColumnElement[int], numbers: list[int]) -> ColumnElement[bool]:
    return held.in_(_bearing(numbers))


def _by_facet(held: ColumnElement[int], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    if held is _facet.place:
        return condition
    return held.in_(select(_facet.place).where(condition))


def _told(
    held: ColumnElement[int], table: Table, condition: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """Return the condition that the current text holds a fact of a kind."""
    revisions = select(table.c.revision_id)
    if condition is not None:
        revisions = revisions.where(condition)
    return held.in_(select(_article.place).where(_article.revision_id.in_(revisions)))


def of_level(levels: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that the outlet of a row of `facet` is of one of some levels."""
    return _facet.outlet.in_(select(_outlet.id).where(_outlet.level.in_(list(levels))))


def _is_kind(kinds: Iterable[str]) -> ColumnElement[bool]:
    known = [kind for kind in kinds if kind in KINDS]
    return _mention.kind.in_(known) if known else false()
