"""`kb operate`: a Prefect server, the schedules and the desk as children that are looked after."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import FrameType

from flows import alerts
from flows.ping import ping
from flows.prefect_runner import settle, state_file
from flows.prefect_server import command
from flows.process import is_at_work, this_process
from kb.archive import Archive
from kb.errors import BusyError, ConfigError
from kb.settings import Settings

Say = Callable[[str, str], None]
"""Called with a child's name and one line about it."""
START_SECONDS, STOP_SECONDS, CHECK_SECONDS = 300.0, 20.0, 600.0
_TICK, _STEADY, _LONGEST_PAUSE = 0.3, 60.0, 60.0
_DEATH_SIGNAL = 1  # Linux: PR_SET_PDEATHSIG
log = logging.getLogger("kb.operate")


@dataclass
class Part:
    """A child: what it is called, how it is started, and what answers once it is ready."""

    name: str
    command: list[str]
    told: str
    """Said when it is ready."""
    asked: str | None = None
    """Address that answers when it is ready; None: at once."""
    setting: str = ""
    """Setting to look at when it does not start."""
    child: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0
    again_at: float = field(default=0.0)

    def start(self, env: dict[str, str]) -> None:
        """Start it in a session of its own: Ctrl+C is for this process, which stops it in turn."""
        self.began = time.monotonic()
        self.child = subprocess.Popen(
            self.command,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def stop(self) -> None:
        """Ask it to end, and make sure that it and its own children are gone."""
        child = self.child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("%s did not end within %.0f s and is killed", self.name, STOP_SECONDS)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdin is not None:
            child.stdin.close()
        self.child = None


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)


def parts(chosen: Settings) -> list[Part]:
    """Return the children in the order of their start."""
    python, port = sys.executable, str(chosen.desk_port)
    desk = [python, "-m", "uvicorn", "--factory", "kb.cli.serve:desk", "--log-level", "warning"]
    here = f"http://127.0.0.1:{chosen.prefect_port}"
    host = "127.0.0.1" if chosen.desk_host in ("0.0.0.0", "::") else chosen.desk_host
    page = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    times = (
        f"{name} {cron} ({chosen.timezone})" if cron else f"{name} never"
        for name, cron in (
            ("nightly", chosen.nightly_cron),
            ("maintenance", chosen.maintenance_cron),
            ("digest", chosen.digest_cron),
        )
    )
    return [
        Part(
            "prefect", command(chosen.prefect_port, services=True), here,
            f"{here}/api/health", "KB_PREFECT_PORT",
        ),
        Part("schedule", [python, "-m", "flows.schedule"], "; ".join(times)),
        Part(
            "desk", [*desk, "--host", chosen.desk_host, "--port", port], page,
            f"{page}/openapi.json", "KB_DESK_PORT",
        ),
    ]  # fmt: skip


def operate(chosen: Settings, say: Say, stop: Event | None = None) -> None:
    """Run the children until SIGINT or SIGTERM comes (or `stop` is set); one that dies is started
    again. Between times look whether a night is late.

    Raises:
        BusyError: another `kb operate` is at work on this data folder.
        ConfigError: a child cannot be started at all.
        ArchiveError: the archive cannot be opened.
    """
    # Made or migrated once, before the children would do it at the same time.
    with Archive.open(chosen.url):
        pass
    api = f"http://127.0.0.1:{chosen.prefect_port}/api"
    settle(chosen.data_dir)
    env = {**os.environ, "PREFECT_API_URL": api, "PYTHONUNBUFFERED": "1"}
    ended = stop or Event()
    children = parts(chosen)
    with _noted(chosen.data_dir, api), _signals(ended):
        try:
            for part in children:
                _begin(part, env, say, ended)
            _look_after(children, env, say, ended, chosen)
        finally:
            for part in reversed(children):
                if part.child is not None:
                    part.stop()
                    say(part.name, "stopped")


@contextmanager
def _noted(data_dir: Path, api: str) -> Iterator[None]:
    """Note who is at work and where its server is, for `kb nightly` and a second `kb operate`."""
    file = state_file(data_dir)
    try:
        owner = json.loads(file.read_text("utf-8"))["process"]
        if is_at_work(owner):
            raise BusyError(f"kb operate is at work on {data_dir} (process {owner['pid']})")
    except (OSError, ValueError, KeyError, TypeError):
        pass
    file.write_text(json.dumps({"api": api, "process": this_process()}), "utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def _signals(ended: Event) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _begin(part: Part, env: dict[str, str], say: Say, ended: Event) -> None:
    """Start a child for the first time and wait until it is ready."""
    if part.asked is not None and ping(part.asked, 2.0) is None:
        raise ConfigError(f"{part.name}: {part.told} is taken already: set {part.setting}")
    part.start(env)
    assert part.child is not None
    until = time.monotonic() + START_SECONDS
    while part.asked is not None and not ended.is_set() and ping(part.asked, 2.0) is not None:
        if part.child.poll() is not None or time.monotonic() > until:
            part.stop()
            raise ConfigError(f"{part.name} does not start at {part.told}: see {part.setting}")
        ended.wait(_TICK)
    say(part.name, part.told)


def _look_after(
    children: list[Part], env: dict[str, str], say: Say, ended: Event, chosen: Settings
) -> None:
    next_check = time.monotonic() + CHECK_SECONDS
    while not ended.wait(_TICK):
        now = time.monotonic()
        for part in children:
            _revive(part, env, say, now)
        if now >= next_check:
            next_check = now + CHECK_SECONDS
            try:
                alerts.check(chosen)
            except Exception as error:  # looking must never end what is looked after
                log.warning("the nights could not be judged: %s", error)


def _revive(part: Part, env: dict[str, str], say: Say, now: float) -> None:
    """Start a child again that has died; the pause before doubles while it keeps dying."""
    if part.child is not None:
        code = part.child.poll()
        if code is None:
            return
        part.failures = 1 if now - part.began > _STEADY else part.failures + 1
        pause = min(2.0 ** (part.failures - 1), _LONGEST_PAUSE)
        part.stop()
        part.again_at = now + pause
        say(part.name, f"ended by itself ({_ending(code)}); starts again in {pause:.0f} s")
    elif now >= part.again_at:
        part.start(env)
        say(part.name, f"started again; {part.told}")


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
