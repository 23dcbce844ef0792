"""What Prefect costs a run: `kb backfill` as a flow on a running server, beside plain Python.

    python -m benchmarks.orchestration [--articles 2000] [--turns 3] [SHARED]

The same articles (of `SHARED/corpus`, written again so that all differ, in one WARC file) are
loaded into an empty archive in turns, with the server and without. Prefect's part is what the
flow takes more than plain Python, in seconds of CPU: of all threads of the run but the one that
reads (whose work is the same, and differs by more from turn to turn), and of the server, which is
given time after the run for what it still has in hand. The least of all turns counts, since
whatever else the machine does only adds. Starting a server of its own is what a run without a
configured one pays besides: once, whatever its size, and not measured here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.warcs import Corpus, write
from flows.prefect_server import LocalServer

KB = Path(sys.executable).with_name("kb")
GOAL = 0.05
AFTERWARDS = 10.0
"""Seconds in which a server ends what it has in hand; most of its work comes after the run."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that one run took."""

    clock: float
    run: float
    """CPU of the run's process."""
    beside: float
    """The same without the thread that reads: Prefect's part is in these seconds, and the noise of
    reading, which is larger, is not."""
    server: float
    """CPU of the server meanwhile and afterwards."""


class Threads(threading.Thread):
    """Notes what each thread of a process has used."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.used: dict[int, float] = {}
        self._process = psutil.Process(pid)

    def run(self) -> None:
        """Look ten times a second, until the process has ended."""
        with suppress(psutil.Error):
            while self._process.status() != psutil.STATUS_ZOMBIE:
                for one in self._process.threads():
                    self.used[one.id] = one.user_time + one.system_time
                time.sleep(0.1)


def backfill(warc: Path, folder: Path, server: LocalServer | None) -> Spent:
    """Load a file into an empty archive; `server` is told what happens."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    # One process, whose CPU is all there is: workers are children of another, which is not waited
    # for.
    env |= {"KB_DATA_DIR": str(folder), "KB_LANGUAGE": "en", "KB_WORKERS": "1"}
    if server is not None:
        env["PREFECT_API_URL"] = server.url
    before, began = _used(server), time.perf_counter()
    words = [KB, "backfill", warc, "--server" if server else "--no-server"]
    child = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True)
    threads = Threads(child.pid)
    threads.start()
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    clock = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"kb backfill ended with {child.returncode}:\n{said}")
    if server is not None:
        time.sleep(AFTERWARDS)
    threads.join()
    used = threads.used.values()
    own = usage.ru_utime + usage.ru_stime
    return Spent(clock, own, sum(used) - max(used), _used(server) - before)


def _used(server: LocalServer | None) -> float:
    if server is None:
        return 0.0
    times = psutil.Process(server.pid).cpu_times()
    return times.user + times.system


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    given = parser.parse_args()
    found: dict[str, list[Spent]] = {"plain": [], "flow": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warc = folder / "articles.warc.gz"
        write(warc, Corpus.of(given.shared).articles(given.articles))
        server = LocalServer(folder / "prefect")
        if not server.ready():
            raise SystemExit("Prefect's server did not start")
        try:
            for turn in range(given.turns):
                for kind, one in found.items():
                    home = folder / f"{kind}-{turn}"
                    one.append(backfill(warc, home, server if kind == "flow" else None))
        finally:
            server.stop(wait=True)
    print(f"{given.articles} articles, least of {given.turns} turns")
    print(f"{'':8}{'clock s':>9}{'run s of CPU':>14}{'not reading':>13}{'server s of CPU':>17}")
    least = {
        kind: [min(getattr(one, name) for one in runs) for name in Spent.__slots__]
        for kind, runs in found.items()
    }
    for kind, (clock, run, beside, behind) in least.items():
        print(f"{kind:8}{clock:9.1f}{run:14.1f}{beside:13.1f}{behind:17.1f}")
    (_, _, own, _), (_, run, beside, behind) = least["plain"], least["flow"]
    whole = run + behind
    print(
        f"Prefect's part of the CPU: its server {behind / whole:.1%}, within the run "
        f"{(beside - own) / whole:+.1%} (goal: {GOAL:.0%} together)"
    )


if __name__ == "__main__":
    main()
