"""How often a password may be wrong: in a moving window, also for tries made at the same time."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

TRIES = ("5/minute", "30/hour")
"""Failed attempts from one address for one name, and from one address."""
_BY_NAME, _BY_ADDRESS = map(parse, TRIES)
_limiter = MovingWindowRateLimiter(MemoryStorage())
_running: Counter[tuple[str, ...]] = Counter()
_lock = Lock()


def begin(address: str, name: str) -> bool:
    """Return whether one more password may be tried; if so, `end` has to be called. A try that is
    under way counts as one that fails: it takes a while, and others may be made meanwhile."""
    with _lock:
        for limit, key in _limits(address, name):
            if _limiter.get_window_stats(limit, *key).remaining <= _running[key]:
                return False
        _running.update(key for _, key in _limits(address, name))
        return True


def end(address: str, name: str, *, failed: bool) -> None:
    """Count a try that has ended, if it failed."""
    with _lock:
        for limit, key in _limits(address, name):
            if failed:
                _limiter.hit(limit, *key)
            _running[key] -= 1
            if not _running[key]:
                del _running[key]


def _limits(address: str, name: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
    return (_BY_NAME, (address, name)), (_BY_ADDRESS, (address,))
