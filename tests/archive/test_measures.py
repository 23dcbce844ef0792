"""Counts of what a query finds: the same on both engines, and kept up by every load."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from kb.archive import Archive, Query, tables
from kb.archive import derived as derive
from kb.errors import QueryError
from tests.archive.stories import ENTRIES, pair, stories

MANY = 4
"""Names found lately that are moved at once: some of the stories' then wait, some do not."""
SPACES, FESTIVAL, OFFICE = "creative-spaces", "design-festival", "so-vhtt"


@pytest.fixture(params=[MANY, derive.MOST_RECENT], ids=["moved", "waiting"])
def full(
    archive: Archive, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Archive:
    monkeypatch.setattr(derive, "MOST_RECENT", request.param)
    for story in stories():
        archive.load([story], None)
    archive.sync_registry(ENTRIES)
    return archive


def derived(archive: Archive) -> list[list[str]]:
    """All that follows from readings, with names instead of their numbers."""
    name = tables.name.c
    with archive.engine.connect() as connection:
        rows = connection.execute(select(name.id, name.kind, name.entity_id, name.name))
        labels = {row.id: (row.kind, row.entity_id, row.name) for row in rows}
        shown = [
            (labels[row.name_id], row.place, row.mentions)
            for row in connection.execute(select(tables.appearance))
        ]
        facets = [
            (row.place, row.article_id, row.outlet, row.kinds, sorted(labels[n] for n in row.names))
            for row in connection.execute(select(tables.facet))
        ]
        tallies = [tuple(row) for row in connection.execute(select(tables.tally))]
    return [sorted(map(repr, part)) for part in (shown, facets, tallies)]


def test_names_found_lately_are_moved_once_they_are_many(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derive, "MOST_RECENT", MANY)
    names = [len({mention.name for mention in reading.mentions}) for _, reading in stories()]
    with Archive.open(url) as archive:
        waiting, moved = 0, 0
        for story, count in zip(stories(), names, strict=True):
            archive.load([story], None)
            waiting += count
            if waiting >= MANY or archive.engine.dialect.name == "postgresql":
                waiting, moved = 0, moved + waiting
            with archive.engine.connect() as connection:
                counts = [
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                    for table in (tables.settled, tables.recent)
                ]
            assert counts == [moved, waiting]
    assert MANY < moved < sum(names) or archive.engine.dialect.name == "postgresql"


def test_facets_count_articles(full: Archive) -> None:
    found = full.facets(Query("không gian OR bán"))
    page = full.search(Query("không gian OR bán", limit=100))
    assert found.total == page.total == len(page.hits)
    assert dict(found.outlets) == {
        name: sum(hit.outlet == name for hit in page.hits) for name in {h.outlet for h in page.hits}
    }
    assert [(one.value, one.articles) for one in found.initiatives] == [(SPACES, 3), (FESTIVAL, 1)]
    assert (found.actors[0].name, found.actors[0].articles) == ("Sở Văn hóa và Thể thao", 2)
    assert dict(found.kinds) == {"initiative": 3, "org": 2, "person": 2}
    everything = full.facets(Query())
    assert everything.total == 10
    places = [row for row in full.mentions_rows(Query()) if row["kind"] == "place"]
    assert {(one.name, one.articles) for one in everything.places} == {
        (name, len({row["article_id"] for row in places if row["name"] == name}))
        for name in {row["name"] for row in places}
    }
    assert sum(count for _, count in everything.levels) <= everything.total
    assert everything.undated == 1
    assert everything.months[0] == (date(2022, 8, 1), 1)
    assert sum(count for _, count in everything.months) == 9
    assert full.facets(Query("vắngmặt")).total == 0


@pytest.mark.parametrize(
    ("by", "first", "last", "length"),
    [
        ("day", date(2024, 3, 5), date(2024, 11, 9), 250),
        ("week", date(2024, 3, 4), date(2024, 11, 4), 36),
        ("month", date(2024, 3, 1), date(2024, 11, 1), 9),
        ("quarter", date(2024, 1, 1), date(2024, 10, 1), 4),
        ("year", date(2024, 1, 1), date(2024, 1, 1), 1),
    ],
)
def test_histograms_leave_no_period_out(
    full: Archive, by: str, first: date, last: date, length: int
) -> None:
    found = full.histogram(Query(initiatives=(SPACES,)), by)  # type: ignore[arg-type]
    assert (found[0].start, found[-1].start, len(found)) == (first, last, length)
    assert sum(one.articles for one in found) == 3
    assert all(one.total >= one.articles for one in found)


def test_a_share_is_of_all_articles_of_the_same_outlets_and_days(full: Archive) -> None:
    (year,) = full.histogram(
        Query("gian", since=date(2024, 1, 1), until=date(2024, 12, 31)), "year"
    )
    assert (year.articles, year.total) == (4, 6)
    (year,) = full.histogram(Query("gian", outlets=("bao-d",)), "year")
    assert (year.articles, year.total) == (2, 2)
    assert full.histogram(Query("giàn thiên lý")) == []  # found, but without a date
    with pytest.raises(QueryError, match="by must be"):
        full.histogram(Query(), "hour")  # type: ignore[arg-type]


def test_share_of_voice(full: Archive) -> None:
    spaces, festival = full.share_of_voice((SPACES, FESTIVAL))
    assert (spaces.articles, spaces.total, spaces.share) == (3, 3, 1.0)
    assert (festival.articles, festival.total) == (1, 3)
    within = Query(outlets=("bao-a",))
    assert [one.articles for one in full.share_of_voice((SPACES, FESTIVAL), within)] == [1, 0]
    late = Query(since=date(2024, 6, 1))
    assert [one.articles for one in full.share_of_voice((SPACES, "Hoàng Thị Thủy"), late)] == [2, 1]
    assert full.share_of_voice(("nobody",))[0].share == 0.0


def test_co_mentions(full: Archive) -> None:
    found = [(one.entity_id, one.name, one.articles) for one in full.co_mentions(SPACES)]
    assert found == [
        (OFFICE, "Sở Văn hóa và Thể thao", 2),
        (FESTIVAL, "Lễ hội Thiết kế", 1),
        (None, "Trần Văn Khải", 1),
    ]
    assert full.co_mentions(SPACES, limit=1)[0].entity_id == OFFICE
    only = full.co_mentions(SPACES, Query(outlets=("bao-b",)))
    assert {one.entity_id for one in only} == {OFFICE, FESTIVAL}
    assert full.co_mentions("nobody") == []


def test_counts_follow_every_load_and_are_what_a_rebuild_makes(archive: Archive) -> None:
    url = "https://bao-a.example/tin.html"
    person, place = ["person", None, "Lê Na", "Lê Na"], ["place", None, "Cửa Nam", "Cửa Nam"]
    text = "Lê Na ở Cửa Nam. Lê Na về."

    def version(day: int, mentions: list[list[str | None]], reader: str, **rest: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        made = pair("Tin", "", text, url=url, mentions=mentions, reader=reader,
                    published_at=f"2026-03-0{day}T08:00:00+07:00", **rest)  # fmt: skip
        return replace(made[0], seen_at=datetime(2026, 3, day, 9, tzinfo=UTC)), made[1]

    steps = [
        version(1, [person, place], "1"),
        version(1, [person], "2", outlet="bao-a"),
        version(2, [place], "2", outlet="bao-b"),
        (replace(version(1, [person], "2")[0], seen_at=datetime(2026, 3, 4, tzinfo=UTC)),
         version(1, [person], "2")[1]),
    ]  # fmt: skip
    archive.load(stories(), None)
    for step, (names, day) in enumerate(
        [({"Lê Na", "Cửa Nam"}, 1), ({"Lê Na"}, 1), ({"Cửa Nam"}, 2), ({"Lê Na"}, 1)]
    ):
        archive.load([steps[step]], None)
        kept = derived(archive)
        found = {name for name in ("Lê Na", "Cửa Nam")
                 if archive.search(Query(actors=(name,))).total}  # fmt: skip
        assert found == names
        days = Query(since=date(2026, 3, day), until=date(2026, 3, day))
        assert archive.search(days).total == 1
        assert archive.search(Query('"Lê Na ở Cửa Nam"')).total == 1
        archive.reindex()
        assert derived(archive) == kept


def test_keywords_and_captions_are_kept(archive: Archive) -> None:
    article, reading = pair("Tin", "", "Bài.", url="https://bao-a.example/tu-khoa.html")
    told = replace(article, keywords=("gốm", "tre"), captions=("Ảnh một", "Ảnh hai"))
    archive.load([(told, reading)], None)
    assert list(archive.outdated("2")) == [told]
