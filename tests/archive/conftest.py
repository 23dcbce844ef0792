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
from kb.archive.tables import metadata

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
        with psycopg.connect(plain, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
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
    """Remove all rows of a PostgreSQL archive."""
    with Archive.open(address) as archive, archive.engine.begin() as connection:
        names = ", ".join(f'"{name}"' for name in metadata.tables)
        connection.exec_driver_sql(f"TRUNCATE {names}, search RESTART IDENTITY")


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(url) as opened:
        yield opened
