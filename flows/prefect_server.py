"""A Prefect server on loopback as a child process: for one run, or kept by `kb operate`.

Prefect's own ephemeral server is not used: it is waited for after everything else has been
imported, a minute and more when it died at once, and outlives a run that is killed. This one
names its port before it loads anything, so that the run gets ready meanwhile, and ends when its
stdin is closed, however that came about.

The first start of a data folder would spend most of its time on migrations. A database that has
them is therefore kept beside the interpreter, once for each release of Prefect.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, nullcontext, suppress
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uvicorn

READY = "ready"
_LEAVE_SECONDS = 5.0
"""Time for what a server has in hand, once whoever started it is gone."""
_LOOK = timedelta(seconds=2)
_NAME = "prefect.db"


def environment(home: Path) -> dict[str, str]:
    """Return what a Prefect server and its clients are told; `home` is Prefect's folder.

    Nothing calls home: `DO_NOT_TRACK` and the server's analytics setting both say so.
    """
    return {
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "PREFECT_SHOW_FLOW_RUN_URL": "false",
        # Reports are kept in the archive; logs sent besides would only fail where a server does.
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        # 2 + 4 + 8 seconds: enough for `kb operate` to start its server again, no minutes lost.
        "PREFECT_CLIENT_MAX_RETRIES": "3",
        # Block types are of no use here, and comparing them takes a second of each start.
        "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def command(port: int, *, services: bool) -> list[str]:
    """Return the command line of a server (port 0: any that is free; `services` schedule runs)."""
    return [sys.executable, "-m", "flows.prefect_server", str(port), *["services"] * services]


class LocalServer:
    """A server for this process alone, without services; `stop` it, or it stops with us."""

    def __init__(self, home: Path) -> None:
        """Start it and return when its address is known, long before it answers."""
        self._child = subprocess.Popen(
            command(0, services=False),
            env={**environment(home), **os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.url = self._line()
        """Address of its API; empty if it did not even begin."""

    @property
    def pid(self) -> int:
        """Its process."""
        return self._child.pid

    def ready(self) -> bool:
        """Wait until it answers; False when it has died instead."""
        return self._line() == READY

    def stop(self, *, wait: bool = False) -> None:
        """Let it end: it writes what it still has in hand, which nobody need wait for."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        if wait:
            self._child.wait()

    def _line(self) -> str:
        assert self._child.stdout is not None
        return self._child.stdout.readline().decode().strip()


# --- the child ------------------------------------------------------------------------------


def serve(port: int, *, services: bool) -> None:
    """Serve Prefect's API on loopback until stdin is closed or a signal comes.

    Writes two lines on stdout: the API's address, and READY when it answers.
    """
    import uvicorn

    os.environ.setdefault("PREFECT_SERVER_UI_ENABLED", "true" if services else "false")
    if not services:
        os.environ["PREFECT__SERVER_EPHEMERAL"] = "1"
    os.environ["PREFECT__SERVER_FINAL"] = "1"
    # Prefect's own setting: an address for workers on other machines, beside loopback.
    outside = os.environ.get("PREFECT_SERVER_API_HOST", "") if services else ""
    everywhere = outside in ("0.0.0.0", "::")
    config = uvicorn.Config(
        _application,
        factory=True,
        host=outside if everywhere else "127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
    )
    socket = config.bind_socket()
    sockets = [socket]
    if outside not in ("", "127.0.0.1", "localhost") and not everywhere:
        beside = uvicorn.Config(_application, host=outside, port=socket.getsockname()[1])
        sockets.append(beside.bind_socket())
    # What Prefect prints is not for whoever reads the two lines.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(f"http://127.0.0.1:{socket.getsockname()[1]}/api", file=out, flush=True)
    home = Path(os.environ["PREFECT_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    fresh = begin_with_template(home)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
            await super().startup(sockets)  # type: ignore[arg-type]
            if self.should_exit:
                return
            if fresh:
                keep_template(home)
            print(READY, file=out, flush=True)

    server = Server(config)
    threading.Thread(target=_until_closed, args=(sys.stdin.buffer, server), daemon=True).start()
    server.run(sockets=sockets)


def _application() -> Any:  # noqa: ANN401 (an ASGI application, loaded in this process alone)
    from prefect.server.api.server import create_app

    _mend_bulk_inserts()
    _rest()
    return create_app()


def _mend_bulk_inserts() -> None:
    """Let Prefect 3.8 write scheduled runs with SQLAlchemy 2.1, which refuses values of hybrid
    attributes in bulk inserts that 2.0 passed over; else no schedule ever makes a run."""
    from prefect.server.database import orm_models

    for model in (orm_models.FlowRun, orm_models.TaskRun):
        for owner in model.__mro__:
            for attribute in vars(owner).values():
                if getattr(attribute, "bulk_dml_setter", "") is None:
                    attribute.bulk_dml_setter = _pass_over


def _pass_over(model: type, values: dict[str, object], value: object) -> None:
    """Leave a value where it is: it belongs to another table."""


def _rest() -> None:
    """Let Prefect look for tasks of its own every two seconds, not eight times in one: that takes
    a fortieth of a core, day and night. Without services nothing is ever due, and it need not."""
    from prefect.server.api import background_workers, server

    if "PREFECT__SERVER_EPHEMERAL" in os.environ:
        vars(server)["background_worker"] = lambda docket, **more: nullcontext()
    kept = vars(background_workers)
    kept["Worker"] = partial(
        kept["Worker"], minimum_check_interval=_LOOK, scheduling_resolution=_LOOK
    )


def _until_closed(stdin: IO[bytes], server: uvicorn.Server) -> None:
    with suppress(OSError):
        while stdin.read(1):
            pass
    server.should_exit = True
    time.sleep(_LEAVE_SECONDS)
    os._exit(0)


def template() -> Path:
    """Return where the migrated, empty database of this release of Prefect is kept."""
    return Path(sys.prefix) / "share" / "kb" / f"prefect-{version('prefect')}.db"


def begin_with_template(home: Path) -> bool:
    """Give a folder without a database a migrated one; return whether there was none to give."""
    if (home / _NAME).exists() or "PREFECT_API_DATABASE_CONNECTION_URL" in os.environ:
        return False
    if not template().exists():
        return True
    part = home / f"{_NAME}.part{os.getpid()}"
    shutil.copy(template(), part)
    part.replace(home / _NAME)
    return False


def keep_template(home: Path) -> None:
    """Keep a database that has just been made, without its contents, for other data folders.

    Without the right to write beside the interpreter every data folder migrates its own.
    """
    kept = template()
    part = kept.with_name(f"{kept.name}.part{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(home / _NAME)) as database:
            database.execute("VACUUM INTO ?", (str(part),))
        with closing(sqlite3.connect(part)) as copy:
            names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in names:
                if name != "alembic_version" and not name.startswith("sqlite_"):
                    copy.execute(f'DELETE FROM "{name}"')
            copy.commit()
            copy.execute("VACUUM")
        part.replace(kept)
    except (OSError, sqlite3.Error):
        part.unlink(missing_ok=True)


def prepare() -> None:
    """Make the template now, for set-up: so that no first run has to."""
    if template().exists():
        return
    with TemporaryDirectory() as folder:
        server = LocalServer(Path(folder))
        server.ready()
        server.stop(wait=True)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        serve(int(sys.argv[1]), services="services" in sys.argv[2:])
