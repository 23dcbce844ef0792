"""How SQLite looks for what is asked: by keys, never through a whole table of names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from kb.archive import Archive, Query
from kb.archive.around import around, articles_naming
from kb.archive.newcomers import newcomers
from tests.archive.stories import ENTRIES, stories

SPACES = "creative-spaces"
QUERIES = [
    Query(actors=(SPACES,)),
    Query(actors=("không có ai",)),
    Query(actors=("Sở Văn hóa và Thể thao", "Hà Nội")),
    Query("không gian", actors=(SPACES,)),
    Query("không gian OR actor:nobody", since=date(2023, 1, 1), until=date(2024, 12, 31)),
    Query("initiative:creative-spaces bán"),
]


@contextmanager
def plans(archive: Archive) -> Iterator[list[str]]:
    """Collect what SQLite says of how it will go about each question."""
    found: list[str] = []

    def explain(
        _: Connection, cursor: sqlite3.Cursor, statement: str, values: tuple[Any, ...], *__: object
    ) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            other = cursor.connection.cursor()
            rows = other.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.extend(f"{row[3]}: {statement}" for row in rows)

    event.listen(archive.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(archive.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_names_are_looked_up_by_their_numbers(tmp_path: Path, query: Query) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as archive:
        archive.load(stories(), None)
        archive.sync_registry(ENTRIES)
        with plans(archive) as found:
            archive.search(query)
            archive.facets(query)
            archive.histogram(query)
            archive.share_of_voice([SPACES, "không có ai"], query)
            archive.co_mentions("không có ai", query)
            archive.co_mentions(SPACES, query)
            around(archive.engine, SPACES, {"person": 3, "org": 3})
            newcomers(archive.engine, [1, 2, 3], datetime(2024, 1, 1, tzinfo=UTC))
            articles_naming(archive.engine, [SPACES, "design-festival"])
    asked = [plan for plan in found if "appearance" in plan.partition(":")[0]]
    assert asked
    assert [plan for plan in asked if plan.startswith("SCAN")] == []


def test_names_that_wait_are_counted_without_a_look_at_each_mention(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as archive:
        archive.load(stories(), None)
        with plans(archive) as found:
            assert archive.candidates(on_programme=True)
            assert archive.candidates()
            archive.review_page(why=["name"])
    assert [plan for plan in found if plan.startswith(("SCAN m:", "SCAN mention"))] == []
