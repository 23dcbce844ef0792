"""Steps for worker processes: they are imported there by name."""

from __future__ import annotations

import os
from pathlib import Path

from flows import stages


def double(number: int) -> tuple[int, int]:
    """Return the number doubled and the process that did it."""
    return 2 * number, os.getpid()


def die_once(job: tuple[Path, int]) -> int:
    """Return the number; the first worker that gets the number 3 dies as if out of memory."""
    mark, number = job
    if number == 3 and not mark.exists():
        mark.touch()
        os._exit(137)
    return number


def refuse(number: int) -> int:
    """Fail for one number."""
    if number == 2:
        raise ValueError("not two")
    return number


def place(name: str) -> tuple[str | None, Path]:
    """Return a variable of this process's environment and its working directory."""
    return os.environ.get(name), Path.cwd()


def loaded(_: int) -> tuple[int, int, bool]:
    """Return this process and its parent, and whether the models were there before any work."""
    return os.getpid(), os.getppid(), stages._reader.cache_info().currsize == 1
