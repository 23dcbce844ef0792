"""Network namespaces for workers: each with one address of its own, and nothing else of this
machine's network. Needs root and `ip` (iproute2)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

HERE = "10.231.7.1"
_BRIDGE = "kbbench"


@contextmanager
def namespaces(count: int) -> Iterator[list[str]]:
    """Make namespaces joined to this machine (`HERE`) by a bridge; yield their names."""
    names = [f"{_BRIDGE}{number}" for number in range(count)]
    _remove(names)  # what a killed run left behind
    try:
        _ip("link add", _BRIDGE, "type bridge")
        _ip("addr add", f"{HERE}/24 dev", _BRIDGE)
        _ip("link set", _BRIDGE, "up")
        for number, name in enumerate(names):
            _ip("netns add", name)
            _ip("link add", f"{name}v type veth peer name eth0 netns", name)
            _ip("link set", f"{name}v master", _BRIDGE, "up")
            _ip("-n", name, f"addr add 10.231.7.{number + 2}/24 dev eth0")
            _ip("-n", name, "link set eth0 up")
            _ip("-n", name, "link set lo up")
        yield names
    finally:
        _remove(names)


def _remove(names: list[str]) -> None:
    for words in (*(("netns", "del", name) for name in names), ("link", "del", _BRIDGE)):
        subprocess.run(["ip", *words], check=False, stderr=subprocess.DEVNULL)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *" ".join(words).split()], check=True)


class _Ranges(SimpleHTTPRequestHandler):
    """Serves files and parts of them, as every object store does."""

    def send_head(self) -> Any:  # noqa: ANN401
        """Answer with a whole file, or with the bytes that were asked for."""
        asked = self.headers.get("Range", "")
        path = Path(self.translate_path(self.path))
        if not asked.startswith("bytes=") or not path.is_file():
            return super().send_head()
        size = path.stat().st_size
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, stop = int(first), min(int(last or size - 1), size - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{stop}/{size}")
        self.send_header("Content-Length", str(stop - start + 1))
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()
        file = path.open("rb")
        file.seek(start)
        if self.command == "GET":
            self.wfile.write(file.read(stop - start + 1))
        file.close()
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def store(folder: Path, host: str) -> Iterator[str]:
    """Serve a folder over HTTP; yield its address."""

    class Handler(_Ranges):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

    server = ThreadingHTTPServer((host, 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
