"""Passages that stand in earlier articles.

Texts that are there already get theirs when the upgrade is done (`kb.archive.reuse.store.renew`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sketch",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("prints", sa.LargeBinary(), nullable=False),
        *_keys("sketch"),
    )
    op.create_index("ix_sketch_article_id", "sketch", ["article_id"])
    op.create_table(
        "reuse",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.SmallInteger(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("earlier_article_id", sa.Integer(), nullable=False),
        sa.Column("earlier_revision_id", sa.Integer(), nullable=False),
        sa.Column("earlier_field", sa.SmallInteger(), nullable=False),
        sa.Column("earlier_start", sa.Integer(), nullable=False),
        sa.Column("earlier_end", sa.Integer(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("resemblance", sa.Float(), nullable=False),
        *_keys("reuse", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reuse_earlier_article_id_article_id", "reuse", ["earlier_article_id", "article_id"]
    )
    op.create_table(
        "origin",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("earlier_article_id", sa.Integer(), nullable=False),
        sa.Column("earlier_revision_id", sa.Integer(), nullable=False),
        sa.Column("earlier_share", sa.Float(), nullable=False),
        sa.Column("reprint_of", sa.Integer(), nullable=True),
        *_keys("origin"),
        sqlite_with_rowid=False,
    )
    for column in ("article_id", "reprint_of"):
        op.create_index(f"ix_origin_{column}", "origin", [column])


def _keys(table: str, *more: str) -> tuple[sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=f"fk_{table}_revision_id_revision"
        ),
        sa.PrimaryKeyConstraint("revision_id", *more, name=f"pk_{table}"),
    )


def downgrade() -> None:
    for table in ("origin", "reuse", "sketch"):
        op.drop_table(table)
    op.execute("DELETE FROM meta WHERE name = 'reuse'")
