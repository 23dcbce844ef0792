"""The whole way from WARC to archive against the script that most people would write.

    python -m benchmarks.pipeline [--small 500] [--large 5000] [--plain 60] [--pages 210] [SHARED]

Articles a second of one core, by seconds of CPU of all processes together, which do not depend on
what else the machine does: the difference between a small and a large input, so that neither
start nor models count, for either side. `ratio` is against the plain script on the same pages in
the same run; with two workers it is by the clock, start and models included. Memory is the
largest sum of what all processes of `kb ingest` have for themselves (PSS) with two workers, for
inputs of both sizes: it must not grow.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.warcs import Corpus, saved_pages, write

KB = Path(sys.executable).with_name("kb")
GOALS = {"corpus": 20.0, "pages": 12.0, "ratio": 20.0, "memory": 1000.0}


@dataclass(frozen=True, slots=True)
class Run:
    """What one `kb ingest` took."""

    articles: int
    cpu: float
    clock: float
    peak_mb: float


class Watch(threading.Thread):
    """Notes the largest memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._root = psutil.Process(pid)
        self._ended = threading.Event()

    def run(self) -> None:
        """Look four times a second."""
        while not self._ended.wait(0.25):
            self.peak = max(self.peak, sum(map(_own, _family(self._root))))

    def end(self) -> float:
        """Stop looking; return megabytes."""
        self._ended.set()
        self.join()
        return self.peak / 1e6


def _family(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _own(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError):
        return 0


def ingest(warc: Path, folder: Path, workers: int) -> Run:
    """Run `kb ingest` into an embedded archive of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    env |= {"KB_DATA_DIR": str(folder), "KB_WORKERS": str(workers), "KB_LANGUAGE": "en"}
    began = time.perf_counter()
    # Every page of the corpus: it is Vietnamese already, and outlets are many.
    child = subprocess.Popen([KB, "ingest", warc], env=env, stderr=subprocess.PIPE, text=True)
    watch = Watch(child.pid)
    watch.start()
    assert child.stderr is not None
    said = child.stderr.read()
    _, code, used = os.wait4(child.pid, 0)
    clock, peak = time.perf_counter() - began, watch.end()
    child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode:
        raise SystemExit(f"kb ingest {warc.name} ended with {child.returncode}:\n{said}")
    return Run(_loaded(folder), used.ru_utime + used.ru_stime, clock, peak)


def _loaded(folder: Path) -> int:
    from kb.archive import Archive

    with Archive.open(f"sqlite:///{folder / 'kb.sqlite'}", create=False) as archive:
        (run, *_) = archive.runs(1)
    return int(run["counts"]["new"] + run["counts"]["changed"])


def plain(warc: Path, database: Path, count: int) -> dict[str, float]:
    """Run the plain script on the first articles, into a database that is then removed."""
    command = [sys.executable, "-m", "benchmarks.plain_script", str(warc),
               f"sqlite:///{database}", str(count)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    database.unlink()
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, size in (("small", 500), ("large", 5000), ("plain", 60), ("pages", 210)):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    given = parser.parse_args()
    corpus = Corpus.of(given.shared)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.warc.gz", folder / "large.warc.gz"
        write(small, corpus.articles(given.small))
        write(large, corpus.articles(given.large))
        few, pages = folder / "few.warc.gz", folder / "pages.warc.gz"
        write(few, saved_pages(given.shared, corpus, given.pages // 7))
        write(pages, saved_pages(given.shared, corpus, given.pages))
        print(f"{'':10}{'articles/s a core':>18}{'plain script':>14}{'ratio':>8}   its CPU: "
              "extract, read, load")  # fmt: skip
        script = _compare("corpus", small, large, folder, given.plain)
        _compare("pages", few, pages, folder, given.plain)
        print(f"\ntwo workers{'articles':>12}{'articles/s':>12}{'ratio':>8}{'peak MB':>9}")
        for path in (small, large):
            run = ingest(path, folder / f"{path.stem}-2", 2)
            rate = run.articles / run.clock
            print(f"{'':11}{run.articles:12}{rate:12.1f}{rate / script:8.1f}{run.peak_mb:9.0f}")
        print(f"\ngoals: {GOALS['corpus']:.0f} and {GOALS['pages']:.0f} articles/s a core, ratio "
              f"{GOALS['ratio']:.0f}, memory {GOALS['memory']:.0f} MB")  # fmt: skip


def _compare(kind: str, small: Path, large: Path, folder: Path, most: int) -> float:
    # The script before and after: a machine that others use as well is not always as fast.
    before = plain(large, folder / "before.sqlite", most)
    one = ingest(small, folder / f"{small.stem}-1", 1)
    two = ingest(large, folder / f"{large.stem}-1", 1)
    ours = (two.articles - one.articles) / (two.cpu - one.cpu)
    after = plain(large, folder / "after.sqlite", most)
    theirs = {name: before[name] + after[name] for name in before}
    rate = theirs["articles"] / theirs["seconds"]
    shares = ", ".join(f"{theirs[name]:.1f} s" for name in ("extract", "read", "load"))
    print(f"{kind:10}{ours:18.1f}{rate:14.2f}{ours / rate:8.1f}   {shares}", flush=True)
    return rate


if __name__ == "__main__":
    main()
