"""Two ways to run the same steps: as Prefect tasks, or as plain Python with the same retries."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Protocol, TypeVar

T = TypeVar("T")

CONCURRENT = 4
"""Steps at once. Crawls wait for newspapers most of the time; two cores carry four of them."""
RETRIES = 2
RETRY_SECONDS = 5.0

log = logging.getLogger("kb.flow")


class Runner(Protocol):
    """Runs steps at the same time, each tried again when it fails."""

    def run(self, steps: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, T | Exception]]:
        """Yield each step's name with its result, or its last error, as they end."""
        ...


class PlainRunner:
    """Threads of this process; no server, no database but the archive."""

    def run(self, steps: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, T | Exception]]:
        """Yield each step's name with its result, or its last error, as they end."""
        with ThreadPoolExecutor(CONCURRENT) as threads:
            names: dict[Future[T], str] = {
                threads.submit(_retrying, name, step): name for name, step in steps.items()
            }
            for future in as_completed(names):
                error = future.exception()
                if error is not None and not isinstance(error, Exception):
                    raise error
                yield names[future], future.result() if error is None else error


def _retrying(name: str, step: Callable[[], T]) -> T:
    for attempt in range(RETRIES):
        try:
            return step()
        except Exception as error:
            log.warning("%s failed (%s), trying again (%d)", name, error, attempt + 1)
            time.sleep(RETRY_SECONDS)
    return step()
