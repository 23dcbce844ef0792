"""What it costs to keep an archive: copy, backup, restore, check, content hash.

    python -m benchmarks.keeping [--articles 10000] [--server URL]

One run of each on an otherwise idle machine; articles as in `benchmarks.archive_articles`.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from benchmarks.archive_articles import Press
from kb.archive import Archive
from kb.archive.backup import backup, restore
from kb.archive.copy import copy

BATCH = 250


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    server = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    parser.add_argument("--server", default=server)
    given = parser.parse_args()
    address = make_url(given.server)
    name = f"kb_keeping_{secrets.token_hex(4)}"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with (
        tempfile.TemporaryDirectory() as folder,
        psycopg.connect(plain, autocommit=True) as connection,
    ):
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            remote = address.set(database=name).render_as_string(hide_password=False)
            _measure(Path(folder), remote, given.articles)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _measure(folder: Path, remote: str, articles: int) -> None:
    local = f"sqlite:///{folder / 'kb.sqlite'}"
    with Archive.open(local) as archive:
        made = Press().articles(articles)
        seconds = _timed(lambda: _load(archive, made))
        size = (folder / "kb.sqlite").stat().st_size
        _say("load (with sentences drawn)", seconds, articles)
        print(f"{'':34}{size / 1e6:8.0f} MB on SQLite")
        _say("content hash", _timed(archive.content_hash), articles)
        _say("check", _timed(lambda: list(archive.check())), articles)
        _say("check --quick", _timed(lambda: list(archive.check(quick=True))), articles)
        file = folder / "backup.sqlite"
        _say("backup", _timed(lambda: backup(archive.engine, file)), articles)
        with Archive.open(remote) as other:
            _say("copy to PostgreSQL", _timed(lambda: copy(archive.engine, other.engine)), articles)
            back = folder / "from-postgresql.sqlite"
            _say("backup of PostgreSQL", _timed(lambda: backup(other.engine, back)), articles)
            assert other.content_hash() == archive.content_hash()
    again = f"sqlite:///{folder / 'again.sqlite'}"
    _say("restore to SQLite", _timed(lambda: restore(file, again, work=folder)), articles)


def _load(archive: Archive, made: object) -> None:
    pairs = iter(made)  # type: ignore[call-overload]
    while batch := list(islice(pairs, BATCH)):
        archive.load(batch, None)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _say(what: str, seconds: float, articles: int) -> None:
    print(f"{what:34}{seconds:8.1f} s{articles / seconds:12.0f} articles/s", flush=True)


if __name__ == "__main__":
    main()
