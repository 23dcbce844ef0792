"""Connections and transactions: the only module that knows how each engine locks and fails."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Row,
    RowMapping,
    Select,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, DBAPIError

from kb.archive.columns import unpack
from kb.errors import ArchiveError, ConfigError
from kb.text import name_form

LOCK_SECONDS = 30
_BATCH = 500
_LEAST_WAITING, _PART_WAITING = 1000, 20
"""Pages of the write-ahead log that bring it back into the file: SQLite's own number, but at least
a twentieth of the file."""
_LOCK_ID = 5_601_955  # any number that no other program on the same server uses

_UNOPENED = "unable to open"
_READ_ONLY_FOLDER = (
    "the file is there, but SQLite keeps a log beside it while it is in use, even for reading: let "
    "this user write to the folder {folder}, or copy the archive (`kb backup FILE`, by who may "
    "write there) and set KB_DATABASE_URL to the copy in a folder of your own"
)
_ADVICE = (
    ("database is locked", "another program is writing to it; try again when it has finished"),
    ("lock timeout", "another program is writing to it; try again when it has finished"),
    (
        "not a database",
        "this file is no archive (set KB_DATABASE_URL to another), or its first page is damaged: "
        "`kb restore` brings a backup back",
    ),
    (
        "malformed",
        "the file is damaged; `kb archive check` says where, `kb restore` brings a backup back, "
        "`kb archive rebuild` reads the captures again",
    ),
    ("disk i/o error", "is the disk full or failing? Mend that and run it again"),
    ("readonly", "the file is write-protected; give this user the right to write to it"),
    (_UNOPENED, "the folder is missing or closed to this user; create it or open it"),
    ("disk is full", "free some space and run it again; nothing was half written"),
    ("no space left", "free some space and run it again; nothing was half written"),
    ('role "', "make it with `createuser`, or name another user in KB_DATABASE_URL"),
    ("authentication failed", "correct the user or the password in KB_DATABASE_URL"),
    ("does not exist", "create the database with `createdb`, or correct KB_DATABASE_URL"),
    ("connection", "is PostgreSQL running at this address? See KB_DATABASE_URL"),
)


def parse_url(url: str) -> URL:
    """Return the SQLAlchemy URL with its driver; only SQLite and PostgreSQL are known.

    Raises:
        ConfigError: not a database URL, or of an engine that the archive does not run on.
    """
    # What it holds may be a password: it is not shown.
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"KB_DATABASE_URL: that is not a database URL; {_EXAMPLES}") from error
    except ValueError as error:
        raise ConfigError(f"KB_DATABASE_URL: its port is no number; {_EXAMPLES}") from error
    if "@" in (parsed.host or ""):
        raise ConfigError("KB_DATABASE_URL: write @ in user or password as %40, / as %2F, : as %3A")
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database in (None, "", ":memory:"):
                raise ConfigError(f"KB_DATABASE_URL: {url!r} names no file; {_EXAMPLES}")
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case name:
            raise ConfigError(f"KB_DATABASE_URL: {name!r} is not supported; {_EXAMPLES}")


_EXAMPLES = "use sqlite:///data/kb.sqlite or postgresql+psycopg://user@host/name"


def make_engine(url: URL) -> Engine:
    """Return an engine whose connections have every setting that the archive relies on."""
    options: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql":
        # The planner's compiler costs more than it saves on short queries.
        settings = f"-c timezone=UTC -c jit=off -c lock_timeout={LOCK_SECONDS}s"
        options = {
            "connect_args": {"options": settings, "connect_timeout": 10},
            "pool_pre_ping": True,
        }
    serializer = json.JSONEncoder(ensure_ascii=False).encode
    engine = create_engine(url, json_serializer=serializer, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late, see below
    for pragma in (
        f"busy_timeout={LOCK_SECONDS * 1000}",
        # Of a new file: a text is 2 to 3 KB, of which pages of 4 KB would hold one.
        "page_size=16384",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-49152",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # Rows of one article follow each other, and all ask for its text.
    last = lru_cache(maxsize=4)(unpack)
    connection.create_function("unpack", 1, last, deterministic=True)
    connection.create_function("name_form", 1, name_form, deterministic=True)


def spare_memory(engine: Engine) -> None:
    """Let connections keep 4 MB of pages instead of 48: who reads all once gains by no more."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA cache_size=-4096"))


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock first: a plain BEGIN that reads and then writes fails at once."""
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    # A load touches pages all over a large archive. They are written back once for several
    # batches so, not for each: at a million articles a third less is written.
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    waiting = max(_LEAST_WAITING, pages // _PART_WAITING)
    connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={waiting}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a read transaction (on SQLite one consistent state).

    Raises:
        ArchiveError: the database fails; the message says what to do.
    """
    with explained(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in the one write transaction at a time; all of it is kept or nothing.

    Raises:
        ArchiveError: the database fails or stays locked; the message says what to do.
    """
    with explained(engine), engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_ID})")
            yield connection


def stream(connection: Connection, statement: Select[Any]) -> Iterator[RowMapping]:
    """Yield rows without ever holding more than a batch; the cursor closes however it ends."""
    for row in stream_plain(connection, statement):
        yield row._mapping


def stream_plain(connection: Connection, statement: Select[Any]) -> Iterator[Row[Any]]:
    """Yield rows as `stream` does, their values by place: half the time where they are many."""
    rows = connection.execute(statement.execution_options(yield_per=_BATCH))
    with closing(rows):
        yield from rows


def is_read_only(error: ArchiveError) -> bool:
    """Whether nothing else is the matter than that a SQLite file may not be written to."""
    cause = error.__cause__
    code = getattr(getattr(cause, "orig", cause), "sqlite_errorcode", None)
    # The lowest byte of a code is its kind, the others say more of it.
    return code is not None and code & 0xFF == sqlite3.SQLITE_READONLY


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn a database failure into an ArchiveError that says what to do.

    Raises:
        ArchiveError: always instead of a driver's error.
    """
    try:
        yield
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:  # COPY raises the latter
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        reason = " ".join(str(cause).split())
        advice = _advice(engine, reason.lower())
        message = f"archive {engine.url.render_as_string(hide_password=True)}: {reason}"
        raise ArchiveError(f"{message}: {advice}" if advice else message) from error


def _advice(engine: Engine, reason: str) -> str | None:
    """Return what to do about a failure, None if nobody knows."""
    found = next(((sign, text) for sign, text in _ADVICE if sign in reason), None)
    if found and found[0] == _UNOPENED and engine.url.database:
        file = Path(engine.url.database)
        if os.access(file, os.R_OK) and not os.access(file.parent, os.W_OK):
            return _READ_ONLY_FOLDER.format(folder=file.parent)
    return found[1] if found else None
