"""A Prefect work pool for backfills: what is registered, and with which settings workers start."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flows.ping import ping
from flows.prefect_server import READY, LocalServer, command, environment
from tests.cli.program import KB, OUTSIDE

JOIN = """
import json, os
from flows.work_pool import join
from kb.settings import settings
command = join("doc-kho-cu", settings())
again = join("doc-kho-cu", settings())
names = ("KB_DATA_DIR", "KB_DATABASE_URL", "KB_DASK", "KB_FULL_TEXT")
print(json.dumps([command, again, {name: os.environ.get(name) for name in names}]))
"""


def test_the_pool_and_its_backfill_are_registered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)  # left by a run with Prefect in this process
    (tmp_path / "kb.toml").write_text('dask = "tcp://127.0.0.1:8786"\n', encoding="utf-8")
    server = LocalServer(tmp_path / "server")
    env = {name: value for name, value in OUTSIDE.items() if not name.startswith("PREFECT_")}
    env |= environment(tmp_path / "own") | {"PREFECT_API_URL": server.url}
    try:
        assert server.ready()
        done = subprocess.run(
            [sys.executable, "-c", JOIN],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    finally:
        server.stop(wait=True)
    assert done.returncode == 0, done.stderr
    said, again, told = json.loads(done.stdout.splitlines()[-1])
    words = ["worker", "start", "--pool", "doc-kho-cu", "--type", "process"]
    assert said[3:9] == again[3:9] == words
    # What kb.toml says here holds in the working folder of a flow run, too.
    assert told == {
        "KB_DATA_DIR": str(tmp_path / "data"),
        "KB_DATABASE_URL": None,
        "KB_DASK": "tcp://127.0.0.1:8786",
        "KB_FULL_TEXT": None,
    }
    with sqlite3.connect(tmp_path / "server" / "prefect.db") as database:
        pools = database.execute("SELECT name, type FROM work_pool").fetchall()
        deployments = database.execute("SELECT name, entrypoint FROM deployment").fetchall()
    database.close()
    assert pools == [("doc-kho-cu", "process")]
    assert deployments == [("kb", "flows.scheduled.backfill")]


@pytest.mark.parametrize("server", ["", "http://127.0.0.1:9/api"])
def test_without_a_server_the_message_says_which(server: str, tmp_path: Path) -> None:
    env = {name: value for name, value in OUTSIDE.items() if not name.startswith("PREFECT_")}
    env |= {"PREFECT_CLIENT_MAX_RETRIES": "0", "KB_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [str(KB), "cluster", "pool"],
        cwd=tmp_path,
        env=env | ({"PREFECT_API_URL": server} if server else {}),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 2
    expected = f"no Prefect server answers at {server}" if server else "set PREFECT_API_URL"
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_workers_elsewhere_reach_the_server_where_it_is_told_to_listen(tmp_path: Path) -> None:
    env = {name: value for name, value in OUTSIDE.items() if not name.startswith("PREFECT_")}
    env |= environment(tmp_path) | {"PREFECT_SERVER_API_HOST": "127.0.0.2"}
    server = subprocess.Popen(
        command(0, services=True),
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        assert server.stdin is not None
        assert server.stdout is not None
        here, said = server.stdout.readline().strip(), server.stdout.readline().strip()
        assert said == READY
        there = here.replace("127.0.0.1", "127.0.0.2")
        assert here != there
        assert [ping(f"{one}/health", 60.0) for one in (here, there)] == [None, None]
        server.stdin.close()
        server.wait(300)
