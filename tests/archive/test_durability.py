"""What goes wrong while an archive is written to: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, make_url

from kb.archive import Archive, LoadCount, Query, retry
from kb.article import Article
from kb.errors import ArchiveError
from kb.reading import Reading
from tests.archive.facts import kiln
from tests.archive.filled import fill
from tests.archive.stories import pair

ROOT = Path(__file__).resolve().parents[2]
BATCHES, EACH, KILLS = 40, 4, 20
Pairs = list[tuple[Article, Reading]]


def batch(number: int) -> Pairs:
    """Return the articles of one batch: new ones with mentions, one that every batch edits, and
    one that stays as it is."""
    pairs = [
        pair(
            f"Tin {number}.{n}",
            "Sở Văn hóa họp.",
            "Không gian sáng tạo mở cửa. " * 40,
            url=f"https://x.example/{number}/{n}",
            mentions=[["initiative", "creative-spaces", "Không gian", "Không gian sáng tạo"]],
        )
        for n in range(EACH)
    ]
    return [*pairs, pair(f"Chung {number}", "", "Bài.", url="https://x.example/chung"), kiln()]


def whole_batches(archive: Archive) -> int:
    """Return how many batches the archive holds; none of them in part."""
    total = archive.search(Query()).total
    batches, rest = divmod(max(total - 2, 0), EACH)
    assert (rest, total - 2 if total else 0) == (0, batches * EACH)
    return batches


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Content hash of an archive that nothing has happened to."""
    path = tmp_path_factory.mktemp("undisturbed") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        for number in range(BATCHES):
            archive.load(batch(number), None)
        return archive.content_hash()


# --- kill -9 ---------------------------------------------------------------------------------

# One process imports everything once and forks a child for each load, told where to begin; each
# child says which batches have been acknowledged.
NURSERY = """
import os, sys
from kb.archive import Archive
from tests.archive.test_durability import BATCHES, batch
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.write(1, f"child {os.getpid()}\\n".encode())
        with Archive.open(sys.argv[1]) as archive:
            for number in range(int(line), BATCHES):
                archive.load(batch(number), None)
                os.write(1, f"kept {number}\\n".encode())
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    os.write(1, f"over {os.waitstatus_to_exitcode(status)}\\n".encode())
"""
Load = Callable[[int, float], tuple[int, int]]


@contextmanager
def nursery(url: str) -> Iterator[Load]:
    """Yield what loads from a batch on and is killed after some seconds; it returns the batch
    after the last acknowledged one, and how the child ended."""
    command, pipe = [sys.executable, "-c", NURSERY, url], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def load(first: int, seconds: float) -> tuple[int, int]:
            print(first, file=process.stdin, flush=True)
            _, child = process.stdout.readline().split()  # type: ignore[union-attr]
            killer = threading.Timer(seconds, os.kill, (int(child), signal.SIGKILL))
            killer.start()
            while True:
                what, number = process.stdout.readline().split()  # type: ignore[union-attr]
                if what == "over":
                    killer.cancel()
                    killer.join()
                    return first, int(number)
                first = int(number) + 1

        yield load
        process.stdin.close()


def test_killed_at_twenty_moments_of_a_load(url: str, undisturbed: str) -> None:
    chance = random.Random(20)
    kept = killed = 0
    with Archive.open(url) as archive, nursery(url) as load:
        while killed < KILLS:
            first = kept if kept < BATCHES else 0
            acknowledged, end = load(first, chance.uniform(0.01, 0.15))
            killed += end == -signal.SIGKILL
            kept = max(kept, acknowledged)
            assert whole_batches(archive) in {kept, kept + 1}, "no more than one not acknowledged"
        assert load(kept, 60.0) == (BATCHES, 0) or kept == BATCHES
        assert whole_batches(archive) == BATCHES
        assert archive.content_hash() == undisturbed
        assert [one.detail for one in archive.check() if one.wrong] == []


# --- PostgreSQL goes away --------------------------------------------------------------------


def cut_off(address: str) -> int:
    """End all other connections to a database, as its restart does."""
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    query = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.parametrize("moment", ["before", "commit"])
def test_connections_cut_in_every_batch(
    postgresql: str, undisturbed: str, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from tests.archive.conftest import empty

    empty(postgresql)
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.001)
    cut = 0
    with Archive.open(postgresql) as archive:
        armed = False

        def strike(connection: Any, *_: object) -> None:  # noqa: ANN401
            nonlocal armed, cut
            if armed:
                armed = False
                cut += cut_off(postgresql)

        if moment == "commit":
            event.listen(archive.engine, "commit", strike)
        else:
            event.listen(archive.engine, "before_cursor_execute", strike)
        for number in range(BATCHES):
            armed = number % 5 == 0
            found = archive.load(batch(number), None)
            assert found.new + found.changed + found.reread + found.same == EACH + 2
        assert cut >= BATCHES // 5
        assert archive.content_hash() == undisturbed


def test_cut_while_rows_are_copied_in(
    postgresql: str, undisturbed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.archive import bulk
    from tests.archive.conftest import empty

    empty(postgresql)
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.001)
    real, cut = bulk.insert_plain, 0

    def struck(connection: Any, table: str, *rest: Any) -> None:  # noqa: ANN401
        nonlocal cut
        if table == "revision" and cut < 3:
            cut += cut_off(postgresql)
        real(connection, table, *rest)

    monkeypatch.setattr(bulk, "insert_plain", struck)
    with Archive.open(postgresql) as archive:
        for number in range(BATCHES):
            archive.load(batch(number), None)
        assert cut >= 3
        assert archive.content_hash() == undisturbed


def test_a_server_that_stays_away_is_named(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.001)
    with Archive.open(postgresql) as archive:
        tries = 0

        def refuse(*_: object) -> None:
            nonlocal tries
            tries += 1
            raise psycopg.OperationalError("connection to server failed: Connection refused")

        event.listen(archive.engine, "do_connect", refuse)
        archive.engine.dispose()
        with pytest.raises(ArchiveError, match=r"refused: is PostgreSQL running .*KB_DATABASE_URL"):
            archive.load(batch(0), None)
        assert tries == retry.TRIES


def test_what_is_refused_is_not_tried_again(archive: Archive) -> None:
    tries = 0

    class Counted:
        engine = archive.engine

        @retry.lasting
        def work(self) -> None:
            nonlocal tries
            tries += 1
            raise ArchiveError("no")

    with pytest.raises(ArchiveError, match="no"):
        Counted().work()
    assert tries == 1


# --- no room ---------------------------------------------------------------------------------


def fill_up(archive: Archive) -> int:
    """Load until there is no room; return how many batches were acknowledged."""
    for number in range(BATCHES):
        try:
            archive.load(batch(number), None)
        except ArchiveError as error:
            assert "disk is full" in str(error)
            assert "free some space and run it again; nothing was half written" in str(error)
            return number
    raise AssertionError("there was room for everything")


def goes_on(archive: Archive, kept: int, undisturbed: str) -> None:
    assert 0 < kept < BATCHES
    assert whole_batches(archive) == kept
    assert [one.detail for one in archive.check(quick=True) if one.wrong] == []
    for number in range(BATCHES):
        archive.load(batch(number), None)
    assert archive.content_hash() == undisturbed


def test_a_file_that_may_not_grow(tmp_path: Path, undisturbed: str) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    with Archive.open(url) as archive:
        archive.load(batch(0), None)
        with archive.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        limit: dict[str, int] = {"pages": pages + 8}

        def restrain(connection: Any, *_: object) -> None:  # noqa: ANN401
            connection.execute(f"PRAGMA max_page_count={limit['pages']}")

        event.listen(archive.engine, "connect", restrain)
        archive.engine.dispose()
        kept = fill_up(archive)
        limit["pages"] = 1_000_000
        archive.engine.dispose()
        goes_on(archive, kept, undisturbed)


def test_a_full_disk(tmp_path: Path, undisturbed: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3072k", "none", str(disk)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    try:
        with Archive.open(f"sqlite:///{disk / 'kb.sqlite'}") as archive:
            kept = fill_up(archive)
            larger = ["mount", "-o", "remount,size=64m", str(disk)]
            subprocess.run(larger, check=True)
            goes_on(archive, kept, undisturbed)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# --- others at work --------------------------------------------------------------------------


def test_a_reader_sees_whole_batches_while_two_write(url: str, undisturbed: str) -> None:
    failed: list[BaseException] = []
    counts: list[int] = []
    writing = threading.Semaphore(0)

    def write(numbers: range) -> None:
        try:
            with Archive.open(url) as own:
                for number in numbers:
                    own.load(batch(number), None)
        except BaseException as error:
            failed.append(error)
        finally:
            writing.release()

    Archive.open(url).close()
    writers = [threading.Thread(target=write, args=(range(n, BATCHES, 2),)) for n in (0, 1)]
    for writer in writers:
        writer.start()
    with Archive.open(url) as archive:
        ended = 0
        while ended < 2:
            ended += writing.acquire(timeout=0.001)
            counts.append(whole_batches(archive))
            seen = archive.content_sums()
            if seen["article"].rows:
                assert seen["reading"].rows == seen["revision"].rows >= seen["article"].rows
                assert seen["mention"].rows % EACH == 1
        assert failed == []
        assert counts == sorted(counts)
        assert len(set(counts)) > 3
        assert whole_batches(archive) == BATCHES
        assert archive.search(Query("chung")).hits[0].revisions == BATCHES
        (again,) = {archive.load(batch(number), None) for number in range(BATCHES)}
        assert again == LoadCount(same=EACH + 2)
    for writer in writers:
        writer.join()


# --- a damaged file --------------------------------------------------------------------------


def test_what_a_damaged_page_says(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    url = f"sqlite:///{path}"
    with Archive.open(url) as archive:
        fill(archive)
    whole = path.read_bytes()
    advice = r"`kb archive check` .*`kb restore` .*`kb archive rebuild`"
    # Pages all over the file but the first have their first bytes flipped, one after another.
    told = 0
    size = int.from_bytes(whole[16:18], "big")  # of a page, as the file's header says
    for page in random.Random(4096).sample(range(1, len(whole) // size), 20):
        data = bytearray(whole)
        for offset in range(page * size, page * size + 12):
            data[offset] ^= 0xFF
        path.write_bytes(data)
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        try:
            with Archive.open(url) as archive:
                list(archive.articles_rows(Query(), full_text=True))
                list(archive.mentions_rows(Query()))
                found = {one.check for one in archive.check() if one.wrong}
                assert found, f"page {page}"
        except ArchiveError as error:
            told += 1
            assert re.search(advice, str(error)), str(error)
    assert told


def test_a_damaged_first_page_says(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        fill(archive)
    data = bytearray(path.read_bytes())
    data[:16] = bytes(16)
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="first page is damaged: `kb restore` brings a backup"):
        Archive.open(f"sqlite:///{path}")
