"""Quotes, commitments, assignments, and who was named in which post.

Readings that are there already were made without them, so their reader's version gets a mark:
it is no reader's then, and `kb reread` reads those articles again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = {
    "quote": ("speaker_id",),
    "commitment": ("initiative_id", "owner_id"),
    "assignment": ("actor_id", "initiative_id"),
    "holding": ("person_id", "org_id"),
}


def upgrade() -> None:
    create(
        "quote",
        sa.Column("speaker_id", sa.String(), nullable=True),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=True),
    )
    create(
        "commitment",
        sa.Column("initiative_id", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("due_to", sa.Date(), nullable=True),
        sa.Column("recurs", sa.String(), nullable=True),
        sa.Column("quantity", sa.String(), nullable=True),
    )
    create(
        "assignment",
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("initiative_id", sa.String(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
    )
    create(
        "holding",
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("org_id", sa.String(), nullable=True),
        sa.Column("org", sa.String(), nullable=True),
    )
    op.execute("UPDATE reading SET reader = reader || ' (schema 0001)'")


def create(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("field", sa.SmallInteger(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=f"fk_{table}_revision_id_revision"
        ),
        sa.PrimaryKeyConstraint("revision_id", "number", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
    for column in INDEXES[table]:
        op.create_index(f"ix_{table}_{column}_article_id", table, [column, "article_id"])


def downgrade() -> None:
    for table in INDEXES:
        op.drop_table(table)
