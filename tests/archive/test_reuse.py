"""Reuse: passages that stand in earlier articles, and who had them first in any load order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kb.archive import Archive, Query, schema
from kb.archive.engine import writing
from kb.archive.reuse import store
from kb.archive.reuse.index import MOST
from kb.archive.reuse.rules import RULES
from kb.archive.reuse.runs import Kept
from kb.archive.reuse_tables import reuse, sketch
from kb.article import Article
from kb.errors import ArchiveError
from kb.reading import Reading
from kb.text import clean
from tests.archive.reuse import (
    BRIDGE,
    CREDIT,
    KILNS,
    LETTER,
    MARKET,
    PLAN,
    RETOLD,
    SCHOOL,
    own,
    told,
)

Pair = tuple[Article, Reading]


def found(archive: Archive) -> list[dict[str, Any]]:
    return list(archive.reuse_rows(Query()))


def facts(archive: Archive) -> set[tuple[Any, ...]]:
    """What was found, without numbers that depend on the order of loading."""
    return {
        (row["outlet"], row["earlier_outlet"], row["kind"], row["text"], row["similarity"],
         row["share"])
        for row in found(archive)
    }  # fmt: skip


def texts(archive: Archive) -> dict[int, Article]:
    return {
        row["article_id"]: Article("", row["lead"], row["body"])
        for row in archive.articles_rows(Query(), full_text=True)
    }


def test_a_paragraph_retold_is_found_though_the_articles_differ(archive: Archive) -> None:
    archive.load([told("a", MARKET, PLAN, KILNS), told("b", *own("x", "y", "z"), RETOLD)], None)
    (row,) = found(archive)
    assert (row["outlet"], row["earlier_outlet"], row["kind"]) == ("b", "a", "source")
    assert row["text"] == RETOLD
    assert 0.8 < row["similarity"] < 0.95
    assert row["share"] < 0.55 and row["reused"] == row["share"]
    assert row["resemblance"] < 0.25
    assert row["reprint_of"] is None
    stored = texts(archive)
    for side in ("", "earlier_"):
        text = stored[row[f"{side}article_id"]].text(row[f"{side}field"])
        expected = RETOLD if not side else PLAN
        assert text[row[f"{side}start"] : row[f"{side}end"]] == expected
    assert row["earlier_revision"] == 1
    assert row["earlier_published_at"] == datetime(2026, 3, 1, 1, tzinfo=UTC)


def test_how_many_come_at_a_time_makes_no_difference(tmp_path: Path) -> None:
    """More relatives than are looked at, a formula in the making, and the earliest come last."""
    count = RULES.formula + 1
    stories = [
        told(f"s{number}", PLAN, *own(chr(97 + number), chr(65 + number)), day=27 - number * 7 % 26)
        for number in range(count)
    ]
    expected: list[dict[str, Any]] = []
    for size in (1, 7, len(stories)):
        with Archive.open(f"sqlite:///{tmp_path / f'{size}.sqlite'}") as archive:
            for start in range(0, len(stories), size):
                archive.load(stories[start : start + size], None)
            expected = expected or found(archive)
            assert found(archive) == expected
    assert len({row["article_id"] for row in expected}) > MOST


def test_fingerprints_in_files_read_page_by_page_make_no_difference(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [
        told(f"s{number}", PLAN, *own(chr(97 + number), chr(65 + number)), day=number + 1)
        for number in range(12)
    ]
    archive.load(stories[:11], None)
    store.forget(archive.engine)
    monkeypatch.setattr(store, "_ROWS", 2)
    monkeypatch.setattr("kb.archive.reuse.index.HELD", 5)
    archive.load(stories[11:], None)
    with writing(archive.engine) as connection:
        index = store.memory_of(connection).index
    assert {type(run) for run in index.runs} == {Kept}
    assert index.last == 12
    rows = found(archive)
    assert [row["earlier_outlet"] for row in rows] == ["s0"] * 11


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (1, 3), (4,)], ids=str)
def test_what_an_edit_dates_anew_is_no_longer_the_first(
    archive: Archive, sizes: tuple[int, ...]
) -> None:
    stories = [
        told("a", PLAN, *own("a"), day=1),
        told("b", PLAN, *own("b"), day=10),
        told("a", PLAN, *own("c"), day=20),
        told("d", PLAN, *own("d"), day=25),
    ]
    coming = iter(stories)
    for size in sizes:
        archive.load(list(islice(coming, size)), None)
    assert {(row["outlet"], row["earlier_outlet"]) for row in found(archive)} >= {
        ("a", "b"), ("d", "b")}  # fmt: skip
    assert ("d", "a") not in {(row["outlet"], row["earlier_outlet"]) for row in found(archive)}


def test_both_facts_of_the_seeds_show(archive: Archive, shared: Path) -> None:
    one, other = sorted((shared / "seeds").glob("*.txt"))[:2]
    for number, path in enumerate((one, other)):
        text = clean(path.read_text(encoding="utf-8"))
        archive.load([told(f"s{number}", text, day=number + 1)], None)
    rows = found(archive)
    best = max(rows, key=lambda row: len(row["text"]))
    assert round(best["similarity"], 2) == 0.86
    assert round(best["resemblance"], 2) == 0.11


THREE = [
    told("a", MARKET, PLAN, KILNS, day=1),
    told("b", *own("x"), PLAN, SCHOOL, day=2),
    told("c", *own("y"), RETOLD, SCHOOL, day=3),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("batch", [1, 3])
def test_who_had_it_first_does_not_depend_on_the_order_of_loading(
    archive: Archive, order: tuple[int, ...], batch: int
) -> None:
    pairs = [THREE[place] for place in order]
    for start in range(0, 3, batch):
        archive.load(pairs[start : start + batch], None)
    assert {(later, first, text) for later, first, _, text, *_ in facts(archive)} == {
        ("b", "a", PLAN),
        ("c", "a", RETOLD),
        ("c", "b", SCHOOL),
    }
    before = facts(archive)
    assert archive.rebuild_reuse() == 3
    assert facts(archive) == before


def test_a_second_load_adds_nothing(archive: Archive) -> None:
    archive.load(THREE, None)
    before = found(archive)
    archive.load(THREE, None)
    archive.load([(article, replace(reading, reader="2")) for article, reading in THREE], None)
    assert found(archive) == before
    assert len(before) == 3
    archive.rebuild_reuse()
    assert found(archive) == before


def test_reprints_fold_under_the_story_that_had_it_first(archive: Archive) -> None:
    story = (MARKET, PLAN, KILNS, SCHOOL, BRIDGE)
    archive.load([told("b", *story, *own("x"), day=2)], None)
    archive.load([told("c", *story, *own("x", "y"), day=3), told("d", *own("u"), day=4)], None)
    numbers = {row["outlet"]: row["article_id"] for row in archive.articles_rows(Query())}
    assert archive.representatives(numbers.values()) == {
        numbers["b"]: numbers["b"],
        numbers["c"]: numbers["b"],
        numbers["d"]: numbers["d"],
    }
    # The story that was there first comes last, and all of the chain goes to it.
    archive.load([told("a", *story, day=1)], None)
    first = {row["outlet"]: row["article_id"] for row in archive.articles_rows(Query())}["a"]
    assert set(archive.representatives([numbers["b"], numbers["c"], first]).values()) == {first}
    rows = [row for row in found(archive) if row["outlet"] == "c"]
    assert {(row["earlier_outlet"], row["kind"]) for row in rows} >= {("a", "reprint")}
    assert {row["earlier_outlet"] for row in rows} == {"a", "b"}  # what b added is b's
    assert all(0.8 < row["reused"] < 0.92 for row in rows)


@pytest.mark.parametrize(
    ("outlet", "day", "passage", "kind"),
    [
        ("b", 5, MARKET, "source"),
        ("b", 31, MARKET, "source"),
        ("a", 5, MARKET, "background"),
        ("a", 31, PLAN, "background"),
    ],
)
def test_kinds_within_a_month(
    archive: Archive, outlet: str, day: int, passage: str, kind: str
) -> None:
    archive.load([told("first", passage, *own("x", "y"), outlet="a")], None)
    archive.load([told("next", *own("u", "v"), passage, day=day, outlet=outlet)], None)
    assert [row["kind"] for row in found(archive)] == [kind]


@pytest.mark.parametrize(
    ("before", "passage", "kind"),
    [
        ("", MARKET, "background"),
        ("Theo kế hoạch vừa ban hành:", MARKET, "source"),
        ("", PLAN, "source"),  # "yêu cầu các …"
    ],
)
def test_kinds_of_what_is_taken_up_again_later(
    archive: Archive, before: str, passage: str, kind: str
) -> None:
    archive.load([told("a", passage, *own("x", "y"))], None)
    article, reading = told("b", *own("u", "v"), before, passage)
    later = replace(article, published_at=datetime(2026, 9, 1, tzinfo=UTC))
    archive.load([(later, reading)], None)
    assert [row["kind"] for row in found(archive)] == [kind]


def test_what_is_short_or_a_formula_is_no_reuse(archive: Archive) -> None:
    archive.load([told(f"n{n}", *own(f"p{n}q"), CREDIT, day=n + 1) for n in range(3)], None)
    assert found(archive) == []
    houses = [told(f"h{n}", *own(f"r{n}s"), LETTER, day=n + 1, outlet="bao-nha") for n in range(5)]
    archive.load(houses, None)
    # The second may be a coincidence; from the third on it is the outlet's own formula.
    assert [row["url"] for row in found(archive)] == ["https://bao-nha.example/h1.html"]


def test_tables_and_forms_of_an_outlet_are_no_reuse(archive: Archive) -> None:
    table = " ".join(f"Nhẫn {n}.500 đồng" for n in range(40))
    archive.load([told("a", table, *own("x")), told("b", table, *own("y"), day=2)], None)
    form = MARKET.replace("tờ mờ", "sớm").replace("bờ đê", "triền cát").replace("trưa", "chiều")
    archive.load([told("c", MARKET, *own("u"), day=3, outlet="c")], None)
    archive.load([told("d", form, *own("v"), day=4, outlet="c")], None)
    assert found(archive) == []
    archive.load([told("e", form, *own("w"), day=5)], None)
    assert {row["outlet"] for row in found(archive)} == {"e"}


def test_an_edit_is_looked_up_and_what_it_dropped_stays_known(archive: Archive) -> None:
    archive.load([told("a", MARKET, *own("x", "y"))], None)
    edited, reading = told("a", KILNS, *own("x", "y"))
    seen = replace(edited, seen_at=datetime(2030, 1, 1, tzinfo=UTC))
    archive.load([(seen, reading)], None)
    archive.load([told("b", *own("u"), MARKET, *own("v"), KILNS, day=9)], None)
    rows = found(archive)
    # What a had in March, it had first; what its edit brought came after b.
    assert [(row["text"], row["earlier_revision"]) for row in rows] == [(MARKET, 1)]
    article, reading = told("b", *own("u"), BRIDGE, day=9)
    seen = replace(article, seen_at=datetime(2031, 1, 1, tzinfo=UTC))
    archive.load([(seen, reading)], None)
    assert found(archive) == []  # of b's text of today
    with archive.engine.connect() as connection:
        assert len(connection.execute(select(reuse)).all()) == 1  # of the text it had


def test_a_date_that_a_later_page_gives_counts(archive: Archive) -> None:
    archive.load([told("b", *own("x"), MARKET, day=9)], None)
    archive.load([told("a", *own("y"), MARKET, day=None)], None)
    assert [row["outlet"] for row in found(archive)] == ["a"]
    dated, reading = told("a", *own("y"), MARKET, day=1)
    archive.load([(replace(dated, seen_at=datetime(2030, 1, 1, tzinfo=UTC)), reading)], None)
    assert [(row["outlet"], row["earlier_outlet"]) for row in found(archive)] == [("b", "a")]


def test_a_load_that_fails_leaves_nothing_in_memory(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.load([told("a", MARKET, *own("x"))], None)

    def broken(*_: object) -> None:
        raise ArchiveError("the disk is full")

    monkeypatch.setattr(store, "_look_up", broken)
    with pytest.raises(ArchiveError):
        archive.load([told("b", MARKET, *own("y"), day=2)], None)
    monkeypatch.undo()
    # The number of the revision that was rolled back is given out again.
    archive.load([told("c", *own("u", "v"), day=3)], None)
    archive.load([told("d", MARKET, *own("w"), day=4)], None)
    assert [(row["outlet"], row["earlier_outlet"]) for row in found(archive)] == [("d", "a")]


def test_another_process_sees_what_this_one_loaded(archive: Archive, url: str) -> None:
    with Archive.open(url) as other:
        other.load([told("a", MARKET, *own("x"))], None)
        archive.load([told("b", MARKET, *own("y"), day=2)], None)
        other.load([told("c", MARKET, *own("z"), day=3)], None)
    assert {(row["outlet"], row["earlier_outlet"]) for row in found(archive)} == {
        ("b", "a"),
        ("c", "a"),
    }


def test_an_older_archive_gets_its_reuse_when_it_is_upgraded(archive: Archive) -> None:
    archive.load(THREE, None)
    before = found(archive)
    schema.downgrade(archive.engine, "0004")
    schema.upgrade(archive.engine)
    assert found(archive) == before
    assert len(before) == 3


def test_other_rules_make_it_anew_and_it_is_said_where_that_takes_long(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    archive.load(THREE, None)
    with archive.engine.begin() as connection:
        connection.execute(sketch.delete())
        connection.execute(reuse.delete())
    monkeypatch.setattr(store, "VERSION", "next")
    archive.load([told("e", *own("o"), day=9)], None)
    assert len(found(archive)) == 3
    assert not caplog.messages
    monkeypatch.setattr(store, "VERSION", "the one after")
    monkeypatch.setattr(store, "_MANY", 4)
    archive.load([told("f", *own("p"), day=9)], None)
    assert [text[:29] for text in caplog.messages] == ["reuse in 5 texts is looked up"]


def test_only_matching_articles_are_listed(archive: Archive) -> None:
    archive.load(THREE, None)
    rows = list(archive.reuse_rows(Query(outlets=("b",))))
    assert [row["earlier_outlet"] for row in rows] == ["a"]


def test_a_passage_may_move_between_lead_and_body(archive: Archive) -> None:
    archive.load([told("a", *own("x"), lead=MARKET), told("b", *own("y"), MARKET, day=2)], None)
    (row,) = found(archive)
    assert (row["field"], row["earlier_field"]) == ("body", "lead")
    assert row["text"] == MARKET


@pytest.mark.parametrize(("day", "count"), [(1, 0), (2, 0), (3, 1), (4, 0)])
def test_reuse_as_the_archive_stood(archive: Archive, day: int, count: int) -> None:
    for number, pair in enumerate(
        [
            told("b", *own("x"), MARKET, day=20),
            told("a", *own("y"), MARKET, day=10),
            told("b", *own("x"), day=20),
        ],
        2,
    ):
        seen = datetime(2027, 1, number, tzinfo=UTC)
        archive.load([(replace(pair[0], seen_at=seen), pair[1])], None)
    assert len(list(archive.reuse_rows(Query(as_of=date(2027, 1, day))))) == count
