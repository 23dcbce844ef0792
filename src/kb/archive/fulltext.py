"""Keeping the full-text index in step: the current text of each article, at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from kb.archive import bulk, derived, index, standing, tables
from kb.archive.lookup import chunks

_PAGE = 500  # articles held in memory while everything is indexed anew
_NAMES = ("rowid", *("body", "lead", "title"))
_article, _revision = tables.article.c, tables.revision.c


def move(connection: Connection, gone: Mapping[int, int], come: Mapping[int, int]) -> None:
    """Take texts out of the index and put others in; both are places by revision id."""
    if gone:
        _remove(connection, gone)
    for ids in chunks(sorted(come, key=come.__getitem__)):
        _add(connection, ((come[row["id"]], row) for row in _texts(connection, ids)))


def add(connection: Connection, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Put texts (keys title, lead, body) into the index at their places."""
    _add(connection, rows)


def rebuild(connection: Connection) -> None:
    """Make anew all that follows from texts and readings: index, facets, appearances, tallies."""
    if connection.dialect.name == "sqlite":
        for table in ("search_exact", "search_folded"):
            connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    else:
        standing.clear(connection)
    derived.clear(connection)
    page = (
        select(_article.id, _article.place, *(_revision[name] for name in _NAMES[1:]))
        .join(tables.revision, _revision.id == _article.revision_id)
        .order_by(_article.place)
        .limit(_PAGE)
    )
    last = -1
    while rows := connection.execute(page.where(_article.place > last)).mappings().all():
        _add(connection, ((row["place"], dict(row)) for row in rows))
        derived.refresh(connection, [row["id"] for row in rows])
        last = rows[-1]["place"]


def out_of_step(connection: Connection, limit: int) -> Iterator[str]:
    """Yield what the index lacks or should not have, at most `limit` of each."""
    if connection.dialect.name == "sqlite":
        indexes = {
            name: f"SELECT rowid FROM {name} WHERE {name} MATCH '\"{index.EVERY}\"'"
            for name in ("search_exact", "search_folded")
        }
    else:
        indexes = {"search": "SELECT place FROM search"}
    for query in indexes.values():
        for what, one, other in (
            ("lacks", "SELECT place FROM article", query),
            ("has too much: place", query, "SELECT place FROM article"),
        ):
            statement = sql(f"{one} EXCEPT {other} LIMIT {limit:d}")
            for (place,) in connection.execute(statement):
                yield f"it {what} {place}"


def _texts(connection: Connection, ids: Iterable[int]) -> list[Mapping[str, Any]]:
    columns = [_revision[name] for name in ("id", *_NAMES[1:])]
    statement = select(*columns).where(_revision.id.in_(list(ids)))
    return [dict(row) for row in connection.execute(statement).mappings()]


def _add(connection: Connection, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    # In order: FTS5 writes what it holds in memory whenever a row comes before the last one.
    found = sorted(rows, key=lambda row: row[0])
    if connection.dialect.name == "sqlite":
        made = [
            (place, *index.columns(row["title"], row["lead"], row["body"])) for place, row in found
        ]
        bulk.insert_plain(connection, "search_exact", _NAMES, ((p, *e) for p, e, _ in made))
        bulk.insert_plain(connection, "search_folded", _NAMES, ((p, *f) for p, _, f in made))
        return
    if not found:
        return
    numbered = zip(standing.take(connection, len(found)), found, strict=True)
    kept = [
        (place, doc, *index.texts(row["title"], row["lead"], row["body"]))
        for doc, (place, row) in numbered
    ]
    bulk.insert_plain(connection, "search", ("place", "doc", "long", "exact", "folded"), kept)
    standing.add(connection, ((doc, *both) for _, doc, long, *both in kept if not long))  # type: ignore[misc]


def _remove(connection: Connection, gone: Mapping[int, int]) -> None:
    if connection.dialect.name != "sqlite":
        places = list(gone.values())
        connection.exec_driver_sql("DELETE FROM search WHERE place = ANY(%s)", (places,))
        return
    for ids in chunks(list(gone)):
        for row in _texts(connection, ids):
            made = index.columns(row["title"], row["lead"], row["body"])
            for table, values in zip(("search_exact", "search_folded"), made, strict=True):
                # A table without content has to be told what it held.
                connection.exec_driver_sql(
                    f"INSERT INTO {table} ({table}, rowid, body, lead, title)"
                    " VALUES ('delete', ?, ?, ?, ?)",
                    (gone[row["id"]], *values),
                )
