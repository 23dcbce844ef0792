"""A newspaper of a few pages on loopback whose every answer a test can set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

import yaml


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """One request as the newspaper saw it; `at` is a monotonic clock's seconds."""

    path: str
    headers: dict[str, str]
    at: float


Reply = Answer | Callable[[Hit], Answer]


class Site:
    """Pages by path with query; a page may be a function of the request."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.home = f"http://{self.host}"
        self.pages: dict[str, Reply] = {}
        self.hits: list[Hit] = []

    def note(self, path: str) -> None:
        """Add a request whose headers do not matter."""
        self.hits.append(Hit(path, {}, monotonic()))

    def paths(self) -> list[str]:
        """Return what was asked for, in order, without robots.txt."""
        return [hit.path for hit in self.hits if hit.path != "/robots.txt"]

    def article(self, path: str, text: str, **headers: str) -> None:
        """Put up an article page."""
        body = f"<html><head><title>{text}</title></head><body><p>{text}.</p></body></html>"
        self.pages[path] = Answer(body.encode(), headers=headers)

    def section(self, path: str, *links: str) -> None:
        """Put up a page of links."""
        anchors = "".join(f'<a href="{link}">Đọc tiếp</a>' for link in links)
        self.pages[path] = Answer(f"<html><body>{anchors}</body></html>".encode())

    def feed(self, path: str, *items: tuple[str, str]) -> None:
        """Put up an RSS feed of (address, RFC 822 date)."""
        rows = "".join(
            f"<item><link><![CDATA[ {self.home}{link} ]]></link><pubDate>{date}</pubDate></item>"
            for link, date in items
        )
        xml = f'<?xml version="1.0"?><rss version="2.0"><channel>{rows}</channel></rss>'
        self.pages[path] = Answer(xml.encode(), type="application/rss+xml")

    def outlet(self, folder: Path, **more: object) -> Path:
        """Write the outlet's YAML (id `thu`) into a folder and return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        entry = {
            "id": "thu",
            "name": "Báo Thử",
            "home": self.home,
            "level": "local",
            "family": "generic",
            "article_url": r"-\d+\.html$",
            "delay": 0,
            "allow_private": True,
            "sections": [f"{self.home}/"],
        } | more
        text = yaml.safe_dump(entry, allow_unicode=True)
        (folder / f"{entry['id']}.yaml").write_text(text, encoding="utf-8")
        return folder


@contextmanager
def site() -> Iterator[Site]:
    """Serve an empty newspaper: everything is 404 until a test puts it up."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            hit = Hit(self.path, dict(self.headers), monotonic())
            served.hits.append(hit)
            reply = served.pages.get(self.path, Answer(b"<p>404</p>", status=404))
            answer = reply(hit) if callable(reply) else reply
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            with suppress(ConnectionError):  # the crawl may have been killed meanwhile
                self.end_headers()
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
