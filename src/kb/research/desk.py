"""`kb.open()`: the researcher's way into an archive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from types import TracebackType
from typing import Self

import pandas as pd

from kb.archive import Archive, Query
from kb.errors import QueryError
from kb.research.frames import frame

Day = str | date | None
Names = str | Iterable[str] | None


def make_query(
    text: str = "",
    *,
    since: Day = None,
    until: Day = None,
    outlet: Names = None,
    initiative: Names = None,
    actor: Names = None,
    kind: Names = None,
    limit: int = 20,
) -> Query:
    """Build the query that frames, exports, pages and the command line share.

    Args:
        text: words, "phrases", AND OR NOT (VÀ HOẶC KHÔNG), prefix*; empty means everything.
        since, until: first and last day of publication in Vietnam: a date, or `YYYY-MM-DD`.
        outlet, initiative: one id or several; any of them suffices.
        actor: entity ids or names.
        kind: kinds of mention.
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


class Desk:
    """An open archive that answers in pandas frames; close it, or use it in a `with`."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def close(self) -> None:
        """Close the archive."""
        self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def articles(
        self,
        query: str = "",
        *,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
        initiative: Names = None,
        actor: Names = None,
        full_text: bool = False,
    ) -> pd.DataFrame:
        """Return every matching article, newest first; `full_text` adds the column `body`."""
        wanted = make_query(
            query, since=since, until=until, outlet=outlet, initiative=initiative, actor=actor
        )
        return frame("articles", self.archive, wanted, full_text=full_text)

    def mentions(
        self,
        query: str = "",
        *,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
        initiative: Names = None,
        actor: Names = None,
        kind: Names = None,
    ) -> pd.DataFrame:
        """Return the mentions in matching articles; of the named entities only, if any are."""
        wanted = make_query(
            query,
            since=since,
            until=until,
            outlet=outlet,
            initiative=initiative,
            actor=actor,
            kind=kind,
        )
        return frame("mentions", self.archive, wanted)

    def actors(self, query: str = "", *, since: Day = None, until: Day = None) -> pd.DataFrame:
        """Return people and organisations named in matching articles, with counts."""
        return frame("actors", self.archive, make_query(query, since=since, until=until))

    def initiatives(self, query: str = "", *, since: Day = None, until: Day = None) -> pd.DataFrame:
        """Return the initiatives named in matching articles, with counts."""
        return frame("initiatives", self.archive, make_query(query, since=since, until=until))
