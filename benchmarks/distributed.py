"""A backfill by Dask workers into one PostgreSQL: scaling, and a worker that is killed.

    python -m benchmarks.distributed [--articles 20000] [--workers 2] [--namespaces] [--server URL]

The same articles (of `SHARED/corpus`, written again so that all differ, as WARC files on an HTTP
server) are loaded three times, each time into an empty database: by one worker with everything
(worker, scheduler, writer, PostgreSQL's process of the connection) on one core; by `--workers` on
all cores; and again by these, one of them killed with -9 in the middle. Workers have data folders
of their own; with `--namespaces` (root) also networks of their own, from which only scheduler and
HTTP server can be reached: they never see the archive. Says articles a second, seconds of CPU an
article by role, and whether all three archives are the same. Needs an idle machine: scaling is of
the clock.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import make_url

from benchmarks.namespaces import HERE, namespaces, store
from benchmarks.warcs import Corpus, write
from flows.backfill import backfill
from flows.cluster import close, connected, present
from flows.parcel import Registries
from flows.runner import PlainRunner
from flows.stages import Given, read_batch
from kb.archive import Archive
from kb.article import Article
from kb.extract import Document, pages_between
from kb.settings import Settings

KB = Path(sys.executable).with_name("kb")
FILES = 4
SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
GOAL = 1.7
MANY = 100_000_000


@dataclass(slots=True)
class Measured:
    """What one run took."""

    articles: int
    clock: float
    digest: str
    cpu: dict[str, float] = field(default_factory=dict)
    """Seconds by role: workers, scheduler, writer, database."""

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.clock


class Cluster:
    """A scheduler and workers, each a process tree with a data folder of its own."""

    def __init__(self, folder: Path, host: str, places: list[str], stack: ExitStack) -> None:
        """Start them; `places` are network namespaces, empty names for none."""
        self.roots: dict[str, list[psutil.Process]] = {"scheduler": [], "workers": []}
        self._spent: dict[tuple[str, int], float] = {}
        self.address = f"tcp://{host}:{self._scheduler(folder, host, stack)}"
        for number, place in enumerate(places):
            entered = ["ip", "netns", "exec", place] if place else []
            home = folder / f"worker-{number}"
            child = _start(home, [*entered, str(KB), "cluster", "worker", self.address], stack)
            self.roots["workers"].append(psutil.Process(child.pid))
        while len(present(self.address)) < len(places):
            time.sleep(0.5)

    def _scheduler(self, folder: Path, host: str, stack: ExitStack) -> str:
        words = ["cluster", "scheduler", "--host", host, "--port", "0"]
        child = _start(folder / "scheduler", [str(KB), *words], stack)
        self.roots["scheduler"].append(psutil.Process(child.pid))
        log = folder / "scheduler" / "log.txt"
        while not (found := re.search(r"Scheduler at:\s+tcp://\S+:(\d+)", log.read_text("utf-8"))):
            if child.poll() is not None:
                raise SystemExit(f"scheduler ended with {child.returncode}: {log.read_text()}")
            time.sleep(0.2)
        return found[1]

    def warm(self) -> None:
        """Let each worker load its models, which a backfill of years does not notice."""
        client: Any = connected(self.address)
        client.run(
            read_batch, Registries(), [Article("Hà Nội", "", "Ông Trần Văn Lâm thăm Hà Nội.")]
        )
        close(client)

    def note(self) -> None:
        """Note the CPU that each process has used so far; those that ended keep what they had."""
        for role, roots in self.roots.items():
            for one in (each for root in roots for each in _family(root)):
                try:
                    used = one.cpu_times()
                    self._spent[role, one.pid] = used.user + used.system
                except psutil.NoSuchProcess:
                    continue

    def spent(self, role: str) -> float:
        """Return seconds of CPU."""
        self.note()
        return sum(used for (one, _), used in self._spent.items() if one == role)

    def kill_one(self) -> None:
        """Kill a worker and what would start it again."""
        self.note()
        for one in _family(self.roots["workers"].pop()):
            with suppress(ProcessLookupError):  # a worker whose nanny is gone ends by itself
                os.kill(one.pid, signal.SIGKILL)


def _start(home: Path, command: list[str], stack: ExitStack) -> subprocess.Popen[bytes]:
    home.mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    env |= {"KB_DATA_DIR": str(home), "KB_WORKERS": "1", "OMP_NUM_THREADS": "1"}
    with (home / "log.txt").open("wb") as log:
        child = subprocess.Popen(command, cwd=home, env=env, stdout=log, stderr=log)
    stack.callback(child.wait)
    stack.callback(child.terminate)
    return child


def _family(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make an empty database; drop it at the end."""
    address, name = make_url(server), f"kb_distributed_{secrets.token_hex(4)}"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(
    files: list[str],
    given: argparse.Namespace,
    host: str,
    places: list[str],
    *,
    cores: set[int],
    kill_at: int | None = None,
) -> Measured:
    """Load files into an empty database by new workers, on some cores alone."""
    everything = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)  # children inherit it
    try:
        with ExitStack() as stack, tempfile.TemporaryDirectory() as name:
            url = stack.enter_context(database(given.server))
            cluster = Cluster(Path(name), host, places, stack)
            chosen = Settings(data_dir=Path(name), database_url=url, dask=cluster.address)
            archive = stack.enter_context(Archive.open(url))
            cluster.warm()
            behind = _Database(url)
            dealt = killed = 0

            def watch(_: str, count: int) -> None:
                nonlocal dealt, killed
                dealt += count
                behind.note(cores)
                if kill_at is not None and dealt >= kill_at and not killed:
                    cluster.kill_one()
                    killed += 1

            behind.note(cores)
            begun = {role: cluster.spent(role) for role in cluster.roots}
            before = (time.perf_counter(), time.process_time())
            done = backfill(archive, PlainRunner(), chosen, files, given=Given(), say=watch)
            clock, own = time.perf_counter() - before[0], time.process_time() - before[1]
            measured = Measured(done.tally.count.new, clock, "")
            measured.cpu = {
                **{role: cluster.spent(role) - used for role, used in begun.items()},
                "writer": own,
                "database": behind.note(cores),
            }
            if done.failed or done.tally.rejected or killed != (kill_at is not None):
                raise SystemExit(f"not as expected: {done.failed} {done.tally.rejected[:3]}")
            measured.digest = archive.content_hash()
            return measured
    finally:
        os.sched_setaffinity(0, everything)


class _Database:
    """PostgreSQL's processes of our connections, where it runs on this machine."""

    def __init__(self, url: str) -> None:
        self._plain = make_url(url).set(drivername="postgresql")
        self._spent: dict[int, float] = {}

    def note(self, cores: set[int]) -> float:
        """Keep them on some cores; return seconds of CPU so far."""
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        with psycopg.connect(self._plain.render_as_string(hide_password=False)) as connection:
            for (pid,) in connection.execute(asked):
                try:
                    process = psutil.Process(pid)
                    if "postgres" not in process.name():
                        continue
                    os.sched_setaffinity(pid, cores)
                    used = process.cpu_times()
                    self._spent[pid] = used.user + used.system
                except (psutil.Error, PermissionError, ProcessLookupError):
                    continue
        return sum(self._spent.values())


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--namespaces", action="store_true")
    parser.add_argument("--server", default=SERVER)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    given = parser.parse_args()
    cores = os.sched_getaffinity(0)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        host, places = "127.0.0.1", [""] * given.workers
        if given.namespaces:
            host, places = HERE, stack.enter_context(namespaces(given.workers))
        pages, size = Corpus.of(given.shared).articles(given.articles), -(-given.articles // FILES)
        for number in range(FILES):
            write(folder / f"press-{number}.warc.gz", islice(pages, size))
        there = stack.enter_context(store(folder, host))
        files = [f"{there}/press-{number}.warc.gz" for number in range(FILES)]
        mb, busy = sum(one.stat().st_size for one in folder.iterdir()) / 1e6, os.getloadavg()[0]
        print(f"{given.articles} articles, {mb:.0f} MB of WARC by HTTP; load before: {busy:.1f}")
        print(f"{'':34}{'articles/s':>11}   ms of CPU an article")
        one = _say("one core, one worker", run(files, given, host, places[:1],
                                               cores={min(cores)}))  # fmt: skip
        name = f"{len(cores)} cores, {given.workers} workers"
        all_ = _say(name, run(files, given, host, places, cores=cores))
        half = given.articles // 2
        cut = run(files, given, host, places, cores=cores, kill_at=half)
        _say(f"{name}, one killed", cut)
        print(
            f"\nscaling {all_.rate / one.rate:.2f} (goal {GOAL}); the three archives are "
            f"{'the same' if len({one.digest, all_.digest, cut.digest}) == 1 else 'DIFFERENT'}"
        )
        print(f"opening WARC files: {_opening(folder):.0f} MB of pages a second of one core")
        _calculate(all_, one)


def _opening(folder: Path) -> float:
    """Return how many megabytes of pages one core takes out of WARC files a second."""
    began, size = time.process_time(), 0
    for path in folder.glob("*.warc.gz"):
        part = (0, path.stat().st_size)
        pages = pages_between(path, part, max_bytes=10**8)
        size += sum(len(one.payload) for one in pages if isinstance(one, Document))
    return size / 1e6 / (time.process_time() - began)


def _calculate(run: Measured, alone: Measured) -> None:
    """Say what a cluster of many cores would take for many articles, from CPU by role."""
    ms = {role: min(1000 * one.cpu[role] / one.articles for one in (run, alone))
          for role in run.cpu}  # fmt: skip
    writer = ms["writer"] + ms["database"]  # one after the other: the writer waits for PostgreSQL
    rates = {"a reading core": ms["workers"], "the writer with PostgreSQL": writer,
             "the scheduler": max(ms["scheduler"], 0.01)}  # fmt: skip
    print("articles/s: " + ", ".join(f"{who} {1000 / one:.0f}" for who, one in rates.items()))
    print(f"the writer is busy from {ms['workers'] / writer:.1f} reading cores on")
    for cores in (2, 8, 64):
        rate = min(1000 * cores / ms["workers"], 1000 / writer)
        hours = MANY / rate / 3600
        print(f"{cores:3} cores: {rate:7.0f} articles/s, {MANY:,} in {hours:7.0f} h; reading alone "
              f"{MANY * ms['workers'] / 1000 / 3600:,.0f} core hours")  # fmt: skip


def _say(name: str, one: Measured) -> Measured:
    parts = (f"{role} {1000 * used / one.articles:.1f}" for role, used in one.cpu.items())
    print(f"{name:34}{one.rate:11.1f}   {', '.join(parts)}", flush=True)
    return one


if __name__ == "__main__":
    main()
