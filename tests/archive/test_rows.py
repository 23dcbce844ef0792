"""Complete results: the contract's columns, every filter, spans that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.archive import Archive, Query
from kb.reading import KINDS
from tests.archive.stories import ENTRIES, pair, stories

ARTICLES = [
    "article_id", "url", "outlet", "title", "lead", "authors", "published_at", "published_from",
    "section", "words", "revisions", "source_file",
]  # fmt: skip
MENTIONS = [
    "article_id", "kind", "entity_id", "name", "surface", "field", "start", "end", "sentence",
    "method", "score", "judged",
]  # fmt: skip


@pytest.fixture
def full(archive: Archive) -> Archive:
    archive.load(stories(), None)
    archive.sync_registry(ENTRIES)
    return archive


def titles(archive: Archive, query: Query) -> list[str]:
    return [row["title"] for row in archive.articles_rows(query)]


def test_articles_have_the_columns_of_the_contract(full: Archive) -> None:
    rows = list(full.articles_rows(Query()))
    assert all(list(row) == ARTICLES for row in rows)
    complete = list(full.articles_rows(Query(), full_text=True))
    assert all(list(row) == [*ARTICLES, "body"] for row in complete)
    by_title = {article.title: article for article, _ in stories()}
    for row in complete:
        story = by_title[row["title"]]
        for name in (*ARTICLES[1:10], "source_file", "body"):
            assert row[name] == getattr(story, name), name


def test_rows_are_all_that_a_search_finds_in_its_order(full: Archive) -> None:
    for query in (Query("bàn", limit=1), Query("dong da"), Query("đong đa"), Query(limit=2)):
        page = full.search(Query(query.text, limit=100))
        assert titles(full, query) == [hit.title for hit in page.hits]


def test_mentions_have_spans_that_hold(full: Archive) -> None:
    texts = {row["article_id"]: row for row in full.articles_rows(Query(), full_text=True)}
    rows = list(full.mentions_rows(Query()))
    assert len(rows) == sum(len(reading.mentions) for _, reading in stories())
    for row in rows:
        assert list(row) == MENTIONS
        text = texts[row["article_id"]][row["field"]]
        assert text[row["start"] : row["end"]] == row["surface"]
        assert row["surface"] in row["sentence"]
        assert row["sentence"] in text


def test_spans_hold_beyond_the_basic_plane(archive: Archive) -> None:
    """SQLite counts bytes or characters, PostgreSQL characters, Python code points."""
    body = "𝐓in vui 🎉. Cô 𝒜nh ở phố Ẩm thực 👩🏽‍🎨 kể chuyện. Hết."
    archive.load([pair("Tin", "", body, mentions=[["person", None, "𝒜nh", "𝒜nh"]])], None)
    (row,) = archive.mentions_rows(Query())
    assert body[row["start"] : row["end"]] == "𝒜nh"
    assert row["sentence"] == "Cô 𝒜nh ở phố Ẩm thực 👩🏽‍🎨 kể chuyện."


def test_rows_of_single_articles(full: Archive) -> None:
    ids = {row["title"]: row["article_id"] for row in full.articles_rows(Query())}
    fair = "Lễ hội Thiết kế khai mạc bên hồ Tây"
    assert titles(full, Query(articles=(ids[fair],))) == [fair]
    assert {row["article_id"] for row in full.mentions_rows(Query(articles=(ids[fair],)))} == {
        ids[fair]
    }
    assert titles(full, Query(articles=(0, -1, 10**30))) == []


def test_only_the_mentions_that_are_named(full: Archive) -> None:
    def names(**filters: object) -> set[str]:
        return {row["name"] for row in full.mentions_rows(replace(Query(), **filters))}

    spaces, office = "Không gian sáng tạo", "Sở Văn hóa và Thể thao"
    assert names(initiatives=("creative-spaces",)) == {spaces}
    assert names(actors=("so-vhtt",)) == {office}
    assert names(actors=("Department of Culture", "Hoàng Thị Thủy")) == {office, "Hoàng Thị Thủy"}
    assert names(initiatives=("design-festival",), actors=("so-vhtt",)) == {
        "Lễ hội Thiết kế", office,
    }  # fmt: skip
    assert names(kinds=("person",)) == {"Trần Văn Khải", "Hoàng Thị Thủy"}
    assert names(kinds=("org",), text="gốm") == {office}
    assert names(outlets=("bao-d",)) == {spaces}
    assert names(since=date(2025, 1, 1)) == {"Hoàng Thị Thủy"}
    assert names(kinds=("planet",)) == set()


def test_kinds_and_fields_are_stored_without_loss(archive: Archive) -> None:
    wanted = [[kind, None, kind, kind] for kind in KINDS]
    text = ", ".join(KINDS)
    archive.load([pair(text, text, text, mentions=wanted)], None)
    rows = list(archive.mentions_rows(Query()))
    assert [(row["kind"], row["field"]) for row in rows] == [
        (kind, field) for field in ("title", "lead", "body") for kind in KINDS
    ]
    assert all(row["kind"] == row["surface"] for row in rows)


def test_actors(full: Archive) -> None:
    rows = list(full.actors_rows(Query()))
    assert [(row["entity_id"], row["kind"], row["name"]) for row in rows] == [
        ("so-vhtt", "org", "Sở Văn hóa và Thể thao"),
        (None, "person", "Hoàng Thị Thủy"),
        (None, "person", "Trần Văn Khải"),
    ]
    assert [(row["mentions"], row["articles"]) for row in rows] == [(2, 2), (1, 1), (1, 1)]
    assert [moment.isoformat() for moment in (rows[0]["first_seen"], rows[0]["last_seen"])] == [
        "2024-03-05T01:00:00+00:00",
        "2024-11-08T17:30:00+00:00",
    ]

    def names(**filters: object) -> list[str]:
        return [row["name"] for row in full.actors_rows(replace(Query(), **filters))]

    assert names(initiatives=("design-festival",)) == ["Sở Văn hóa và Thể thao"]
    assert names(text="mía") == ["Hoàng Thị Thủy"]
    assert names(kinds=("person",)) == ["Hoàng Thị Thủy", "Trần Văn Khải"]
    assert names(actors=("Trần Văn Khải",)) == ["Trần Văn Khải"]
    assert names(kinds=("place",)) == []


def test_actors_of_the_same_name_are_told_apart_by_kind_and_entry(archive: Archive) -> None:
    wanted = [
        ["person", None, "Sao Mai", "chị Mai"],
        ["org", None, "Sao Mai", "công ty"],
        ["org", "sao-mai", "Sao Mai", "tập đoàn"],
    ]
    body = "Theo chị Mai, công ty và tập đoàn là hai nơi. Sau đó chị Mai về."
    archive.load([pair("Tin", "", body, mentions=wanted)], None)
    rows = list(archive.actors_rows(Query()))
    assert [(row["entity_id"], row["kind"], row["mentions"]) for row in rows] == [
        (None, "person", 2),
        (None, "org", 1),
        ("sao-mai", "org", 1),
    ]
    assert rows[0]["first_seen"] is None


def test_initiatives(full: Archive) -> None:
    rows = list(full.initiatives_rows(Query()))
    assert [list(row) for row in rows] == [
        ["entity_id", "name", "level", "mentions", "articles", "first", "last"]
    ] * 2
    spaces, festival = rows
    assert (spaces["entity_id"], spaces["name"], spaces["level"]) == (
        "creative-spaces", "Không gian sáng tạo", "local",
    )  # fmt: skip
    assert (spaces["mentions"], spaces["articles"]) == (4, 3)
    assert spaces["first"].date() == date(2024, 3, 5)
    assert (festival["entity_id"], festival["mentions"]) == ("design-festival", 1)
    within = Query(actors=("so-vhtt",), outlets=("bao-a",))
    assert [row["entity_id"] for row in full.initiatives_rows(within)] == ["creative-spaces"]
    only = Query(initiatives=("design-festival",))
    assert [row["entity_id"] for row in full.initiatives_rows(only)] == ["design-festival"]


def test_a_stream_that_is_left_early_frees_its_connection(full: Archive) -> None:
    for _ in range(30):  # more than the pool holds
        rows = full.articles_rows(Query())
        assert next(rows)["title"]
        rows.close()  # type: ignore[attr-defined]
    assert full.load(stories(), None).same == 10
