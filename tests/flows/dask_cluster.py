"""A scheduler and workers as an operator runs them: processes of `kb cluster`, each worker in a
data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Client

from flows.cluster import close
from tests.cli.program import KB, OUTSIDE

START_SECONDS = 300


@dataclass
class Cluster:
    """Processes of a cluster; killed ones stay dead, since nothing looks after them."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def busy(self) -> dict[int, int]:
        """Return how many tasks each worker has in hand, by process."""
        client: Any = Client(self.address, set_as_default=False)  # type: ignore[no-untyped-call]
        try:
            tasks = client.processing()
            pids = client.run(os.getpid)
        finally:
            close(client)
        return {pids[address]: len(keys) for address, keys in tasks.items()}

    def kill(self, pid: int) -> None:
        """Kill a worker and what would start it again, as when its machine loses power."""
        owner = next(one for one in self.workers if pid in _family(one.pid))
        for one in _family(owner.pid):
            with suppress(ProcessLookupError):  # a worker whose nanny is gone ends by itself
                os.kill(one, signal.SIGKILL)
        owner.wait()


def _family(pid: int) -> list[int]:
    """Return a process and its descendants, parents first."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").iterdir():
            found += map(int, (task / "children").read_text("ascii").split())
    return found


@contextmanager
def cluster(folder: Path, count: int = 2) -> Iterator[Cluster]:
    """Run a scheduler and workers on loopback; wait until all are there."""
    with _process(folder / "scheduler", "scheduler", "--port", "0") as scheduler:
        address = _said(folder / "scheduler" / "log.txt", scheduler)
        started: list[subprocess.Popen[bytes]] = []
        try:
            for number in range(count):
                home = folder / f"worker-{number}"
                started.append(_start(home, "worker", address))
            client: Any = Client(address, set_as_default=False)  # type: ignore[no-untyped-call]
            client.wait_for_workers(count, timeout=START_SECONDS)
            close(client)
            yield Cluster(address, started)
        finally:
            for one in started:
                _stop(one)


@contextmanager
def _process(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    child = _start(home, *words)
    try:
        yield child
    finally:
        _stop(child)


def _start(home: Path, *words: str) -> subprocess.Popen[bytes]:
    home.mkdir(parents=True)
    env = {name: value for name, value in OUTSIDE.items() if not name.startswith("PREFECT_")}
    env |= {"KB_DATA_DIR": str(home), "KB_WORKERS": "1", "HOME": str(home)}
    with (home / "log.txt").open("wb") as log:
        return subprocess.Popen(
            [str(KB), "cluster", *words], cwd=home, env=env, stdout=log, stderr=log
        )


def _said(log: Path, child: subprocess.Popen[bytes]) -> str:
    """Return the address that a scheduler tells in its log."""
    while True:
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text("utf-8"))
        if found:
            return found[1]
        try:
            child.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(log.read_text("utf-8"))


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        child.wait(START_SECONDS)
