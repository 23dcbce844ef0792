"""Newspapers that do everything wrong, on raw sockets where a proper server would not."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.crawlers.site import Site

Serve = Callable[[str, socket.socket], None]
"""Answers one request for a path on an open connection."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@contextmanager
def raw(serve: Serve, certificate: tuple[Path, Path] | None = None) -> Iterator[Site]:
    """Serve by hand; every connection is closed after one answer. The `Site` is for its
    address, its list of hits and its YAML."""
    listener = socket.create_server(("127.0.0.1", 0))
    served = Site(listener.getsockname()[1])
    tls: ssl.SSLContext | None = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
        served.home = served.home.replace("http://", "https://")
    over = threading.Event()

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(30)
            line = tls.wrap_socket(connection, server_side=True) if tls else connection
            with line:
                request = b""
                while b"\r\n\r\n" not in request:
                    part = line.recv(65536)
                    if not part:
                        return
                    request += part
                path = request.split(b" ", 2)[1].decode()
                served.note(path)
                if path == "/robots.txt":
                    line.sendall(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n")
                else:
                    serve(path, line)

    def accept() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def page(line: socket.socket, body: bytes, more: bytes = b"") -> None:
    """Send one proper page."""
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    line.sendall(HEAD + more + length + body)


def chunk(data: bytes) -> bytes:
    """Return data as one chunk of a body of unknown length."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def bomb(size: int) -> bytes:
    """Return gzip data that unpacks to `size` zeros, without holding them."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    parts = [pack.compress(block) for _ in range(size >> 20)]
    return b"".join(parts) + pack.flush()


def layered(data: bytes, layers: int) -> bytes:
    """Return data gzipped so many times over."""
    for _ in range(layers):
        data = gzip.compress(data)
    return data
