"""The quarantine in use: what waits in it, what has been settled since, what a person drops."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from kb.archive import tables
from kb.archive.archive import Archive
from kb.archive.engine import reading, writing
from kb.archive.retry import lasting
from kb.errors import ConfigError

SHOWN = 12
"""Signs of a key that are shown; so many tell items apart, fewer may."""
_c = tables.quarantine.c
_CHUNK = 500


def items(archive: Archive, run_id: int | None = None) -> list[dict[str, Any]]:
    """Return what was put aside (by one run): source, stage, reason, at, key; newest first."""
    names = ("source", "stage", "reason", "at", "key")
    statement = select(*(_c[name] for name in names)).order_by(_c.at.desc(), _c.key)
    if run_id is not None:
        statement = statement.where(_c.run_id == run_id)
    with reading(archive.engine) as connection:
        rows = connection.execute(statement).mappings()
        return [dict(row) | {"key": row["key"][:SHOWN]} for row in rows]


class Waiting:
    """What waits in the quarantine as a run begins, so that what succeeds is taken out of it."""

    def __init__(self, archive: Archive) -> None:
        self.engine = archive.engine
        self._known = self._sources()

    @lasting
    def _sources(self) -> set[int]:
        """Return what waits by its hashes: there may be very many, and hardly any succeeds."""
        with reading(self.engine) as connection:
            return {hash(source) for source in connection.execute(select(_c.source)).scalars()}

    @lasting
    def settle(self, sources: Iterable[str]) -> None:
        """Take out items whose source is in the archive now."""
        found = [source for source in sources if hash(source) in self._known]
        if found:
            with writing(self.engine) as connection:
                for start in range(0, len(found), _CHUNK):
                    some = _c.source.in_(found[start : start + _CHUNK])
                    connection.execute(tables.quarantine.delete().where(some))


def forget(archive: Archive, sources: Collection[str], before: datetime) -> int:
    """Take out items of some sources that were put aside before a moment, since they were tried
    again then; return how many."""
    gone, wanted = 0, list(sources)
    with writing(archive.engine) as connection:
        for start in range(0, len(wanted), _CHUNK):
            some = _c.source.in_(wanted[start : start + _CHUNK]) & (_c.at < before)
            gone += connection.execute(tables.quarantine.delete().where(some)).rowcount
    return gone


def drop(archive: Archive, keys: Iterable[str]) -> int:
    """Take out items by their keys (as `items` shows them, or their first signs); return how many.

    Raises:
        ConfigError: a key names no item or several; nothing was taken out.
    """
    with writing(archive.engine) as connection:
        chosen: list[str] = []
        for key in keys:
            same: ColumnElement[bool] = _c.key.startswith(key, autoescape=True)
            found = list(connection.execute(select(_c.key).where(same).limit(2)).scalars())
            if len(found) != 1:
                what = "several items begin" if found else "no item begins"
                raise ConfigError(f"{what} with {key!r}; `kb quarantine` shows the keys")
            chosen += found
        for one in set(chosen):
            connection.execute(tables.quarantine.delete().where(_c.key == one))
    return len(set(chosen))
