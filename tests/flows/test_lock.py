"""Two runs at once, in real processes, on both engines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.lock import lock_file, one_run
from kb.archive import Archive
from kb.errors import BusyError
from tests.archive.conftest import scratch
from tests.cli.program import kb
from tests.flows.nights import Night

ROOT = Path(__file__).parents[2]
Hold = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """URL of a scratch database."""
    with scratch() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an archive that is there."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    else:
        address = str(request.getfixturevalue("postgresql"))
    Archive.open(address).close()
    return address


@pytest.fixture
def hold(url: str, tmp_path: Path) -> Iterator[Hold]:
    """Start a process that takes a lock; what it says first is read already."""
    children: list[subprocess.Popen[str]] = []

    def start(kind: str = "nightly", wait: float = 0, folder: str = "one") -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.holder", url, tmp_path / folder, kind, str(wait)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_the_second_of_two_runs_leaves_and_says_who_is_at_work(hold: Hold) -> None:
    first = hold()
    assert line(first) == "held"
    told = line(hold())
    assert told.startswith("busy: a nightly run is at work on this archive")
    assert f"process {first.pid}" in told
    assert line(hold("digest")) == "held"


@pytest.mark.parametrize("kind", ["backfill", "maintenance", "rebuild", "reread"])
def test_whatever_writes_and_the_night_keep_each_other_out(
    url: str, tmp_path: Path, kind: str
) -> None:
    with Archive.open(url) as archive:
        for first, second in ((kind, "nightly"), ("nightly", kind)):
            for folder in ("one", "other"):
                with (
                    one_run(archive, tmp_path / "one", first),
                    pytest.raises(BusyError, match=f"^a {first} run .*at work on this archive"),
                    one_run(archive, tmp_path / folder, second),
                ):
                    pass


def test_a_long_run_gives_way_to_a_night_and_goes_on(hold: Hold) -> None:
    long = hold("backfill")
    assert line(long) == "held"
    assert step(long) == "nobody waits"
    night = hold("nightly", wait=900, folder="other")
    assert line(night).endswith("waiting for its end")
    assert step(long) == "another run waits: this backfill run rests until it has ended"
    assert line(night) == "held"
    # It is no night: who has the turn does not give it back half done.
    assert line(long).startswith("a nightly run")
    assert step(night) == "nobody waits"
    night.communicate(timeout=900)
    assert line(long) == "went on"
    assert step(long) == "nobody waits"


def step(child: subprocess.Popen[str]) -> str:
    """Let a process give way, and return what it says."""
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()
    return line(child)


def test_a_run_that_waits_goes_on_when_the_first_has_ended(hold: Hold) -> None:
    first = hold()
    assert line(first) == "held"
    second = hold(wait=60)
    assert line(second).endswith("waiting for its end")
    first.communicate(timeout=900)
    assert line(second) == "held"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_lock_does_not_outlive_its_process(hold: Hold, number: signal.Signals) -> None:
    first = hold()
    assert line(first) == "held"
    os.kill(first.pid, number)
    first.wait(900)
    # PostgreSQL sees the end of a connection a moment later.
    second = hold(wait=10)
    while (told := line(second)).endswith("waiting for its end"):
        pass
    assert told == "held"


def test_runs_with_data_folders_of_their_own_share_the_archives_lock(hold: Hold) -> None:
    assert line(hold(folder="one")) == "held"
    assert "at work on this archive" in line(hold(folder="other"))


def test_the_lock_can_be_taken_again_and_is_kept_beside_the_archive(
    url: str, tmp_path: Path
) -> None:
    with Archive.open(url) as archive:
        for _ in range(2):
            with one_run(archive, tmp_path), pytest.raises(BusyError), one_run(archive, tmp_path):
                pass
        assert lock_file(archive, tmp_path, "nightly").parent == tmp_path


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("reread",), "nightly"),
        (("maintenance",), "nightly"),
        (("archive", "rebuild", "CAPTURES"), "nightly"),
        (("backfill", "CAPTURES", "--no-server"), "nightly"),
        (("nightly", "--sample", "--no-server"), "backfill"),
        (("restore", "kb.bak", "--force"), "nightly"),
    ],
)
def test_each_command_leaves_with_a_line_while_another_is_at_work(
    first: Night, tmp_path: Path, words: tuple[str, ...], kind: str
) -> None:
    captures = str(first.home / "captures")
    url = f"sqlite:///{tmp_path / 'data' / 'kb.sqlite'}"
    with Archive.open(url) as archive, one_run(archive, tmp_path / "data", kind):
        done = kb(tmp_path, *(captures if word == "CAPTURES" else word for word in words))
        assert (done.code, done.out, archive.runs()) == (1, "", [])
    assert f"kb: a {kind} run is at work on this archive (process " in done.err
    # What draws progress leaves an empty line at most.
    assert len(done.err.strip().splitlines()) == 1
