"""`kb.open()`: the researcher's way into an archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Self, Unpack

import pandas as pd

from kb.archive import Archive, Query
from kb.archive.explain import Explanation
from kb.archive.query import Day, Filters, Names, make_query
from kb.archive.records import By
from kb.errors import ConfigError
from kb.research import measures
from kb.research.charts import figure
from kb.research.columns import Kind
from kb.research.exports.base import Source, about
from kb.research.frames import frame
from kb.research.labels import Labels, labelled
from kb.research.measures import Measure
from kb.research.timeline import timeline

Asked = str | Query
"""Words of the language of queries, or a whole query."""


class Desk:
    """An open archive that answers in pandas frames; close it, or use it in a `with`.

    Every method takes words or a `Query`, and the filters of `make_query`; `labels="vi"` gives
    Vietnamese headings. `frame.attrs` says how the query was understood.
    """

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

    def explain(self, query: Asked = "", **filters: Unpack[Filters]) -> Explanation:
        """Return a query in words, and what of it was not understood or is not known here."""
        return self.archive.explain(make_query(query, **filters))

    def count(self, query: Asked = "", **filters: Unpack[Filters]) -> int:
        """Return how many articles a query finds."""
        return self.archive.count("articles", make_query(query, **filters))

    def articles(
        self,
        query: Asked = "",
        *,
        full_text: bool = False,
        kind: Names = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return every matching article, newest first; `full_text` adds the column `body`."""
        wanted = make_query(query, kind=kind, **filters)
        return self._frame("articles", wanted, labels, full_text=full_text)

    def mentions(
        self,
        query: Asked = "",
        *,
        kind: Names = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return the mentions in matching articles; of the named entities only, if any are."""
        return self._frame("mentions", make_query(query, kind=kind, **filters), labels)

    def actors(
        self, query: Asked = "", *, labels: Labels = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return people and organisations named in matching articles, with counts."""
        return self._frame("actors", make_query(query, **filters), labels)

    def initiatives(
        self, query: Asked = "", *, labels: Labels = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return the initiatives named in matching articles, with counts."""
        return self._frame("initiatives", make_query(query, **filters), labels)

    def quotes(
        self,
        query: Asked = "",
        *,
        speaker: Names = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return what was said, newest article first; `speaker` (or `actor`) are ids or names.

        `initiative` asks for articles that name it.
        """
        return self._frame("quotes", make_query(query, **_as_actor(speaker, filters)), labels)

    def commitments(
        self,
        query: Asked = "",
        *,
        owner: Names = None,
        due_after: Day = None,
        due_before: Day = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return what was promised, newest article first; `owner` (or `actor`): ids or names.

        `due_after` and `due_before` leave out that day itself, and what has no day; the last day
        (`due_to`) decides. What is due "from 2026 on" comes after the days before 2026, and
        before none.
        """
        wanted = make_query(
            query, due_after=due_after, due_before=due_before, **_as_actor(owner, filters)
        )
        return self._frame("commitments", wanted, labels)

    def ledger(
        self,
        query: Asked = "",
        *,
        owner: Names = None,
        due_after: Day = None,
        due_before: Day = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return commitments with the later coverage proposed as evidence, a row for each piece,
        and what a person decided; the filters are those of `commitments`."""
        wanted = make_query(
            query, due_after=due_after, due_before=due_before, **_as_actor(owner, filters)
        )
        return self._frame("ledger", wanted, labels)

    def assignments(
        self, query: Asked = "", *, labels: Labels = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return who has which role in which task, newest article first."""
        return self._frame("assignments", make_query(query, **filters), labels)

    def documents(
        self, query: Asked = "", *, labels: Labels = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return the documents named in matching articles, with counts."""
        return self._frame("documents", make_query(query, **filters), labels)

    def reuse(
        self, query: Asked = "", *, labels: Labels = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return passages of matching articles that stand in earlier ones, newest article first.

        `similarity` is the passage's, `share` how much of the article stands in that earlier
        one, `resemblance` how alike both are as a whole, `reused` how much of the article stands
        in any earlier one; all 0 to 1.
        """
        return self._frame("reuse", make_query(query, **filters), labels)

    def posts(
        self, query: Asked = "", *, labels: Labels = None, **filters: Unpack[Filters]
    ) -> pd.DataFrame:
        """Return who is named in which post, with counts; `actor` is a person or a body."""
        return self._frame("posts", make_query(query, **filters), labels)

    def attention(
        self,
        query: Asked = "",
        *,
        by: By = "month",
        each: Sequence[str] = (),
        measure: Measure | None = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return how many articles match by day, week, month, quarter or year, beside all that the
        same outlets published; `.plot()` draws the articles, with `measure="share"` the share.
        `each` (ids or names) gives a column for each of them instead."""
        wanted = make_query(query, **filters)
        if each:
            found = measures.attentions(self.archive, each, wanted, by, measure)
        else:
            found = measures.attention(self.archive, wanted, by, measure)
        shown = measure or ("articles" if each else None)
        asked = {"by": by, "each": list(each)}
        return figure(self._told("attention", found, wanted, labels, asked), shown)

    def share_of_voice(
        self,
        of: Sequence[str],
        query: Asked = "",
        *,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return the articles that mention each of some entities (ids or names), and their share
        of the articles that mention any of them; `.plot()` draws it."""
        wanted = make_query(query, **filters)
        found = measures.share_of_voice(self.archive, of, wanted)
        return figure(self._told("share-of-voice", found, wanted, labels, {"of": list(of)}))

    def co_mentions(
        self,
        entity: str,
        query: Asked = "",
        *,
        limit: int = 20,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return who and what is named in the same articles as an entity (id or name)."""
        wanted = make_query(query, **filters)
        found = measures.co_mentions(self.archive, entity, wanted, limit)
        return self._told("co-mentions", found, wanted, labels, {"of": entity})

    def timeline(
        self,
        of: Names,
        query: Asked = "",
        *,
        today: date | None = None,
        labels: Labels = None,
        **filters: Unpack[Filters],
    ) -> pd.DataFrame:
        """Return what became of an initiative (`of`: its id), oldest first: announced, assigned,
        promised, reported, and silent where a promise fell due and nothing was written (by
        `today`)."""
        filters["initiative"] = of
        wanted = make_query(query, **filters)
        found = timeline(self.archive, wanted, today)
        asked = {"today": today.isoformat() if today else None}
        return figure(self._told("timeline", found, wanted, labels, asked))

    def about(self, found: pd.DataFrame) -> dict[str, str]:
        """Return what others need to compute a frame of this archive again: what it is, query,
        time, rows, versions of program, archive and readers; JSON-ready.

        Raises:
            ConfigError: it is no frame of a desk, or was made from one (`attrs` are gone).
        """
        if "query" not in found.attrs:
            raise ConfigError("no frame of an archive: ask it of the one that it was made from")
        query = Query.from_json(found.attrs["query"])
        nothing = Kind({}, lambda *_: iter(()))
        told = about(Source(found.attrs["kind"], nothing, (), self.archive, query))
        own = {name: str(value) for name, value in found.attrs["asked"].items()}
        return told | own | {"rows": str(len(found))}

    def _frame(
        self, kind: str, wanted: Query, labels: Labels, *, full_text: bool = False
    ) -> pd.DataFrame:
        found = frame(kind, self.archive, wanted, full_text=full_text)
        return self._told(kind, found, wanted, labels)

    def _told(
        self,
        kind: str,
        found: pd.DataFrame,
        wanted: Query,
        labels: Labels,
        asked: Mapping[str, object] | None = None,
    ) -> pd.DataFrame:
        """Return a frame that says what it is; `asked`: what is no part of a query."""
        explained = self.archive.explain(wanted, kind=kind)
        made = labelled(found, labels)
        made.attrs["kind"] = kind
        made.attrs["asked"] = {name: value for name, value in (asked or {}).items() if value}
        made.attrs["query"] = wanted.to_json()
        made.attrs["understood"] = explained.vi if labels == "vi" else explained.en
        made.attrs["remarks"] = [one.said(labels or "en") for one in explained.remarks]
        return made


def _as_actor(name: Names, filters: Filters) -> Filters:
    """Return the filters with a speaker or owner as their actor."""
    return filters if name is None else Filters(**{**filters, "actor": name})
