"""Judgements as a log that only grows, what of it counts in each reading, and earlier texts.

The rejected candidates that are there become entries of the log. On the way back the whole log is
kept in the earlier table, where the next upgrade finds it; readings that judgements have changed
are marked as no reader's, so that `kb reread` takes them anew.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EARLIER = sa.table(
    "judgement",
    sa.column("about", sa.String),
    sa.column("key", sa.Text),
    sa.column("verdict", sa.String),
    sa.column("detail", sa.JSON),
    sa.column("at", sa.DateTime(timezone=True)),
)
NAMES = (
    "id", "about", "key", "article", "verdict", "detail", "target", "settles", "who", "at", "note",
    "source", "undoes",
)  # fmt: skip
KEPT = "log"
"""What `about` says of an entry of the log in the earlier table."""


def log() -> sa.TableClause:
    types: dict[str, Any] = {"detail": sa.JSON, "target": sa.JSON}
    types |= {"settles": sa.Boolean, "at": sa.DateTime(timezone=True)}
    return sa.table("judgement", *(sa.column(name, types.get(name, sa.String)) for name in NAMES))


def upgrade() -> None:
    bind = op.get_bind()
    earlier = bind.execute(sa.select(EARLIER)).mappings().all()
    op.drop_table("judgement")
    op.create_table(
        "judgement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("target", sa.JSON(), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("undoes", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_judgement"),
    )
    op.create_index("ix_judgement_article", "judgement", ["article"])
    op.create_index("ix_judgement_at_id", "judgement", ["at", "id"])
    op.create_table(
        "judged",
        sa.Column("part", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("judgement_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("original", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("part", "revision_id", "number", name="pk_judged"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_judged_revision_id", "judged", ["revision_id"])
    op.create_table(
        "judgement_outcome",
        sa.Column("judgement_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("judgement_id", name="pk_judgement_outcome"),
    )
    op.create_index("ix_judgement_outcome_outcome", "judgement_outcome", ["outcome"])
    op.create_table(
        "recall",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "at", name="pk_recall"),
    )
    kept = [entry(row) for row in map(dict, earlier) if row["about"] == KEPT]
    known = {row["key"] for row in kept if row["verdict"] == "reject"}
    fresh = [entry(row) for row in map(dict, earlier) if row["about"] != KEPT]
    rows = kept + [row for row in fresh if row["key"] not in known]
    if rows:
        bind.execute(log().insert(), rows)


def entry(row: dict[str, Any]) -> dict[str, Any]:
    if row["about"] == KEPT:
        return {**row["detail"], "at": moment(row["detail"]["at"])}
    digest = hashlib.sha256(json.dumps([row["about"], row["key"]]).encode()).hexdigest()
    return {
        **dict.fromkeys(NAMES),
        "id": digest[:32],
        "about": "name",
        "key": f"name:{row['key']}",
        "verdict": "reject",
        "detail": {},
        "target": row["detail"],
        "settles": False,
        "who": "local",
        "at": moment(row["at"]),
    }


def moment(value: datetime | str) -> datetime:
    """Return a moment as the engine takes it: SQLite keeps UTC without saying so."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else at


def downgrade() -> None:
    bind = op.get_bind()
    rows = [dict(row) for row in bind.execute(sa.select(log())).mappings()]
    op.execute(
        "UPDATE reading SET reader = reader || ' (judged)'"
        " WHERE revision_id IN (SELECT revision_id FROM judged)"
    )
    for name in ("judgement", "judged", "judgement_outcome", "recall"):
        op.drop_table(name)
    op.create_table(
        "judgement",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("about", "key", name="pk_judgement"),
    )
    undone = {row["undoes"] for row in rows}
    made = [old(row, KEPT, row["id"], row | {"at": said(row["at"])}) for row in rows]
    made += [
        old(row, "candidate", key, row["target"])
        for key, row in {row["key"].removeprefix("name:"): row for row in rows}.items()
        if row["about"] == "name" and row["verdict"] == "reject" and row["id"] not in undone
    ]
    if made:
        bind.execute(EARLIER.insert(), made)


def old(row: dict[str, Any], about: str, key: str, detail: dict[str, Any]) -> dict[str, Any]:
    verdict = "rejected" if about == "candidate" else row["verdict"]
    return {"about": about, "key": key, "verdict": verdict, "detail": detail, "at": row["at"]}


def said(at: datetime) -> str:
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).isoformat()
