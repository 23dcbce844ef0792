"""A name that first leads to the newspaper and then into the house: the first answer stays.

Two servers on one port: 127.0.0.2 stands for the newspaper, 127.0.0.1 for what is private.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

CHILD = """
import json, os, socket, sys
import crawlers.guard
from crawlers.__main__ import main

answers = json.loads(os.environ["ANSWERS"])

def look_up(name):
    assert name == "bao-thu.example", name
    return answers.pop(0) if len(answers) > 1 else answers[0]

socket.gethostbyname = look_up
crawlers.guard.is_public = lambda address: address == "127.0.0.2"
sys.exit(main(sys.argv[1:]))
"""


@contextmanager
def serving(address: str, port: int) -> Iterator[tuple[int, list[str]]]:
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            body = b'<a href="/bai-1.html">x</a><a href="/bai-2.html">x</a>'
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer((address, port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], hits
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_address_that_was_judged_is_the_one_that_is_asked(tmp_path: Path) -> None:
    try:
        socket.create_server(("127.0.0.2", 0)).close()
    except OSError:
        pytest.skip("this system has one loopback address only")
    with serving("127.0.0.2", 0) as (port, public), serving("127.0.0.1", port) as (_, private):
        lines = night(tmp_path, port, ["127.0.0.2", "127.0.0.1"])
    assert private == []
    assert sorted(public) == ["/", "/bai-1.html", "/bai-2.html", "/robots.txt"]
    assert [line["outcome"] for line in lines if line["kind"] == "article"] == ["stored"] * 2


def test_a_name_that_leads_into_the_house_is_refused(tmp_path: Path) -> None:
    with serving("127.0.0.1", 0) as (port, private):
        (line,) = night(tmp_path, port, ["127.0.0.1"])
    assert private == []
    assert line["outcome"] == "refused"
    assert "private address 127.0.0.1" in line["reason"]


def night(folder: Path, port: int, answers: list[str]) -> list[dict[str, str]]:
    """Crawl `bao-thu.example` with these answers to its name; return the log."""
    home = f"http://bao-thu.example:{port}"
    outlet = {
        "id": "thu",
        "name": "Báo Thử",
        "home": home,
        "level": "local",
        "family": "generic",
        "article_url": r"-\d+\.html$",
        "delay": 0,
        "sections": [f"{home}/"],
    }
    (folder / "outlets").mkdir()
    (folder / "outlets" / "thu.yaml").write_text(yaml.safe_dump(outlet), encoding="utf-8")
    command = [sys.executable, "-c", CHILD, "--outlets", str(folder / "outlets")]
    subprocess.run(
        [*command, "--out", str(folder / "out")],
        env={k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        | {"ANSWERS": json.dumps(answers)},
        check=True,
        timeout=900,
    )
    text = (folder / "out" / "crawl.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
