"""Newspapers in trouble: one that answers no connection, one that falls silent mid-night."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import yaml

STORY = "/cho-hoa-mo-cua-tro-lai-1.html"
SILENT = "/cau-moi-thong-xe-2.html"
PAGE = """<html><head><title>Chợ hoa mở cửa trở lại</title>
<meta property="article:published_time" content="2026-11-20T06:00:00+07:00"></head>
<body><article><h1>Chợ hoa mở cửa trở lại</h1>
<p>Sáng 20/11, chợ hoa ven sông mở cửa trở lại sau ba tháng sửa mái, với 84 quầy hàng.</p>
<p>Ban quản lý cho biết các tiểu thương được miễn phí thuê chỗ đến hết tháng 1 năm sau.</p>
<p>Buổi đầu tiên, khách đến từ bốn giờ sáng và phần lớn hoa đã bán hết trước bình minh.</p>
</article></body></html>"""


def declare(folder: Path, name: str, home: str) -> None:
    """Write the YAML of an outlet on loopback with a front page and nothing else."""
    entry = {
        "id": name, "name": name.title(), "home": home, "level": "local", "family": "generic",
        "sections": [f"{home}/"], "article_url": r"-\d+\.html$", "delay": 0, "concurrency": 1,
        "allow_private": True,
    }  # fmt: skip
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(entry), encoding="utf-8")


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def falling_silent() -> Iterator[tuple[str, Event]]:
    """Serve a front page and one story; the second story is never answered.

    Yields the address, and an event that is set when the second story has been asked for.
    """
    asked, over = Event(), Event()
    front = f'<a href="{STORY}">Chợ hoa</a> <a href="{SILENT}">Cầu mới</a>'
    pages = {"/": front, STORY: PAGE, "/robots.txt": "User-agent: *\nAllow: /\n"}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == SILENT:
                asked.set()
                over.wait(900)
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            kind = "text/plain" if self.path.endswith(".txt") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # whoever asked has gone: that is what these tests do
                return

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def no_http() -> Iterator[int]:
    """Answer on a port as SSH does while the block lasts."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
