"""Tables of what people decided, and of where it stands in the readings that are there.

`judgement` is the log: rows are added and never changed. The others follow from it and from the
readings, and are made anew whenever either changes.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from kb.archive.columns import Code, UtcDateTime
from kb.archive.tables import metadata

PARTS = ("mention", "quote", "commitment", "assignment", "holding")
"""What a reading consists of, by the names of the tables."""

judgement = Table(
    "judgement",
    metadata,
    Column("id", String, primary_key=True),
    Column("about", String, nullable=False),
    Column("key", Text, nullable=False),
    Column("article", Text),
    Column("verdict", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("target", JSON, nullable=False),
    Column("settles", Boolean, nullable=False),
    Column("who", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text),
    Column("source", Text),
    Column("undoes", String),
)
# What a judgement is about is said in words that outlive a re-reading and a rebuilt archive (the
# story's key and the words judged, or the kind and form of a name), never by a row's number.
Index(None, judgement.c.article)
Index(None, judgement.c.at, judgement.c.id)

judged = Table(
    "judged",
    metadata,
    Column("part", Code(PARTS), primary_key=True, autoincrement=False),
    Column("revision_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("judgement_id", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("status", String),
    Column("kept", Boolean, nullable=False),
    Column("original", JSON(none_as_null=True)),
    sqlite_with_rowid=False,
)
# Beside each judged row of a part, which holds what counts now: what the reader took there, where
# that differs. A rejected row is only here, its place in the reading being -1 - number.
Index(None, judged.c.revision_id)

outcome = Table(
    "judgement_outcome",
    metadata,
    Column("judgement_id", String, primary_key=True),
    Column("outcome", String, nullable=False, index=True),
    Column("detail", Text),
)
# What became of each judgement on a span when it was last applied: see `judgements.records`.

recall = Table(
    "recall",
    metadata,
    Column("article_id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, primary_key=True),
    Column("revision_id", Integer, nullable=False),
)
# When an article went back to a text that it had before, which no revision's `seen_at` says.
