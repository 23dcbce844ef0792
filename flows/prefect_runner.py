"""Steps as Prefect tasks inside one flow run.

The flow reports to the server that `PREFECT_API_URL` names, else to that of a `kb operate` on
the same data folder, else to one of its own that is kept in the data folder. A night is never
lost for Prefect: when no server answers, or it goes away, the same steps run as plain Python.
"""

from __future__ import annotations

import atexit
import gc
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from flows.ping import ping
from flows.prefect_server import LocalServer, environment
from flows.process import is_at_work
from flows.runner import CONCURRENT, RETRIES, RETRY_SECONDS, PlainRunner
from kb.memory import uncollected

T = TypeVar("T")
log = logging.getLogger("kb.flow")
_own: LocalServer | None = None


def settle(data_dir: Path) -> None:
    """Set Prefect's environment, so that it keeps to the data folder and calls nobody. Must happen
    before the first import of `prefect`."""
    home = data_dir / "prefect"
    home.mkdir(parents=True, exist_ok=True)  # Prefect makes no folders around its own
    for name, value in environment(home).items():
        os.environ.setdefault(name, value)


def configure(data_dir: Path) -> None:
    """Set Prefect's environment and start a server if none is there; it gets ready while this
    process goes on. Must happen before the first import of `prefect`."""
    global _own
    settle(data_dir)
    if os.environ.get("PREFECT_API_URL"):
        return
    url = operated(data_dir)
    if url is None:
        _own = LocalServer(data_dir / "prefect")
        atexit.register(_own.stop)
        url = _own.url
    if url:
        os.environ["PREFECT_API_URL"] = url


def state_file(data_dir: Path) -> Path:
    """Return where `kb operate` notes the address of its server and its own process."""
    return data_dir / "operate.json"


def operated(data_dir: Path) -> str | None:
    """Return the API's address of a `kb operate` that is at work on this data folder."""
    try:
        state = json.loads(state_file(data_dir).read_text("utf-8"))
        url = str(state["api"])
        alive = is_at_work(state["process"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if alive and ping(f"{url}/health", 3.0) is None else None


def trouble() -> str | None:
    """Return why the server that `PREFECT_API_URL` names does not answer; None if it does."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        error = client.api_healthcheck()
    return None if error is None else str(error) or type(error).__name__


def publish(key: str, description: str, text: Callable[[], str]) -> None:
    """Keep a text (Markdown) with the flow run that is at work, where Prefect's pages show it.

    Never fails: the archive has all that it says.
    """
    from prefect.artifacts import create_markdown_artifact

    try:
        create_markdown_artifact(text(), key=key, description=description)
    except Exception as error:  # the server is gone, or is none of ours
        log.warning("Prefect did not keep %s: %s", key, error)


def in_flow() -> bool:
    """Whether a flow run of Prefect's is at work in this process."""
    from prefect.context import FlowRunContext

    return FlowRunContext.get() is not None


class PrefectRunner:
    """One Prefect task a step; outside of a flow run plain Python."""

    def run(self, steps: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, T | Exception]]:
        """Yield each step's name with its result, or its last error, as they end."""
        from prefect import task
        from prefect.cache_policies import NO_CACHE
        from prefect.futures import as_completed

        if not in_flow():
            yield from PlainRunner().run(steps)
            return
        futures = {}
        for name, step in steps.items():
            as_task = task(
                name=name,
                retries=RETRIES,
                retry_delay_seconds=RETRY_SECONDS,
                cache_policy=NO_CACHE,
                persist_result=False,
            )
            futures[as_task(_here(step)).submit()] = name
        for future in as_completed(list(futures)):
            result = future.result(raise_on_failure=False)
            yield futures[future], result


class _Here(Generic[T]):
    """Something that runs in this process alone: of flows and steps that Prefect sends along with
    a task to other processes nothing goes there but the name."""

    def __init__(self, body: Callable[[], T]) -> None:
        self._body = body

    def __call__(self) -> T:
        return self._body()

    def __reduce__(self) -> tuple[type[_Here[T]], tuple[Callable[[], None]]]:
        return type(self), (_elsewhere,)


def _here(step: Callable[[], T]) -> Callable[[], T]:
    kept = _Here(step)
    return lambda: kept()


def _elsewhere() -> None:
    raise AssertionError("this runs in the process that began it")


class _Body(Generic[T]):
    """What a flow runs, with what came of it, whatever then becomes of Prefect."""

    def __init__(self, body: Callable[[], T]) -> None:
        self._body = body
        self.began = False
        self.results: list[T] = []
        self.error: Exception | None = None

    def __call__(self) -> None:
        self.began = True
        try:
            self.results.append(self._body())
        except Exception as error:
            self.error = error
            raise

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return self.results[0]


def as_flow(name: str, body: Callable[[], T]) -> T:
    """Run `body` as a Prefect flow; the steps that it runs become the flow's tasks.

    Its result and its errors are passed on. That Prefect fails is only told on the log.
    """
    with uncollected():
        from prefect import flow
        from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
    gc.freeze()  # it is there to stay, and large: nobody need go through it again

    logging.getLogger("prefect").setLevel(logging.WARNING)
    runner: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=CONCURRENT)
    noted = _Body(body)
    wrapped = flow(name=name, task_runner=runner, validate_parameters=False)(_here(noted))
    try:
        if _own is not None and not _own.ready():
            log.warning("Prefect's server did not start: this run goes without")
        else:
            wrapped()
    except Exception as error:
        if noted.error is None:
            log.warning("Prefect failed (%s): its record of this run is incomplete", error)
    finally:
        if _own is not None:
            _own.stop()
    if not noted.began:
        return body()
    return noted.outcome()
