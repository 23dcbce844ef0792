"""Backups: one SQLite file that was read back before it counts, and the way back from it.

From SQLite by `VACUUM INTO`, from PostgreSQL by a copy inside one snapshot: both while others
write. Either kind is restored to either engine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, delete

from kb.archive import tables
from kb.archive.content import Progress, exact, silent, size
from kb.archive.copy import copy, is_empty, metadata_tables, unfinished
from kb.archive.directory import upsert
from kb.archive.engine import explained, parse_url, reading, writing
from kb.archive.schema import HEAD, open_engine
from kb.errors import ArchiveError, ConfigError

MARK = "backup"
"""Name in `meta` of the row that a backup has: its schema, and the sum of each table."""
_OWN = re.compile(r"kb-\d{8}T\d{6}(?:_\d+)?\.sqlite", re.ASCII)
"""What `default_file` names: a backup under any other name is its owner's."""
_STAMP = "%Y%m%dT%H%M%S"
_AFTER = ("", "-wal", "-shm")
"""What SQLite keeps in files of their own beside the first."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: rows by table, and where the earlier archive is now (None: no such)."""

    rows: dict[str, int]
    aside: str | None


def default_file(folder: Path) -> Path:
    """Return the name of a backup made now in a folder of backups, which no other one has."""
    name = f"kb-{datetime.now(UTC):{_STAMP}}"
    taken = {file.stem for file in folder.glob(f"{name}*.sqlite")}
    number = next(at for at in range(1, len(taken) + 2) if _numbered(name, at) not in taken)
    return folder / f"{_numbered(name, number)}.sqlite"


def _numbered(name: str, number: int) -> str:
    # `_` sorts behind `.`: the later one of a second is the newer one for `prune`.
    return name if number == 1 else f"{name}_{number}"


def backup(engine: Engine, file: Path, *, progress: Progress = silent) -> dict[str, int]:
    """Write one consistent state of an archive into a new file, and read it back.

    Returns:
        Rows by table.

    Raises:
        ConfigError: the file is there already.
        ArchiveError: the archive or the file cannot be read or written; no file is left.
    """
    if file.exists():
        raise ConfigError(f"{file} exists: name another file")
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        if engine.dialect.name == "sqlite":
            progress("writing", 0, 1)
            with explained(engine), closing(engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM INTO ?", (str(part),))
            progress("writing", 1, 1)
        target = open_engine(_url(part), create=True)
        try:
            if engine.dialect.name != "sqlite":
                copy(engine, target, progress=progress)
            _integrity(part, file)
            rows = _seal(target, progress)
        finally:
            target.dispose()
        _single(part)
        part.replace(file)
    except OSError as error:
        raise ArchiveError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        _remove(part)
    return rows


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of a folder (0 keeps all); return those removed.

    Only those that bear the name of their time: what somebody named stays.
    """
    made = sorted(file for file in folder.glob("kb-*.sqlite") if _OWN.fullmatch(file.name))
    old = made[: max(0, len(made) - keep)] if keep else []
    for file in old:
        file.unlink()
    return old


def restore(
    file: Path, url: str, *, work: Path, force: bool = False, progress: Progress = silent
) -> Restored:
    """Make a backup the archive at a URL, once it has been verified.

    An archive that is there is moved aside, never overwritten. A restore into PostgreSQL that was
    interrupted goes on when it is called again.

    Args:
        file: from `backup`.
        url: of either engine.
        work: a folder with room for the backup once more.
        force: move aside what the archive holds.

    Raises:
        ConfigError: the archive is not empty and `force` is off, or the file is no backup.
        ArchiveError: the backup is damaged, or a database fails; the archive is as it was.
    """
    parsed = parse_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    target = Path(str(parsed.database))
    if sqlite:
        work = target.parent
        full = _occupied(url) if target.exists() else False
    else:
        full = _occupied(url)
    if full and not force:
        raise ConfigError(
            f"the archive {parsed.render_as_string()} is not empty; with --force it is moved "
            "aside, not deleted"
        )
    part = work / f"{file.name}.restoring"
    try:
        _verified(file, part, progress)
        if sqlite:
            aside = _file_aside(target) if target.exists() else None
            part.replace(target)
        else:
            aside = _schema_aside(url) if full else None
            source, engine = open_engine(_url(part), create=False), open_engine(url, create=True)
            try:
                copy(source, engine, progress=progress)
            finally:
                source.dispose()
                engine.dispose()
    except OSError as error:
        raise ArchiveError(f"cannot restore {file}: {error.strerror or error}") from error
    finally:
        _remove(part)
    engine = open_engine(url, create=False)
    try:
        with reading(engine) as connection:
            rows = {t.name: size(connection, t) for t in metadata_tables()}
    finally:
        engine.dispose()
    return Restored(rows, aside)


def _verified(file: Path, part: Path, progress: Progress) -> None:
    """Copy a backup, bring its schema up to date, and compare it with its own sums."""
    if not file.is_file():
        raise ConfigError(f"there is no backup {file}")
    part.parent.mkdir(parents=True, exist_ok=True)
    _remove(part)
    shutil.copyfile(file, part)
    _integrity(part, file)
    with closing(sqlite3.connect(part)) as connection:
        try:
            query = "SELECT value FROM meta WHERE name = ?"
            row = connection.execute(query, (MARK,)).fetchone()
        except sqlite3.DatabaseError:
            row = None
    if row is None:
        raise ConfigError(f"{file} was not made by `kb backup`; `kb archive copy` moves archives")
    said = json.loads(row[0])
    if said["schema"] > HEAD:
        raise ArchiveError(
            f"{file} was made by a newer version of the program (schema {said['schema']}, this one "
            f"knows {HEAD}); install that version to restore it"
        )
    engine = open_engine(_url(part), create=False)
    try:
        with reading(engine) as connection:
            for table in metadata_tables() if said["schema"] == HEAD else []:
                found = str(exact(connection, table, progress))
                if found != said["sums"].get(table.name, found):
                    raise ArchiveError(
                        f"{file} is damaged: table {table.name} is not what was backed up; "
                        "take an earlier backup"
                    )
        with writing(engine) as connection:
            connection.execute(delete(tables.meta).where(tables.meta.c.name == MARK))
    finally:
        engine.dispose()
    _single(part)


def _integrity(part: Path, file: Path) -> None:
    """See that SQLite finds nothing wrong in a copy of a file, or in what is to become it."""
    with closing(sqlite3.connect(f"file:{quote(str(part))}?mode=ro", uri=True)) as connection:
        try:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            answer = str(error)
    if answer != "ok":
        raise ArchiveError(f"{file} is damaged ({' '.join(answer.split())})")


def _seal(engine: Engine, progress: Progress) -> dict[str, int]:
    """Write into a backup what it holds, by table."""
    with reading(engine) as connection:
        sums = {t.name: exact(connection, t, progress) for t in metadata_tables()}
    said = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "schema": HEAD,
        "sums": {name: str(found) for name, found in sums.items()},
    }
    with writing(engine) as connection:
        upsert(connection, tables.meta, [{"name": MARK, "value": json.dumps(said)}])
    return {name: found.rows for name, found in sums.items()}


def _occupied(url: str) -> bool:
    """Whether an archive must not be overwritten: it holds something, or cannot be read."""
    try:
        engine = open_engine(url, create=True)
    except ArchiveError as error:
        if parse_url(url).get_backend_name() == "sqlite":
            return True
        raise error
    try:
        with reading(engine) as connection:
            return unfinished(connection) is None and not is_empty(connection)
    except ArchiveError:
        return True
    finally:
        engine.dispose()


def _file_aside(path: Path) -> str:
    """Move a SQLite archive to another name in its folder and return it."""
    try:
        with closing(sqlite3.connect(path, timeout=2)) as connection:
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            # Whoever has it open, idle or not, would go on with the file that is moved away: only
            # who is alone with it may leave the write-ahead log.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.rollback()
    except sqlite3.OperationalError as error:
        busy = "locked" in str(error)
    except sqlite3.DatabaseError:  # damaged: it is moved as it is
        busy = False
    if busy:
        raise ArchiveError(
            f"{path} is in use: stop `kb serve`, `kb operate` and other jobs, and try again"
        )
    aside = path.with_name(f"{path.stem}-before-{datetime.now(UTC):{_STAMP}}{path.suffix}")
    for end in _AFTER:
        old = Path(f"{path}{end}")
        if old.exists():
            old.replace(f"{aside}{end}")
    return str(aside)


def _schema_aside(url: str) -> str:
    """Rename the schema of a PostgreSQL archive, make an empty one, and return the new name."""
    engine = open_engine(url, create=False)
    try:
        with writing(engine) as connection:
            name = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
            aside = f"{name}_before_{datetime.now(UTC):{_STAMP}}".lower()
            connection.exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO "{aside}"')
            connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    finally:
        engine.dispose()
    return f"schema {aside}"


def _single(file: Path) -> None:
    """Let a closed SQLite file stand alone, and be on the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def _remove(file: Path) -> None:
    for end in (*_AFTER, "-journal"):
        Path(f"{file}{end}").unlink(missing_ok=True)


def _url(file: Path) -> str:
    return f"sqlite:///{quote(str(file))}"
