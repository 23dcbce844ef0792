"""Every command of the tutorials is run here, and prints what its page shows."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from time import sleep

import httpx
import pytest

from tests.docs.conftest import NIGHT, Night, Place
from tests.docs.page import TUTORIALS, Block, blocks, differs

SERVE = "kb serve"
DESK = "http://127.0.0.1:8000"


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_command_of_a_tutorial_does_what_its_page_shows(
    page: Path, night: Night, begun: Place
) -> None:
    run = [block for block in blocks(page) if block.language in ("sh", "python")]
    commands = [block for block in run if block.language == "sh"]
    assert commands[0].text.strip() == NIGHT, "a tutorial begins with the sample press"
    for number, block in enumerate(commands):
        if block.text.strip() == SERVE:
            _visit(page, begun)
            continue
        _same(block, night.printed if number == 0 else _shell(block, begun))
    scripts = [block for block in run if block.language == "python"]
    for block, printed in zip(scripts, _python(scripts, begun), strict=True):
        _same(block, printed)


def test_a_page_that_shows_something_else_is_found_out() -> None:
    printed = "┃ one ┃ 2 ┃\nthree\nfour 44 five\n"
    assert not differs("one 2\n…\nfour … five\n", printed)
    for shown in ("one 3\n…\n", "one 2\nthree\n", "…\nfour … six\n"):
        assert differs(shown, printed)


def _same(block: Block, printed: str) -> None:
    if block.shown is not None and (wrong := differs(block.shown, printed)):
        pytest.fail(f"{block.text}\n{wrong}", pytrace=False)


def _shell(block: Block, place: Place) -> str:
    done = place.run("bash", "-euo", "pipefail", "-c", block.text)
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _python(scripts: list[Block], place: Place) -> list[str]:
    """Return what each block prints, all run one after the other in one process."""
    if not scripts:
        return []
    done = place.run("python", "-c", "\nprint('\\x1e')\n".join(block.text for block in scripts))
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\x1e\n")


def _visit(page: Path, place: Place) -> None:
    """Serve the desk: the addresses that the page names answer, and show what it prints in bold."""
    text = page.read_text("utf-8")
    addresses = sorted(set(re.findall(rf"{DESK}[^\s)>`\"]*", text)))
    assert addresses
    with _served(place) as base:
        seen = " ".join(_words(address.replace(DESK, base)) for address in addresses)
    for said in re.findall(r"\*\*(.+?)\*\*", " ".join(text.split())):
        assert said in seen, f"{page.name}: {said!r} is on none of its pages"


@contextmanager
def _served(place: Place) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (place.folder / "serve.log").open("wb")
    with log, subprocess.Popen(
        [place.programs / "kb", "serve", "--port", str(port)],
        cwd=place.folder, env=place.environment, stdout=log, stderr=log,
    ) as server:  # fmt: skip
        try:
            base = f"http://127.0.0.1:{port}"
            while server.poll() is None and not _answers(base):
                sleep(0.2)
            assert server.poll() is None, (place.folder / "serve.log").read_text("utf-8")
            yield base
        finally:
            server.terminate()


def _answers(base: str) -> bool:
    try:
        return httpx.get(base, timeout=300).is_success
    except httpx.ConnectError:
        return False


def _words(address: str) -> str:
    """Return what a page shows, as a reader sees it."""
    answer = httpx.get(address, timeout=300)
    assert answer.status_code == 200, address
    bare = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", answer.text)
    return " ".join(unescape(bare).split())
