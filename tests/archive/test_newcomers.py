"""People and organisations that the archive meets for the first time, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb.archive import Archive
from kb.archive.newcomers import newcomers
from kb.article import Article
from kb.reading import Kind, Mention, Reading

DAY = datetime(2026, 3, 8, tzinfo=UTC)


def story(number: int, *names: tuple[Kind, str], day: int) -> tuple[Article, Reading]:
    """A story, seen on a day of March, that is made of names."""
    body, found = "", []
    for kind, name in names:
        start = len(body)
        body += f"{name}. "
        end = start + len(name)
        place = (start, end, start, end + 1)
        found.append(Mention(kind, None, name, name, "body", *place, "names", 0.9))
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
