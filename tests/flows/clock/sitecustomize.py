"""On PYTHONPATH: a process believes that it is some seconds later (FAKED_SECONDS)."""

from __future__ import annotations

import datetime
import os
import time

_SECONDS = float(os.environ.get("FAKED_SECONDS", "0"))
_real, _time = datetime.datetime, time.time


class _Later(_real):
    """A datetime whose present is the faked one."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> _Later:
        """Return the faked present."""
        return cls.fromtimestamp(_time() + _SECONDS, tz)

    @classmethod
    def utcnow(cls) -> _Later:
        """Return the faked present in UTC, without saying so."""
        return cls.now(datetime.UTC).replace(tzinfo=None)


def _later() -> float:
    return _time() + _SECONDS


if _SECONDS:
    datetime.datetime = _Later  # type: ignore[misc]
    time.time = _later
