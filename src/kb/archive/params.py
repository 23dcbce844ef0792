"""The parameters of a query, and how their values are written: one table for every surface.

The table is query.yaml. Addresses, stored JSON, the command line and Python's keyword arguments
all go through `values`, so that a filter that is added to it is everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from kb.errors import QueryError
from kb.reading import KINDS
from kb.text import characters, read_yaml

Value = Literal["text", "day", "moment", "names", "numbers", "choice"]
Order = Literal["newest", "relevance", "due"]
Reuse = Literal["each", "folded"]
FACTS = ("quotes", "commitments", "assignments", "posts", "reuse")
"""Kinds of fact that an article may hold."""
_CHOICES = {
    "mentions": tuple(KINDS), "facts": FACTS, "reuse": get_args(Reuse), "order": get_args(Order),
}  # fmt: skip
LARGEST_ID = 2**31 - 1
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a query can be asked with: `name` is the attribute of `Query`."""

    name: str
    param: str
    python: str
    value: Value
    en: str
    vi: str
    choices: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    """Kinds of result that it counts for; none: all."""

    @property
    def many(self) -> bool:
        """Whether it may be given several times."""
        return self.value in ("names", "numbers")

    @property
    def option(self) -> str:
        """What the command line calls it."""
        return "--query" if self.name == "text" else f"--{self.param.replace('_', '-')}"

    def read(self, given: object, called: str | None = None) -> Any:  # noqa: ANN401 - see Value
        """Return what the query keeps of a value, or of several, as they were given.

        Raises:
            QueryError: it is none of its kind; the message names the parameter (`called`).
        """
        name = called or self.param
        if self.many:
            one = given is None or isinstance(given, str | int)
            several: Iterable[Any] = (given,) if one else given  # type: ignore[assignment]
            found = (self._one(item, name) for item in several if item not in (None, ""))
            return tuple(dict.fromkeys(found))
        return self._one(given, name)

    def _one(self, given: Any, name: str) -> Any:  # noqa: ANN401
        match self.value:
            case "text":
                return str(given or "")
            case "day":
                return day(name, given)
            case "moment":
                return moment(name, given)
            case "numbers":
                return number(name, given)
            case "choice" | "names" if self.choices:
                return choice(name, characters(str(given)).strip(), self.choices)
        return characters(str(given)).strip()

    def write(self, value: Any) -> list[str]:  # noqa: ANN401
        """Return a value of the query as the texts that `read` takes."""
        if self.many:
            return [str(one) for one in value]
        if value is None or value == "":
            return []
        return [value.isoformat() if isinstance(value, date) else str(value)]


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return the parameters by the name of their attribute, in the order of query.yaml."""
    raw = read_yaml(files("kb.archive").joinpath("query.yaml").read_text("utf-8"))
    return {
        name: Parameter(
            name,
            said["param"],
            said.get("python", said["param"]),
            said["value"],
            said["en"],
            said["vi"],
            _CHOICES[said["choices"]] if "choices" in said else (),
            tuple(said.get("only", ())),
        )
        for name, said in raw.items()
    }


@cache
def by_param() -> Mapping[str, Parameter]:
    """Return the parameters by what addresses and JSON call them."""
    return {one.param: one for one in parameters().values()}


def unknown(name: str, known: Iterable[str]) -> str:
    """Return the message for a parameter that there is not, with the nearest that there is."""
    known = list(known)
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"{name!r} is nothing that can be asked for; {hint}"


def day(name: str, value: object) -> date | None:
    """Return a day given as one, as a moment, or as `YYYY-MM-DD`.

    Raises:
        QueryError: it is none.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if not _DAY.fullmatch(text := str(value).strip()):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError(f"{name}: {value!r} is not a day; write YYYY-MM-DD") from error


def moment(name: str, value: object) -> date | None:
    """Return a day, or a moment as a datetime, given as one or as ISO 8601.

    Raises:
        QueryError: it is neither, or at an end of the calendar, where some zone has no such moment.
    """
    if isinstance(value, str) and len(value.strip()) > 10:
        # A plus in an address that nobody encoded is a blank by now.
        text = value.strip().replace(" ", "+") if "T" in value else value.strip()
        try:
            if not _MOMENT.match(text):
                raise ValueError(text)
            value = datetime.fromisoformat(text.upper())
        except ValueError as error:
            message = f"{name}: {value!r} is no day and no moment; write YYYY-MM-DD"
            raise QueryError(f"{message} or YYYY-MM-DDTHH:MM+07:00") from error
    if not isinstance(value, datetime):
        return day(name, value)
    if value.year in (MINYEAR, MAXYEAR):
        raise QueryError(f"{name}: {value} is at an end of the calendar; write a day")
    return value


def number(name: str, value: object) -> int:
    """Return the number of an article.

    Raises:
        QueryError: it is none.
    """
    text = str(value).strip()
    if text.isascii() and text.isdecimal() and len(text) <= 10:
        return min(int(text), LARGEST_ID)
    raise QueryError(f"{name}: {value!r} is not the number of an article")


def choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Return a value that is one of some.

    Raises:
        QueryError: it is not.
    """
    if value in choices:
        return value
    raise QueryError(f"{name}: {value!r} is none of {', '.join(choices)}")
