"""The archive's size and speed, beside raw SQL, DuckDB and tantivy, in one run.

Usage: python -m benchmarks.archive [--articles 100000] [--url DATABASE_URL] [--keep FILE]
       [--ask 100000,300000] [--json FILE]

Articles are drawn anew from sentences of real press (`archive_articles.py`), 40 mentions each.
Passages that stand in earlier articles are not looked for: here every sentence would be one
(`benchmarks.reuse` measures that). The rows of the first batches are also written by sqlite3 or
psycopg alone (`archive_raw.py`, `archive_copy.py`): the loader's own work (analysis, packing,
looking up what is known, deciding) is what it costs on top.
A run that was cut off goes on with the archive that it was to keep.
With `--ask` the same questions are asked at several sizes on the way; `--json` keeps all figures,
of which `benchmarks.growth` draws a picture.
DuckDB and tantivy run where `.venv/rivals` is set up (`make .venv/rivals/.ready`).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

from benchmarks.archive_articles import INITIATIVES, Pair, Press
from benchmarks.archive_copy import beside_copy, server_cpu
from benchmarks.archive_raw import beside_raw
from flows.stages import LOAD
from kb.archive import Archive, Query
from kb.archive.reuse import store

BATCH = LOAD
RIVALS = Path(".venv/rivals/bin/python")
WORDS = (
    "và", "của", "không", "người", "thành phố", "Hà Nội", "văn hóa", "sáng tạo", "unesco", "gốm",
    "di sản", "bóng đá", "ngân hàng", "học sinh", "giá vàng", "bán", "ban", "va", "van hoa",
    "xe buýt",
    '"thành phố Hồ Chí Minh"', '"không gian"', '"khong gian"', '"cho biết"', '"ủy ban nhân dân"',
    "thành NOT phố", "gốm OR sứ", "nghệ*", "thi*", "NEAR(thành phố, 3)", "title:Hà", "-và",
    "NEAR(của người, 5)", "NEAR(cua nguoi, 5)", '"của người"', '"không gian" OR gốm',
)  # fmt: skip


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--url", help="default: SQLite in a scratch folder")
    parser.add_argument("--loaded", help="an archive that an earlier run has kept: only ask it")
    parser.add_argument(
        "--compared",
        type=int,
        default=25_000,
        help="how many of the articles the driver alone writes, too",
    )
    parser.add_argument("--keep", type=Path, help="where the SQLite archive is to stay")
    parser.add_argument("--ask", default="", help="sizes at which to ask, before the last")
    parser.add_argument("--json", type=Path, help="where the figures are to be written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "kb.sqlite"
        url = options.loaded or options.url or f"sqlite:///{path}"
        with Archive.open(url) as archive:
            found = Figures(options.json, begun=_articles(archive) > 0)
            if not options.loaded:
                ask = {int(size) for size in options.ask.split(",") if size}
                load(archive, options.articles, options.compared, found, ask - {options.articles})
            if archive.engine.dialect.name == "postgresql":  # as its autovacuum does by and by
                with archive.engine.connect() as plain:
                    connection = plain.execution_options(isolation_level="AUTOCOMMIT")
                    connection.exec_driver_sql("VACUUM ANALYZE")
            look(archive, found)
        if not options.loaded and url.startswith("sqlite"):
            rivals(path, Path(folder))


class Figures:
    """What was measured, written anew whenever something is added."""

    def __init__(self, path: Path | None, begun: bool) -> None:
        """`begun`: the file's figures of an earlier run stay."""
        self._path = path
        kept = path.read_text() if begun and path and path.is_file() else "[]"
        self.rows: list[dict[str, Any]] = json.loads(kept)

    def add(self, what: str, articles: int, **values: float) -> None:
        """Keep figures of one thing at one size of the archive."""
        self.rows.append({"what": what, "articles": articles, **values})
        if self._path:
            self._path.write_text(json.dumps(self.rows, indent=1, ensure_ascii=False) + "\n")


def load(archive: Archive, count: int, compared: int, found: Figures, ask: set[int]) -> None:
    """Load articles batch by batch, print the rate of each tenth, ask at some sizes on the way."""
    batches, step = _batches(Press().articles(count)), max(BATCH, count // 10)
    if archive.engine.dialect.name == "postgresql":
        beside_copy(archive, batches, step, compared)
        return
    begun = done = since = _articles(archive)
    seconds = cpu = 0.0
    with patch.object(store, "add", lambda *_: None), beside_raw(archive) as beside:
        for batch in islice(batches, done // BATCH, None):
            wall, busy = time.perf_counter(), time.process_time()
            archive.load(batch, None)
            took = time.perf_counter() - wall, time.process_time() - busy
            seconds, cpu, done = seconds + took[0], cpu + took[1], done + len(batch)
            if done <= compared and not begun:
                beside.batch(*took)
            if done // step > since // step:
                rate, of_cpu = (done - since) / seconds, (done - since) / cpu
                print(
                    f"load {done:9,} articles: {rate:7.0f}/s, {of_cpu:7.0f}/s of CPU {beside}",
                    flush=True,
                )
                found.add("load", done, rate=rate, cpu_rate=of_cpu, raw=beside.ratio)
                since, seconds, cpu = done, 0.0, 0.0
            if any(done - len(batch) < size <= done for size in ask):
                look(archive, found)


def look(archive: Archive, found: Figures) -> None:
    """Print sizes and times of answers."""
    count = _articles(archive)
    sizes(archive, count, found)
    reads(archive, count, found)


def _articles(archive: Archive) -> int:
    with archive.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM article")).scalar_one())


def _batches(pairs: Iterator[Pair]) -> Iterator[list[Pair]]:
    while batch := list(islice(pairs, BATCH)):
        yield batch


def sizes(archive: Archive, count: int, found: Figures) -> None:
    """Print bytes an article, by table."""
    with archive.engine.connect() as connection:
        if archive.engine.dialect.name == "sqlite":
            sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC"
        else:
            sql = ("SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
                   " ORDER BY 2 DESC")  # fmt: skip
        rows = [(name, size) for name, size in connection.execute(text(sql))]
    size = sum(size for _, size in rows) / count
    print(f"size {size:6.0f} bytes an article, {count:,} articles")
    found.add("size", count, bytes=float(size))
    for name, size in rows[:12]:
        print(f"     {size / count:6.0f} {name}")


@contextmanager
def measured(
    name: str, samples: dict[str, list[tuple[float, float]]], server: Sequence[int]
) -> Iterator[None]:
    """Note how long something takes, in ms of wall clock and of CPU, here and on the server.

    The second tells what a busy machine adds to the first; `server` are its processes.
    """
    wall, cpu = time.perf_counter(), time.process_time() + server_cpu(server)
    yield
    busy = time.process_time() + server_cpu(server) - cpu
    took = (time.perf_counter() - wall) * 1000, busy * 1000
    samples.setdefault(name, []).append(took)


def sessions(archive: Archive) -> list[int]:
    """Return the process of PostgreSQL that answers; none on SQLite."""
    if archive.engine.dialect.name == "sqlite":
        return []
    with archive.engine.connect() as connection:
        return [connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()]


def reads(archive: Archive, count: int, found: Figures) -> None:
    """Print p50 and p95 of what people ask, each question asked three times."""
    draw, samples = random.Random(7), dict[str, list[tuple[float, float]]]()
    actors = [f"actor-{n}" for n in (0, 4, 8, 12, 40, 100)]
    actors += [f"actor-{draw.randrange(5_000) * 4}" for _ in range(14)]
    asked: dict[str, list[Callable[[], object]]] = {
        "search newest": [lambda q=q: archive.search(Query(q)) for q in WORDS],
        "search ranked": [lambda q=q: archive.search(Query(q, order="relevance")) for q in WORDS],
        "search in one initiative": [
            lambda q=q: archive.search(Query(q, initiatives=(INITIATIVES[0],))) for q in WORDS
        ],
        "facets of a search": [lambda q=q: archive.facets(Query(q)) for q in WORDS],
        "histogram of a search": [lambda q=q: archive.histogram(Query(q)) for q in WORDS],
        "actor by month": [lambda a=a: archive.histogram(Query(actors=(a,))) for a in actors],
        "initiative timeline": [
            lambda i=i: archive.histogram(Query(initiatives=(i,)), "week") for i in INITIATIVES
        ],
        "share of voice, six": [lambda: archive.share_of_voice(INITIATIVES)],
        "share of voice, actors": [
            lambda n=n: archive.share_of_voice(actors[n : n + 5]) for n in range(15)
        ],
        "co-mentions": [lambda a=a: archive.co_mentions(a) for a in actors],
    }
    server = sessions(archive)
    for name, questions in asked.items():
        slowest = (0.0, 0)
        for _ in range(3):
            for number, question in enumerate(questions):
                with measured(name, samples, server):
                    question()
                slowest = max(slowest, (samples[name][-1][1], number))
        wall, cpu = (sorted(part) for part in zip(*samples[name], strict=True))
        last = min(len(wall) - 1, round(len(wall) * 0.95))
        what = WORDS[slowest[1]] if "search" in name else ""
        found.add(
            name, count, p50=statistics.median(wall), p95=wall[last],
            cpu_p50=statistics.median(cpu), cpu_p95=cpu[last],
        )  # fmt: skip
        print(
            f"{name:26} wall p50 {statistics.median(wall):7.1f} p95 {wall[last]:7.1f}"
            f" | CPU p50 {statistics.median(cpu):7.1f} p95 {cpu[last]:7.1f} max {cpu[-1]:7.1f} ms"
            f" {what}",
            flush=True,
        )


def rivals(archive: Path, folder: Path) -> None:
    """Ask DuckDB and tantivy the same on the same articles."""
    if not RIVALS.is_file():
        print("DuckDB, tantivy: not measured; `make .venv/rivals/.ready` sets them up")
        return
    program = Path(__file__).with_name("archive_rivals.py")
    plain = [w for w in WORDS if not {"OR", "NOT"} & set(w.split())]
    words = json.dumps([w for w in plain if w.replace('"', "").replace(" ", "").isalpha()])
    subprocess.run([RIVALS, program, archive, folder, words], check=False)


if __name__ == "__main__":
    sys.exit(main())
