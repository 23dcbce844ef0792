"""Hits are counted on two connections where the archive is large, and nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from kb.archive import Archive, Query, fulltext, halves
from kb.archive.engine import writing
from kb.archive.search import plan
from tests.archive.stories import pair, stories

ASKED = (  # the last one is a prefix, which is looked up as a whole
    "không gian",
    '"không gian"',
    "NEAR(không gian, 3)",
    "khong OR ban",
    "-bán",
    "không*",
)


class Counted:
    """Notes what was counted on a second connection."""

    def __init__(self) -> None:
        self.rest: list[int | None] = []
        self._count = halves._count_beside

    def __call__(self, *given: object) -> int | None:
        found = self._count(*given)  # type: ignore[arg-type]
        self.rest.append(found)
        return found


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted()
    monkeypatch.setattr(halves, "LARGE", 1)
    monkeypatch.setattr(halves, "_count_beside", counted)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return counted


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as made:
        made.load(stories(), None)
        yield made


def test_both_halves_are_as_many_as_all(
    archive: Archive, beside: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = []
    for text in ASKED:
        asked = Query(text, limit=100)
        beside.rest.clear()
        both = archive.search(asked)
        parts += [(rest, both.total) for rest in beside.rest]
        assert both.total == len(both.hits) > 0
        with monkeypatch.context() as small:
            small.setattr(halves, "LARGE", 1_000_000)
            assert archive.search(asked) == both
    assert len(parts) == len(ASKED) - 1
    assert any(rest and rest < total for rest, total in parts)


def test_what_is_not_committed_is_counted(archive: Archive, beside: Counted) -> None:
    asked = Query("không gian")
    before = archive.search(asked).total
    beside.rest.clear()
    with pytest.raises(RuntimeError), writing(archive.engine) as connection:
        fulltext.add(connection, [(1, {"title": "Không gian mới", "lead": "", "body": ""})])
        assert plan(connection, asked).total == before + 1
        raise RuntimeError
    assert beside.rest == []


def test_a_load_in_between_is_not_counted_by_one_half_alone(
    archive: Archive, beside: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive.search(Query("không gian", limit=100))
    wanted = halves._newest
    calls: list[tuple[int, int]] = []

    def loaded(connection: Connection) -> tuple[int, int]:
        calls.append(wanted(connection))
        if len(calls) == 1:
            archive.load([pair(title="Không gian mới", body="Không gian của phường.")], None)
        return calls[-1]

    monkeypatch.setattr(halves, "_newest", loaded)
    beside.rest.clear()
    assert archive.search(Query("không gian", limit=100)) == before
    assert beside.rest == [None]
    assert archive.search(Query("không gian", limit=100)).total == before.total + 1


def test_where_all_connections_are_busy_none_is_waited_for(
    archive: Archive, beside: Counted
) -> None:
    with archive.engine.connect(), archive.engine.connect(), archive.engine.connect():
        assert archive.search(Query("không gian")).total
    assert beside.rest == []
