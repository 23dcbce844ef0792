"""Portions as Prefect tasks in Dask workers, by prefect-dask."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from flows.cluster import DaskEngine, Pending, carry_out, close, connected
from flows.stages import READING

if TYPE_CHECKING:
    from prefect import Task


class PrefectEngine(DaskEngine):
    """Tasks of the flow run that is at work: seen in Prefect, done by Dask's workers.

    These need the address in `PREFECT_API_URL` as well as the scheduler's. Short steps are plain
    Dask tasks: Prefect's own work is 0.2 s a task.
    """

    def __init__(self, address: str) -> None:
        """Connect to a scheduler.

        Raises:
            ClusterError: none answers there.
        """
        from prefect_dask.task_runners import DaskTaskRunner

        close(connected(address))  # prefect-dask would wait and say nothing
        self._stack = ExitStack()
        self._runner: Any = self._stack.enter_context(DaskTaskRunner(address=address))
        self.client = self._runner.client

    def submit(self, name: str, work: bytes) -> Pending:
        """Let a worker call `carry_out`."""
        if name != READING:
            return super().submit(name, work)
        pending: Pending = self._runner.submit(_task(name), {"work": work})
        return pending

    def done(self, pending: Any) -> bool:  # noqa: ANN401
        """Whether there is a result or an error."""
        return bool(getattr(pending, "wrapped_future", pending).done())

    def cancel(self, pending: Any) -> None:  # noqa: ANN401
        """Have no more interest in it."""
        getattr(pending, "wrapped_future", pending).cancel()

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._stack.close()


def _task(name: str) -> Task[Any, bytes]:
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(carry_out)
