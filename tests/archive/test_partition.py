"""Mentions by month on PostgreSQL: the same archive in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kb.archive import Archive, Query
from kb.archive.engine import reading
from kb.archive.partition import partition, partitions
from kb.errors import ConfigError
from tests.archive.conftest import scratch
from tests.archive.stories import ENTRIES, pair, stories


@pytest.fixture
def archive() -> Iterator[Archive]:
    """An archive of its own: partitions stay."""
    with scratch() as url, Archive.open(url) as opened:
        opened.sync_registry(ENTRIES)
        yield opened


def load(archive: Archive, month: int, count: int = 3) -> None:
    """Load stories that were seen in a month of 2024."""
    seen = datetime(2024, month, 2, tzinfo=UTC)
    for number in range(count):
        article, reading = pair(
            f"Tin tháng {month}.{number}",
            "",
            "Không gian sáng tạo và Sở Văn hóa và Thể thao.",
            url=f"https://x.example/{month}/{number}",
            mentions=[
                ["initiative", "creative-spaces", "Không gian sáng tạo", "Không gian sáng tạo"],
                ["org", "so-vhtt", "Sở Văn hóa và Thể thao", "Sở Văn hóa và Thể thao"],
            ],
        )
        archive.load([(replace(article, seen_at=seen), reading)], None)


def rows(archive: Archive) -> dict[str, int]:
    with reading(archive.engine) as connection:
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM mention_{name}").scalar() or 0
            for name, _ in partitions(connection)
        }


def indexes(archive: Archive) -> set[str]:
    query = "SELECT indexname FROM pg_indexes WHERE tablename = 'mention'"
    with reading(archive.engine) as connection:
        return {row[0] for row in connection.exec_driver_sql(query)}


def constraints(archive: Archive) -> set[tuple[str, str]]:
    query = (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'mention'::regclass AND contype <> 'n'"
    )
    with reading(archive.engine) as connection:
        return {(row[0], row[1]) for row in connection.exec_driver_sql(query)}


def test_each_month_has_its_own_and_nothing_else_changes(archive: Archive) -> None:
    for month in (1, 2, 4):
        load(archive, month)
    before = archive.content_hash(), indexes(archive), constraints(archive)
    found = list(archive.mentions_rows(Query(actors=("so-vhtt",))))
    made = partition(archive.engine)
    assert made == [("202401", 0), ("202402", 4), ("202404", 7)]
    assert rows(archive) == {"202401": 6, "202402": 6, "202404": 6}
    assert (archive.content_hash(), indexes(archive), constraints(archive)) == before
    assert list(archive.mentions_rows(Query(actors=("so-vhtt",)))) == found
    assert len(found) == 9
    assert [one.detail for one in archive.check() if one.wrong] == []


def test_later_months_get_theirs_and_loading_goes_on(archive: Archive) -> None:
    load(archive, 1)
    assert partition(archive.engine) == [("202401", 0)]
    load(archive, 1, 4)  # one more, the others are known
    load(archive, 3)
    load(archive, 5)
    assert rows(archive) == {"202401": 20}
    before = archive.content_hash()
    assert partition(archive.engine) == [("202401", 0), ("202403", 5), ("202405", 8)]
    assert rows(archive) == {"202401": 8, "202403": 6, "202405": 6}
    assert partition(archive.engine) == [("202401", 0), ("202403", 5), ("202405", 8)]
    archive.load(stories(), None)
    edited = pair("Tin sửa", "", "Không gian.", url="https://x.example/1/0")
    archive.load([edited], None)
    assert archive.search(Query('"tin sửa"')).total == 1
    assert archive.content_hash() != before
    assert [one.detail for one in archive.check() if one.wrong] == []


def test_an_empty_archive_and_sqlite(archive: Archive, tmp_path: object) -> None:
    assert partition(archive.engine) == [("000000", 0)]
    load(archive, 1)
    assert rows(archive) == {"000000": 6}
    assert partition(archive.engine) == [("000000", 0), ("202401", 1)]
    assert rows(archive) == {"000000": 0, "202401": 6}
    with (
        Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as other,
        pytest.raises(ConfigError, match="only PostgreSQL has partitions"),
    ):
        partition(other.engine)
