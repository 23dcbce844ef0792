"""`kb operate` with all its processes, and what a night does when its Prefect server goes away."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest

from flows import prefect_server
from kb.archive import Archive
from tests.cli.program import KB
from tests.flows.followed import follow
from tests.flows.mailbox import Mailbox, receiving
from tests.flows.nights import STORIES

PLAIN = {
    name: value for name, value in os.environ.items() if not name.startswith(("KB_", "PREFECT_"))
}


def until(said: str, done: Callable[[], Any], seconds: float = 900.0) -> Any:  # noqa: ANN401
    """Wait until something is true and return it."""
    end = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < end, f"{said}: not within {seconds:.0f} s"
        time.sleep(0.2)
    return found


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=30).status_code == 200
    except httpx.HTTPError:
        return False


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def children(pid: int) -> dict[int, str]:
    """Return the children of a process with their command lines."""
    found = {}
    for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ")
        found[int(number)] = words.decode()
    return found


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    """The mailbox of two who follow: one at once, one each day at midnight, also without news."""
    with Archive.open(f"sqlite:///{tmp_path / 'data' / 'kb.sqlite'}") as archive:
        before = {"created_at": datetime.now(UTC) - timedelta(days=2)}
        follow(archive, "ngay", rhythm="immediate", per_hour=9, **before)
        follow(archive, "ngày", hour=0, quiet=True, **before)
    with receiving() as opened:
        yield opened


def test_a_scheduled_night_runs_and_all_ends_with_one_signal(
    papers: Path, tmp_path: Path, box: Mailbox
) -> None:
    """Start; a run that falls due is run; its report is kept and people are told; a killed child
    comes back; a stop leaves nothing."""
    prefect, desk = free_ports(2)
    env = PLAIN | {
        "KB_DATA_DIR": str(tmp_path / "data"),
        "KB_OUTLETS": str(papers),
        "KB_WORKERS": "1",
        "KB_PREFECT_PORT": str(prefect),
        "KB_DESK_PORT": str(desk),
        "KB_MAINTENANCE_CRON": "",
        "KB_SMTP_URL": f"smtp://127.0.0.1:{box.port}",
        "KB_MAIL_FROM": "kb@example.org",
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "HOME": str(tmp_path),
    }
    log = tmp_path / "log.txt"
    with log.open("w") as out:
        operate = subprocess.Popen([KB, "operate"], env=env, cwd=tmp_path, stdout=out, stderr=out)
    api = f"http://127.0.0.1:{prefect}/api"
    try:
        until("the desk is named", lambda: f"desk      http://127.0.0.1:{desk}" in log.read_text())
        until("the desk answers", lambda: answers(f"http://127.0.0.1:{desk}/metrics"))
        found = until("registered", lambda: _deployments(api))
        assert [one["cron"] for one in found["nightly"]["schedules"]] == ["0 2 * * *"]
        assert found["nightly"]["schedules"][0]["timezone"] == "Asia/Ho_Chi_Minh"
        assert (found["maintenance"]["schedules"], found["maintenance"]["paused"]) == ([], True)
        # What the schedule itself makes, days ahead, is run like this one that is due at once.
        until("tomorrow's night is planned", lambda: _runs(api, "SCHEDULED"))
        once = {"idempotency_key": "due at once"}
        _post(f"{api}/deployments/{found['nightly']['id']}/create_flow_run", once)
        (old,) = [pid for pid, words in children(operate.pid).items() if "kb.cli.serve" in words]
        os.kill(old, signal.SIGKILL)
        assert [one["cron"] for one in found["digest"]["schedules"]] == ["0 7 * * *"]
        ended = ("COMPLETED", "FAILED", "CRASHED")
        both = until("the night and a digest are done", lambda: _by_flow(api, found, *ended))
        told = both["nightly"]["state"]["message"]
        assert re.fullmatch(rf"run \d: {sum(STORIES.values())} new, 0 failures", told)
        told = both["digest"]["state"]["message"]
        assert re.fullmatch(r"[12] sent, 0 with nothing new, 0 failed", told)
        assert both["digest"]["parameters"] == {"morning": False}
        (report,) = _post(f"{api}/artifacts/filter")
        assert (report["key"], report["type"]) == ("night-report", "markdown")
        assert report["flow_run_id"] == both["nightly"]["id"]
        assert f"| Sông Hồng Online | 13 | {STORIES['songhong']} |" in report["data"]
        until("the desk is back", lambda: answers(f"http://127.0.0.1:{desk}/metrics"))
        mine = children(operate.pid)
        assert len(mine) == 3
        operate.terminate()
        assert operate.wait(900) == 0
        assert [pid for pid in mine if Path(f"/proc/{pid}").exists()] == []
    finally:
        operate.kill()
        operate.wait()
    said = log.read_text()
    assert re.search(r"desk +ended by itself \(signal SIGKILL\); starts again in 1 s", said)
    assert {f"{name:<9} stopped" for name in ("desk", "schedule", "prefect")} <= set(
        said.splitlines()
    )
    assert "Traceback" not in said
    assert not (tmp_path / ".prefect").exists()
    assert not (tmp_path / "data" / "operate.json").exists()
    with Archive.open(f"sqlite:///{tmp_path / 'data' / 'kb.sqlite'}") as archive:
        runs = Counter((one["kind"], one["status"]) for one in archive.runs())
    # One digest run where the minute's look and the end of the night met.
    assert runs.keys() == {("nightly", "done"), ("digest", "done")}
    assert runs["nightly", "done"] == 1
    at_once, daily = sorted(str(mail["Subject"]) for mail in box.mails)
    assert at_once.startswith("Tin mới: ")
    assert daily.startswith("Điểm báo ")


def _by_flow(api: str, found: dict[str, dict[str, Any]], *states: str) -> dict[str, dict[str, Any]]:
    """Return the runs in some states by the name of their flow, once there is one of either."""
    names = {row["id"]: name for name, row in found.items()}
    runs = {names[run["deployment_id"]]: run for run in _runs(api, *states)}
    return runs if runs.keys() >= {"nightly", "digest"} else {}


def _post(url: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
    """Return what the server says; it may be slow where many processes start at once.

    503 is how it asks to come again while another writes to its database; Prefect's client does.
    """

    def asked() -> httpx.Response | None:
        answer = httpx.post(url, json=body or {}, timeout=900)
        return None if answer.status_code == 503 else answer

    answer: httpx.Response = until(f"{url} answers", asked)
    answer.raise_for_status()
    return answer.json()


def _deployments(api: str) -> dict[str, dict[str, Any]]:
    """Return what is registered by the name of its flow, once all are."""
    rows = _post(f"{api}/deployments/filter")
    flows = {one["id"]: one["name"] for one in _post(f"{api}/flows/filter")}
    found = {
        flows[row["flow_id"]]: row
        | {"schedules": [{"id": one["id"], **one["schedule"]} for one in row["schedules"]]}
        for row in rows
    }
    return found if len(found) == 3 else {}


def _runs(api: str, *states: str) -> list[dict[str, Any]]:
    """Return the runs in some states that were not planned for later."""
    wanted = {"flow_runs": {"state": {"type": {"any_": list(states)}}}}
    found: list[dict[str, Any]] = _post(f"{api}/flow_runs/filter", wanted)
    return found


# --- a server of one's own -------------------------------------------------------------------

FLOW = dedent(
    """
    import logging, os, signal, sys
    from pathlib import Path
    import flows.prefect_runner as runner

    logging.basicConfig(level=logging.WARNING)
    runner.configure(Path(sys.argv[1]))

    def kill():
        os.kill(runner._own.pid, signal.SIGKILL)

    def body():
        found = []
        if sys.argv[2] == "running":
            kill()
        for name, result in runner.PrefectRunner().run({"a": lambda: 1, "b": lambda: 2}):
            found.append((name, result))
        return sorted(found)

    if sys.argv[2] == "starting":
        kill()
    print(runner.as_flow("night", body), os.environ["PREFECT_API_URL"])
    """
)


def flow(folder: Path, when: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run two steps as a flow in a process of its own."""
    env = PLAIN | {"HOME": str(folder), **more}
    words = [sys.executable, "-c", FLOW, str(folder / "data"), when]
    return subprocess.run(
        words, env=env, cwd=folder, capture_output=True, text=True, timeout=900, check=True
    )


@pytest.mark.parametrize("when", ["never", "starting", "running"])
def test_a_run_is_not_lost_when_its_server_is_killed(tmp_path: Path, when: str) -> None:
    done = flow(tmp_path, when, PREFECT_CLIENT_MAX_RETRIES="0")
    assert done.stdout.startswith("[('a', 1), ('b', 2)] http://127.0.0.1:")
    assert ("kb.flow" in done.stderr) == (when != "never")


def test_a_server_that_is_set_but_gone_costs_no_night(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    dead = f"http://127.0.0.1:{port}/api"
    done = flow(tmp_path, "never", PREFECT_API_URL=dead, PREFECT_CLIENT_MAX_RETRIES="0")
    assert done.stdout == f"[('a', 1), ('b', 2)] {dead}\n"
    assert "Prefect failed" in done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Iterator[prefect_server.LocalServer]:
    """A server that is ready."""
    (tmp_path / "prefect").mkdir()
    one = prefect_server.LocalServer(tmp_path / "prefect")
    assert one.ready()
    yield one
    one.stop(wait=True)


def test_a_server_of_ones_own_is_found_by_another_run_only_when_it_is_operated(
    tmp_path: Path, server: prefect_server.LocalServer
) -> None:
    from flows.prefect_runner import operated, state_file
    from flows.process import this_process

    assert operated(tmp_path) is None
    state = {"api": server.url, "process": this_process()}
    state_file(tmp_path).write_text(json.dumps(state))
    assert operated(tmp_path) == server.url
    state_file(tmp_path).write_text(
        json.dumps(state | {"process": state["process"] | {"began": "x"}})
    )
    assert operated(tmp_path) is None


def test_a_database_that_is_kept_has_no_contents(tmp_path: Path) -> None:
    kept = prefect_server.template()
    if not kept.exists():
        prefect_server.prepare()
    (tmp_path / "prefect.db.part").touch()
    assert prefect_server.begin_with_template(tmp_path) is False
    import sqlite3

    with sqlite3.connect(tmp_path / "prefect.db") as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        filled = [name for name in tables if database.execute(f'SELECT 1 FROM "{name}"').fetchone()]
    database.close()
    assert len(tables) > 30
    assert filled == ["alembic_version"]
