"""The same answers from both engines: hits, order, paging, filters, snippets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.archive import Archive, Hit, Query, index, search
from kb.archive.query import Order
from kb.errors import QueryError
from tests.archive.stories import ENTRIES, FOLDER, pair, stories

QUERIES: list[dict[str, Any]] = yaml.safe_load(
    (FOLDER / "queries.yaml").read_text(encoding="utf-8")
)
NEWEST_FIRST = [
    "nguyen-hue", "le-hoi-thiet-ke", "sang-nay", "chu-hoa", "bien-ban", "kgst-dong-da", "unesco",
    "ban-ghe", "hoa-binh", "khong-ngay",
]  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """The ten stories and four registry entries; no test of this module writes to it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('search') / 'kb.sqlite'}"
    else:
        url = str(request.getfixturevalue("scratch_database"))
    with Archive.open(url) as archive:
        archive.load(stories(), None)
        archive.sync_registry(ENTRIES)
        yield archive


def slug(hit: Hit) -> str:
    return Path(hit.url or hit.source_file or "").stem


def found(archive: Archive, query: Query) -> list[str]:
    return [slug(hit) for hit in archive.search(query).hits]


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case["typed"])
def test_what_is_typed_finds(filled: Archive, case: dict[str, Any]) -> None:
    expected = NEWEST_FIRST if case["found"] == "all" else case["found"]
    asked, page = filled.search_anyhow(Query(case["typed"]))
    assert [slug(hit) for hit in page.hits] == expected
    assert page.total == len(expected)
    assert page.folded is case.get("folded", False)
    assert (asked != Query(case["typed"])) is case.get("widened", False)
    if case.get("widened"):
        assert filled.search(Query(case["typed"])).total == page.total  # so for every surface


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case["typed"])
def test_decomposed_typing_finds_the_same(filled: Archive, case: dict[str, Any]) -> None:
    typed = case["typed"]
    again = unicodedata.normalize("NFD", typed)
    assert filled.search(Query(again)) == filled.search(Query(typed))


LONG = {
    "one word": "x" * 10_000,
    "words": "bàn " * 2_500,
    "other words": " ".join(f"w{n}" for n in range(1_800)),
    "alternatives": " OR ".join(f"w{n}" for n in range(1_100)),
    "a phrase": '"' + "w " * 5_000 + '"',
    "parentheses": "(bàn " * 2_000,
    "both parentheses": "(" * 2_500 + "bàn" + ")" * 2_500,
    "nested operators": "(a OR (b AND " * 800,
    "negations": "NOT " * 2_500 + "bàn",
    "quotes": '"' * 10_001,
    "stars": "*" * 10_000,
    "control characters": "\x00\x01\ud800bàn\u200b",
}


@pytest.mark.parametrize("typed", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_monstrous_queries_are_answered(filled: Archive, typed: str, order: Order) -> None:
    page = filled.search(Query(typed, order=order))
    assert len(page.hits) == min(page.total, 20)


def test_the_order_of_relevance_puts_titles_first(filled: Archive) -> None:
    titles = found(filled, Query('"không gian sáng tạo"', order="relevance"))
    assert set(titles) == set(found(filled, Query('"không gian sáng tạo"')))
    assert titles[-1] == "le-hoi-thiet-ke"  # the newest, but only its body has the words
    assert found(filled, Query("-bàn", order="relevance")) == found(filled, Query("-bàn"))


@pytest.mark.parametrize("order", ["newest", "relevance"])
@pytest.mark.parametrize("typed", ["", "sân OR bàn OR không", "ban", "-bàn", "đong đa OR ghê"])
def test_pages_join_without_gap_or_repetition(filled: Archive, typed: str, order: Order) -> None:
    whole = filled.search(Query(typed, order=order))
    joined: list[Hit] = []
    after = None
    while True:
        page = filled.search(Query(typed, order=order, limit=2, after=after))
        joined += page.hits
        assert (page.total, page.folded) == (whole.total, whole.folded)
        if page.after is None:
            break
        after = page.after
    assert tuple(joined) == whole.hits


@pytest.mark.parametrize("kept", [1, 3, 500])
@pytest.mark.parametrize("typed", ["b*", "k* -ban*", "title:b* OR gốm", "NEAR(k* đ*, 9)"])
def test_places_that_come_with_the_count_begin_the_same_list(
    filled: Archive, typed: str, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages(limit: int) -> list[tuple[int, list[str]]]:
        shown, after = [], None
        while not shown or after:
            page = filled.search(Query(typed, limit=limit, after=after))
            shown.append((page.total, [slug(hit) for hit in page.hits]))
            after = page.after
        return shown

    with monkeypatch.context() as patched:
        patched.setattr(search.Plan, "at_once", False)
        expected = {limit: pages(limit) for limit in (1, 2, 3, 4, 50)}
    assert expected[50][0][0] > 2
    monkeypatch.setattr(search, "_KEPT", kept)
    monkeypatch.setattr(search, "_AHEAD", 1)
    assert {limit: pages(limit) for limit in (1, 2, 3, 4, 50)} == expected


@pytest.mark.parametrize("kept", range(1, 8))
def test_places_that_come_with_the_count_are_whole(
    filled: Archive, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_KEPT", kept)
    with filled.engine.connect() as connection:
        decided = search.plan(connection, Query("b* OR k*"))
        wanted = sorted(connection.execute(decided.select()).scalars(), reverse=True)
    assert len(wanted) == decided.total > 4
    assert decided.newest_places == tuple(wanted[: len(decided.newest_places)])
    if filled.engine.dialect.name == "sqlite":
        assert len(decided.newest_places) >= min(kept, decided.total)


@pytest.mark.parametrize("after", ["x", "é", "W10", "bnVsbA", "WzEsIngiLDEsMV0", "a" * 500])
def test_a_false_page_mark_is_refused(filled: Archive, after: str) -> None:
    with pytest.raises(QueryError, match="end of an earlier page"):
        filled.search(Query(after=after))


FILTERS = {
    "since includes its day": (
        Query(since=date(2024, 3, 5), until=date(2024, 3, 5)),
        ["bien-ban", "kgst-dong-da"],
    ),
    "a minute before midnight": (Query(until=date(2024, 3, 4), outlets=("bao-c",)),
                                 ["unesco", "hoa-binh"]),
    "after midnight in Vietnam, before it in UTC": (
        Query(since=date(2024, 11, 9), until=date(2024, 11, 9)),
        ["le-hoi-thiet-ke"],
    ),
    "undated stories have no day": (Query(until=date.max, outlets=("bao-d",)),
                                    ["sang-nay", "chu-hoa"]),
    "the first day of all": (Query(since=date.min, text="bàn"), ["bien-ban", "unesco", "ban-ghe"]),
    "nothing between": (Query(since=date(2024, 6, 2), until=date(2024, 6, 1)), []),
    "outlets": (Query(outlets=("bao-a", "bao-c")),
                ["nguyen-hue", "kgst-dong-da", "unesco", "hoa-binh"]),
    "an unknown outlet": (Query(outlets=("bao-x",)), []),
    "initiative": (Query(initiatives=("creative-spaces",)),
                   ["le-hoi-thiet-ke", "chu-hoa", "kgst-dong-da"]),
    "one of two initiatives": (Query(initiatives=("design-festival", "x")), ["le-hoi-thiet-ke"]),
    "actor by id": (Query(actors=("so-vhtt",)), ["le-hoi-thiet-ke", "kgst-dong-da"]),
    "actor by name": (Query(actors=("sở văn hoá và thể thao",)),
                      ["le-hoi-thiet-ke", "kgst-dong-da"]),
    "actor by English name": (Query(actors=("Department of Culture",)),
                              ["le-hoi-thiet-ke", "kgst-dong-da"]),
    "an actor outside the registry": (Query(actors=("Hoàng Thị Thủy",)), ["nguyen-hue"]),
    "an actor that is a query": (Query(actors=("' OR 1=1 --",)), []),
    "kind": (Query(kinds=("programme", "person")), ["nguyen-hue", "kgst-dong-da", "unesco"]),
    "an unknown kind": (Query(kinds=("planet",)), []),
    "all at once": (
        Query("sửa -gốm", since=date(2024, 1, 1), until=date(2024, 12, 31), outlets=("bao-a",),
              initiatives=("creative-spaces",), actors=("Trần Văn Khải",), kinds=("org",)),
        ["kgst-dong-da"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), FILTERS.values(), ids=FILTERS.keys())
def test_filters(filled: Archive, query: Query, expected: list[str]) -> None:
    page = filled.search(query)
    assert [slug(hit) for hit in page.hits] == expected
    assert page.total == len(expected)


def test_marks_count_again_where_the_filter_leaves_a_hit(filled: Archive) -> None:
    """ "bán" has hits of its own only outside of bao-c: within it, marks are ignored, and said."""
    query = Query("bán", outlets=("bao-b",))
    asked, page = filled.search_anyhow(query)
    assert ([slug(hit) for hit in page.hits], asked) == (["ban-ghe"], query)
    query = Query("bán", outlets=("bao-c",), since=date(2024, 1, 1))
    asked, page = filled.search_anyhow(query)
    assert ([slug(hit) for hit in page.hits], asked.text) == (["unesco"], "ban")
    assert page == filled.search(asked)


def test_a_hit_has_the_columns_of_the_contract(filled: Archive) -> None:
    hit = filled.search(Query("Chợ Dừa")).hits[0]
    story = next(article for article, _ in stories() if "Đống Đa" in article.title)
    assert (hit.title, hit.lead, hit.url) == (story.title, story.lead, story.url)
    assert (hit.authors, hit.section, hit.words) == (("Minh Hòa",), "Văn hóa", story.words)
    assert hit.published_at == story.published_at
    assert (hit.revisions, hit.outlet, hit.source_file) == (1, "bao-a", None)


def test_highlights_are_what_was_asked_for(filled: Archive) -> None:
    page = filled.search(Query('"van hoa" OR san* -goi'))
    assert page.total > 3
    for hit in page.hits:
        shown = {hit.snippet[start:end].lower() for start, end in hit.highlights}
        assert shown <= {"văn hóa", "sân", "sáng", "sang", "sân_khấu", "sản"}
    assert any(hit.highlights for hit in page.hits)


def test_wrong_limits_and_orders_are_refused() -> None:
    with pytest.raises(QueryError, match="limit"):
        Query(limit=0)
    with pytest.raises(QueryError, match="order"):
        Query(order="oldest")  # type: ignore[arg-type]


def test_token_limits_are_the_same_in_index_and_query(archive: Archive) -> None:
    long = "a" * 500
    archive.load([pair("Chuỗi dài", "", f"trước {long} sau")], None)
    assert archive.search(Query(long)).total == 1
    assert archive.search(Query(f'"trước {long} sau"')).total == 1
    assert archive.search(Query("a" * 63)).total == 0
    assert archive.search(Query("a" * 63 + "*")).total == 1


def test_a_book_is_stored_and_its_words_are_found(archive: Archive) -> None:
    body = "\n".join(f"Chương {n} kể chuyện làng{n} và phố{n}." for n in range(40_000))
    body = f"Không có gì. Sứ gốm.\n{body}"
    archive.load([pair("Sách", "", body)], None)
    assert archive.search(Query("làng7 phố19")).total == 1
    assert archive.search(Query('"chuyện làng7 và phố7"')).total == 1
    for phrase, count in (("không có", 1), ("có không", 0), ("sứ gốm", 1), ("gốm sứ", 0)):
        assert archive.search(Query(f'"{phrase}"')).total == count


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ('"không có"', 1),  # both frequent: the pair decides
        ('"có không"', 1),
        ('"không gốm"', 1),  # one of them
        ('"gốm không"', 0),
        ('"gốm sứ"', 1),  # none
        ('"sứ gốm"', 0),
        ('"không có người"', 0),
        ('"người không có"', 1),
        ("không-c*", 1),
        ('-"không có"', 3),
        ('-"gốm sứ" không', 3),
        ('"không có" OR "gốm sứ"', 2),
        ('title:"không có"', 0),
        ('"khong co"', 1),
        ('"co nguoi"', 1),
    ],
)
def test_phrases_of_frequent_and_rare_words(archive: Archive, typed: str, count: int) -> None:
    assert {"không", "có", "người"} <= index.common()
    assert not {"gốm", "sứ"} & index.common()
    bodies = ("Người không có", "Có không", "Có người, không gốm", "Gốm sứ, người không")
    archive.load([pair("Tin", "", body) for body in bodies], None)
    assert archive.search(Query(typed)).total == count


def test_a_phrase_does_not_run_from_one_field_into_the_next(archive: Archive) -> None:
    archive.load([pair("một hai", "ba bốn", "năm sáu")], None)
    for phrase, count in (("một hai", 1), ("hai ba", 0), ("bốn năm", 0), ("năm sáu", 1)):
        assert archive.search(Query(f'"{phrase}"')).total == count
