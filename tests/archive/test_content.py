"""What an archive holds, as one number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, delete, insert, update

from kb.archive import Archive, content
from kb.archive.content import Sum, key, reference, statement
from kb.archive.tables import article, holding, mention, metadata, quote, revision
from tests.archive.filled import fill
from tests.archive.stories import pair, stories

ROWS = st.lists(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3))


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_count_but_each_row_does(
    rows: list[list[object]], chance: object
) -> None:
    def summed(values: list[list[object]]) -> Sum:
        found = Sum()
        for value in values:
            found.add(value)
        return found

    shuffled = rows.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert summed(shuffled) == summed(rows)
    for row in rows[:1]:
        assert summed([*rows, row]) != summed(rows)
        assert summed([*rows, row, row]) != summed(rows)


def test_every_table_is_content_or_left_out_with_a_reason() -> None:
    rules = content._rules()
    named = set(rules["tables"]) | {name.partition(".")[0] for name in rules["columns"]} - {"*"}
    assert named | set(rules["keys"]) | set(rules["references"].values()) <= set(metadata.tables)
    for table in metadata.sorted_tables:
        assert statement(table).selected_columns.keys()
        for name in content._shown(table) if table.name not in rules["tables"] else ():
            target = reference(table.c[name])
            assert target is None or key(target.table)
            number = isinstance(table.c[name].type, Integer) and name.endswith("_id")
            assert target is not None or not number, f"{table.name}.{name} is whose id?"


def test_a_number_without_a_key_is_an_error() -> None:
    other = MetaData()
    with pytest.raises(LookupError, match=r"content\.yaml"):
        key(Table("x", other, Column("id", Integer, primary_key=True), Column("a", Integer)))


def test_ids_runs_and_times_of_loading_do_not_count(archive: Archive, tmp_path: Path) -> None:
    everything = stories()
    archive.load(everything, archive.start_run("nightly", {}))
    with Archive.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        for one in reversed(everything):
            other.load([one], None)
        assert other.content_hash() == archive.content_hash()
        assert len(other.content_hash()) == 64
        other.load([pair("Thêm", "", "Bài.", url="https://x.example/them")], None)
        assert other.content_hash() != archive.content_hash()


@pytest.mark.parametrize(
    "change",
    [
        update(article).where(article.c.id == 2).values(section="Khác"),
        update(revision).where(revision.c.id == 2).values(lead="Khác"),
        update(mention).where(mention.c.revision_id == 1, mention.c.number == 0).values(score=0.5),
        delete(quote).where(quote.c.number == 0),
        insert(holding).from_select(
            holding.c.keys(),
            holding.select().with_only_columns(
                *(column + 50 if column.name == "number" else column for column in holding.c)
            ),
        ),
    ],
    ids=["article", "revision", "mention", "lost", "doubled"],
)
def test_every_change_counts(archive: Archive, change: object) -> None:
    fill(archive)
    before = archive.content_hash()
    with archive.engine.begin() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert archive.content_hash() != before
