"""What has no entry counts once, however newspapers write it, and is shown as most of them do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from kb.archive import Archive, Query, schema, tables
from kb.article import Article
from kb.reading import Reading
from tests.archive.facts import assignment, commitment, holding, quote
from tests.archive.stories import pair

MINISTRY, LOUD, TYPED = "Bộ Y tế", "BỘ Y TẾ", "Bộ Y Tế"
LONG = "Ban Quản lý các khu di tích và danh thắng phía tây thành phố"
BODIES = {
    1: f"{MINISTRY} nhắc tiêm phòng. {MINISTRY} gửi vắc xin. Ông Lò Hoà đi cùng.",
    2: f"{LOUD} họp. {LONG} dự.",
    3: f"{TYPED} và {LOUD} là một. {LONG.upper()} không dự.",
    4: f"{MINISTRY} lên Lào Cai. Bà Lò Hòa đón đoàn của {MINISTRY}.",
    5: "Chợ Y Tế họp ở huyện.",
}
NAMES = [
    *(["org", None, name, name] for name in (MINISTRY, LOUD, TYPED, LONG, LONG.upper())),
    *(["person", None, name, name] for name in ("Lò Hoà", "Lò Hòa")),
    ["place", None, "Lào Cai", "Lào Cai"],
    ["place", None, LOUD, "Chợ Y Tế"],  # a place of that name is another
]
ALL = tuple(BODIES)


def story(number: int) -> tuple[Article, Reading]:
    return pair(
        f"Tin số {number}", "", BODIES[number], mentions=NAMES, outlet="bao-a",
        url=f"https://bao-a.example/{number}.html", published_at=f"2025-0{number}-01T00:00+00:00",
    )  # fmt: skip


def load(archive: Archive, numbers: Iterable[int]) -> Archive:
    for number in numbers:
        archive.load([story(number)], None)
    return archive


@pytest.fixture
def filled(archive: Archive) -> Archive:
    return load(archive, ALL)


def listed(archive: Archive, query: Query) -> list[tuple[object, ...]]:
    columns = ("kind", "name", "articles", "mentions")
    return [tuple(row[one] for one in columns) for row in archive.rows("actors", query)]


def kin(archive: Archive) -> dict[tuple[str, str], int | None]:
    name = tables.name.c
    with archive.engine.connect() as connection:
        rows = connection.execute(select(name.kind, name.name, name.kin)).all()
    return {(row.kind, row.name): row.kin for row in rows}


TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@pytest.mark.parametrize("as_of", [None, TOMORROW])
def test_actors_are_listed_once(filled: Archive, as_of: date | None) -> None:
    assert listed(filled, Query(as_of=as_of)) == [
        ("org", MINISTRY, 4, 7),
        ("org", LONG.upper(), 2, 2),  # of ways that are as frequent the first by code points
        ("person", "Lò Hoà", 2, 2),
    ]
    rows = filled.rows("actors", Query(as_of=as_of))
    seen = [(f"{row['first_seen']:%d.%m}", f"{row['last_seen']:%d.%m}") for row in rows]
    assert seen == [("01.01", "01.04"), ("01.02", "01.03"), ("01.01", "01.04")]


@pytest.mark.parametrize("as_of", [None, TOMORROW])
def test_facets_and_company_count_them_once(filled: Archive, as_of: date | None) -> None:
    found = filled.facets(Query(as_of=as_of))
    assert [(one.kind, one.value, one.name, one.articles) for one in found.actors] == [
        ("org", None, MINISTRY, 4), ("org", None, LONG.upper(), 2), ("person", None, "Lò Hoà", 2),
    ]  # fmt: skip
    assert [(one.name, one.articles) for one in found.places] == [(LOUD, 1), ("Lào Cai", 1)]
    beside = filled.co_mentions(LOUD, Query(as_of=as_of))
    assert [(one.name, one.articles) for one in beside] == [
        (LONG.upper(), 2), ("Lò Hoà", 2), ("Lào Cai", 1),
    ]  # fmt: skip
    within = filled.facets(Query("họp", as_of=as_of))
    assert [(one.name, one.articles) for one in within.actors] == [(LONG.upper(), 1), (MINISTRY, 1)]


@pytest.mark.parametrize("typed", [MINISTRY, LOUD, TYPED, "bộ y tế", LONG.title()])
def test_names_are_found_by_any_way_to_write_them(filled: Archive, typed: str) -> None:
    wanted = [3, 2] if "Danh" in typed else [5, 4, 3, 2, 1]  # who is asked for: of any kind
    for query in (Query(actors=(typed,)), Query(f'người:"{typed}"')):
        assert [hit.title for hit in filled.search(query).hits] == [f"Tin số {n}" for n in wanted]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_order_of_loading_changes_nothing(archive: Archive, order: tuple[int, ...]) -> None:
    load(archive, order)
    found = kin(archive)
    assert len({found["org", name] for name in (MINISTRY, LOUD, TYPED)}) == 1
    assert found["org", MINISTRY] is not None
    assert listed(archive, Query())[0] == ("org", LOUD, 3, 5)  # twice each, TYPED once


def test_a_name_of_another_kind_or_with_an_entry_is_another(filled: Archive) -> None:
    found = kin(filled)
    assert found["place", LOUD] is None
    assert found["place", "Lào Cai"] is None
    with filled.engine.connect() as connection:
        wanted = select(tables.name.c.form).where(tables.name.c.kin.is_not(None)).distinct()
        forms = set(connection.execute(wanted).scalars())
    assert forms == {"bộ y tế", "lò hòa", LONG.lower()}


def test_names_of_signs_alone_stay_apart(archive: Archive) -> None:
    body = "Ban nhạc !!! diễn. Ban nhạc ??? nghe."
    names = [["org", None, "!!!", "!!!"], ["org", None, "???", "???"]]
    archive.load([pair("Tin", "", body, mentions=names, url="https://bao-a.example/1.html")], None)
    assert listed(archive, Query()) == [("org", "!!!", 1, 1), ("org", "???", 1, 1)]
    assert [row["name"] for row in archive.mentions_rows(Query(actors=("!!!",)))] == ["!!!"]
    assert archive.search(Query(actors=("***",))).total == 0


def test_an_initiative_without_its_registry_has_the_name_of_its_mentions(archive: Archive) -> None:
    body = "Ngày hội Gốm khai lò."
    names = [["initiative", "gom", "Ngày hội Gốm", "Ngày hội Gốm"]]
    archive.load([pair("Tin", "", body, mentions=names, url="https://bao-a.example/1.html")], None)
    rows = archive.rows("initiatives", Query())
    assert [(row["entity_id"], row["name"]) for row in rows] == [("gom", "Ngày hội Gốm")]


def test_archives_of_earlier_versions_are_brought_up(filled: Archive) -> None:
    before, rows = kin(filled), listed(filled, Query())
    schema.downgrade(filled.engine, "0012")
    with filled.engine.connect() as connection:
        columns = connection.exec_driver_sql("SELECT * FROM name").keys()
        assert {"form", "kin"}.isdisjoint(columns)
    schema.upgrade(filled.engine)
    assert kin(filled) == before
    assert listed(filled, Query()) == rows


@pytest.fixture
def told(archive: Archive) -> Archive:
    """Two stories of one head of a court; none of the names is a mention of its own."""
    for number, (who, body) in enumerate(
        (("LỮ HOÀ AN", "Toà án TP Vị Thuỷ"), ("Lữ Hòa An", "Tòa án TP. Vị Thủy")), 1
    ):
        text = f"{who}, Chánh án {body}, hứa xử trước Tết và giữ sổ."
        article, read = pair(
            f"Phiên {number}", "", text, outlet="bao-a",
            url=f"https://bao-a.example/phien-{number}.html",
        )  # fmt: skip
        facts = replace(
            read,
            quotes=(quote(article, "xử trước Tết", speaker=who),),
            commitments=(commitment(article, "hứa xử trước Tết", owner=who),),
            assignments=(assignment(article, "giữ sổ", who, "lead", task="giữ sổ"),),
            holdings=(holding(article, f"{who}, Chánh án", who, "Chánh án", org=body),),
        )
        archive.load([(article, facts)], None)
    return archive


def test_a_person_in_a_post_is_listed_once(told: Archive) -> None:
    (row,) = told.rows("posts")
    found = (row["person"], row["post"], row["org"], row["articles"])
    assert found == ("Lữ Hòa An", "Chánh án", "Tòa án TP. Vị Thủy", 2)  # as the newest writes it


@pytest.mark.parametrize("typed", ["Lữ Hòa An", "lữ hoà an", "LỮ HÒA AN"])
@pytest.mark.parametrize("kind", ["quotes", "commitments", "assignments"])
def test_who_is_no_mention_is_found_by_any_way_too(told: Archive, kind: str, typed: str) -> None:
    assert len(list(told.rows(kind, Query(actors=(typed,))))) == 2
    assert told.count(kind, Query(actors=("Lữ Hòa",))) == 0
