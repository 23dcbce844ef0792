"""Names found lately wait in a table of their own, which is small enough to be written often.

What is there stays where it is; on PostgreSQL the new table stays empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appearance_recent",
        sa.Column("name_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name_id", "place", name="pk_appearance_recent"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.execute("INSERT INTO appearance SELECT name_id, place, mentions FROM appearance_recent")
    op.drop_table("appearance_recent")
