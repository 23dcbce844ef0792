"""Rows as a read-only SQLite file, with the metadata.yaml by which Datasette explains it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Final

import yaml

from kb.errors import ConfigError
from kb.research.columns import KINDS, Kind, Row, Type, kind_of
from kb.research.exports.base import ALL, Source, about, batches
from kb.research.words import both, described_columns, kind_words
from kb.text import read_yaml

METADATA: Final = "metadata.yaml"
_TYPES: dict[Type, str] = {
    "int": "INTEGER", "int?": "INTEGER", "float": "REAL", "bool": "INTEGER", "text": "TEXT",
    "texts": "TEXT", "date": "TEXT", "time": "TEXT",
}  # fmt: skip
_LISTED: Final = ("article_id", "earlier_article_id", "evidence_article_id")
"""Columns by which one looks rows up; what Datasette counts by has an index, too."""


def tables(source: Source) -> tuple[str, ...]:
    """Return the kinds that a file holds, articles first."""
    return tuple(KINDS) if source.name == ALL else (source.name,)


def write_sqlite(source: Source, out: BinaryIO) -> int:
    """Write a table for each kind, with full-text search, and one (`about`) on the file itself.

    Days and moments are ISO texts (time of Vietnam), lists JSON, truths 0 and 1.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kb.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8192"):
                connection.execute(f"PRAGMA {pragma}")
            count = _fill(connection, source)
        with path.open("rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)
    return count


def _fill(connection: sqlite3.Connection, source: Source) -> int:
    names = tables(source)
    counts = {}
    for name in names:
        one = source if source.name == name else source.of(name)
        counts[name] = _table(connection, one, linked="articles" in names)
    connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
    told = about(source) | {f"rows {name}": str(count) for name, count in counts.items()}
    connection.executemany("INSERT INTO about VALUES (?, ?)", list(told.items()))
    connection.execute("ANALYZE")
    return sum(counts.values())


def _table(connection: sqlite3.Connection, source: Source, *, linked: bool) -> int:
    """Write one table; `linked`: its articles are in the file."""
    name, columns = source.name, source.kind.columns
    connection.execute("BEGIN")
    defined = [_column(name, column, type_, linked) for column, type_ in columns.items()]
    connection.execute(f'CREATE TABLE "{name}" ({", ".join(defined)})')
    places = ", ".join("?" * len(columns))
    count = 0
    for batch in batches(source.rows):
        connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', map(_values, batch))
        count += len(batch)
    said = kind_words(name)
    for column in dict.fromkeys((*_LISTED, *said.get("facets", ()), said.get("newest"))):
        if column in columns and column != _key(name):
            connection.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
    if searched := [column for column in said.get("search", ()) if column in columns]:
        searched += ["body"] if "body" in columns else []
        listed = ", ".join(f'"{column}"' for column in searched)
        # Without marks as with them, as people type; `content` is how Datasette finds it.
        connection.execute(
            f'CREATE VIRTUAL TABLE "{name}_fts" USING fts5({listed}, content="{name}", '
            "tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute(
            f'INSERT INTO "{name}_fts" (rowid, {listed}) SELECT rowid, {listed} FROM "{name}"'
        )
    connection.execute("COMMIT")
    return count


def _key(name: str) -> str | None:
    return "article_id" if name == "articles" else None


def _column(table: str, name: str, type_: Type, linked: bool) -> str:
    line = f'"{name}" {_TYPES[type_]}'
    if name == _key(table):
        return f"{line} PRIMARY KEY"
    if linked and name in _LISTED:
        return f"{line} REFERENCES articles (article_id)"
    return line


def _values(row: Row) -> list[Any]:
    return [
        json.dumps(value, ensure_ascii=False)
        if isinstance(value, list | tuple)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else value
        for value in row.values()
    ]


def describe(source: Source, path: Path) -> list[Path]:
    """Write metadata.yaml beside a file and make the file read-only.

    What the file says of other databases stays.

    Raises:
        ConfigError: there is a metadata.yaml that is no such file.
    """
    target = path.with_name(METADATA)
    known: dict[str, Any] = {}
    if target.exists():
        try:
            known = read_yaml(target.read_text("utf-8")) or {}
            known.setdefault("databases", {})
        except (yaml.YAMLError, AttributeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{target} is no metadata of Datasette: move it away") from error
    made = metadata(source, path.stem)
    made["databases"] = known.get("databases", {}) | made["databases"]
    text = yaml.safe_dump(known | made, allow_unicode=True, sort_keys=False, width=100)
    target.write_text(text, "utf-8")
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    return [target]


def metadata(source: Source, database: str) -> dict[str, Any]:
    """Return what Datasette shows of a file: titles, descriptions in both languages, facets."""
    told = about(source)
    return {
        "title": both("title"),
        "description": f"{told['made_at']} · {told['program']}",
        "databases": {
            database: {
                "description": f"{both('query')}: {told['query'] or '–'}",
                "tables": {
                    name: dict(_described(name, kind_of(name, full_text=source.full_text)))
                    for name in tables(source)
                },
            }
        },
    }


def _described(name: str, kind: Kind) -> Iterator[tuple[str, Any]]:
    said = kind_words(name)
    yield "description", f"{said['vi']} · {said['en']}"
    columns = described_columns(name, kind.columns)
    yield "columns", {one: f"{each['vi']} · {each['en']}" for one, each in columns.items()}
    if said.get("facets"):
        yield "facets", said["facets"]
    if said.get("newest"):
        yield "sort_desc", said["newest"]
    if name == "articles":
        yield "label_column", "title"
