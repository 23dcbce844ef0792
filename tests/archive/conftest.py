"""Every archive test runs on both engines; PostgreSQL in a scratch database of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from kb.archive import Archive

SERVER = os.environ.get(
    "KB_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


@contextmanager
def scratch() -> Iterator[str]:
    """Make a database, yield its URL, drop it; skip the test where no server answers."""
    server = make_url(SERVER)
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"kb_test_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(plain, autocommit=True, connect_timeout=30) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
            # What a crash of the server would cost is not what these tests look at.
            connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    except psycopg.Error as error:
        pytest.skip(f"no PostgreSQL at {server.host}:{server.port}: {error}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a scratch database for tests that each empty it first."""
    with scratch() as url:
        yield url


@pytest.fixture(scope="module")
def scratch_database() -> Iterator[str]:
    """URL of a scratch database for one module alone."""
    with scratch() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty archive."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kb.sqlite'}"
    address = str(request.getfixturevalue("postgresql"))
    empty(address)
    return address


def empty(address: str) -> None:
    """Remove all rows of a PostgreSQL archive, and begin its numbers anew.

    Without TRUNCATE, which waits for the disk once for each table and index.
    """
    with Archive.open(address) as archive, archive.engine.begin() as connection:
        run = connection.exec_driver_sql
        listed = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        names = [row[0] for row in run(listed) if row[0] != "alembic_version"]
        held = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names
        )
        run("SET LOCAL session_replication_role = replica")  # references need no order then
        for (name,) in run(held).all():
            run(f"DELETE FROM {name}")
        run("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(url) as opened:
        yield opened
