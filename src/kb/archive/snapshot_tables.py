"""Tables of what runs need to know of earlier ones: registries that read, files that were read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text

from kb.archive.columns import Packed, UtcDateTime
from kb.archive.tables import metadata

registry_snapshot = Table(
    "registry_snapshot",
    metadata,
    Column("version", String, primary_key=True),
    Column("entries", Packed, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
# What of each registry decides readings, as JSON by entry: see `flows/registries.py`.

source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
# How far a backfill has come in each file: the byte (WARC) or line (JSON lines) of the last item
# that is in the archive or the quarantine.
