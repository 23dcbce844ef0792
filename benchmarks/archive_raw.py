"""What sqlite3's executemany takes to write the rows that a load has written, ready as they are.

After each batch its rows are read back (not timed) and written, one transaction a batch, into
a file of the same tables, indexes and settings: bodies packed, tokens split, names numbered.
Both sides alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kb.archive import Archive
from kb.archive.columns import unpack
from kb.archive.index import columns

TABLES = {"article": "id", "revision": "article_id", "mention_row": "article_id",
          "reading": "revision_id", "facet": "article_id"}  # fmt: skip
"""Tables that a load writes, and what tells a batch's rows."""
_SEARCH = ("search_exact", "search_folded")
_SETTINGS = ("page_size", "cache_size", "journal_mode", "synchronous", "foreign_keys")


class Raw:
    """Tables like those of an archive, to which its rows are written batch by batch."""

    def __init__(self, source: str, target: Path, settings: sqlite3.Connection) -> None:
        """Make them; `settings` is a connection of the archive, whose settings the file gets."""
        self._source = sqlite3.connect(source)
        self._made = sqlite3.connect(target, isolation_level=None)
        for name in _SETTINGS:
            (value,) = settings.execute(f"PRAGMA {name}").fetchone()
            self._made.execute(f"PRAGMA {name}={value}")
        names = (*TABLES, "name", "appearance", "run")
        marks = ",".join(f"'{name}'" for name in names)
        for (statement,) in self._source.execute(
            f"SELECT sql FROM sqlite_master WHERE tbl_name IN ({marks}) AND sql IS NOT NULL"
            f" OR name IN {_SEARCH} ORDER BY type = 'index'"
        ).fetchall():
            self._made.execute(statement)
        self.count = self._names = 0
        self.load, self.raw = [0.0, 0.0], [0.0, 0.0]

    @property
    def ratio(self) -> float:
        """The loader's rate, of CPU, where that of sqlite3 alone is 1."""
        return self.raw[1] / self.load[1] if self.count else 0.0

    def __str__(self) -> str:
        """Say the rates of what was written by both."""
        if not self.count:
            return ""
        load, raw = ([self.count / one for one in both] for both in (self.load, self.raw))
        return (
            f"| the first {self.count:,}: load {load[0]:.0f}/s, {load[1]:.0f}/s of CPU,"
            f" raw {raw[0]:.0f}/s, {raw[1]:.0f}/s of CPU, ratio {load[0] / raw[0]:.2f},"
            f" of CPU {self.ratio:.2f}"
        )

    def batch(self, seconds: float, cpu: float) -> None:
        """Write the rows that have come since the last call, which took the archive so long."""
        (last,) = self._source.execute("SELECT max(id) FROM article").fetchone()
        span = (self.count + 1, last)
        rows = {
            table: self._rows(f"SELECT * FROM {table} WHERE {key} BETWEEN ? AND ?", span)
            for table, key in TABLES.items()
        }
        rows["name"] = self._rows("SELECT * FROM name WHERE id > ? ORDER BY id", (self._names,))
        self._names = rows["name"][-1][0] if rows["name"] else self._names
        rows["appearance"] = self._rows(
            "SELECT m.name_id, f.place, count(*) FROM facet f JOIN mention_row m"
            " ON m.article_id = f.article_id WHERE f.article_id BETWEEN ? AND ? GROUP BY 1, 2", span
        )  # fmt: skip
        tokens = [
            (place, *columns(title, lead, unpack(body) or ""))
            for place, title, lead, body in self._rows(
                "SELECT a.place, r.title, r.lead, r.body FROM article a JOIN revision r"
                " ON r.id = a.revision_id WHERE a.id BETWEEN ? AND ? ORDER BY 1", span)
        ]  # fmt: skip
        texts = {
            name: [(row[0], *row[1 + number]) for row in tokens]
            for number, name in enumerate(_SEARCH)
        }
        made = self._made
        begin, busy = time.perf_counter(), time.process_time()
        made.execute("BEGIN IMMEDIATE")
        for table, found in rows.items():
            if found:
                marks = ",".join("?" * len(found[0]))
                made.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
        for table, found in texts.items():
            made.executemany(
                f"INSERT INTO {table} (rowid, body, lead, title) VALUES (?,?,?,?)", found
            )
        made.execute("COMMIT")
        self.raw[0] += time.perf_counter() - begin
        self.raw[1] += time.process_time() - busy
        self.load[0] += seconds
        self.load[1] += cpu
        self.count = last

    def _rows(self, statement: str, values: tuple[int, ...]) -> list[tuple[Any, ...]]:
        return self._source.execute(statement, values).fetchall()

    def close(self) -> None:
        """Close both files."""
        self._made.close()
        self._source.close()


@contextmanager
def beside_raw(archive: Archive) -> Iterator[Raw]:
    """Yield tables like those of an archive on SQLite, in a file of their own for the time."""
    with TemporaryDirectory() as folder, archive.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        raw = Raw(str(archive.engine.url.database), Path(folder) / "raw.sqlite", driver)
        try:
            yield raw
        finally:
            raw.close()
