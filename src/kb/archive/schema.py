"""Opening an archive: is it there, is it ours, is its schema current?"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from kb.archive import account_tables as _accounts  # noqa: F401 - tables of the schema
from kb.archive import follow_tables as _follow  # noqa: F401 - tables of the schema
from kb.archive import snapshot_tables as _snapshots  # noqa: F401 - tables of the schema
from kb.archive import tables
from kb.archive.directory import upsert
from kb.archive.engine import explained, make_engine, parse_url, writing
from kb.archive.fulltext import rebuild
from kb.archive.index import ANALYZER
from kb.errors import ArchiveError, NotAnArchive

HEAD = "0013"
"""The newest schema; compared here without Alembic, whose import alone takes longer."""
MIGRATIONS = Path(__file__).parent / "migrations"
_ALONE = Lock()
"""Alembic keeps what it is about in globals: one migration at a time in a process."""


def open_engine(url: str, *, create: bool) -> Engine:
    """Return an engine on an archive with the current schema, creating or upgrading it.

    Raises:
        ConfigError: the URL is none of SQLite or PostgreSQL.
        NotAnArchive: no archive there and `create` is off, a folder, a database of another
            program.
        ArchiveError: an archive of a newer program, a file that is no database, a lock; the
            message says what to do.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        _prepare_file(Path(str(parsed.database)), create)
    engine = make_engine(parsed)
    try:
        with explained(engine):
            found, analyzer = current(engine)
            if found is None:
                found, analyzer = _made_meanwhile(engine)
            if found is None and not create:
                raise NotAnArchive(f"{parsed!r} holds no archive: run `kb nightly` or `kb ingest`")
            if found != HEAD:
                upgrade(engine)
                found, analyzer = current(engine)
            if analyzer != ANALYZER:
                _reindex(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare_file(path: Path, create: bool) -> None:
    if path.is_dir():
        raise NotAnArchive(f"archive {path} is a folder: set KB_DATABASE_URL to a file in it")
    if not create and not path.exists():
        raise NotAnArchive(f"there is no archive at {path}: run `kb nightly` or `kb ingest` first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"cannot create the folder {path.parent} of the archive: {error.strerror}; "
            "create it, or set KB_DATA_DIR to another"
        ) from error


def current(engine: Engine) -> tuple[str | None, str | None]:
    """Return the versions of schema and analyzer; None where the database holds no archive."""
    with engine.connect() as connection:
        try:
            row = connection.exec_driver_sql(
                "SELECT version_num, (SELECT value FROM meta WHERE name = 'analyzer')"
                " FROM alembic_version"
            ).first()
        except DBAPIError as error:
            if any(sign in str(error.orig) for sign in _NOT_THERE):
                return None, None
            raise
    return (row[0], row[1]) if row else (None, None)


_NOT_THERE = ("no such table", "no such column", "does not exist")


def _made_meanwhile(engine: Engine) -> tuple[str | None, str | None]:
    """Ask again for the versions, where there seemed to be no archive.

    Raises:
        NotAnArchive: there is none, but something of another program.
    """
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
        versioned = "alembic_version" in names and (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        )
    found = current(engine)  # last: another process may be making the archive
    others = sorted(names - {"alembic_version"})
    if engine.dialect.name != "sqlite":  # where tables of extensions may stand beside ours
        others = [name for name in others if name in tables.metadata.tables]
    if found[0] is None and (others or versioned):
        seen = ", ".join(others[:3] or ["alembic_version"]) + (" …" if others[3:] else "")
        raise NotAnArchive(
            f"{engine.url!r} is a database of another program (it holds {seen}): set "
            "KB_DATABASE_URL to one of its own for the archive; nothing was changed"
        )
    return found


def _reindex(engine: Engine) -> None:
    """Build index and counts anew: another version of the program made them, or none."""
    with writing(engine) as connection:
        rebuild(connection)
        upsert(connection, tables.meta, [{"name": "analyzer", "value": ANALYZER}])


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the schema up to a version, inside one transaction.

    Raises:
        ArchiveError: the archive was written by a newer version of the program.
    """
    _migrate(engine, to, down=False)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Take the schema back to a version, inside one transaction; `base` removes everything."""
    _migrate(engine, to, down=True)


def _migrate(engine: Engine, to: str, *, down: bool) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    found, _ = current(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise ArchiveError(
            f"archive {engine.url!r} has schema {found}, unknown to this program ({HEAD}): "
            "install the newer version that made it, or set KB_DATABASE_URL to another archive"
        )
    # Whoever comes second waits here and then finds nothing left to do.
    with _ALONE, writing(engine) as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)
        if to == "head":
            from kb.archive.reuse.store import renew

            renew(connection)
