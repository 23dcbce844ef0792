"""Runs, quarantine, captures, outlets and registry entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from kb.archive import Archive, CaptureRow, KnownPage, Query
from kb.archive.tables import article, capture, entry, outlet
from kb.capture import Rejection
from tests.archive.stories import ENTRIES, pair

NIGHT = datetime(2024, 3, 5, 2, 0, tzinfo=timezone(timedelta(hours=7)))
PAGE = CaptureRow(
    "https://bao-a.example/1.html", NIGHT, 200, "new", "bao-a", "a.warc.gz", 3 * 2**31, 900,
    "sha1:AAAA", '"v1"', "Mon, 04 Mar 2024 19:00:00 GMT",
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    id: str
    name: str
    home: str = "https://bao-a.example/"
    level: str = "hanoi"
    family: str = "generic"


def test_runs_are_numbered_and_closed(archive: Archive) -> None:
    first = archive.start_run("nightly", {"outlets": ["bao-a"], "từ": "hôm qua"})
    second = archive.start_run("ingest", {})
    archive.finish_run(first, "done", {"new": 3})
    latest, earlier = archive.runs()
    assert (latest["id"], latest["status"], latest["finished_at"]) == (second, "running", None)
    assert earlier["detail"] == {"outlets": ["bao-a"], "từ": "hôm qua"}
    assert (earlier["status"], earlier["counts"]) == ("done", {"new": 3})
    assert earlier["started_at"] <= earlier["finished_at"]
    assert earlier["finished_at"].tzinfo is UTC
    assert [run["id"] for run in archive.runs(limit=1)] == [second]


def test_the_same_rejection_again_only_gets_a_new_date(archive: Archive) -> None:
    run = archive.start_run("ingest", {})
    item = Rejection("tệp.html", "extract", "trang trống")
    archive.reject([item, item, replace(item, reason="x" * 9_000)], None)
    (first,) = [row for row in archive.quarantine() if row["reason"] == item.reason]
    archive.reject([item], run)
    rows = archive.quarantine()
    assert [list(row) for row in rows] == [["source", "stage", "reason", "at"]] * 2
    assert rows[0] == {**first, "at": rows[0]["at"]}
    assert rows[0]["at"] > first["at"]
    assert archive.quarantine(since=rows[0]["at"]) == rows[:1]
    archive.reject([], run)
    assert len(archive.quarantine()) == 2
    archive.reject([replace(item, stage="download")], run)
    assert archive.count_quarantine() == {"download": 1, "extract": 2}


def known(archive: Archive, *outlets: str) -> list[KnownPage]:
    return list(archive.known_pages(outlets or None))


def test_a_known_page_has_the_validators_of_its_last_full_response(archive: Archive) -> None:
    hour = timedelta(hours=1)
    changed = replace(PAGE, fetched_at=NIGHT + 2 * hour, etag='"v2"', digest="sha1:BBBB")
    same = CaptureRow(PAGE.url, NIGHT + 3 * hour, 304, "unchanged", "bao-a")
    failed = CaptureRow(PAGE.url, NIGHT + 4 * hour, 503, "failed", "bao-a")
    archive.add_captures([PAGE, failed, same, changed], None)
    (page,) = known(archive)
    assert (page.url, page.outlet, page.etag) == (PAGE.url, "bao-a", '"v2"')
    assert (page.digest, page.last_modified) == ("sha1:BBBB", PAGE.last_modified)
    assert (page.first_seen, page.last_seen) == (NIGHT, NIGHT + 3 * hour)
    assert page.captured_at == NIGHT + 2 * hour


def test_a_page_that_is_gone_has_been_looked_at(archive: Archive) -> None:
    gone = CaptureRow(PAGE.url, NIGHT + timedelta(days=1), 410, "gone", "bao-a")
    archive.add_captures([PAGE, gone], None)
    (page,) = known(archive)
    assert (page.captured_at, page.last_seen) == (NIGHT, NIGHT + timedelta(days=1))


def test_known_pages_of_some_outlets(archive: Archive) -> None:
    other = replace(PAGE, url="https://bao-b.example/2.html", outlet="bao-b")
    missing = replace(PAGE, url="https://bao-b.example/3.html", outlet="bao-b", status=404)
    archive.add_captures([other, missing, PAGE], None)
    assert [page.url for page in known(archive)] == [PAGE.url, other.url]
    assert [page.url for page in known(archive, "bao-b")] == [other.url]
    assert known(archive, "bao-x") == []


def test_a_crawl_log_read_twice_adds_nothing(archive: Archive) -> None:
    run = archive.start_run("nightly", {})
    for _ in range(2):
        archive.add_captures([PAGE, PAGE, replace(PAGE, status=301)], run)
    with archive.engine.connect() as connection:
        rows = connection.execute(select(capture).order_by(capture.c.status)).all()
    assert [(row.status, row.offset, row.run_id) for row in rows] == [
        (200, 3 * 2**31, run),
        (301, 3 * 2**31, run),
    ]


def test_gone_articles_are_marked_until_their_page_answers_again(archive: Archive) -> None:
    archive.load([pair("Tin", url=PAGE.url), pair("Khác", url=PAGE.url + "?id=2")], None)
    later = datetime.now(UTC) + timedelta(days=1)
    variant = PAGE.url.replace("https://", "http://www.")
    assert archive.mark_gone([variant, "https://bao-x.example/"], later) == 1
    assert archive.mark_gone([PAGE.url], later + timedelta(days=1)) == 0

    def state() -> list[tuple[datetime | None, datetime]]:
        with archive.engine.connect() as connection:
            rows = connection.execute(
                select(article.c.gone_at, article.c.last_seen).order_by(article.c.id)
            )
            return [(row.gone_at, row.last_seen) for row in rows]

    assert [gone for gone, _ in state()] == [later, None]
    archive.add_captures([replace(PAGE, fetched_at=later - timedelta(hours=1))], None)
    assert state()[0] == (later, later - timedelta(hours=1))
    archive.add_captures([replace(PAGE, fetched_at=later + timedelta(hours=1), status=304)], None)
    assert state()[0] == (None, later + timedelta(hours=1))
    assert archive.search(Query()).total == 2


def test_outlets_and_entries_are_written_by_id(archive: Archive) -> None:
    archive.sync_outlets([Paper("bao-a", "Báo A"), Paper("bao-b", "Báo B")])
    archive.sync_outlets([Paper("bao-a", "Báo A mới")])
    archive.sync_registry(ENTRIES)
    archive.sync_registry([replace(ENTRIES[1], name_en="Creative spaces", data={"alias": ["x"]})])
    archive.sync_registry([])
    with archive.engine.connect() as connection:
        papers = connection.execute(select(outlet.c.id, outlet.c.name).order_by(outlet.c.id)).all()
        entries = connection.execute(select(entry).where(entry.c.id == "creative-spaces")).all()
    assert [tuple(row) for row in papers] == [("bao-a", "Báo A mới"), ("bao-b", "Báo B")]
    assert [(row.name_en, row.data, row.level) for row in entries] == [
        ("Creative spaces", {"alias": ["x"]}, "local")
    ]


def test_a_moment_without_timezone_is_refused(archive: Archive) -> None:
    with pytest.raises(Exception, match="no timezone"):
        archive.mark_gone([PAGE.url], datetime(2024, 3, 5))
