"""Serving the sample press on loopback: one HTTP server and port for each paper."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from kb.errors import ConfigError
from kb.sample.model import Paper, Press
from kb.sample.pages import Page, Site
from kb.sample.press import load_press
from kb.sample.redesigns import redesigned

HOST = "127.0.0.1"


class Request(NamedTuple):
    """One request that a paper answered."""

    paper: str
    path: str
    user_agent: str
    status: int


class SamplePress:
    """The papers, reachable while the `with` block lasts.

    Args:
        port: 0 takes free ports; N takes N, N + 1, … in the order of the papers' ids, so that
            addresses stay the same from run to run.
        edition: 1, or 2 in which one story has been rewritten; may be set while serving.
        press: what to serve instead of the bundled papers.

    Raises:
        ConfigError: a port is taken, or the edition is neither 1 nor 2.
    """

    def __init__(self, port: int = 0, edition: int = 1, press: Press | None = None) -> None:
        self.press = press or load_press()
        self.requests: list[Request] = []
        self.edition = edition
        self.redesigns: dict[str, str] = {}
        """By paper the name of the new layout that it has from the next request on (see
        `redesigns.yaml`)."""
        self._port = port
        self._bases: dict[str, str] = {}
        self._open = ExitStack()

    @property
    def edition(self) -> int:
        """Which edition is served from the next request on."""
        return self._edition

    @edition.setter
    def edition(self, number: int) -> None:
        if number not in {1, 2}:
            raise ConfigError(f"sample press: edition must be 1 or 2, not {number!r}")
        self._edition = number

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            for offset, paper in enumerate(self.press.papers.values()):
                self._start(paper, self._port and self._port + offset, opened)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def home(self, paper: str) -> str:
        """Return the address of a paper's front page, with the slash at its end."""
        return f"{self._bases[paper]}/"

    def url(self, paper: str, slug: str) -> str:
        """Return the address of a story; KeyError if the paper has none of that slug."""
        paths = {article.slug: article.path for article in self.press.papers[paper].articles}
        return self._bases[paper] + paths[slug]

    def answer(self, paper: str, path: str) -> Page:
        """Return what a paper answers to a path in the edition now served."""
        site = Site(self.press.papers[paper], self._bases[paper], self.press.today, self.edition)
        page = site.page(path)
        if paper not in self.redesigns or page.media_type.startswith("image/"):
            return page
        return replace(page, body=redesigned(page.body.decode(), self.redesigns[paper]).encode())

    def _start(self, paper: Paper, port: int, opened: ExitStack) -> None:
        try:
            server = _Server((HOST, port), _Handler)
        except OSError as error:
            raise ConfigError(f"sample press: port {port} cannot be used: {error}") from error
        server.sample, server.paper = self, paper.id
        opened.callback(server.server_close)
        thread = Thread(target=server.serve_forever, args=(0.05,), name=f"sample-{paper.id}")
        thread.start()
        opened.callback(thread.join)
        opened.callback(server.shutdown)
        self._bases[paper.id] = f"http://{HOST}:{server.server_address[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    sample: SamplePress
    paper: str


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        page = self.server.sample.answer(self.server.paper, urlsplit(self.path).path)
        tag = f'"{hashlib.sha256(page.body).hexdigest()[:32]}"'
        known = {part.strip() for part in self.headers.get("If-None-Match", "").split(",")}
        status = 304 if page.status == 200 and tag in known else page.status
        agent = self.headers.get("User-Agent", "")
        self.server.sample.requests.append(Request(self.server.paper, self.path, agent, status))
        self.send_response(status)
        self.send_header("ETag", tag)
        if page.modified:
            stamp = format_datetime(page.modified.astimezone(UTC), usegmt=True)
            self.send_header("Last-Modified", stamp)
        if status != 304:
            charset = "" if page.media_type.startswith("image/") else "; charset=utf-8"
            self.send_header("Content-Type", page.media_type + charset)
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if status != 304 and self.command == "GET":
            self.wfile.write(page.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on stderr: `SamplePress.requests` is the log."""
