"""The processes of a Dask cluster, as this program wants them: one thread each, no dashboard, no
port on other interfaces than the one asked for, nothing that calls home."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flows.prefect_server import environment as quiet
from kb.errors import ConfigError

PORT = 8786
_NO_PAGE = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]


def scheduler(host: str, port: int) -> list[str]:
    """Return the command of a scheduler."""
    return [sys.executable, "-m", "dask", "scheduler", "--host", host, "--port", str(port),
            *_NO_PAGE]  # fmt: skip


def worker(address: str, count: int, folder: Path, host: str = "") -> list[str]:
    """Return the command of a machine's workers.

    Args:
        address: the scheduler's.
        count: processes; 0 is one a core. One that dies is started again.
        folder: for what Dask spills and locks.
        host: address of this machine for the other ones; empty: the one from which it reaches the
            scheduler.

    Raises:
        ConfigError: the address names no machine.
    """
    from distributed import utils

    get_ip: Callable[[str], str] = utils.get_ip
    name = urlsplit(address).hostname
    if not name:
        raise ConfigError(f"{address!r} is no scheduler's address: tcp://HOST:{PORT} (KB_DASK)")
    try:
        here = host or get_ip(name)
    except OSError as error:
        raise ConfigError(f"{address} cannot be reached: {error}") from error
    processes = str(count or os.cpu_count() or 1)
    return [sys.executable, "-m", "dask", "worker", address, "--host", here, "--nthreads", "1",
            "--nworkers", processes, "--local-directory", str(folder), *_NO_PAGE]  # fmt: skip


def environment(data_dir: Path, level: str) -> dict[str, str]:
    """Return the environment of either, for Prefect's part in it, too; `level` is how much it
    tells (`info`, `warning`)."""
    said = {
        "DASK_TEMPORARY_DIRECTORY": str(data_dir / "dask"),
        "DASK_LOGGING__DISTRIBUTED": level,
        "DASK_DISTRIBUTED__DIAGNOSTICS__NVML": "False",
    }
    return {**said, **quiet(data_dir / "prefect"), **os.environ}
