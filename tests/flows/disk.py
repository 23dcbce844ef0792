"""A disk that fills up: a small one of its own where this user may mount one, else a limit to the
size of any file."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

LARGE = "256m"


@dataclass
class Disk:
    """A folder and how it is made small and large again; `before` is for the child's process."""

    home: Path
    mounted: bool
    before: Callable[[], None] | None = None

    def leave(self, room: int) -> None:
        """Let no more than so many bytes be written."""
        if self.mounted:
            used = shutil.disk_usage(self.home).used
            _mount("-o", f"remount,size={used + room}", str(self.home))
            return
        sizes = [file.stat().st_size for file in self.home.rglob("*") if file.is_file()]
        limit = max(sizes, default=0) + room
        self.before = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))

    def grow(self) -> None:
        """Let everything be written again."""
        self.before = None
        if self.mounted:
            _mount("-o", f"remount,size={LARGE}", str(self.home))


@contextmanager
def small_disk(home: Path) -> Iterator[Disk]:
    """Yield an empty disk that has room until it is told otherwise."""
    home.mkdir()
    mounted = _mount("-t", "tmpfs", "-o", f"size={LARGE}", "tmpfs", str(home)) == 0
    try:
        yield Disk(home, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(home)], check=False, capture_output=True)


def _mount(*words: str) -> int:
    mount = shutil.which("mount")
    if mount is None:
        return 1
    return subprocess.run([mount, *words], check=False, capture_output=True).returncode
