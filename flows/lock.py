"""One run at a time: locks of the operating system and of PostgreSQL, which end with their process
however that ends.

All kinds of run that write what the press printed share one lock; a run of hours gives way between
two of its steps to another that waits (`Turn.give_way`), so that no night is lost to it.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from zlib import crc32

from flows.process import this_process
from kb.archive import Archive
from kb.errors import ArchiveError, BusyError

POLL_SECONDS = 1.0
_SPACE = 5_601_956
"""First half of the advisory locks' keys; the second is the lock's."""
WRITERS = frozenset({"nightly", "backfill", "reread", "rebuild", "maintenance", "restore"})
"""Kinds of run that have one lock together; every other kind has its own."""
_TOGETHER = "archive"
_WAITING = "waiting"
"""Beside a lock: held, shared, by those who wait for it."""


@contextmanager
def one_run(
    archive: Archive,
    data_dir: Path,
    kind: str = "nightly",
    *,
    wait: float = 0.0,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[Turn]:
    """Hold the lock of a kind of run (`nightly`, `reread` …) while the block lasts; yields the
    turn, which can be given to whoever waits.

    Two locks: a file's (beside a SQLite archive, else in the data folder), and on PostgreSQL an
    advisory one, for runs on other machines. PostgreSQL's is lost when it restarts, the file's
    is not.

    Args:
        wait: seconds to wait for a run that is at work.
        say: called once, with who is at work, before waiting.

    Raises:
        BusyError: another run is at work and was not done in time.
        ArchiveError: the database cannot be asked, or the file not made.
    """
    turn = Turn(archive, data_dir, kind, say)
    turn.take(wait)
    try:
        yield turn
    finally:
        turn.end()


class Turn:
    """The right to write, of one run."""

    def __init__(
        self, archive: Archive, data_dir: Path, kind: str, say: Callable[[str], None]
    ) -> None:
        self._archive, self._data_dir, self._kind, self._say = archive, data_dir, kind, say
        self._held = ExitStack()

    def take(self, wait: float, *, seen: bool = True) -> None:
        """Wait for the lock so many seconds, seen by whoever has it.

        Raises:
            BusyError: it was not to be had.
        """
        until, told = time.monotonic() + wait, False
        with ExitStack() as waits:
            while (
                owner := _try(self._held, self._archive, self._data_dir, self._kind)
            ) is not None:
                if time.monotonic() >= until:
                    raise BusyError(f"{owner}: wait for its end, nothing was done now")
                if not told:
                    told = True
                    if seen:
                        _show(waits, self._archive, self._data_dir, self._kind)
                    self._say(f"{owner}; waiting for its end")
                time.sleep(min(POLL_SECONDS, max(until - time.monotonic(), 0.0)))

    def end(self) -> None:
        """Let the lock go."""
        self._held.close()

    def give_way(self) -> bool:
        """Let those who wait go first, and take the lock again after them; between two steps of a
        long run, when nothing is half done. Return whether anybody waited."""
        if not _is_awaited(self._archive, self._data_dir, self._kind):
            return False
        self._say(f"another run waits: this {self._kind} run rests until it has ended")
        self.end()
        while _is_awaited(self._archive, self._data_dir, self._kind):
            time.sleep(POLL_SECONDS / 4)  # until they have the lock
        # Unseen, or two long runs would give way to each other at every step.
        self.take(float("inf"), seen=False)
        return True


def _show(waits: ExitStack, archive: Archive, data_dir: Path, kind: str) -> None:
    """Let it be seen that somebody waits."""
    file = waits.enter_context(_sign(archive, data_dir, kind).open("a", encoding="utf-8"))
    fcntl.flock(file, fcntl.LOCK_SH)
    if archive.engine.dialect.name == "postgresql":
        _advisory(waits, archive, kind, _WAITING, shared=True)


def _is_awaited(archive: Archive, data_dir: Path, kind: str) -> bool:
    """Whether somebody waits for a lock: then what shows it cannot be had alone."""
    with ExitStack() as tried:
        file = tried.enter_context(_sign(archive, data_dir, kind).open("a", encoding="utf-8"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        if archive.engine.dialect.name != "postgresql":
            return False
        return not _advisory(tried, archive, kind, _WAITING)


def _sign(archive: Archive, data_dir: Path, kind: str) -> Path:
    path = lock_file(archive, data_dir, kind)
    return path.with_name(f"{path.name}.{_WAITING}")


def lock_file(archive: Archive, data_dir: Path, kind: str) -> Path:
    """Return the file that is locked; it stays behind, since only its lock counts."""
    name, url = _lock_of(kind), archive.engine.url
    if archive.engine.dialect.name == "sqlite" and url.database:
        return Path(url.database).absolute().with_name(f"{Path(url.database).name}.{name}.lock")
    return data_dir.absolute() / f"{name}.lock"


def _lock_of(kind: str) -> str:
    return _TOGETHER if kind in WRITERS else kind


def _try(held: ExitStack, archive: Archive, data_dir: Path, kind: str) -> str | None:
    """Take all locks and return None, or take none and return who has one."""
    with ExitStack() as taken:
        path = lock_file(archive, data_dir, kind)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = taken.enter_context(path.open("a+", encoding="utf-8"))
        except OSError as error:
            raise ArchiveError(f"cannot lock {path}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _owner(file, kind)
        if archive.engine.dialect.name == "postgresql" and not _advisory(taken, archive, kind):
            return (
                f"a {_elsewhere(archive, kind)} run of another machine is at work on this archive"
            )
        file.truncate(0)
        file.write(
            json.dumps({**this_process(), "kind": kind, "at": datetime.now(UTC).isoformat()})
        )
        file.flush()
        held.push(taken.pop_all())
    return None


def _owner(file: IO[str], kind: str) -> str:
    file.seek(0)
    try:
        owner: dict[str, Any] = json.loads(file.read())
        at = datetime.fromisoformat(owner["at"]).astimezone()
        who = f" (process {owner['pid']}, since {at:%d/%m/%Y %H:%M})"
        kind = owner.get("kind", kind)
    except (ValueError, KeyError):  # it is being written at this moment
        who = ""
    return f"a {kind} run is at work on this archive{who}"


def _advisory(
    taken: ExitStack, archive: Archive, kind: str, what: str = "", *, shared: bool = False
) -> bool:
    """Take a lock of PostgreSQL's on a connection of its own; False if another has it."""
    from kb.archive.engine import explained

    key, form = _key(kind, what), "_shared" if shared else ""
    # Who shows that he waits must be seen: somebody else may be looking at this moment.
    call = "pg_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    with explained(archive.engine):
        plain = taken.enter_context(archive.engine.connect())
        # Without a transaction: one that stays open all night would keep VACUUM from its work.
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        got = connection.exec_driver_sql(f"SELECT {call}({_SPACE}, {key})").scalar()
        if not shared and not got:
            return False
        # Closing only gives the connection back to the pool: the lock must be given back first.
        unlock = f"SELECT pg_advisory_unlock{form}({_SPACE}, {key})"
        taken.callback(_quietly, lambda: connection.exec_driver_sql(unlock), plain.invalidate)
        if not what:
            connection.exec_driver_sql(f"SET application_name = 'kb {kind}'")
            reset = "RESET application_name"
            taken.callback(_quietly, lambda: connection.exec_driver_sql(reset), plain.invalidate)
    return True


def _key(kind: str, what: str = "") -> int:
    return crc32(f"{_lock_of(kind)}{what}".encode()) - 2**31  # a signed 32-bit number


def _elsewhere(archive: Archive, kind: str) -> str:
    """Return which kind of run has PostgreSQL's lock: its connection is named so."""
    from kb.archive.engine import explained

    sql = (
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        f" WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {_SPACE}"
        f" AND l.objid = {_key(kind) % 2**32} AND l.objsubid = 2"
    )
    with explained(archive.engine), archive.engine.connect() as connection:
        name = str(connection.exec_driver_sql(sql).scalar() or "")
    return name.removeprefix("kb ") if name.startswith("kb ") else kind


def _quietly(step: Callable[[], object], otherwise: Callable[[], object]) -> None:
    try:
        step()
    except Exception:  # the connection is gone, and its lock with it
        otherwise()
