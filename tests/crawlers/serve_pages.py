"""Serve a folder of saved pages as newspapers on loopback, each on a port of its own.

`python tests/crawlers/serve_pages.py FOLDER YAML_FOLDER` serves until it is interrupted. FOLDER
holds `manifest.jsonl` (fields file, url, kind) and the pages, gzipped or not. For every outlet
among them YAML_FOLDER gets a file like the bundled one, but with its home on loopback.
"""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from kb.outlets import Outlet, load_outlets, outlet_for

KEPT = {"id", "name", "level", "family", "article_url", "timezone", "expect", "selectors"}
"""What the served outlet has in common with the bundled one."""


@dataclass
class Press:
    """The pages of one outlet by path; `articles` are those the front page lists."""

    outlet: Outlet
    pages: dict[str, bytes] = field(default_factory=dict)
    articles: list[str] = field(default_factory=list)

    def front(self) -> bytes:
        links = "".join(f'<li><a href="{path}">{path}</a></li>' for path in self.articles)
        return f"<html><body><ul>{links}</ul></body></html>".encode()

    def yaml(self, home: str) -> str:
        kept = self.outlet.model_dump(mode="json", include=KEPT)
        here = {"home": home, "sections": [f"{home}/"], "delay": 0.0, "allow_private": True}
        return yaml.safe_dump(kept | here, allow_unicode=True, sort_keys=False)


def read(folder: Path) -> dict[str, Press]:
    """Return the saved pages by outlet id; a page of no bundled outlet is an error."""
    outlets = load_outlets()
    presses: dict[str, Press] = {}
    for text in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        outlet = outlet_for(row["url"], outlets)
        if outlet is None:
            raise LookupError(f"{row['url']} belongs to no bundled outlet")
        press = presses.setdefault(outlet.id, Press(outlet))
        data = (folder / row["file"]).read_bytes()
        path = urlsplit(row["url"]).path or "/"
        press.pages[path] = gzip.decompress(data) if row["file"].endswith(".gz") else data
        if row["kind"] == "article":
            press.articles.append(path)
    return presses


@contextmanager
def _serving(press: Press) -> Iterator[str]:
    fixed: Mapping[str, tuple[str, bytes]] = {
        "/": ("text/html; charset=utf-8", press.front()),
        "/robots.txt": ("text/plain", b"User-agent: *\nAllow: /\n"),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            saved = press.pages.get(path)
            kind, body = fixed.get(path) or ("text/html; charset=utf-8", saved or b"")
            self.send_response(404 if path not in fixed and saved is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serve(folder: Path, yaml_folder: Path) -> Iterator[dict[str, str]]:
    """Serve the saved pages; write the outlets' YAML; yield the homes by outlet id."""
    yaml_folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        homes: dict[str, str] = {}
        for name, press in read(folder).items():
            homes[name] = stack.enter_context(_serving(press))
            text = press.yaml(homes[name])
            (yaml_folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        yield homes


if __name__ == "__main__":
    with serve(Path(sys.argv[1]), Path(sys.argv[2])) as homes:
        for name, home in homes.items():
            print(f"{name:12} {home}/", file=sys.stderr)
        print(f"kb nightly --outlets {sys.argv[2]}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.exit(0)
