"""A night on which much goes wrong, as its operator sees it: `python -m benchmarks.faulty_night`.

Serves a copy of the saved pages (`../shared/pages`) and the sample press over loopback, beside four
newspapers that only misbehave, and runs `kb nightly` twice on all of them: once while everything
is well, once with faults in the good ones too. Prints both reports as the command prints them.
Options: `[SHARED] [--language vi|en]`.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kb.sample import SamplePress, outlets
from tests.crawlers.hostile import HEAD, bomb, chunk, raw
from tests.crawlers.serve_pages import Press, read
from tests.crawlers.site import Answer, Hit, Site, site

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
KB = Path(sys.executable).with_name("kb")
BOMB = 200 << 20
WAIT = "3"
"""Seconds that the outlet with 429 asks for."""
FRONT = '<html><body><a href="/tin-moi-1.html">Tin mới</a></body></html>'.encode()


def good(press: Press, served: Site) -> None:
    """Put an outlet's saved pages up."""
    served.pages["/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", type="text/plain")
    served.pages["/"] = Answer(press.front())
    for path, body in press.pages.items():
        served.pages.setdefault(path, Answer(body))


def busy(press: Press, served: Site) -> None:
    """Answer the first request for an article with 429 and a time to wait."""
    path, *_ = press.articles
    calm = served.pages[path]
    asked: list[Hit] = []

    def answer(hit: Hit) -> Answer:
        asked.append(hit)
        if len(asked) == 1:
            return Answer(b"", status=429, headers={"Retry-After": WAIT})
        assert isinstance(calm, Answer)
        return calm

    served.pages[path] = answer


def mislabelled(press: Press, served: Site) -> None:
    """Declare a charset that the articles are not in."""
    for path in press.articles:
        served.pages[path] = Answer(press.pages[path], type="text/html; charset=iso-8859-1")


def resting(press: Press, served: Site) -> None:
    """Ask for an hour of rest."""
    for path in press.articles:
        served.pages[path] = Answer(b"", status=429, headers={"Retry-After": "3600"})


def withdrawn(press: Press, served: Site) -> None:
    """Take the articles away: a story that is gone is marked, not deleted."""
    for path in press.articles:
        served.pages[path] = Answer(b"<h1>404</h1>", status=404)


def broken(press: Press, served: Site) -> None:
    """Fail for every article."""
    for path in press.articles:
        served.pages[path] = Answer(b"", status=500)


MISLABELLED = "vnexpress"
FAULTS: dict[str, Callable[[Press, Site], None]] = {
    "tuoitre": busy,
    "dantri": resting,
    "cafef": withdrawn,
    "baodautu": broken,
}


def redirecting(path: str, line: socket.socket) -> None:
    """Lead from every article to another address, without end."""
    if path == "/":
        answer_front(line)
        return
    head = f"HTTP/1.1 302 Found\r\nLocation: {path[:40]}{time.time_ns()}-1.html\r\n"
    line.sendall(head.encode() + b"Content-Length: 0\r\n\r\n")


def dripping(path: str, line: socket.socket) -> None:
    """Send a byte now and then."""
    if path == "/":
        answer_front(line)
        return
    line.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    for _ in range(600):
        line.sendall(b"<")
        time.sleep(0.2)


def bombing(path: str, line: socket.socket) -> None:
    """Send a little gzip that unpacks to very much."""
    if path == "/":
        answer_front(line)
        return
    line.sendall(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.sendall(chunk(bomb(BOMB)) + chunk(b""))


def answer_front(line: socket.socket) -> None:
    """Send the front page of a paper that misbehaves."""
    line.sendall(HEAD + f"Content-Length: {len(FRONT)}\r\n\r\n".encode() + FRONT)


HOSTILE = {"chuyen-huong": redirecting, "nho-giot": dripping, "bom-gzip": bombing}
NAMES = {
    "chuyen-huong": "Báo Chuyển Hướng",
    "nho-giot": "Báo Nhỏ Giọt",
    "bom-gzip": "Báo Bom Gzip",
    "khong-tra-loi": "Báo Không Trả Lời",
}


@contextmanager
def newspapers(shared: Path, folder: Path) -> Iterator[Callable[[], None]]:
    """Serve all newspapers and declare them in a folder; yields what lets the faults begin."""
    with ExitStack() as stack:
        sites: dict[str, tuple[Press, Site]] = {}
        for name, press in read(shared / "pages").items():
            served = stack.enter_context(site())
            good(press, served)
            if name == MISLABELLED:
                mislabelled(press, served)
            sites[name] = press, served
            (folder / f"{name}.yaml").write_text(press.yaml(served.home), encoding="utf-8")
        sample = stack.enter_context(SamplePress())
        outlets(sample, folder)
        for name, serve in HOSTILE.items():
            served = stack.enter_context(raw(serve))
            timeout = 2 if serve is dripping else 30
            served.outlet(folder, id=name, name=NAMES[name], limits={"timeout": timeout})
        with site() as closed:
            closed.outlet(folder, id="khong-tra-loi", name=NAMES["khong-tra-loi"])

        def begin() -> None:
            for name, fault in FAULTS.items():
                if name in sites:
                    fault(*sites[name])
            sample.redesigns = {"songhong": "renamed", "thudomoi": "undated"}

        yield begin


def main() -> int:
    """Run both nights and return the exit code of the second."""
    parser = argparse.ArgumentParser("python -m benchmarks.faulty_night")
    parser.add_argument("shared", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--language", choices=("vi", "en"), default="en")
    asked = parser.parse_args()
    if not (asked.shared / "pages").is_dir():
        parser.error(f"{asked.shared} holds no saved pages")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        declared = folder / "outlets"
        declared.mkdir()
        env = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
        env |= {"KB_DATA_DIR": str(folder / "data"), "KB_LANGUAGE": asked.language}
        command = [str(KB), "nightly", "--no-server", "--outlets", str(declared)]
        code = 0
        with newspapers(asked.shared, declared) as begin:
            for night in ("All is well but for four newspapers", "Faults in the others, too"):
                print(f"=== {night}", flush=True)
                done = subprocess.run(
                    command, env=env, cwd=folder, stderr=subprocess.PIPE, text=True, check=False
                )
                code = done.returncode
                if code not in (0, 1) or "Traceback" in done.stderr or "kb: " in done.stderr:
                    print(done.stderr, file=sys.stderr)
                    return 2
                print(f"(exit code {code})\n", flush=True)
                begin()
    return code


if __name__ == "__main__":
    sys.exit(main())
