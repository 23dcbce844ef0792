"""`kb.open()`: the researcher's way into an archive."""

from __future__ import annotations

from types import TracebackType
from typing import Self, Unpack

import pandas as pd

from kb.archive import Archive
from kb.archive.query import Day, Filters, Names, make_query
from kb.research.frames import frame


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
        self, query: str = "", *, full_text: bool = False, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return every matching article, newest first; `full_text` adds the column `body`."""
        return frame("articles", self.archive, make_query(query, **filters), full_text=full_text)

    def mentions(
        self, query: str = "", *, kind: Names = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return the mentions in matching articles; of the named entities only, if any are."""
        return frame("mentions", self.archive, make_query(query, kind=kind, **filters))

    def actors(self, query: str = "", **filters: Unpack[Filters]) -> pd.DataFrame:
        """Return people and organisations named in matching articles, with counts."""
        return frame("actors", self.archive, make_query(query, **filters))

    def initiatives(self, query: str = "", **filters: Unpack[Filters]) -> pd.DataFrame:
        """Return the initiatives named in matching articles, with counts."""
        return frame("initiatives", self.archive, make_query(query, **filters))

    def quotes(
        self, query: str = "", *, speaker: Names = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return what was said, newest article first; `speaker` (or `actor`) are ids or names.

        `initiative` asks for articles that name it.
        """
        return frame("quotes", self.archive, make_query(query, **_as_actor(speaker, filters)))

    def commitments(
        self,
        query: str = "",
        *,
        owner: Names = None,
        due_after: Day = None,
        due_before: Day = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return what was promised, newest article first; `owner` (or `actor`): ids or names.

        `due_after` and `due_before` leave out that day itself, and what has no day; the last day
        (`due_to`) decides. What is due "from 2026 on" comes after any day and before none.
        """
        wanted = make_query(
            query, due_after=due_after, due_before=due_before, **_as_actor(owner, filters)
        )
        return frame("commitments", self.archive, wanted)

    def assignments(self, query: str = "", **filters: Unpack[Filters]) -> pd.DataFrame:
        """Return who has which role in which task, newest article first."""
        return frame("assignments", self.archive, make_query(query, **filters))

    def documents(self, query: str = "", **filters: Unpack[Filters]) -> pd.DataFrame:
        """Return the documents named in matching articles, with counts."""
        return frame("documents", self.archive, make_query(query, **filters))

    def posts(self, query: str = "", **filters: Unpack[Filters]) -> pd.DataFrame:
        """Return who is named in which post, with counts; `actor` is a person or a body."""
        return frame("posts", self.archive, make_query(query, **filters))


def _as_actor(name: Names, filters: Filters) -> Filters:
    """Return the filters with a speaker or owner as their actor."""
    return filters if name is None else Filters(**{**filters, "actor": name})
