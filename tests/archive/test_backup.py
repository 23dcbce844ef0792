"""Backups: made while others write, read back, kept in number, and brought back whole."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kb.archive import Archive, Query
from kb.archive import backup as module
from kb.archive.backup import backup, default_file, prune, restore
from kb.archive.engine import reading
from kb.archive.tables import meta
from kb.errors import ArchiveError, ConfigError
from tests.archive.filled import fill, sums
from tests.archive.stories import pair


def marks(archive: Archive) -> set[str]:
    with reading(archive.engine) as connection:
        return {row.name for row in connection.execute(meta.select())}


@pytest.fixture
def made(url: str, tmp_path: Path) -> Path:
    """A backup of a filled archive at `url`."""
    with Archive.open(url) as archive:
        fill(archive)
        backup(archive.engine, tmp_path / "made.sqlite")
    return tmp_path / "made.sqlite"


def test_a_backup_is_one_file_with_the_same_in_it(url: str, made: Path) -> None:
    assert [path.name for path in made.parent.glob("made*")] == ["made.sqlite"]
    with Archive.open(url) as archive, Archive.open(f"sqlite:///{made}") as copied:
        assert sums(copied) == sums(archive)
        assert copied.search(Query("thiết kế")) == archive.search(Query("thiết kế"))
        assert "backup" not in marks(archive)


def test_a_backup_holds_one_state_while_another_writes(url: str, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with Archive.open(url) as other:
            number = 0
            while not stop.is_set():
                number += 1
                address = f"https://x.example/{number}"
                other.load([pair(f"Tin {number}", "", "Bài.", url=address)], None)

    with Archive.open(url) as archive:
        fill(archive)
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(3):
                backup(archive.engine, tmp_path / f"{number}.sqlite")
        finally:
            stop.set()
            writer.join()
    counts = []
    for number in range(3):
        with Archive.open(f"sqlite:///{tmp_path / f'{number}.sqlite'}") as copied:
            assert [one.detail for one in copied.check() if one.wrong] == []
            counts.append(copied.search(Query()).total)
    assert counts[0] < counts[2]
    assert counts == sorted(counts)


def test_a_backup_comes_back(url: str, made: Path, tmp_path: Path) -> None:
    with Archive.open(url) as archive:
        wanted = sums(archive)
        archive.load([pair("Sau đó", "", "Bài.", url="https://x.example/sau")], None)
        later = archive.content_hash()
    with pytest.raises(ConfigError, match="not empty; with --force it is moved aside"):
        restore(made, url, work=tmp_path)
    with Archive.open(url) as archive:
        assert archive.content_hash() == later
    done = restore(made, url, work=tmp_path, force=True)
    with Archive.open(url) as archive:
        assert sums(archive) == wanted
        assert done.rows == {name: int(found.split(":")[0]) for name, found in wanted.items()}
        assert "backup" not in marks(archive)
        assert archive.search(Query('"sau đó"')).total == 0
        if archive.engine.dialect.name == "sqlite":
            assert done.aside
            with Archive.open(f"sqlite:///{done.aside}") as old:
                assert old.content_hash() == later
        else:
            aside = str(done.aside).removeprefix("schema ")
            with archive.engine.connect() as connection:
                query = f'SELECT count(*) FROM "{aside}".article'
                assert connection.exec_driver_sql(query).scalar() == wanted_articles(wanted) + 1
                connection.exec_driver_sql(f'DROP SCHEMA "{aside}" CASCADE')
                connection.commit()
    assert sorted(tmp_path.glob("*.restoring*")) == []


def wanted_articles(found: dict[str, str]) -> int:
    return int(found["article"].split(":")[0])


def test_into_an_empty_place_of_the_other_engine(made: Path, url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'new' / 'kb.sqlite'}"
    assert restore(made, other, work=tmp_path).aside is None
    with Archive.open(url) as one, Archive.open(other) as two:
        assert sums(one) == sums(two)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A backup of a SQLite archive."""
    with Archive.open(f"sqlite:///{tmp_path / 'small.sqlite'}") as archive:
        fill(archive)
        backup(archive.engine, tmp_path / "kb-1.sqlite")
    return tmp_path / "kb-1.sqlite"


def test_a_restore_into_postgresql_goes_on_where_it_was_killed(
    small: Path, postgresql: str, tmp_path: Path
) -> None:
    from tests.archive.conftest import empty

    empty(postgresql)

    def stop(what: str, done: int, total: int) -> None:
        if what == "check article":
            raise KeyError(what)

    with pytest.raises(KeyError):
        restore(small, postgresql, work=tmp_path, progress=stop)
    assert restore(small, postgresql, work=tmp_path).aside is None
    with Archive.open(postgresql) as archive:
        assert archive.search(Query("sáng tạo")).total


@pytest.mark.parametrize("how", ["page", "row", "cut", "text"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    small: Path, tmp_path: Path, how: str
) -> None:
    data = bytearray(small.read_bytes())
    if how == "page":
        size = int.from_bytes(data[16:18], "big")
        data[size : 2 * size] = bytes(size)
    elif how == "cut":
        del data[len(data) // 2 :]
    elif how == "text":
        place = data.index("sáng tạo".encode())
        data[place : place + 4] = b"xxxx"
    small.write_bytes(data)
    if how == "row":
        with closing(sqlite3.connect(small)) as connection, connection:
            connection.execute("DELETE FROM mention WHERE number = 0")
    target = tmp_path / "target.sqlite"
    with Archive.open(f"sqlite:///{target}") as archive:
        fill(archive)
        before = archive.content_hash()
    with pytest.raises((ArchiveError, ConfigError), match=r"damaged|not made by"):
        restore(small, f"sqlite:///{target}", work=tmp_path, force=True)
    with Archive.open(f"sqlite:///{target}") as archive:
        assert archive.content_hash() == before
    assert sorted(tmp_path.glob("*restoring*")) == []


def test_what_is_no_backup_is_refused(small: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'small.sqlite'}"
    with pytest.raises(ConfigError, match="not made by `kb backup`"):
        restore(tmp_path / "small.sqlite", f"sqlite:///{tmp_path / 'x.sqlite'}", work=tmp_path)
    with pytest.raises(ConfigError, match="there is no backup"):
        restore(tmp_path / "gone.sqlite", url, work=tmp_path, force=True)
    with Archive.open(url) as archive, pytest.raises(ConfigError, match="exists: name another"):
        backup(archive.engine, small)


def test_a_backup_of_a_newer_program_is_named_as_it_is(small: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(small)) as connection, connection:
        connection.execute(
            "UPDATE meta SET value = json_set(value, '$.schema', '9999') WHERE name = ?",
            (module.MARK,),
        )
    with pytest.raises(ArchiveError, match=f"^{small} was made by a newer version .*9999") as told:
        restore(small, f"sqlite:///{tmp_path / 'x.sqlite'}", work=tmp_path)
    assert "restoring" not in str(told.value)


def test_an_archive_in_use_is_not_moved(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "small.sqlite"
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="in use: stop `kb serve`"):
            restore(small, f"sqlite:///{target}", work=tmp_path, force=True)
        connection.rollback()


def test_an_archive_that_a_desk_has_open_is_not_moved_under_it(small: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'small.sqlite'}"
    with Archive.open(url) as desk:
        wanted = desk.search(Query())  # the connection goes back to its pool, and stays open
        with pytest.raises(ArchiveError, match="in use: stop `kb serve`, `kb operate`"):
            restore(small, url, work=tmp_path, force=True)
        assert desk.search(Query()) == wanted
    assert restore(small, url, work=tmp_path, force=True).aside is not None


def test_a_damaged_archive_is_moved_aside_too(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "broken.sqlite"
    target.write_bytes(b"no database at all" * 500)
    done = restore(small, f"sqlite:///{target}", work=tmp_path, force=True)
    assert Path(str(done.aside)).read_bytes().startswith(b"no database")
    with Archive.open(f"sqlite:///{target}") as archive:
        assert archive.search(Query()).total == done.rows["article"]


def test_a_damaged_archive_gives_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        fill(archive)
    data = bytearray(path.read_bytes())
    place = data.index("Lò gốm đỏ lửa giữa phố".encode())
    size = int.from_bytes(data[16:18], "big")  # of a page, as the file's header says
    page = place // size * size
    data[page : page + 64] = b"\xff" * 64
    path.write_bytes(data)
    with Archive.open(f"sqlite:///{path}") as archive, pytest.raises(ArchiveError) as caught:
        backup(archive.engine, tmp_path / "out.sqlite")
    assert "damaged" in str(caught.value)
    assert sorted(tmp_path.glob("out*")) == []


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(10, 15):
        (tmp_path / f"kb-202601{day}T010203.sqlite").touch()
    for name in ("kb-mine.txt", "kb-2025-trước-khi-dời.sqlite", "kb-20260109T010203-giữ.sqlite"):
        (tmp_path / name).touch()
    assert prune(tmp_path, 0) == []
    assert [path.name[3:11] for path in prune(tmp_path, 3)] == ["20260110", "20260111"]
    assert len(list(tmp_path.iterdir())) == 6


def test_backups_of_one_second_are_told_apart_and_kept_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STAMP", "20260110T010203")
    made = []
    for _ in range(3):
        made.append(default_file(tmp_path))
        made[-1].touch()
    assert len(set(made)) == 3
    assert prune(tmp_path, 1) == made[:2]
