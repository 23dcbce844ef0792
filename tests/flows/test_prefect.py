"""The nightly job as a Prefect flow, in a process of its own, with every connection noted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from textwrap import dedent

import pytest

from kb.archive import Archive, Query
from tests.cli.program import OUTSIDE as ENV
from tests.flows.nights import STORIES, Night, articles, mentions, settings

PAPERS = ("songhong", "tinnhanhviet")
GUARD = dedent(
    """
    import json, os, sys

    def note(event, args):
        if event == "socket.connect":
            where = args[1][0] if isinstance(args[1], tuple) else None
        elif event == "socket.getaddrinfo":
            where = args[0]
        else:
            return
        line = json.dumps([event, where if where is None else str(where)]) + "\\n"
        log = os.open(os.environ["CONNECTIONS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, line.encode())
        os.close(log)

    sys.addaudithook(note)
    """
)
"""Runs first in every Python of the job: notes each address that is connected to or looked up."""


@pytest.fixture(scope="module")
def connections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guard") / "connections.jsonl"


@pytest.fixture(scope="module")
def home(papers: Path, connections: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which one `kb nightly` has run through Prefect, on two of the papers."""
    home = tmp_path_factory.mktemp("prefect")
    (home / "papers").mkdir()
    for name in PAPERS:
        shutil.copy(papers / f"{name}.yaml", home / "papers")
    (connections.parent / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    env = ENV | {
        "KB_DATA_DIR": str(home / "data"),
        "KB_WORKERS": "1",
        "HOME": str(home),
        "PYTHONPATH": str(connections.parent),
        "CONNECTIONS": str(connections),
    }
    env = {name: value for name, value in env.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("kb")), "nightly", "--outlets", "papers"],
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    (home / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    (home / "stderr.txt").write_text(done.stderr, encoding="utf-8")
    return home


def test_the_flow_finds_what_plain_python_finds(home: Path, first: Night) -> None:
    flow = {row["url"]: (row["title"], row["body"]) for row in articles(home / "data")}
    plain = {
        row["url"]: (row["title"], row["body"])
        for row in articles(first.home)
        if row["outlet"] in PAPERS
    }
    assert flow == plain
    with first.archive as archive:
        expected = sum(1 for _ in archive.mentions_rows(Query(outlets=PAPERS)))
    assert len(mentions(home / "data")) == expected


def test_the_run_is_noted_as_done(home: Path) -> None:
    with Archive.open(settings(home / "data").url) as archive:
        (run,) = archive.runs()
    assert run["status"] == "done"
    assert {name: one["new"] for name, one in run["counts"]["outlets"].items()} == {
        name: STORIES[name] for name in PAPERS
    }


def test_messages_go_to_stderr_and_the_summary_to_stdout(home: Path) -> None:
    said = (home / "stderr.txt").read_text(encoding="utf-8")
    shown = (home / "stdout.txt").read_text(encoding="utf-8")
    assert {f"{name}: done" for name in PAPERS} <= set(said.splitlines())
    assert "Sông Hồng Online" in shown
    assert "Prefect" not in shown


def test_prefect_keeps_to_the_data_folder(home: Path) -> None:
    assert (home / "data" / "prefect").is_dir()
    assert not (home / ".prefect").exists()


def test_no_connection_leaves_this_machine(home: Path, connections: Path) -> None:
    noted = [json.loads(line) for line in connections.read_text(encoding="utf-8").splitlines()]
    addresses = {where for event, where in noted if event == "socket.connect" and where}
    assert "127.0.0.1" in addresses
    assert {where for where in addresses if not _loopback(where)} == set()
    names = {where for event, where in noted if event == "socket.getaddrinfo"}
    assert {name for name in names if name and not _loopback(name)} == set()


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
