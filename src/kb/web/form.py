"""The search form: whatever stands in the address becomes a query, and never an error."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import QueryParams

from kb.archive import Query
from kb.archive.explain import Language, spelled_text
from kb.archive.params import Parameter, parameters
from kb.errors import QueryError
from kb.text import characters
from kb.web.clauses import clauses
from kb.web.language import Words

LONGEST = 1000
"""Code points of a typed query that count; a headline has 100, a link 200."""
_MOST_VALUES = 20


@dataclass(frozen=True)
class SearchForm:
    """A query as it was understood from the parameters of an address.

    `ignored` are the values, as typed, that make no sense.
    """

    query: Query = field(default_factory=Query)
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, params: QueryParams) -> Self:
        """Take what can be understood from the parameters of an address."""
        values: dict[str, Any] = {}
        ignored: list[str] = []
        for one in parameters().values():
            typed = [characters(text)[:LONGEST].strip() for text in params.getlist(one.param)]
            typed = [text for text in typed if text][: _MOST_VALUES if one.many else 1]
            found = [value for text in typed if (value := _read(one, text, ignored)) is not None]
            if found and one.many:
                values[one.name] = tuple(dict.fromkeys(value for many in found for value in many))
            elif found:
                values[one.name] = found[0]
        if "text" in values:
            values["text"] = " ".join(values["text"].split())
        return cls(Query(**values, after=params.get("after") or None), tuple(ignored))

    @classmethod
    def of(cls, address: str) -> Self:
        """Take what can be understood from an address."""
        return cls.read(QueryParams(urlsplit(address).query))

    @property
    def text(self) -> str:
        """The typed text."""
        return self.query.text

    @property
    def after(self) -> str | None:
        """Where the page before ended."""
        return self.query.after

    @property
    def filtered(self) -> bool:
        """Whether anything at all is asked for."""
        return replace(self.query, order="newest", after=None) != Query()

    def asked(self, limit: int) -> Query:
        """Return the query that the archive answers, with so many rows on a page."""
        return replace(self.query, limit=limit)

    def going_on(self, after: str | None) -> SearchForm:
        """Return the form whose page begins elsewhere; None: the first page."""
        return SearchForm(replace(self.query, after=after))

    def changed(self, **values: Any) -> SearchForm:  # noqa: ANN401 - attributes of Query
        """Return the first page of a form that asks for something else."""
        return SearchForm(replace(self.query, after=None, **values))

    def address(self, path: str = "/search") -> str:
        """Return the address that asks for the same."""
        pairs = self.query.to_params()
        if self.after:
            pairs.append(("after", self.after))
        return _address(path, pairs)

    def filters(self, path: str = "/search") -> list[tuple[str, str, str]]:
        """Return each filter in force as (name, value, address of its first page without it).

        Clauses at the end of the text, with which a list is narrowed further, count as well.
        """
        pairs = self.query.to_params()
        found = [
            (name, value, _address(path, [one for one in pairs if one != (name, value)]))
            for name, value in pairs
            if name not in ("q", "order")
        ]
        typed = [
            (name, value, self.changed(text=text).address(path))
            for name, value, text in clauses(self.text)
        ]
        return found + typed


def _address(path: str, pairs: list[tuple[str, str]]) -> str:
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(pairs)}" if pairs else path


def _read(one: Parameter, text: str, ignored: list[str]) -> Any:  # noqa: ANN401 - see Value
    """Return a value as it is meant; None, and a note, where it makes no sense."""
    given: object = text
    if one.value in ("day", "moment") and (day := _day(text)):
        given = day
    try:
        return one.read(given)
    except QueryError:
        if one.value in ("day", "moment"):
            ignored.append(text)
        return None


def _day(text: str) -> date | None:
    """Read a day as ISO or with the day first (20/11/2025, 20-11-2025, 20.11.2025)."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def understood(text: str, folded: bool, words: Words) -> str:
    """Return how the archive takes a typed text: words, phrases, operators spelled out."""
    language: Language = "en" if words.language == "en" else "vi"
    return spelled_text(text, folded, language)
