"""Tables of who may use the desk, and of what was done in somebody's name."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from kb.archive.columns import UtcDateTime
from kb.archive.tables import metadata

account = Table(
    "account",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("digest", String, primary_key=True),
    Column(
        "account",
        String,
        ForeignKey("account.name", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("label", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("token", Boolean, nullable=False),
)
# Of each secret only its SHA-256 is kept: who reads the database cannot use what stands there.

audit = Table(
    "audit",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("detail", Text),
)
Index(None, audit.c.at, audit.c.id)
