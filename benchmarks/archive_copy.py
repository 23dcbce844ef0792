"""What PostgreSQL takes to COPY the rows that a load has written, ready as they are.

After each batch its rows are read back (not timed) and copied, one transaction a batch, into
tables of the same shape, with the same indexes, keys and foreign keys, in a schema of their own.
Both sides alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import psycopg
from psycopg import sql

from benchmarks.archive_articles import Pair
from kb.archive import Archive
from kb.archive.reuse import store
from kb.archive.standing import ADD, gathered

SCHEMA = "raw"
TABLES = {"name": "id", "article": "id", "revision": "article_id", "search": "place",
          "reading": "revision_id", "mention": "article_id", "mention_row": "article_id",
          "facet": "article_id", "appearance": "place"}  # fmt: skip
"""Tables that a load writes, in the order of their references, and what tells a batch's rows."""


def beside_copy(archive: Archive, batches: Iterable[list[Pair]], step: int, most: int) -> None:
    """Load batches, copy the rows of the first `most` articles, print rates each `step`."""
    copied = Copied(archive)
    load, copy, done, ready = copied.loading, copied.clock, 0, 0
    with patch.object(store, "add", lambda *_: None):
        for batch in batches:
            with load.running():
                archive.load(batch, None)
            done += len(batch)
            if done <= most:
                ready += copied.batch()
            if done % step < len(batch):
                said = f"load {done:9,} articles: {_rates(load, done)}"
                if ready == done:
                    said += f" | COPY {_rates(copy, ready)} | ratio {copy.wall / load.wall:.2f}"
                    said += f", of CPU {copy.cpu / load.cpu:.2f}"
                print(said, flush=True)
    copied.close()


class Clock:
    """Seconds of wall clock, of this process's CPU, and of that of the server's sessions."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.wall = self.client = self.server = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what happens meanwhile."""
        server, client, wall = self._server(), time.process_time(), time.perf_counter()
        yield
        self.wall += time.perf_counter() - wall
        self.client += time.process_time() - client
        self.server += self._server() - server

    @property
    def cpu(self) -> float:
        """Of both sides; of a server elsewhere nothing is known."""
        return self.client + self.server

    def _server(self) -> float:
        return server_cpu(
            pid
            for (pid,) in self._connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend'"
            )
        )


def server_cpu(processes: Iterable[int]) -> float:
    """Return the seconds of CPU that processes of this machine have had."""
    found = 0
    for pid in processes:
        with suppress(OSError):
            found += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return found / 1e9


def _rates(clock: Clock, count: int) -> str:
    client, server = (1000 * one / count for one in (clock.client, clock.server))
    return (
        f"{count / clock.wall:.0f}/s, {count / clock.cpu:.0f}/s of CPU"
        f" ({client:.2f} ms here, {server:.2f} ms server)"
    )


class Copied:
    """Tables like those of an archive, to which its rows are copied batch by batch."""

    def __init__(self, archive: Archive) -> None:
        url = archive.engine.url.set(drivername="postgresql")
        self._connection = psycopg.connect(url.render_as_string(hide_password=False),
                                           autocommit=True)  # fmt: skip
        self.clock = Clock(self._connection)
        self.loading = Clock(self._connection)
        run = self._connection.execute
        run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        run(f"CREATE SCHEMA {SCHEMA}")
        self._columns: dict[str, tuple[str, list[str]]] = {}
        for table in (*TABLES, "search_position"):
            self._make(table)
        self._highest = {"article": 0, "name": 0}

    def _make(self, table: str) -> None:
        run = self._connection.execute
        found = run(
            "SELECT relkind, coalesce(array_to_string(reloptions, ','), '') FROM pg_class"
            " WHERE oid = to_regclass(%s)", (f"public.{table}",)
        ).fetchone()  # fmt: skip
        if found is None or found[0] == "v":
            return
        run(_sql(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)"))
        if found[1]:
            run(_sql(f"ALTER TABLE {SCHEMA}.{table} SET ({found[1]})"))
        for (definition,) in run(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f'", (f"public.{table}",)
        ).fetchall():  # fmt: skip
            if "REFERENCES run" not in definition:
                here = definition.replace("REFERENCES ", f"REFERENCES {SCHEMA}.")
                run(_sql(f"ALTER TABLE {SCHEMA}.{table} ADD {here}"))
        columns = run(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid ="
            " %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            (f"public.{table}",),
        ).fetchall()
        quoted = [f'"{name}"' for name, _ in columns]
        # JSON as text: to parse it and write it again is no part of a COPY.
        read = [one + "::text" * (type_ == "json")
                for one, (_, type_) in zip(quoted, columns, strict=True)]  # fmt: skip
        self._columns[table] = ", ".join(quoted), read

    def batch(self) -> int:
        """Copy what has come since the last call; return how many articles that are."""
        run = self._connection.execute
        rows: dict[str, list[tuple[Any, ...]]] = {}
        ids: dict[str, list[int]] = {}
        for table, key in TABLES.items():
            if table not in self._columns:
                continue
            _, read = self._columns[table]
            select = f"SELECT {', '.join(read)} FROM public.{table} WHERE {key}"
            if key == "id":
                found = run(_sql(f"{select} > %s ORDER BY id"), (self._highest[table],))
            else:
                found = run(_sql(f"{select} = ANY (%s)"), (ids[key],))
            rows[table] = found.fetchall()
            if table == "article":
                place = [column.name for column in found.description or ()].index("place")
                ids["article_id"] = [row[0] for row in rows[table]]
                ids["place"] = [row[place] for row in rows[table]]
            if table == "revision":
                ids["revision_id"] = [row[0] for row in rows[table]]
            if rows[table] and key == "id":
                self._highest[table] = rows[table][-1][0]
        rows["search"].sort(key=lambda row: row[1])
        columns_of_places = gathered((doc, *both) for _, doc, _, *both in rows["search"])
        into = ADD.replace("search_position", f"{SCHEMA}.search_position")
        with self.clock.running(), self._connection.transaction():
            for table, found_rows in rows.items():
                columns, _ = self._columns[table]
                with self._connection.cursor().copy(
                    _sql(f"COPY {SCHEMA}.{table} ({columns}) FROM STDIN")
                ) as copy:
                    for row in found_rows:
                        copy.write_row(row)
            run(_sql(into), columns_of_places)
        return len(rows["article"])

    def close(self) -> None:
        """Remove the tables."""
        self._connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
        self._connection.close()


def _sql(text: str) -> sql.SQL:
    return sql.SQL(cast(Any, text))
