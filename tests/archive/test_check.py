"""`check` names what is wrong and says what to do; in a whole archive it finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, update

from kb.archive import Archive, Query
from kb.archive.check import Finding
from kb.archive.tables import article, facet, quote, recent, revision, settled, tally
from tests.archive.filled import fill

SLOW = {"texts and facts"}


@pytest.fixture
def filled(archive: Archive) -> Archive:
    fill(archive)
    return archive


def wrong(archive: Archive, *, quick: bool = False) -> dict[str, Finding]:
    return {one.check: one for one in archive.check(quick=quick) if one.wrong}


def test_a_whole_archive_passes(filled: Archive) -> None:
    steps: list[tuple[str, int, int]] = []
    found = list(filled.check(progress=lambda *step: steps.append(step)))
    assert [one for one in found if one.wrong or one.advice] == []
    assert {one.check for one in found} > SLOW
    assert "14 texts" in found[-1].detail
    assert ("texts and facts", 14, 14) in steps
    quick = {one.check for one in filled.check(quick=True)}
    assert quick == {one.check for one in found} - SLOW


@pytest.mark.parametrize(
    ("change", "check", "says"),
    [
        (
            update(revision).where(revision.c.number == 2).values(lead="Khác"),
            "texts and facts",
            "is not the text that was stored",
        ),
        (
            update(quote).where(quote.c.number == 1).values(start=quote.c.start + 1),
            "texts and facts",
            "quote 1 of revision 11 is not what stands at body",
        ),
        (
            update(quote).where(quote.c.number == 1).values(end=99_999),
            "texts and facts",
            "lies outside its body",
        ),
        (
            update(article).where(article.c.id == 4).values(revision_id=99),
            "articles",
            "nguyen-hue.html shows no revision of its own",
        ),
        (
            update(article).where(article.c.id == 4).values(revisions=7),
            "articles",
            "nguyen-hue.html miscounts its revisions",
        ),
    ],
)
def test_what_is_wrong_is_named(filled: Archive, change: object, check: str, says: str) -> None:
    with filled.engine.begin() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    found = wrong(filled)
    assert says in found[check].detail
    assert found[check].advice == "restore"
    assert found[check].wrong >= 1


def test_rows_without_their_parent_are_counted(filled: Archive) -> None:
    with filled.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(delete(revision).where(revision.c.id == 11))
        connection.commit()
    detail = wrong(filled)["references"].detail
    assert "quote.revision_id: 2 rows without their revision, the first 11" in detail
    if filled.engine.dialect.name == "sqlite":
        filled.engine.dispose()


def test_many_faults_are_counted_and_a_few_shown(filled: Archive) -> None:
    with filled.engine.begin() as connection:
        connection.execute(update(revision).values(title="Khác"))
    found = wrong(filled)["texts and facts"]
    assert found.wrong >= 14
    assert found.detail.endswith("; …")
    assert found.detail.count(";") == 5


def test_an_index_that_is_behind_is_found_and_mended(filled: Archive) -> None:
    assert wrong(filled) == {}
    for broken in unindexed(filled):
        with filled.engine.begin() as connection:
            connection.exec_driver_sql(broken)
        found = wrong(filled, quick=True)
        assert found.keys() == {"index"}
        assert found["index"].advice == "reindex"
        filled.reindex()
        assert wrong(filled) == {}
    assert filled.search(Query('"không gian sáng tạo"')).total == 3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([delete(facet).where(facet.c.article_id == 2)], "facets of 12 articles"),
        ([update(tally).where(tally.c.outlet == "bao-d").values(articles=9)], "bao-d are tallied"),
        ([update(one).values(mentions=9) for one in (settled, recent)], "mentions are counted"),
    ],
)
def test_counts_that_are_behind_are_found_and_mended(
    filled: Archive, changes: list[Executable], says: str
) -> None:
    with filled.engine.begin() as connection:
        for change in changes:
            connection.execute(change)
    found = wrong(filled)
    assert found.keys() == {"counts"}
    assert says in found["counts"].detail
    filled.reindex()
    assert wrong(filled) == {}


def unindexed(archive: Archive) -> list[str]:
    """Return statements that each take something out of the index, or add something to it."""
    if archive.engine.dialect.name == "sqlite":
        names = ("search_exact", "search_folded")
        return [f"INSERT INTO {name} ({name}) VALUES ('delete-all')" for name in names]
    one = "(SELECT place FROM article WHERE id = 3)"
    return [
        f"DELETE FROM search WHERE place = {one}",
        "UPDATE search SET exact = ' | ', folded = ' | '",
    ]


def test_a_damaged_page_is_told_and_where_to_look_for_help(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        fill(archive)
    data = bytearray(path.read_bytes())
    place = data.index("Lò gốm đỏ lửa giữa phố".encode())
    size = int.from_bytes(data[16:18], "big")  # of a page, as the file's header says
    for offset in range(place // size * size, place // size * size + 200, 10):
        data[offset] ^= 0xFF
    path.write_bytes(data)
    with Archive.open(f"sqlite:///{path}") as archive:
        found = wrong(archive, quick=True)
        assert found["database"].advice == "restore"
        assert "damaged" in found["database"].detail
        assert {"database"} < wrong(archive).keys()
