"""The archive: tables, loading, search and complete results, on SQLite or PostgreSQL."""

from __future__ import annotations

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
