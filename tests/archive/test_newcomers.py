"""People and organisations that the archive meets for the first time, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb.archive import Archive
from kb.archive.newcomers import newcomers
from kb.article import Article
from kb.reading import Kind, Mention, Reading

DAY = datetime(2026, 3, 8, tzinfo=UTC)


def story(
    number: int, *names: tuple[Kind, str], day: int, entity_id: str | None = None
) -> tuple[Article, Reading]:
    """A story, seen on a day of March, that is made of names (of an entry)."""
    body, found = "", []
    for kind, name in names:
        start = len(body)
        body += f"{name}. "
        end = start + len(name)
        place = (start, end, start, end + 1)
        found.append(Mention(kind, entity_id, name, name, "body", *place, "names", 0.9))
    url, seen = f"https://bao.example/{number}.html", DAY + timedelta(days=day)
    article = Article(f"Bài {number}", "", body.strip(), url, "bao", seen_at=seen)
    return article, Reading(tuple(found), "test", 1, 4)


@pytest.fixture
def read(archive: Archive) -> Archive:
    archive.load([story(1, ("person", "Lê Thu Cúc"), ("org", "Hội Nón"), day=0)], None)
    archive.load(
        [
            story(2, ("person", "Lê Thu Cúc"), ("person", "Tạ Văn Mận"), day=2),
            story(3, ("org", "HỘI GỐM"), ("place", "Phù Lãng"), day=2),
            story(4, ("org", "Hội Gốm"), ("org", "Hội Gốm"), ("org", "Hội Nón"), day=2),
        ],
        None,
    )
    return archive


def test_only_names_that_no_earlier_article_has(read: Archive) -> None:
    found = newcomers(read.engine, [2, 3, 4], DAY + timedelta(days=1))
    told = [(one.kind, one.name.lower(), one.articles, one.mentions) for one in found]
    assert told == [("org", "hội gốm", 2, 3), ("person", "tạ văn mận", 1, 1)]
    assert {one.article_id for one in found} == {2, 3} or {one.article_id for one in found} == {
        2,
        4,
    }


def test_only_of_the_articles_that_are_asked_for(read: Archive) -> None:
    found = newcomers(read.engine, [2], DAY + timedelta(days=1))
    assert [one.name for one in found] == ["Tạ Văn Mận"]
    assert newcomers(read.engine, [], DAY) == []
    assert len(newcomers(read.engine, [1, 2, 3, 4], DAY, limit=2)) == 2


def test_an_article_with_two_ways_to_write_a_name_counts_once(archive: Archive) -> None:
    loud: tuple[Kind, str] = ("person", "ĐỖ THỊ NGỌC HOÀ")
    usual: tuple[Kind, str] = ("person", "Đỗ Thị Ngọc Hòa")
    archive.load([story(1, loud, usual, usual, day=2), story(2, usual, day=2)], None)
    (one,) = newcomers(archive.engine, [1, 2], DAY)
    assert (one.name, one.articles, one.mentions) == ("Đỗ Thị Ngọc Hòa", 2, 4)
    (listed,) = archive.rows("actors")
    assert (listed["name"], listed["articles"], listed["mentions"]) == (one.name, 2, 4)


def test_an_entry_is_met_once_by_whatever_name(archive: Archive) -> None:
    old: tuple[Kind, str] = ("org", "Phường hội Gốm")
    new: tuple[Kind, str] = ("org", "Nghiệp đoàn Gốm")
    stories = [
        story(number, name, day=day, entity_id="hoi-gom")
        for number, name, day in ((1, old, 0), (2, new, 2), (3, old, 2))
    ]
    archive.load(stories, None)
    assert newcomers(archive.engine, [2, 3], DAY + timedelta(days=1)) == []
    (one,) = newcomers(archive.engine, [1, 2, 3], DAY - timedelta(days=1))
    assert (one.entity_id, one.articles, one.mentions) == ("hoi-gom", 3, 3)
