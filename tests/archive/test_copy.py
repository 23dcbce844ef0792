"""Archives moved between engines: nothing lost on the way, whatever interrupts it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from kb.archive import Archive, Query
from kb.archive.copy import copy, unfinished
from kb.archive.engine import reading
from kb.archive.tables import mention, revision
from kb.errors import ArchiveError, ConfigError
from tests.archive.conftest import scratch
from tests.archive.filled import fill, sums
from tests.archive.stories import pair

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")
Pair = tuple[str, str]
every_way = pytest.mark.parametrize("urls", list(product(ENGINES, ENGINES)), indirect=True)
both_ways = pytest.mark.parametrize("urls", [ENGINES, ENGINES[::-1]], indirect=True)
one_way = pytest.mark.parametrize("urls", [("sqlite", "sqlite")], indirect=True)


@pytest.fixture
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Two empty databases of the engines that a test names."""
    with ExitStack() as stack:
        one, other = (
            stack.enter_context(scratch())
            if engine == "postgresql"
            else f"sqlite:///{tmp_path / f'{number}.sqlite'}"
            for number, engine in enumerate(request.param)
        )
        yield one, other


@every_way
def test_all_of_it_arrives_on_either_engine(urls: Pair) -> None:
    with Archive.open(urls[0]) as source, Archive.open(urls[1]) as target:
        fill(source)
        steps: list[tuple[str, int, int]] = []
        found = copy(source.engine, target.engine, progress=lambda *step: steps.append(step))
        assert {name: str(one) for name, one in found.items()} == sums(source) == sums(target)
        assert all(done == total for name, done, total in steps if name == "mention" and done)
        assert {"mention", "check mention"} <= {name for name, *_ in steps}
        assert source.content_hash() == target.content_hash()
        words = Query('"không gian sáng tạo"')
        assert target.search(words) == source.search(words)
        assert target.search(words).total == 3
        assert [one.wrong for one in target.check()] == [0] * len(list(source.check()))
        # Both go on from there: numbers are given out after those that were copied.
        assert target.start_run("nightly", {}) == source.start_run("nightly", {})
        more = [pair("Tin mới", "", "Bài.", url="https://x.example/moi")]
        assert target.load(more, None) == source.load(more, None)
        assert target.content_hash() == source.content_hash()


@both_ways
@pytest.mark.parametrize("batch", [1, 7])
def test_an_interrupted_copy_goes_on_and_mends_what_has_changed(urls: Pair, batch: int) -> None:
    class Interrupted(Exception):
        pass

    def stop(what: str, done: int, total: int) -> None:
        if what == "mention" and done:
            raise Interrupted

    with Archive.open(urls[0]) as source, Archive.open(urls[1]) as target:
        fill(source)
        with pytest.raises(Interrupted):
            copy(source.engine, target.engine, batch=batch, progress=stop)
        with pytest.raises(ArchiveError, match=r"unfinished copy of .*kb archive copy"):
            Archive.open(urls[1])
        # Meanwhile a night goes on at the source: rows come, change and go.
        edited = pair("Sửa tít", "", "Đất hết.", url="https://bao-a.example/lo-gom.html")
        source.load([edited, pair("Thêm", "", "Bài.", url="https://x.example/them")], None)
        with source.engine.begin() as connection:
            connection.execute(delete(mention).where(mention.c.number == 0))
        copy(source.engine, target.engine, batch=batch)
        assert sums(target) == sums(source)
        assert target.search(Query("sửa tít")).total == 1
        with reading(target.engine) as connection:
            assert unfinished(connection) is None


@one_way
def test_a_target_with_something_in_it_is_left_alone(urls: Pair, tmp_path: Path) -> None:
    third = f"sqlite:///{tmp_path / 'third.sqlite'}"
    with Archive.open(urls[0]) as one, Archive.open(urls[1]) as two, Archive.open(third) as three:
        fill(one)
        fill(two)
        before = sums(two)
        with pytest.raises(ConfigError, match="already holds an archive: name an empty database"):
            copy(one.engine, two.engine)
        with pytest.raises(ConfigError, match="onto itself"):
            copy(one.engine, one.engine)
        assert sums(two) == before

        def stop(what: str, done: int, total: int) -> None:
            raise KeyError(what)

        with pytest.raises(KeyError):
            copy(one.engine, three.engine, progress=stop)
        with pytest.raises(ConfigError, match=r"unfinished copy of .*0\.sqlite"):
            copy(two.engine, three.engine)
        with pytest.raises(ConfigError, match="finish that"):
            copy(three.engine, Archive.open(f"sqlite:///{tmp_path / 'fourth.sqlite'}").engine)


@one_way
def test_a_copy_that_is_not_the_same_is_not_called_one(urls: Pair) -> None:
    def spoil(what: str, done: int, total: int) -> None:
        if what == "reading" and done:
            with target.engine.begin() as connection:
                connection.execute(update(revision).where(revision.c.id == 3).values(lead="khác"))

    with Archive.open(urls[0]) as source, Archive.open(urls[1]) as target:
        fill(source)
        with pytest.raises(ArchiveError, match=r"the copy of table revision .* run the same"):
            copy(source.engine, target.engine, progress=spoil)
        copy(source.engine, target.engine)
        assert sums(target) == sums(source)


COPIER = """
import sys
from kb.archive import Archive
from kb.archive.copy import copy
with Archive.open(sys.argv[1]) as source, Archive.open(sys.argv[2], unfinished=True) as target:
    print("ready", flush=True)
    copy(source.engine, target.engine, batch=3)
"""


@both_ways
def test_killed_at_any_moment_it_ends_right(urls: Pair) -> None:
    with Archive.open(urls[0]) as source:
        fill(source)
        wanted = sums(source)
    chance = random.Random(8)
    killed = 0
    for _ in range(4):
        command = [sys.executable, "-c", COPIER, *urls]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, 0.15))
        child.kill()
        child.communicate(timeout=900)
        killed += child.returncode == -signal.SIGKILL
        with Archive.open(urls[1], unfinished=True) as target, reading(target.engine) as connection:
            if unfinished(connection) is None:
                break
    assert killed
    with Archive.open(urls[0]) as source, Archive.open(urls[1], unfinished=True) as target:
        with reading(target.engine) as connection:
            whole = unfinished(connection) is None and sums(target) == wanted
        if not whole:
            copy(source.engine, target.engine)
        assert sums(target) == wanted
