"""What pages count, kept until the archive changes: a night changes it, readers only read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from kb.archive import Archive
from kb.archive.stamp import Stamp, stamp

T = TypeVar("T")
MOST = 512
"""Answers kept at once; those that were asked for longest ago go first."""
LONGEST = 60.0
"""Seconds after which an answer is made anew whatever the stamp says: a run may be under way."""


class Kept:
    """Answers by key. Each is made once, however many ask for it at the same time."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = Lock()
        self._made: OrderedDict[Hashable, tuple[Stamp, float, Any]] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, or what it made while the archive was as it is now."""
        now = stamp(self._archive.engine)
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                kept = self._made.get(key)
            if kept is not None and kept[0] == now and monotonic() - kept[1] < LONGEST:
                return kept[2]  # type: ignore[no-any-return]
            try:
                made = make()
            except Exception:
                with self._lock:
                    self._making.pop(key, None)
                raise
            with self._lock:
                self._made[key] = (now, monotonic(), made)
                self._made.move_to_end(key)
                while len(self._made) > MOST:
                    gone, _ = self._made.popitem(last=False)
                    self._making.pop(gone, None)
            return made
