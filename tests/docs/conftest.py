"""One night on the sample press for all tutorials, and a folder for each to work in."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.program import OUTSIDE
from tests.docs.page import ROOT

NIGHT = "kb nightly --sample --no-server"
BIN = Path(sys.executable).parent
PROGRAM = """#!{python}
import kb.cli.jobs

kb.cli.jobs.SAMPLE_PORT = {port}
from kb.cli.main import run

run()
"""
"""`kb` with ports of its own for the sample press: a night beside the tests has the usual ones."""


@dataclass(frozen=True)
class Place:
    """A working folder, and the folder of programs that stands first in its PATH."""

    folder: Path
    programs: Path

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program here without any setting, in a terminal 100 columns wide."""
        return subprocess.run(
            [command, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the environment here."""
        path = f"{self.programs}:{BIN}:{OUTSIDE['PATH']}"
        return OUTSIDE | {"PATH": path, "COLUMNS": "100", "DO_NOT_TRACK": "1"}


@dataclass(frozen=True)
class Night:
    """The place of the first night on the sample press, and what the night printed."""

    place: Place
    printed: str


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The archive with which every tutorial begins; only to be copied."""
    programs = tmp_path_factory.mktemp("programs")
    program = programs / "kb"
    program.write_text(PROGRAM.format(python=sys.executable, port=_free_ports()), "utf-8")
    program.chmod(0o755)
    place = Place(tmp_path_factory.mktemp("night"), programs)
    done = place.run("bash", "-c", NIGHT)
    assert done.returncode == 0, done.stderr
    return Night(place, done.stdout)


@pytest.fixture
def begun(night: Night, tmp_path: Path) -> Place:
    """A folder in which the first night is over."""
    folder = tmp_path / "tutorial"
    shutil.copytree(night.place.folder, folder)
    return Place(folder, night.place.programs)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    words = [str(BIN / "mkdocs"), "build", "--strict", "--site-dir", str(folder)]
    env = OUTSIDE | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _free_ports() -> int:
    """Return the first of three ports in a row that nobody uses."""
    while True:
        with ExitStack() as opened:
            one = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            first: int = one.getsockname()[1]
            try:
                for port in (first + 1, first + 2):
                    opened.enter_context(socket.create_server(("127.0.0.1", port)))
            except (OSError, OverflowError):
                continue
            return first
