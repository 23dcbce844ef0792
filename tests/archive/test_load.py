"""Loading: nothing twice, nothing lost, and the current revision is what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from kb.archive import Archive, LoadCount, Query
from kb.archive.tables import metadata
from kb.article import Article
from kb.errors import ArchiveError
from kb.reading import Reading
from tests.archive.stories import pair, stories

URL = "https://bao-a.example/bai-1.html"
PERSON = [["person", None, "Lê Na", "Lê Na"]]
Pair = tuple[Article, Reading]


def contents(archive: Archive) -> dict[str, list[Any]]:
    """Every row of every table."""
    with archive.engine.connect() as connection:
        return {
            name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for name, table in metadata.tables.items()
        }


def version(letter: str, reader: str = "1", *, hour: int | None = None, **rest: str) -> Pair:
    """A story about Lê Na in one of its versions, as fetched at an hour or from a file."""
    body = f"Lê Na trồng cây {letter}. Hàng xóm khen Lê Na."
    made = pair(f"Bản {letter}", "", body, url=URL, mentions=PERSON, reader=reader, **rest)
    return replace(made[0], seen_at=None if hour is None else at(hour)), made[1]


def at(hour: int) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC)


def texts(archive: Archive) -> list[str]:
    return [row["title"] for row in archive.articles_rows(Query())]


def test_a_second_load_changes_nothing(archive: Archive) -> None:
    pairs = stories()
    assert archive.load(pairs, None) == LoadCount(new=len(pairs))
    before = contents(archive)
    assert archive.load(pairs, None) == LoadCount(same=len(pairs))
    assert contents(archive) == before
    assert archive.search(Query("bàn")).total == 3


def test_only_what_is_new_is_read(archive: Archive) -> None:
    articles = [article for article, _ in stories()]
    assert archive.unread(articles, "1") == articles
    archive.load(stories()[:4], None)
    assert archive.unread(articles, "1") == articles[4:]
    assert archive.unread(articles, "2") == articles
    assert archive.unread([], "1") == []


def test_unread_follows_the_order_of_versions(archive: Archive) -> None:
    a, b = version("A")[0], version("B")[0]
    archive.load([version("A")], None)
    assert archive.unread([a, a], "1") == []
    assert archive.unread([b, a, a], "1") == [b, a]
    assert archive.unread([b, b], "1") == [b]


def test_a_changed_text_is_a_new_revision(archive: Archive) -> None:
    run = archive.start_run("nightly", {})
    archive.load([version("A")], None)
    assert archive.load([version("B")], run) == LoadCount(changed=1)
    rows = contents(archive)
    assert [row.title for row in rows["article"]] == ["Bản B"]
    assert [(row.number, row.title, row.run_id) for row in rows["revision"]] == [
        (1, "Bản A", None),
        (2, "Bản B", run),
    ]
    hit = archive.search(Query("trồng")).hits[0]
    assert (hit.title, hit.revisions) == ("Bản B", 2)
    assert archive.search(Query('"cây A"')).total == 0
    assert archive.search(Query("-a")).total == 1
    assert len(list(archive.mentions_rows(Query()))) == 2


def test_an_older_text_becomes_current_again(archive: Archive) -> None:
    for hour, letter in enumerate("ABA"):
        archive.load([version(letter, hour=hour)], None)
    rows = contents(archive)
    assert [row.title for row in rows["revision"]] == ["Bản A", "Bản B"]
    assert len(rows["mention"]) == 4
    assert texts(archive) == ["Bản A"]
    assert archive.search(Query('"cây A"')).total == 1
    assert archive.search(Query('"cây B"')).total == 0
    assert archive.load([version("A")], None) == LoadCount(same=1)
    assert archive.load([version("B", hour=1)], None) == LoadCount(same=1)


def test_a_file_never_brings_an_older_text_back(archive: Archive) -> None:
    articles = [version(letter) for letter in "ABA"]
    assert archive.load(articles, None) == LoadCount(new=1, changed=1, same=1)
    before = contents(archive)
    assert archive.unread([article for article, _ in articles], "1") == []
    assert archive.load(articles, None) == LoadCount(same=3)
    assert contents(archive) == before
    assert texts(archive) == ["Bản B"]


def test_an_older_capture_that_comes_late_is_kept_but_not_current(archive: Archive) -> None:
    archive.load([version("B", hour=5)], None)
    assert archive.load([version("A", hour=2)], None) == LoadCount(changed=1)
    rows = contents(archive)
    assert [(row.title, row.seen_at) for row in rows["revision"]] == [
        ("Bản B", at(5)),
        ("Bản A", at(2)),
    ]
    assert len(rows["reading"]) == 2
    assert texts(archive) == ["Bản B"]
    assert [row["revisions"] for row in archive.articles_rows(Query())] == [2]
    assert archive.search(Query('"cây A"')).total == 0
    assert archive.unread([version("A", hour=2)[0]], "1") == []
    assert archive.load([version("A", hour=2)], None) == LoadCount(same=1)


@pytest.mark.parametrize("order", ["AB", "ABA", "AAB", "ABAB", "ABBC"])
def test_versions_in_one_batch_are_like_versions_one_by_one(archive: Archive, order: str) -> None:
    versions = [version(letter, hour=hour) for hour, letter in enumerate(order)]
    count = archive.load(versions, None)
    steps = sum(x != y for x, y in pairwise(order))
    assert count == LoadCount(new=1, changed=steps, same=len(order) - 1 - steps)
    assert texts(archive) == [f"Bản {order[-1]}"]
    rows = contents(archive)
    assert len(rows["revision"]) == len(rows["reading"]) == len(set(order))
    assert archive.search(Query(f'"cây {order[-1]}"')).total == 1
    assert {row["article_id"] for row in archive.mentions_rows(Query())} == {1}


@pytest.mark.parametrize("hours", [(2, 1, 3), (2, 1, 3, 0), (3, 1, 2), (2, 3, 1)])
@pytest.mark.parametrize("before", [0, 1])
def test_captures_of_one_batch_in_any_order_are_counted(
    archive: Archive, hours: tuple[int, ...], before: int
) -> None:
    made = [version(letter, hour=hour) for letter, hour in zip("ABCD", hours, strict=False)]
    archive.load(made[:before], None)
    archive.load(made[before:], None)
    archive.load([version("E", hour=9)], None)
    rows = contents(archive)
    numbers = [row.number for row in rows["revision"]]
    assert numbers == list(range(1, len(hours) + 2))
    assert [row.revisions for row in rows["article"]] == [len(numbers)]


def test_a_newer_reader_replaces_the_mentions(archive: Archive) -> None:
    archive.load([version("A"), version("B")], None)
    article, reading = version("B", reader="2")
    assert archive.load([(article, Reading(reading.mentions[:1], "2", 7, 8))], None) == LoadCount(
        reread=1
    )
    assert len(list(archive.mentions_rows(Query()))) == 1
    rows = contents(archive)
    assert len(rows["mention"]) == 3  # those of version A stay with it
    assert [(row.reader, row.sentences, row.words) for row in rows["reading"]] == [
        ("1", 1, 12),
        ("2", 7, 8),
    ]
    later = datetime.now(UTC) + timedelta(hours=1)
    again, reading = version("A", reader="2")
    assert archive.load([(replace(again, seen_at=later), reading)], None) == LoadCount(changed=1)
    assert [row.reader for row in contents(archive)["reading"]] == ["2", "2"]


def test_a_better_parser_improves_what_is_around_the_text(archive: Archive) -> None:
    archive.load([version("A")], None)
    archive.load([version("A", reader="2", section="Đời sống")], None)
    assert archive.search(Query()).hits[0].section == "Đời sống"


def test_addresses_that_differ_in_nothing_are_one_story(archive: Archive) -> None:
    for url in (URL, URL.replace("https://", "http://www.") + "?utm_source=x#top"):
        archive.load([pair("Tin", "", "Bài.", url=url)], None)
    assert archive.search(Query()).total == 1


def test_very_long_addresses_are_kept_apart(archive: Archive) -> None:
    urls = [URL + "?q=" + "é" * 5_000 + end for end in "ab"]
    archive.load([pair("Tin", "", url, url=url) for url in urls], None)
    assert sorted(row["url"] for row in archive.articles_rows(Query())) == urls
    assert archive.unread([pair("Tin", "", url, url=url)[0] for url in urls], "1") == []


def test_outdated_articles_come_back_as_they_were(archive: Archive) -> None:
    pairs = stories()
    archive.load(pairs, None)
    archive.load([version("A"), version("B")], None)
    again = list(archive.outdated("2"))
    assert again == [article for article, _ in [*pairs, version("B")]]
    assert [a.content_hash for a in again[:10]] == [a.content_hash for a, _ in pairs]
    counted = archive.load([(article, Reading((), "2", 0, 0)) for article in again], None)
    assert counted == LoadCount(reread=len(again))
    assert list(archive.outdated("2")) == []


def test_a_failing_batch_leaves_nothing(archive: Archive) -> None:
    archive.load(stories()[:2], None)
    before = contents(archive)
    bad = pair("Tin", "", "Bài.", url=URL)
    with pytest.raises(ArchiveError):
        archive.load([*stories()[2:], bad], 12_345)  # no such run
    assert contents(archive) == before
    assert archive.load(stories()[2:], None).new == 8


def test_many_stories_in_one_batch(archive: Archive) -> None:
    pairs = [pair(f"Tin {n}", "", "Bài.", url=f"{URL}?id={n}") for n in range(1_300)]
    assert archive.load(pairs, None) == LoadCount(new=1_300)
    changed = [pair(f"Tin {n}", "", "Sửa.", url=f"{URL}?id={n}") for n in range(1_300)]
    assert archive.unread([article for article, _ in [*pairs, *changed]], "1") == [
        article for article, _ in changed
    ]
    assert archive.load(changed, None) == LoadCount(changed=1_300)
    assert archive.load([(a, Reading((), "2", 1, 1)) for a, _ in changed], None).reread == 1_300
    assert archive.search(Query("sửa")).total == 1_300
    assert archive.search(Query("bài")).total == 0


def test_counts_of_batches_add_up() -> None:
    assert LoadCount(1, 2, 3, 4) + LoadCount(10, 20, 30, 40) == LoadCount(11, 22, 33, 44)
