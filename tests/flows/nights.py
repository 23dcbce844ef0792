"""What the tests of the nightly job share: running one, and looking into the archive after it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from flows.nightly import NightReport, nightly
from flows.runner import PlainRunner
from kb.archive import Archive, Query
from kb.archive.tables import metadata
from kb.sample import SamplePress
from kb.settings import Settings

STORIES = {"songhong": 12, "thudomoi": 11, "tinnhanhviet": 12}
"""Stories that the sample press publishes."""
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Night:
    """A data folder after a nightly run."""

    home: Path
    report: NightReport
    said: list[tuple[str, str]] = field(default_factory=list)

    @property
    def archive(self) -> Archive:
        return Archive.open(settings(self.home).url, create=False)


def settings(home: Path) -> Settings:
    """Return settings on a folder of their own, reading in this process."""
    return Settings(data_dir=home, workers=1, database_url="")


def run(home: Path, outlets: Path, *ids: str) -> Night:
    """Run the nightly job in this process on the outlets of a folder."""
    said: list[tuple[str, str]] = []
    with Archive.open(settings(home).url) as archive:
        report = nightly(
            archive,
            PlainRunner(),
            settings(home),
            folder=outlets,
            ids=ids,
            say=lambda outlet, line: said.append((outlet, line)),
        )
    return Night(home, report, said)


def copied(night: Night, home: Path) -> Path:
    """Copy a night's archive into another data folder, so that a test may go on from it."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(night.home / "kb.sqlite", home / "kb.sqlite")
    return home


def rows(home: Path, *tables: str) -> Rows:
    """Return whole tables of an archive in the order of their keys.

    When an article was last seen is left out: seeing it again is what a night is for.
    """
    found: Rows = {}
    with Archive.open(settings(home).url) as archive, archive.engine.connect() as connection:
        for name in tables:
            table = metadata.tables[name]
            statement = select(table).order_by(*table.primary_key)
            read = [dict(row) for row in connection.execute(statement).mappings()]
            found[name] = [{k: v for k, v in row.items() if k != "last_seen"} for row in read]
    return found


TEXTS = ("article", "revision", "reading", "mention")
"""Tables of what was published and read."""


def articles(home: Path) -> list[dict[str, Any]]:
    """Return all articles with their bodies."""
    with Archive.open(settings(home).url) as archive:
        return list(archive.articles_rows(Query(), full_text=True))


def mentions(home: Path) -> list[dict[str, Any]]:
    """Return the mentions in the current texts."""
    with Archive.open(settings(home).url) as archive:
        return list(archive.mentions_rows(Query()))


def stories(press: SamplePress) -> dict[str, tuple[str, str]]:
    """Return (paper, slug) by the address at which a press serves the story."""
    return {
        press.url(paper.id, article.slug): (paper.id, article.slug)
        for paper in press.press.papers.values()
        for article in paper.articles
    }
