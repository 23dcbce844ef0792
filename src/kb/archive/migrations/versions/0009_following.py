"""What people follow, what they were sent, and which stories they were told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("per_hour", sa.SmallInteger(), nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_follow"),
    )
    op.create_table(
        "sending",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("follow", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sending"),
        sa.UniqueConstraint("follow", "slot", name="uq_sending_follow_slot"),
    )
    op.create_index("ix_sending_status_next_at", "sending", ["status", "next_at"])
    op.create_table(
        "told",
        sa.Column("follow", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("sending_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("follow", "story", name="pk_told"),
    )


def downgrade() -> None:
    op.drop_table("told")
    op.drop_table("sending")
    op.drop_table("follow")
