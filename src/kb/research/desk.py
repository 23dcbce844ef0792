"""`kb.open()`: the researcher's way into an archive."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import pandas as pd

from kb.archive import Archive
from kb.archive.query import Day, Names, make_query
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

    def quotes(
        self,
        query: str = "",
        *,
        speaker: Names = None,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
        initiative: Names = None,
    ) -> pd.DataFrame:
        """Return what was said, newest article first; `speaker` are ids or names.

        `initiative` asks for articles that name it.
        """
        wanted = make_query(
            query, since=since, until=until, outlet=outlet, initiative=initiative, actor=speaker
        )
        return frame("quotes", self.archive, wanted)

    def commitments(
        self,
        query: str = "",
        *,
        initiative: Names = None,
        owner: Names = None,
        due_after: Day = None,
        due_before: Day = None,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
    ) -> pd.DataFrame:
        """Return what was promised, newest article first; `owner` are ids or names.

        `due_after` and `due_before` leave out that day itself, and what has no day; the last day
        (`due_to`) decides. What is due "from 2026 on" comes after any day and before none.
        """
        wanted = make_query(
            query,
            since=since,
            until=until,
            outlet=outlet,
            initiative=initiative,
            actor=owner,
            due_after=due_after,
            due_before=due_before,
        )
        return frame("commitments", self.archive, wanted)

    def assignments(
        self,
        query: str = "",
        *,
        initiative: Names = None,
        actor: Names = None,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
    ) -> pd.DataFrame:
        """Return who has which role in which task, newest article first."""
        wanted = make_query(
            query, since=since, until=until, outlet=outlet, initiative=initiative, actor=actor
        )
        return frame("assignments", self.archive, wanted)

    def documents(
        self,
        query: str = "",
        *,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
        initiative: Names = None,
    ) -> pd.DataFrame:
        """Return the documents named in matching articles, with counts."""
        wanted = make_query(query, since=since, until=until, outlet=outlet, initiative=initiative)
        return frame("documents", self.archive, wanted)

    def posts(
        self,
        query: str = "",
        *,
        actor: Names = None,
        since: Day = None,
        until: Day = None,
        outlet: Names = None,
    ) -> pd.DataFrame:
        """Return who is named in which post, with counts; `actor` is a person or a body."""
        wanted = make_query(query, since=since, until=until, outlet=outlet, actor=actor)
        return frame("posts", self.archive, wanted)
