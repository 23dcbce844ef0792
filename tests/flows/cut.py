"""A night in a process of its own that something kills at a chosen point: `python -m
tests.flows.cut POINT HOME OUTLETS`. Points are the keys of `POINTS`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import flows.leftover
import flows.nightly
import flows.stages
import kb.archive.load
from flows.pool import Pool, batches
from flows.runner import PlainRunner
from kb.archive import Archive
from tests.flows.nights import settings

PAGES = 4
"""Lines of a crawl log after which its crawl is cut."""


def die(*_: object, **__: object) -> None:
    """End this process as a power failure does."""
    os.kill(os.getpid(), signal.SIGKILL)


def instead(module: object, name: str) -> None:
    """Die where a function would be called."""
    setattr(module, name, die)


def crawling(act: Callable[[Path], None]) -> None:
    """Act once a crawl of this process has written some lines."""
    real = flows.nightly.crawl_outlet
    acted: list[int] = []

    def watched(plan: Any, name: str, on_line: Callable[[Any], None]) -> Any:  # noqa: ANN401
        lines: list[object] = []

        def tell(line: Any) -> None:  # noqa: ANN401
            lines.append(line)
            if len(lines) >= PAGES and not acted:
                acted.append(1)
                act(plan.out / f"{name}-1")
            on_line(line)

        return real(plan, name, tell)

    flows.nightly.crawl_outlet = watched


def kill_child(folder: Path) -> None:
    """Kill the crawl that writes into a folder."""
    for pid in flows.leftover._writing(folder):
        os.kill(pid, signal.SIGKILL)


def kill_worker() -> None:
    """Kill one reading process when the first batch is loaded."""
    flows.stages.batches = partial(batches, size=1)  # type: ignore[assignment]
    flows.stages.LOAD = 1
    pools: list[Pool] = []
    killed: list[int] = []
    enter, load = Pool.__enter__, Archive.load

    def entered(self: Pool) -> Pool:
        pools.append(self)
        return enter(self)

    def loaded(self: Archive, *rest: Any) -> Any:  # noqa: ANN401
        executor = pools[0]._executor
        if executor is not None and not killed:
            killed.append(next(iter(executor._processes)))
            os.kill(killed[0], signal.SIGKILL)
        return load(self, *rest)

    Pool.__enter__ = entered  # type: ignore[method-assign]
    Archive.load = loaded  # type: ignore[method-assign]


POINTS: dict[str, Callable[[], None]] = {
    "while crawling": lambda: crawling(die),
    "crawled": lambda: instead(flows.nightly, "process"),
    "in the transaction": lambda: instead(kb.archive.load.derived, "refresh"),
    "texts loaded": lambda: instead(flows.nightly, "note_crawl"),
    "captures noted": lambda: instead(flows.nightly, "clear"),
    "the crawl itself": lambda: crawling(kill_child),
    "a worker": kill_worker,
}


def main(point: str, home: Path, outlets: Path) -> None:
    """Run a night that is cut at a point."""
    POINTS[point]()
    chosen = settings(home).model_copy(update={"workers": 2 if point == "a worker" else 1})
    with Archive.open(chosen.url) as archive:
        flows.nightly.nightly(archive, PlainRunner(), chosen, folder=outlets)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
