"""What can be asked of the archive: a text query and filters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict

from kb.errors import QueryError

Order = Literal["newest", "relevance"]


@dataclass(frozen=True, slots=True)
class Query:
    """A text query and filters; everything given must hold, any value of one filter suffices.

    `since` and `until` are days in Vietnam, both included. `initiatives` are entity ids,
    `actors` entity ids or names, `kinds` kinds of mention, `articles` article ids. `after` is
    the previous page's. `due_after` and `due_before` count for commitments alone: due later, or
    earlier, than that day.

    Raises:
        QueryError: `limit` is below 1 or `order` is none of the two.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    due_after: date | None = None
    due_before: date | None = None
    limit: int = 20
    after: str | None = None
    order: Order = "newest"

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise QueryError(f"limit must be 1 or more, not {self.limit}")
        if self.order not in ("newest", "relevance"):
            raise QueryError(f"order must be newest or relevance, not {self.order!r}")


Day = str | date | None
Names = str | Iterable[str] | None


class Filters(TypedDict, total=False):
    """What every kind of result can be narrowed by; the meaning is that of `make_query`."""

    since: Day
    until: Day
    outlet: Names
    initiative: Names
    actor: Names


def make_query(
    text: str = "",
    *,
    since: Day = None,
    until: Day = None,
    outlet: Names = None,
    initiative: Names = None,
    actor: Names = None,
    kind: Names = None,
    due_after: Day = None,
    due_before: Day = None,
    limit: int = 20,
) -> Query:
    """Build the query that frames, exports, pages and the command line share.

    Args:
        text: words, "phrases", AND OR NOT (VÀ HOẶC KHÔNG), prefix*; empty means everything.
        since, until: first and last day of publication in Vietnam: a date, or `YYYY-MM-DD`.
        outlet, initiative: one id or several; any of them suffices.
        actor: entity ids or names.
        kind: kinds of mention.
        due_after, due_before: a day; commitments due later or earlier than it, other results
            do not look at it.
        limit: rows of one page of `search`; complete results ignore it.

    Raises:
        QueryError: a date is not one, or `limit` is below 1.
    """
    return Query(
        text=text,
        since=_day("since", since),
        until=_day("until", until),
        outlets=_names(outlet),
        initiatives=_names(initiative),
        actors=_names(actor),
        kinds=_names(kind),
        due_after=_day("due_after", due_after),
        due_before=_day("due_before", due_before),
        limit=limit,
    )


def _day(name: str, value: Day) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QueryError(f"{name}: {value!r} is not a day; write YYYY-MM-DD") from error


def _names(value: Names) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
