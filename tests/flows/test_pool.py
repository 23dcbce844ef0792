"""Worker processes: order, lost workers, and none at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from flows.pool import Pool, batches
from flows.process import NICENESS
from tests.flows.steps import die_once, double, refuse


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


def test_workers_end_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        workers = [psutil.Process(int(number)) for number in run.stdout.readline().split()]
        run.kill()
    assert len(workers) == 2
    _, left = psutil.wait_procs(workers, timeout=120)
    for one in left:
        one.kill()
    assert left == []


BUSY = """
import psutil, time
from flows.pool import Pool
from tests.flows.steps import double

with Pool(2) as pool:
    list(pool.map(double, range(8)))
    found = psutil.Process().children(recursive=True)
    print(*(one.pid for one in found if "spawn_main" in " ".join(one.cmdline())), flush=True)
    time.sleep(600)
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
