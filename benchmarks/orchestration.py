"""What Prefect costs a run: `kb backfill` as a flow on a running server, beside plain Python.

    python -m benchmarks.orchestration [--articles 2000] [--turns 3] [SHARED]

The same articles (of `SHARED/corpus`, written again so that all differ, in one WARC file) are
loaded into an empty archive in turns, with the server and without. Prefect's part is what the
flow takes more than plain Python, in seconds of CPU: of the run's processes, and of the server,
which is given time after the run for what it still has in hand. Starting a server of its own is
what a run without a configured one pays besides: once, whatever its size, and not measured here.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
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
    """CPU of the run's processes."""
    server: float
    """CPU of the server meanwhile and afterwards."""


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
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    clock = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"kb backfill ended with {child.returncode}:\n{said}")
    if server is not None:
        time.sleep(AFTERWARDS)
    return Spent(clock, usage.ru_utime + usage.ru_stime, _used(server) - before)


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
    print(f"{given.articles} articles, median of {given.turns}")
    print(f"{'':8}{'clock s':>9}{'run s of CPU':>14}{'server s of CPU':>17}")
    middle = {
        kind: [statistics.median(getattr(one, name) for one in runs) for name in Spent.__slots__]
        for kind, runs in found.items()
    }
    for kind, (clock, run, behind) in middle.items():
        print(f"{kind:8}{clock:9.1f}{run:14.1f}{behind:17.1f}")
    (_, own, _), (_, run, behind) = middle["plain"], middle["flow"]
    whole = run + behind
    print(
        f"Prefect's part of the CPU: its server {behind / whole:.1%}, within the run "
        f"{(run - own) / whole:+.1%} (goal: {GOAL:.0%} together)"
    )


if __name__ == "__main__":
    main()
