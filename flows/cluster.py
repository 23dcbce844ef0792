"""Work in the workers of a Dask cluster, item by item, in order.

What a worker gets and gives is pickled here and carried as bytes, so that neither Dask nor Prefect
looks into it. A worker that dies takes only its speed with it: Dask gives what it had in hand to
another one. Nothing is written by workers, so that nothing can be written twice.
"""

from __future__ import annotations

import logging
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from flows.parcel import Parcel, packed
from kb.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

In = TypeVar("In")
Out = TypeVar("Out")
log = logging.getLogger("kb.flow")
_CONNECT_SECONDS, _LOOK_SECONDS = 60.0, 10.0


class Pending(Protocol):
    """A result to come: what Dask's and Prefect's futures share."""

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401
        """Return it, or raise TimeoutError."""
        ...


class DaskEngine:
    """Hands pickled work to a cluster, as plain Dask tasks."""

    client: Client

    def __init__(self, address: str) -> None:
        """Connect to a scheduler.

        Raises:
            ClusterError: none answers there.
        """
        self.client = connected(address)

    def submit(self, name: str, work: bytes) -> Pending:
        """Let a worker call `carry_out`."""
        return cast("Pending", self.client.submit(carry_out, work, pure=False))

    def done(self, pending: Any) -> bool:  # noqa: ANN401
        """Whether there is a result or an error."""
        return bool(pending.done())

    def cancel(self, pending: Any) -> None:  # noqa: ANN401
        """Have no more interest in it."""
        pending.cancel()

    def close(self) -> None:
        """Leave the cluster as it is."""
        close(self.client)


def close(client: Any) -> None:  # noqa: ANN401 (untyped in Dask)
    """Leave a scheduler as it is."""
    client.close()


def connected(address: str, kind: Callable[..., Client] | None = None) -> Client:
    """Return a client of a scheduler.

    Raises:
        ClusterError: none answers there.
    """
    import dask
    from distributed import Client

    # A portion is some megabytes on purpose.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "64MB"})
    try:
        return (kind or Client)(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} (KB_DASK): start `kb cluster scheduler`"
        ) from error


def present(address: str) -> list[dict[str, Any]]:
    """Return a scheduler's workers: address, machine, threads, memory_mb (in use), cpu_percent.

    Raises:
        ClusterError: none answers there.
    """
    client: Any = connected(address)
    try:
        found = client.scheduler_info()["workers"]
    finally:
        close(client)
    return [
        {
            "address": name,
            "machine": one["host"],
            "threads": one["nthreads"],
            "memory_mb": one["metrics"]["memory"] // 10**6,
            "cpu_percent": round(one["metrics"]["cpu"]),
        }
        for name, one in sorted(found.items())
    ]


class DaskPool:
    """The workers of a Dask cluster, with the manners of `flows.pool.Pool`."""

    def __init__(self, engine: DaskEngine) -> None:
        """Take an engine, which is closed at the end."""
        self._engine = engine
        self._seen: set[str] = set()
        self._threads, self._looked = 0, 0.0
        self._alone = self._closed = False
        self.lost = 0
        """How often workers went away while there was work."""

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed = True
        self._engine.close()

    def sent(self, folder: Path | None) -> Parcel | None:
        """Return a folder of data files as it is given to workers: its contents."""
        return packed(folder)

    def map(self, step: Callable[[In], Out], items: Iterable[In], name: str = "") -> Iterator[Out]:
        """Yield `step(item)` in order; so many items are taken ahead that no worker waits.

        Raises:
            ClusterError: an item has ended several workers, or the scheduler is gone.
        """
        running: deque[Pending] = deque()
        try:
            for item in items:
                running.append(self._engine.submit(name, pickle.dumps((step, item))))
                self._look()
                if len(running) > 2 * self._threads + 2:
                    yield self._result(running.popleft())
            while running:
                yield self._result(running.popleft())
        finally:
            # After an error this may be reached late, when nobody is interested any more.
            for pending in () if self._closed else running:
                self._engine.cancel(pending)

    def _result(self, pending: Pending) -> Any:  # noqa: ANN401
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        wait: float | None = _LOOK_SECONDS
        while True:
            try:
                return pickle.loads(pending.result(wait))
            except TimeoutError:
                if wait is None:  # the step's own
                    raise
                if self._engine.done(pending):
                    wait = None
                self._look()
            except KilledWorker as error:
                raise ClusterError(
                    "a portion has ended every worker that got it: perhaps they have too little "
                    "memory (1 GB each is enough for any portion)"
                ) from error
            except FutureCancelledError as error:
                raise ClusterError(
                    "the Dask scheduler is gone: start it again, then this command; it goes on"
                ) from error

    def _look(self) -> None:
        """Count the workers now and then, and tell when one is gone or none is there."""
        if time.monotonic() - self._looked < _LOOK_SECONDS and self._threads:
            return
        self._looked = time.monotonic()
        client: Any = self._engine.client
        threads: dict[str, int] = client.nthreads()
        for gone in sorted(self._seen - threads.keys()):
            self.lost += 1
            log.warning("worker %s is gone; another one does what it had in hand", gone)
        self._seen = set(threads)
        self._threads = sum(threads.values())
        if not threads and not self._alone:
            log.warning("no Dask worker is there: waiting; start `kb cluster worker`")
        self._alone = not threads


def carry_out(work: bytes) -> bytes:
    """Do in a worker what was packed by `DaskPool.map`."""
    step, item = pickle.loads(work)
    return pickle.dumps(step(item))
