"""What can be asked of the archive: a text query and filters, the same on every surface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self, TypedDict

from kb.archive.params import Order, Reuse, by_param, parameters, unknown
from kb.errors import QueryError

_PAGING = ("limit", "after")


@dataclass(frozen=True, slots=True)
class Query:
    """A text query and filters; everything given must hold, any value of one filter suffices.

    `since` and `until` are days in Vietnam, both included. `outlets` are ids, `levels` those of
    outlets; `initiatives` are entity ids; `actors`, `places` and `documents` entity ids or names;
    `posts` are written as the press does, alone ("giám đốc") or with their body. `kinds` are kinds
    of mention and `facts` kinds of fact that an article holds, `roles` what it gives somebody to do
    (alone, or with whose it is: "chủ trì Sở Văn hóa"), `articles` article ids. `due_after` and
    `due_before` count for commitments alone: due later, or earlier, than that day. `reuse` folded:
    of the articles found that tell one story (reprints) only the first counts. `as_of`: the archive
    as it stood then, at the end of a day in Vietnam or at a moment: articles seen until then, with
    the text that they had (readings and judgements are those of today). `after` is the previous
    page's.

    Raises:
        QueryError: `limit` is below 1, or `order` or `reuse` is none of their choices.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    due_after: date | None = None
    due_before: date | None = None
    reuse: Reuse = "each"
    as_of: date | None = None
    order: Order = "newest"
    limit: int = 20
    after: str | None = None

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise QueryError(f"limit must be 1 or more, not {self.limit}")
        for name in ("order", "reuse"):
            if getattr(self, name) not in (choices := parameters()[name].choices):
                raise QueryError(f"{name} must be {' or '.join(choices)}, not {self[name]!r}")

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self, name)

    @property
    def limited(self) -> bool:
        """Whether anything narrows it at all, beside the moment that is asked for."""
        apart = ("order", "as_of", "due_after", "due_before", "reuse")
        return any(self[name] for name in parameters() if name not in apart)

    @classmethod
    def from_params(cls, pairs: Iterable[tuple[str, str]], **paging: Any) -> Self:  # noqa: ANN401
        """Return the query of an address: pairs of name and value, names that take several again.

        Raises:
            QueryError: a name is unknown or a value is none of its kind.
        """
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            given.setdefault(name, []).append(value)
        return cls._read(given, paging)

    def to_params(self) -> list[tuple[str, str]]:
        """Return the pairs of an address that asks for the same; what is usual is left out."""
        return [
            (one.param, text)
            for one in parameters().values()
            if self[one.name] != _USUAL[one.name]
            for text in one.write(self[one.name])
        ]

    @classmethod
    def from_json(cls, data: Mapping[str, Any], **paging: Any) -> Self:  # noqa: ANN401
        """Return the query of a JSON object with the names of an address, lists where several.

        Raises:
            QueryError: a name is unknown or a value is none of its kind.
        """
        return cls._read({k: v if isinstance(v, list) else [v] for k, v in data.items()}, paging)

    def to_json(self) -> dict[str, Any]:
        """Return it JSON-ready; `from_json` gives the same back."""
        found: dict[str, Any] = {}
        for one in parameters().values():
            if self[one.name] != _USUAL[one.name]:
                written: list[Any] = one.write(self[one.name])
                if one.value == "numbers":
                    written = list(self[one.name])
                found[one.param] = written if one.many else written[0]
        return found

    @classmethod
    def _read(cls, given: Mapping[str, list[Any]], paging: Mapping[str, Any]) -> Self:
        values = {}
        for name, texts in given.items():
            if name not in by_param():
                raise QueryError(unknown(name, by_param()))
            one = by_param()[name]
            value = one.read(texts if one.many else texts[-1])
            if value not in (None, "", ()):
                values[one.name] = value
        return cls(**values, **paging)


_USUAL: dict[str, Any] = {one.name: one.default for one in fields(Query)}
Day = str | date | None
Names = str | Iterable[str] | None


class Filters(TypedDict, total=False):
    """What every kind of result can be narrowed by; the meaning is that of `make_query`."""

    since: Day
    until: Day
    outlet: Names
    level: Names
    initiative: Names
    actor: Names
    post: Names
    place: Names
    document: Names
    fact: Names
    role: Names
    article: int | Iterable[int] | None
    reuse: Reuse
    as_of: Day


def make_query(query: str | Query = "", *, limit: int = 20, **filters: Any) -> Query:  # noqa: ANN401
    """Build the query that frames, exports, pages and the command line share.

    Args:
        query: words, "phrases", AND OR NOT (VÀ HOẶC KHÔNG), prefix*, field:value; empty means
            everything. Or a Query, which the filters then change.
        limit: rows of one page of `search`; complete results ignore it.
        filters: `since, until, outlet, level, initiative, actor, post, place, document, kind,
            fact, role, article, due_after, due_before, reuse, as_of, order`, see `Query`; days are
            dates or `YYYY-MM-DD`, names one or several.

    Raises:
        QueryError: a filter is unknown, a date is not one, or `limit` is below 1.
    """
    known = {one.python: one for one in parameters().values() if one.name != "text"}
    if isinstance(query, Query):
        values = {one.name: query[one.name] for one in fields(Query) if one.name not in _PAGING}
    else:
        values = {"text": query}
    for name, given in filters.items():
        if name not in known:
            raise QueryError(unknown(name, known))
        if given is not None:
            values[known[name].name] = known[name].read(given, name)
    return Query(**values, limit=limit)
