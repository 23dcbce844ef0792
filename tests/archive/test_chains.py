"""Stories that share passages with one, in both directions, on both engines."""

from __future__ import annotations

from kb.archive import Archive, Query
from kb.archive.chains import kin
from tests.archive.reuse import BRIDGE, KILNS, MARKET, PLAN, RETOLD, SCHOOL, told


def number(archive: Archive, outlet: str) -> int:
    with archive.engine.connect() as connection:
        sql = f"SELECT id FROM article WHERE outlet = '{outlet}'"
        return int(connection.exec_driver_sql(sql).scalar_one())


def test_a_chain_is_told_from_each_of_its_stories(archive: Archive) -> None:
    whole = (MARKET, PLAN, KILNS)
    archive.load([told("a", *whole, day=1), told("b", *whole, day=2)], None)
    archive.load([told("c", SCHOOL, RETOLD, BRIDGE, day=3), told("d", BRIDGE, day=4)], None)
    ids = {name: number(archive, name) for name in "abcd"}
    names = {id_: name for name, id_ in ids.items()}
    told_of = {
        name: [(names[one.article_id], one.when, one.kind) for one in kin(archive.engine, id_)]
        for name, id_ in ids.items()
    }
    assert told_of["a"] == [("b", "later", "reprint"), ("c", "later", "source")]
    assert told_of["b"] == [("a", "earlier", "reprint")]
    assert [one[:2] for one in told_of["c"]][:1] == [("a", "earlier")]


def test_spans_lie_in_the_text_of_the_story_that_is_asked_for(archive: Archive) -> None:
    archive.load([told("a", MARKET, PLAN, day=1), told("c", SCHOOL, RETOLD, day=3)], None)
    texts = {row["outlet"]: row["body"] for row in archive.articles_rows(Query(), full_text=True)}
    for outlet, text in (("a", PLAN), ("c", RETOLD)):
        (one,) = kin(archive.engine, number(archive, outlet))
        ((field, start, end),) = one.passages
        assert field == "body"
        assert texts[outlet][start:end] == text


def test_who_shares_nothing_has_no_kin(archive: Archive) -> None:
    archive.load([told("a", MARKET), told("b", SCHOOL)], None)
    assert kin(archive.engine, number(archive, "a")) == []
    assert kin(archive.engine, 99) == []
