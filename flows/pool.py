"""Work in worker processes, item by item, in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import connection, forkserver, get_context, parent_process
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Protocol, TypeVar

from flows.parcel import Place
from flows.process import give_way

In = TypeVar("In")
Out = TypeVar("Out")

BATCH = 50
"""Articles a task: large enough that a worker's start and the pickling do not show."""

_SAFE = "PYTHONSAFEPATH"


class Workers(Protocol):
    """Processes that do work: of this machine, or those of a cluster (`flows.cluster`)."""

    lost: int
    """How often workers died."""

    def sent(self, folder: Path | None) -> Place:
        """Return a folder of data files as it is given to workers."""
        ...

    def map(self, step: Callable[[In], Out], items: Iterable[In], name: str = "") -> Iterator[Out]:
        """Yield `step(item)` in order, some items ahead of what was asked for."""
        ...


class Pool:
    """Worker processes; with `workers=1` everything happens in this one.

    Workers start on first use, forked from a server that has loaded the reader (`flows.preload`):
    they share its 0.3 GB and have some 0.1 GB each. The server ends with this process.
    """

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.lost = 0
        """How often workers died and were replaced."""
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=kind is None, cancel_futures=True)

    def sent(self, folder: Path | None) -> Place:
        """Return a folder of data files as it is given to workers: they see it, too."""
        return folder

    def map(self, step: Callable[[In], Out], items: Iterable[In], name: str = "") -> Iterator[Out]:
        """Yield `step(item)` in order, a few items ahead of what was asked for.

        A worker that dies (out of memory, a crash in a native library) takes only its speed
        with it: what it had in hand is done again in this process.
        """
        source = iter(items)
        if self.workers == 1:
            yield from map(step, source)
            return
        first = list(islice(source, 2))
        if len(first) < 2:  # not worth starting a worker for
            yield from map(step, first)
            return
        running: deque[tuple[In, Future[Out], int]] = deque()
        for item in _chain(first, source):
            running.append((item, self._submit(step, item), self.lost))
            if len(running) > self.workers + 1:
                yield self._result(step, *running.popleft())
        while running:
            yield self._result(step, *running.popleft())

    def _submit(self, step: Callable[[In], Out], item: In) -> Future[Out]:
        if self._executor is None:
            # Not forked from this process: Prefect's threads are running in it.
            self._executor = ProcessPoolExecutor(
                self.workers, _forking(), _begin_worker, (dict(os.environ),)
            )
        try:
            return self._executor.submit(step, item)
        except BrokenProcessPool:
            self._lose(self.lost)
            return self._submit(step, item)
        except (ConnectionError, EOFError):  # the server is gone: here, and the next in a new one
            self._lose(self.lost)
            done: Future[Out] = Future()
            done.set_result(step(item))
            return done

    def _result(self, step: Callable[[In], Out], item: In, future: Future[Out], lost: int) -> Out:
        try:
            return future.result()
        except BrokenProcessPool:
            self._lose(lost)
            return step(item)

    def _lose(self, before: int) -> None:
        """Note that the workers are gone, once for all that they had in hand."""
        if before == self.lost:
            self.lost += 1
            self._executor = None


def _forking() -> BaseContext:
    """Return what starts workers, with a server that has loaded what they share."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["flows.preload"])
    # The server would look into the working directory first: packages there are not ours.
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ[_SAFE]
        else:
            os.environ[_SAFE] = before
    return context


def _begin_worker(environment: dict[str, str]) -> None:
    os.environ.clear()  # of the server as it was started
    os.environ.update(environment)
    give_way()
    _end_with_parent()


def _end_with_parent() -> None:
    """Let this worker end when whoever started it is gone, also after kill -9.

    By itself it would wait for ever: it holds both ends of the pipe that its work comes by.
    """
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _chain(first: Sequence[In], rest: Iterator[In]) -> Iterator[In]:
    yield from first
    yield from rest


def batches(items: Iterable[In], size: int = BATCH) -> Iterator[list[In]]:
    """Cut a stream into lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
