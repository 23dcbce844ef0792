"""Worker processes: order, lost workers, and none at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import psutil
import pytest

from flows.pool import Pool, batches
from flows.process import NICENESS
from tests.flows.steps import die_once, double, loaded, place, refuse


def test_results_come_in_the_order_of_the_items() -> None:
    with Pool(2) as pool:
        results = list(pool.map(double, range(12)))
    assert [value for value, _ in results] == [2 * number for number in range(12)]
    assert os.getpid() not in {process for _, process in results}


def test_what_a_dying_worker_had_in_hand_is_done_again(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    with Pool(2) as pool:
        results = list(pool.map(die_once, [(mark, number) for number in range(10)]))
        assert mark.exists()
        assert results == list(range(10))
        assert list(pool.map(die_once, [(mark, number) for number in (20, 21)])) == [20, 21]


def test_workers_give_way_to_who_writes() -> None:
    with Pool(2) as pool:
        found = {psutil.Process(process).nice() for _, process in pool.map(double, range(8))}
    assert found == {min(psutil.Process().nice() + NICENESS, 19)}


def test_nothing_is_left_of_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        workers = {psutil.Process(int(number)) for number in run.stdout.readline().split()}
        others = set(psutil.Process(run.pid).children(recursive=True))
        run.kill()
    assert len(workers) == 2
    assert workers < others
    _, left = psutil.wait_procs(others, timeout=120)
    for one in left:
        one.kill()
    assert left == []


BUSY = """
import time
from flows.pool import Pool
from tests.flows.steps import double

with Pool(2) as pool:
    found = pool.map(double, range(10_000))
    workers = set()
    while len(workers) < 2:
        workers.add(next(found)[1])
    print(*workers, flush=True)
    time.sleep(600)
"""


def test_what_cannot_be_sent_to_workers_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def submit(executor: ProcessPoolExecutor, step: object, item: int) -> Future[object]:
        sent.append(item)
        if item == 2:
            raise ConnectionResetError("the server that forks workers is gone")
        return real(executor, step, item)  # type: ignore[arg-type]

    real = ProcessPoolExecutor.submit
    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    with Pool(2) as pool:
        found = list(pool.map(double, range(6)))
    assert [value for value, _ in found] == [0, 2, 4, 6, 8, 10]
    assert [item for item, (_, process) in enumerate(found) if process == os.getpid()] == [2]
    assert (sent, pool.lost) == ([*range(6)], 1)


def test_workers_share_what_their_server_has_loaded() -> None:
    with Pool(2) as pool:
        found = list(pool.map(loaded, range(8)))
    assert {ready for *_, ready in found} == {True}
    (server,) = {parent for _, parent, _ in found}
    assert server != os.getpid()
    assert psutil.Process(server).num_threads() == 1  # no other is there after a fork


def test_workers_are_where_the_caller_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for number, folder in enumerate((tmp_path / "a", tmp_path / "b")):
        folder.mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.setenv("KB_TRIED", str(number))
        with Pool(2) as pool:
            assert set(pool.map(place, ["KB_TRIED"] * 4)) == {(str(number), folder)}
    monkeypatch.delenv("KB_TRIED")
    with Pool(2) as pool:
        assert set(pool.map(place, ["KB_TRIED"] * 4)) == {(None, folder)}
    assert "PYTHONSAFEPATH" not in os.environ


def test_a_server_that_is_gone_is_started_again() -> None:
    with Pool(2) as pool:
        results = pool.map(loaded, repeat(0))
        server = psutil.Process(next(results)[1])
        server.kill()
        while not pool.lost:
            next(results)
        (again,) = {parent for _, parent, _ in pool.map(loaded, range(8))}
    assert again != server.pid


def test_packages_in_the_working_directory_are_not_ours(tmp_path: Path) -> None:
    program, here = tmp_path / "program.py", tmp_path / "here"
    program.write_text(ELSEWHERE, encoding="utf-8")
    for name in ("flows", "kb"):
        (here / name).mkdir(parents=True)
        (here / name / "__init__.py").touch()
    run = [sys.executable, program]
    said = subprocess.run(run, cwd=here, capture_output=True, text=True, check=True)
    assert said.stdout == "[1, 1, 1, 1] 0\n"
    assert said.stderr == ""


ELSEWHERE = """
from flows.pool import Pool

if __name__ == "__main__":
    with Pool(2) as pool:
        print(list(pool.map(len, ["a"] * 4)), pool.lost)
"""


def test_one_worker_is_this_process() -> None:
    with Pool(1) as pool:
        assert list(pool.map(double, range(3))) == [(n * 2, os.getpid()) for n in range(3)]


def test_a_single_item_starts_no_worker() -> None:
    with Pool(2) as pool:
        assert list(pool.map(double, [7])) == [(14, os.getpid())]
        assert list(pool.map(double, [])) == []


def test_zero_workers_means_one_a_core() -> None:
    assert Pool().workers == (os.cpu_count() or 1)
    assert Pool(3).workers == 3


def test_an_error_of_the_step_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="not two"), Pool(2) as pool:
        list(pool.map(refuse, range(8)))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_long_stream_is_taken_as_it_is_needed(workers: int) -> None:
    taken = []

    def endless() -> Iterator[int]:
        number = 0
        while True:
            taken.append(number)
            yield number
            number += 1

    with Pool(workers) as pool:
        results = pool.map(double, endless())
        assert [next(results)[0] for _ in range(3)] == [0, 2, 4]
        assert len(taken) <= 3 + workers + 3


def test_batches_hold_everything_once() -> None:
    assert list(batches(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batches([], 3)) == []
