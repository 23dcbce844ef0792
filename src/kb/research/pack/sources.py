"""The sources of a report: every article that it cites, numbered, with its archived copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.archive import Archive, Query
from kb.archive.origins import Origin, origins
from kb.article import VIETNAM
from kb.research.citations import UNTITLED

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One cited article: `article` has the columns of the export, `number` is what cites it."""

    number: int
    article: Row
    origin: Origin

    @property
    def citation(self) -> str:
        """Authors. Title. Outlet, day and minute: as a list of sources gives a news article."""
        row = self.article
        authors = ", ".join(row["authors"])
        when = row["published_at"]
        place = [row["outlet_name"] or row["source_file"] or ""]
        if when is not None:
            place.append(f"{when.astimezone(VIETNAM):%d/%m/%Y %H:%M}")
        title = f"“{row['title']}”" if row["title"] else UNTITLED
        parts = [authors, title, ", ".join(filter(None, place))]
        return ". ".join(part for part in parts if part) + "."

    @property
    def url(self) -> str | None:
        """The address, only if it leads to a page."""
        url = self.article["url"]
        return url if url and url.lower().startswith(("http://", "https://")) else None


class Citations:
    """Gives out numbers in the order in which articles are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def cite(self, *article_ids: int) -> tuple[int, ...]:
        """Return the numbers of articles, each once and in order."""
        numbers = {self._numbers.setdefault(id_, len(self._numbers) + 1) for id_ in article_ids}
        return tuple(sorted(numbers))

    def sources(self, archive: Archive) -> tuple[Source, ...]:
        """Return what was cited, by number."""
        if not self._numbers:
            return ()
        names = archive.outlet_names()
        places = origins(archive.engine, self._numbers)
        found = [
            Source(
                self._numbers[row["article_id"]],
                {**row, "outlet_name": names.get(row["outlet"], row["outlet"])},
                places[row["article_id"]],
            )
            for row in archive.articles_rows(Query(articles=tuple(self._numbers)))
        ]
        return tuple(sorted(found, key=lambda one: one.number))
