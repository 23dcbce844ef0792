"""Backfills by a Prefect work pool: asked for on any machine, done by whichever worker is free.

A worker runs in the place of `kb cluster pool`. Runs take turns at writing (`flows/lock.py`); what
is parallel is the reading, by Dask. A run whose worker died is asked for again, and goes on from
what the archive has noted.
"""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.prefect_runner import operated, settle
from kb.errors import ConfigError
from kb.settings import Settings

DEPLOYMENT = "backfill/kb"


def join(pool: str, chosen: Settings) -> list[str]:
    """Register the pool and its backfill with the Prefect server, and return the command of a
    worker.

    Raises:
        ConfigError: no server answers.
    """
    settle(chosen.data_dir)
    url = os.environ.get("PREFECT_API_URL") or operated(chosen.data_dir)
    if not url:
        raise ConfigError("no Prefect server: set PREFECT_API_URL to that of `kb operate`")
    os.environ["PREFECT_API_URL"] = url
    # A flow run has a working folder of its own: it finds no kb.toml there, nor the data folder.
    os.environ.update(_as_variables(chosen))
    _register(pool, url)
    return [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--type", "process",
            "--limit", "1", "--name", f"{platform.node()}-{os.getpid()}"]  # fmt: skip


def _as_variables(chosen: Settings) -> dict[str, str]:
    found = {}
    for name, field in Settings.model_fields.items():
        value = getattr(chosen, name)
        if isinstance(value, Path):
            value = value.absolute()
        if value not in (None, field.default):
            found[f"KB_{name.upper()}"] = str(value)
    return found


def _register(pool: str, url: str) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.types.entrypoint import EntrypointType
    from prefect.workers.process import ProcessWorker

    from flows import scheduled

    with get_client(sync_client=True) as client:
        if (error := client.api_healthcheck()) is not None:
            raise ConfigError(f"no Prefect server answers at {url}: {error}")
        template = ProcessWorker.get_default_base_job_template()
        wanted = WorkPoolCreate(name=pool, type="process", base_job_template=template)
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(wanted)
    name = DEPLOYMENT.partition("/")[2]
    deployment: Any = scheduled.backfill.to_deployment(
        name, work_pool_name=pool, entrypoint_type=EntrypointType.MODULE_PATH
    )
    deployment.apply()
