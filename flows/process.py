"""Processes: how much a worker takes; which one a run belongs to, so that a later one knows whether
it is still at work."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kb.archive import Archive
from kb.archive.usual import mark_interrupted, running

LONGEST = timedelta(days=2)
"""A run of another machine, whose processes cannot be seen from here, is believed to go on for so
long: containers change their names, so that for ever would be too long."""

NICENESS = 10
"""What `nice` takes where nothing is said."""


def give_way() -> None:
    """Let this process take what the others of its machine leave: who writes, the database and the
    desk are not to wait for reading."""
    os.nice(NICENESS)


def this_process() -> dict[str, Any]:
    """Return what tells this process from every other, JSON-ready."""
    pid = os.getpid()
    return {"host": platform.node(), "pid": pid, "began": _began(pid)}


def cut_off(archive: Archive) -> tuple[int, ...]:
    """Note every run as interrupted whose process is gone (killed, a power failure); return them.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    dead = tuple(int(row["id"]) for row in running(archive) if not at_work(row))
    mark_interrupted(archive, dead)
    return dead


def at_work(run: Mapping[str, Any]) -> bool:
    """Whether the process of a run of the ledger is still there, as far as one can see."""
    owner = run["detail"].get("process")
    if owner is None:
        return False
    if owner["host"] != platform.node():
        return bool(datetime.now(UTC) - run["started_at"] < LONGEST)
    return is_at_work(owner)


def is_at_work(owner: Mapping[str, Any]) -> bool:
    """Whether a process of this machine, as `this_process` told it, is still the one it was."""
    if owner["host"] != platform.node():
        return False
    try:
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's, and alive
        pass
    return owner["began"] in (None, _began(owner["pid"]))


def _began(pid: int) -> str | None:
    """Return when a process began (boot and ticks since), since numbers are given out again; None
    where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return f"{boot} {stat.rpartition(')')[2].split()[19]}"
