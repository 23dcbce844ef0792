"""What collecting costs: `python -m benchmarks.collect [SHARED] [--copies N] [--seconds N]`.

First table: pages per second of CPU, on the saved articles served over loopback under many
addresses (another process; its CPU is not counted). A crawl is a child process; what it costs
to start one is told apart. Second table: cores used by a crawl of 25 newspapers at the default
delay, by one child for all and by a child for each as the nightly job does it.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import trafilatura
import yaml

from crawlers.child import CrawlReport, crawl
from kb.capture import Rejection
from kb.extract import documents, to_article
from kb.outlets import Outlet, load_outlets, outlet_for

SHARED = Path(__file__).resolve().parents[2] / "shared"
NEWSPAPERS = 25
_LARGEST = 60_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A saved article and the outlet it is of."""

    outlet: Outlet
    path: str
    payload: bytes

    def copy(self, number: int) -> str:
        """Return its address with another number at the end, as long as the old one."""
        *_, last = re.finditer(r"\d+", self.path)
        width = len(last.group())
        changed = (int(last.group()) + number) % 10**width
        return f"{self.path[: last.start()]}{changed:0{width}}{self.path[last.end() :]}"


def saved(shared: Path) -> list[Page]:
    """Return the saved articles."""
    outlets = load_outlets()
    pages = []
    for text in (shared / "pages" / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        outlet = outlet_for(row["url"], outlets)
        if row["kind"] == "article" and outlet is not None:
            payload = gzip.decompress((shared / "pages" / row["file"]).read_bytes())
            pages.append(Page(outlet, urlsplit(row["url"]).path, payload))
    return pages


# --- the newspapers, in a process of their own -----------------------------------------------


def serve(shared: Path, copies: int, newspapers: int) -> None:
    """Serve each outlet's articles `copies` times over, or `newspapers` papers with a page of
    each; print one JSON object of ports by name and serve until stdin is closed."""
    papers: dict[str, dict[str, bytes]] = {}
    for page in saved(shared):
        answers = papers.setdefault(page.outlet.id, {})
        answers |= {page.copy(number): page.payload for number in range(copies)}
    if newspapers:
        one = next(iter(saved(shared)))
        answers = {one.copy(number): one.payload for number in range(copies)}
        papers = {f"bao-{number:02}": answers for number in range(newspapers)}
    servers = {name: _server(answers) for name, answers in papers.items()}
    with ThreadPoolExecutor(len(servers)) as pool:
        for server in servers.values():
            pool.submit(server.serve_forever)
        print(json.dumps({n: s.server_address[1] for n, s in servers.items()}), flush=True)
        sys.stdin.read()
        for server in servers.values():
            server.shutdown()


def _server(answers: dict[str, bytes]) -> ThreadingHTTPServer:
    front = "".join(f'<a href="{path}">x</a>' for path in answers).encode()
    pages = answers | {"/": b"<html><body>" + front, "/empty": b"<html><body>"}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@contextmanager
def serving(shared: Path, copies: int, newspapers: int = 0) -> Iterator[dict[str, str]]:
    """Yield the homes of served newspapers by name."""
    command = [sys.executable, "-m", "benchmarks.collect", str(shared), "--serve"]
    command += ["--copies", str(copies), "--newspapers", str(newspapers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        ports = json.loads(process.stdout.readline())
        try:
            yield {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        finally:
            process.stdin.close()


def declare(folder: Path, homes: dict[str, str], section: str = "/", **more: object) -> Path:
    """Write the outlets' YAML: their own families and patterns on loopback."""
    folder.mkdir()
    outlets = load_outlets()
    for name, home in homes.items():
        like = outlets.get(name, next(iter(outlets.values())))
        own = {"id": name, "name": like.name, "home": home, "level": like.level}
        own |= {"family": like.family, "article_url": like.article_url}
        own |= {"sections": [home + section], "allow_private": True}
        text = yaml.safe_dump(own | more, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


# --- first table -----------------------------------------------------------------------------


def cpu(who: int, work: Callable[[], object]) -> float:
    """Return the seconds of CPU that work takes, in this process or in its children."""
    before = resource.getrusage(who)
    work()
    after = resource.getrusage(who)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def fetch(urls: list[str]) -> list[bytes]:
    """Fetch addresses as plainly as the standard library can, on one connection a host."""
    lines: dict[str, http.client.HTTPConnection] = {}
    bodies = []
    for url in urls:
        parts = urlsplit(url)
        line = lines.setdefault(parts.netloc, http.client.HTTPConnection(parts.netloc))
        line.request("GET", parts.path)
        bodies.append(line.getresponse().read())
    for line in lines.values():
        line.close()
    return bodies


def extract(report: CrawlReport, folder: Path) -> int:
    """Extract every capture of a crawl; return how many articles that gives."""
    outlets = load_outlets(folder)
    count = 0
    for item in documents(report.warcs, max_bytes=_LARGEST):
        assert not isinstance(item, Rejection), item
        count += bool(to_article(item, outlets).body)
    return count


def throughput(shared: Path, copies: int, scratch: Path) -> None:
    """Print pages per second of CPU."""
    me, children = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    pages = saved(shared)
    with serving(shared, copies) as homes:
        urls = [homes[p.outlet.id] + p.copy(n) for n in range(copies) for p in pages]
        total = len(urls)
        bodies: list[bytes] = []
        plain = cpu(me, lambda: bodies.extend(fetch(urls)))
        generic = cpu(me, lambda: [trafilatura.extract(body, fast=True) for body in bodies])
        nothing = declare(scratch / "nothing", homes, "/empty", delay=0)
        start = cpu(children, lambda: crawl(nothing, [], scratch / "start"))
        folder = declare(scratch / "outlets", homes, delay=0)
        reports: list[CrawlReport] = []
        crawled = cpu(
            children,
            lambda: reports.append(crawl(folder, [], scratch / "out", max_pages=len(urls))),
        )
    (report,) = reports
    stored = sum(counts.stored for counts in report.outlets.values())
    assert stored == total, report
    articles: list[int] = []
    extracted = cpu(me, lambda: articles.append(extract(report, folder)))
    assert articles == [total], articles
    crawled -= start
    print(f"{total} pages of {sum(map(len, bodies)) / total / 1000:.0f} KB (mean), pages/s of CPU")
    rows = (
        ("fetch alone (http.client)", plain),
        ("fetch alone, then trafilatura", plain + generic),
        ("trafilatura alone (fast)", generic),
        ("crawl: fetch, judge, log, WARC", crawled),
        ("read WARC and extract by family", extracted),
        ("crawl and extract", crawled + extracted),
    )
    for name, seconds in rows:
        print(f"  {name:34} {total / seconds:8.1f}   {1000 * seconds / total:6.2f} ms a page")
    print(f"  starting one crawl child: {start:.2f} s of CPU")


# --- second table ----------------------------------------------------------------------------


def polite(shared: Path, seconds: int, scratch: Path) -> None:
    """Print the cores that 25 newspapers at the default delay keep busy."""
    delay = Outlet.model_fields["delay"].default
    copies = max(2, int(seconds / delay))
    children = resource.RUSAGE_CHILDREN
    with serving(shared, copies, NEWSPAPERS) as homes:
        first = saved(shared)[0].outlet
        folder = declare(
            scratch / "polite", homes, article_url=first.article_url, family=first.family
        )

        def together() -> None:
            crawl(folder, [], scratch / "together")

        def apart() -> None:
            with ThreadPoolExecutor(len(homes)) as pool:
                list(pool.map(lambda name: crawl(folder, [name], scratch / name), homes))

        print(f"{len(homes)} newspapers, {copies} articles each, a request in {delay:g} s")
        for name, work in (("one child for all", together), ("a child for each", apart)):
            begun = time.monotonic()
            spent = cpu(children, work)
            wall = time.monotonic() - begun
            share = spent / wall
            print(f"  {name:20} {wall:6.1f} s, {spent:6.1f} s of CPU: {share:.2f} cores")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--copies", type=int, default=60, help="addresses of each saved article")
    parser.add_argument("--seconds", type=int, default=60, help="length of the polite crawl")
    parser.add_argument("--newspapers", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.shared, asked.copies, asked.newspapers)
        return
    with tempfile.TemporaryDirectory() as name:
        throughput(asked.shared, asked.copies, Path(name))
        polite(asked.shared, asked.seconds, Path(name))


if __name__ == "__main__":
    main()
