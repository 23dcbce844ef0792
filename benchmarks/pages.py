"""How fast the pages of the desk answer on a large archive, asked by many at once.

    python -m benchmarks.pages                      # makes 10,000 articles with facts first
    python -m benchmarks.pages --archive kb.sqlite  # an archive that is there; it is only read

The real application runs in a process of its own. Server time is what the application needs from
the request to the last byte of its answer (header Server-Timing), bytes are those over the wire.
`first` is the very first request, when nothing is kept yet; then one client alone; then all
clients at once, each waiting `--pause` seconds between its questions as a reader would.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks.archive_articles import INITIATIVES, Pair, Press
from kb.archive import Archive, EntryRow, Query
from kb.archive.reuse import store
from kb.reading import Assignment, Commitment, Quote

BATCH = 250
ACTORS = tuple(f"actor-{n * 4}" for n in range(8))
QUOTES, SERVED, ALONE = 3, 200, 20
_DUE = ("2024-12-31", "2025-06-30", "2026-12-31")


def main() -> None:
    """Make an archive or take one, serve it, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--archive", help="SQLite file or URL; default: one is made")
    parser.add_argument("--articles", type=int, default=10_000, help="of the one that is made")
    parser.add_argument("--keep", type=Path, help="where the one that is made is to stay")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--requests", type=int, default=10, help="of each client for each page")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds; 0: as fast as it goes")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        made = options.keep or Path(folder) / "kb.sqlite"
        url = options.archive or str(made)
        url = url if "://" in url else f"sqlite:///{Path(url).resolve()}"
        if not options.archive and not made.exists():
            make(url, options.articles)
        (Path(folder) / "registry").mkdir()
        (Path(folder) / "registry" / "bench.yaml").write_text(registry(), "utf-8")
        with served(url, Path(folder)) as server:
            measure(server, url, options.clients, options.requests, options.pause)


# --- an archive with facts ---------------------------------------------------------------------


def make(url: str, count: int) -> None:
    """Write articles with mentions, quotes, commitments and assignments."""
    began = time.perf_counter()
    with Archive.open(url) as archive, patch.object(store, "add", lambda *_: None):
        archive.sync_registry(
            EntryRow(one, "initiative", one, None, "local", "uccn", None, {}) for one in INITIATIVES
        )
        pairs = (told(pair, number) for number, pair in enumerate(Press().articles(count)))
        while batch := list(itertools.islice(pairs, BATCH)):
            archive.load(batch, None)
    print(f"made {count:,} articles in {time.perf_counter() - began:.0f} s", flush=True)


def told(pair: Pair, number: int) -> Pair:
    """Return an article with facts in the sentences of its first mentions."""
    article, reading = pair
    spans = [(one.sentence_start, one.sentence_end) for one in reading.mentions]
    draw = random.Random(number)
    places = sorted(draw.sample(sorted(set(spans)), min(len(set(spans)), QUOTES + 2)))
    initiative, actor = draw.choice(INITIATIVES), draw.choice(ACTORS)
    about = {one.entity_id for one in reading.mentions}
    initiative_id = next((one for one in INITIATIVES if one in about), initiative)
    quotes = tuple(
        Quote(actor, f"Tên {actor}", None, True, article.body[a:b], "cho biết", "body", a, b)
        for a, b in places[:QUOTES]
    )
    due = draw.choice(_DUE)
    commitments = tuple(
        Commitment(initiative_id, actor, f"Tên {actor}", article.body[a:b], due, due, None, None,
                   "body", a, b)
        for a, b in places[QUOTES : QUOTES + 1]
    )  # fmt: skip
    assignments = tuple(
        Assignment(actor, f"Tên {actor}", "lead", article.body[a:b], initiative_id, False,
                   "body", a, b)
        for a, b in places[QUOTES + 1 :]
    )  # fmt: skip
    return article, replace(
        reading, quotes=quotes, commitments=commitments, assignments=assignments
    )


def registry() -> str:
    """Return a registry file with the actors that have a page."""
    rows = [
        f"  - {{id: {one}, kind: org, name: Đơn vị thử {one}, sources: ['https://vidu.example/']}}"
        for one in ACTORS
    ]
    return "\n".join(["id: bench", "name: Đo thử", "name_en: Benchmark", "entries:", *rows]) + "\n"


# --- the server ----------------------------------------------------------------------------------


class Timed:
    """ASGI middleware: how long the application took until it had its whole answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, hold)
        took = (time.perf_counter() - began) * 1000
        for message in held:
            if message["type"] == "http.response.start":
                message["headers"].append((b"server-timing", f"app;dur={took:.2f}".encode()))
            await send(message)


def serve(port: int) -> None:
    """Serve the archive of the settings until the process is ended."""
    import uvicorn

    from kb.web import create_app

    uvicorn.run(Timed(create_app()), host="127.0.0.1", port=port, log_level="critical")


class served:
    """The application over an archive in a process of its own: its address and number."""

    base: str
    pid: int

    def __init__(self, url: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._settings = {
            **os.environ,
            "KB_DATABASE_URL": url,
            "KB_DATA_DIR": str(folder),
            "KB_REGISTRIES": str(folder / "registry"),
            "KB_API_RATE": "1000000/minute",
        }

    def __enter__(self) -> served:
        command = [sys.executable, "-m", "benchmarks.pages", "--serve", str(self._port)]
        self._process = subprocess.Popen(command, env=self._settings)
        self.base, self.pid = f"http://127.0.0.1:{self._port}", self._process.pid
        while self._process.poll() is None:
            try:
                httpx.get(f"{self.base}/static/icon.svg")
                return self
            except httpx.TransportError:
                time.sleep(0.2)
        raise SystemExit("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


# --- asking ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """Milliseconds in the server, and bytes of the body over the wire."""

    server: float
    size: int


def pages(url: str) -> dict[str, list[str]]:
    """Return by name the addresses that are asked for in turn."""
    with Archive.open(url, create=False) as archive:
        hits = archive.search(Query(limit=SERVED)).hits
    numbers = [hit.article_id for hit in hits[:: max(1, len(hits) // 20)]]
    return {
        "home": ["/"],
        "home, programme": ["/?kind=initiative&kind=programme"],
        "article": [f"/articles/{number}" for number in numbers],
        "initiative": [f"/initiatives/{one}" for one in INITIATIVES],
        "actor": [f"/actors/{one}" for one in ACTORS],
        "commitments": ["/commitments", f"/commitments?initiative={INITIATIVES[0]}"],
        "assignments": ["/assignments", f"/assignments?initiative={INITIATIVES[1]}"],
        "quotes": ["/quotes", f"/quotes?initiative={INITIATIVES[2]}"],
    }


def measure(server: served, url: str, clients: int, requests: int, pause: float) -> None:
    """Print a line for each page; CPU is that of the server, of one request on average."""
    base = server.base
    print(
        f"{'ms in the server':17}{'first':>8}{'alone p50':>12}{'p95':>8}{'CPU':>8}"
        f"{f'{clients} at once p50':>17}{'p95':>8}{'CPU':>8}{'KB':>8}"
    )
    for name, paths in pages(url).items():
        with httpx.Client(base_url=base, timeout=300) as client:
            first = [ask(client, path) for path in paths]
            before = cpu(server.pid)
            alone = [ask(client, path) for path in itertools.islice(itertools.cycle(paths), ALONE)]
            between = cpu(server.pid)
        with ThreadPoolExecutor(clients) as crowd:
            work = [(base, _from(paths, n, requests), pause, n) for n in range(clients)]
            many = [one for found in crowd.map(lambda one: visitor(*one), work) for one in found]
        after = cpu(server.pid)
        print(
            f"{name:17}{max(one.server for one in first):8.1f}"
            f"{_at(alone, 50):12.1f}{_at(alone, 95):8.1f}{(between - before) * 1000 / ALONE:8.1f}"
            f"{_at(many, 50):17.1f}{_at(many, 95):8.1f}{(after - between) * 1000 / len(many):8.1f}"
            f"{max(one.size for one in many) / 1000:8.1f}",
            flush=True,
        )
    style = httpx.get(f"{base}/static/style.css")
    print(f"style.css: {int(style.headers['content-length']) / 1000:.1f} KB, kept by the browser")


def cpu(process: int) -> float:
    """Return the seconds of CPU that a process has had, all its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def visitor(base: str, paths: Iterable[str], pause: float, seed: int) -> list[Answer]:
    """Ask for some pages, one after the other."""
    draw = random.Random(seed)
    found = []
    with httpx.Client(base_url=base, timeout=300) as client:
        for path in paths:
            time.sleep(draw.uniform(0, 2 * pause))
            found.append(ask(client, path))
    return found


def ask(client: httpx.Client, path: str) -> Answer:
    """Ask for one page."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    took = float(answer.headers["server-timing"].partition("dur=")[2])
    return Answer(took, answer.num_bytes_downloaded)


def _from(paths: Sequence[str], start: int, count: int) -> Iterator[str]:
    return itertools.islice(itertools.cycle(paths), start, start + count)


def _at(answers: Sequence[Answer], percent: int) -> float:
    return statistics.quantiles((one.server for one in answers), n=100)[percent - 1]


if __name__ == "__main__":
    main()
