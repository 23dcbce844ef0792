"""Draw the README's pictures anew: what `make run` prints, and the pages in a real browser.

    .venv/bin/python scripts/picture.py

Runs the nightly job on the sample press in a folder of its own, writes what it printed to
`docs/run.txt`, serves the archive and takes `docs/*.png` with Debian's chromium, each page at the
width of a laptop and of a telephone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
KB = Path(sys.executable).with_name("kb")
PORT = 28899
BASE = f"http://127.0.0.1:{PORT}"
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGES = {
    "desk": "/",
    "today": "/today",
    "search": "/search?q=kh%C3%B4ng+gian+s%C3%A1ng+t%E1%BA%A1o",
    "article": "/articles/1",
    "initiative": "/initiatives/design-centre",
    "actor": "/actors/hanoi-department-of-culture-and-sports",
    "review": "/review",
    "night": "/nights/1",
}
"""By the name of its picture: `NAME.png` as on a desk, `NAME-phone.png` as on a telephone."""
SIZES = {"": (1240, 560), "-phone": (390, 844)}
LARGEST = 180_000
"""Bytes of a picture: they are part of the project."""


def main() -> None:
    """Run, record, serve, photograph."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, "KB_DATA_DIR": folder, "COLUMNS": "90", "KB_FULL_TEXT": "true"}
        printed = subprocess.run(
            [KB, "nightly", "--sample"], env=settings, check=True, capture_output=True, text=True
        ).stdout
        lines = [line.rstrip() for line in printed.splitlines()]
        (DOCS / "run.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        server = subprocess.Popen([KB, "serve", "--port", str(PORT)], env=settings)
        try:
            wait()
            photograph()
        finally:
            server.terminate()
            server.wait()


def wait() -> None:
    """Wait until the pages answer; at most half a minute."""
    for _ in range(60):
        try:
            urlopen(BASE).close()
            return
        except URLError:
            time.sleep(0.5)
    raise SystemExit("the pages do not answer")


def photograph() -> None:
    """Take each page at the width of a laptop and of a telephone."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for suffix, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            for name, path in PAGES.items():
                answer = page.goto(BASE + path)
                if answer is None or not answer.ok:
                    raise SystemExit(f"{path}: {answer and answer.status}")
                size = len(page.screenshot(path=DOCS / f"{name}{suffix}.png"))
                if size > LARGEST:
                    raise SystemExit(f"docs/{name}{suffix}.png has {size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
