"""Steps as Prefect tasks inside one flow run.

With `PREFECT_API_URL` set the flow reports to that server. Without, Prefect starts a server for
this process alone, kept in the data folder so that the next start is faster.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from flows.runner import CONCURRENT, RETRIES, RETRY_SECONDS

T = TypeVar("T")


def configure(data_dir: Path) -> None:
    """Set Prefect's environment; must happen before the first import of `prefect`.

    Nothing calls home: `DO_NOT_TRACK` and the server's analytics setting both say so.
    """
    defaults = {
        "PREFECT_HOME": str((data_dir / "prefect").resolve()),
        # A server that starts on a cold machine needs longer than Prefect's 20 s.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "PREFECT_SHOW_FLOW_RUN_URL": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"


class PrefectRunner:
    """One Prefect task a step."""

    def run(self, steps: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, T | Exception]]:
        """Yield each step's name with its result, or its last error, as they end."""
        from prefect import task
        from prefect.cache_policies import NO_CACHE
        from prefect.futures import as_completed

        futures = {}
        for name, step in steps.items():
            as_task = task(
                name=name,
                retries=RETRIES,
                retry_delay_seconds=RETRY_SECONDS,
                cache_policy=NO_CACHE,
                persist_result=False,
            )
            futures[as_task(step).submit()] = name
        for future in as_completed(list(futures)):
            result = future.result(raise_on_failure=False)
            yield futures[future], result


def as_flow(name: str, body: Callable[[], T]) -> T:
    """Run `body` as a Prefect flow; the steps that it runs become the flow's tasks.

    Raises:
        RuntimeError: no server answers and none could be started.
    """
    from prefect import flow
    from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

    logging.getLogger("prefect").setLevel(logging.WARNING)
    runner: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=CONCURRENT)
    return flow(name=name, task_runner=runner, validate_parameters=False)(body)()
