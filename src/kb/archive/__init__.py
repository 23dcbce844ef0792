"""The archive: tables, loading, search and complete results, on SQLite or PostgreSQL."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.archive.archive import Archive
    from kb.archive.query import Query
    from kb.archive.records import (
        Candidate,
        CaptureRow,
        EntryRow,
        Hit,
        KnownPage,
        LoadCount,
        OutletRow,
        SearchPage,
    )
else:

    def __getattr__(name: str) -> object:
        """Load what is asked for: the parameters of a query alone do without SQLAlchemy."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        where = {"Archive": "archive", "Query": "query"}.get(name, "records")
        return getattr(import_module(f"kb.archive.{where}"), name)


__all__ = [
    "Archive",
    "Candidate",
    "CaptureRow",
    "EntryRow",
    "Hit",
    "KnownPage",
    "LoadCount",
    "OutletRow",
    "Query",
    "SearchPage",
]
