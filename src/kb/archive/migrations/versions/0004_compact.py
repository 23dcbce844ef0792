"""Smaller tables and index; keywords and captions of revisions.

What follows from the texts and readings (index, facets, appearances, tallies) is left empty, and
so is the note by which version of the analyzer it was made: whoever opens the archive makes it
anew. The same holds for the way back.
"""

from __future__ import annotations

import importlib

import sqlalchemy as sa
from alembic import op

from kb.archive.columns import UtcDateTime, pack, unpack
from kb.archive.places import BITS, day_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Contentless, the body first: a token of the first column takes a byte or two less. No sizes of
# columns, which only bm25 reads.
SQLITE_SEARCH = """
CREATE VIRTUAL TABLE {} USING fts5(
    body, lead, title, content='', columnsize=0, tokenize="ascii tokenchars '_'"
)
"""
# Indexes of expressions: what the words of a text are is computed, not kept. Without statistics,
# since to take them would compute it of thousands of rows; the planner then expects few hits and
# never computes lexemes row by row.
POSTGRESQL_SEARCH = """
CREATE TABLE search (
    place bigint PRIMARY KEY, long boolean NOT NULL, exact text NOT NULL, folded text NOT NULL
);
CREATE FUNCTION search_words(tokens text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 10000 AS $$
    SELECT array_to_tsvector(string_to_array(btrim(tokens), ' '))
$$;
CREATE INDEX search_exact ON search USING gin (search_pairs(exact, long))
    WITH (gin_pending_list_limit = 8192);
CREATE INDEX search_folded ON search USING gin (search_words(folded))
    WITH (gin_pending_list_limit = 8192);
ALTER INDEX search_exact ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX search_folded ALTER COLUMN 1 SET STATISTICS 0;
"""
# The program of that time put its own in place when it made the index.
PAIRS = """
CREATE FUNCTION search_pairs(tokens text, long boolean) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 10000 AS $$
    SELECT array_to_tsvector(string_to_array(btrim(tokens), ' '))
$$
"""
SQLITE_MENTIONS = (
    "CREATE TABLE mention_method (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL UNIQUE)",
    """
CREATE TABLE mention_row (
    revision_id INTEGER NOT NULL REFERENCES revision (id), number INTEGER NOT NULL,
    article_id INTEGER NOT NULL, name_id INTEGER NOT NULL, surface VARCHAR,
    field SMALLINT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
    method_id INTEGER NOT NULL, score FLOAT NOT NULL,
    PRIMARY KEY (revision_id, number)
) WITHOUT ROWID
""",
    "INSERT INTO mention_method (name) SELECT DISTINCT method FROM mention ORDER BY method",
    """
INSERT INTO name (id, kind, entity_id, name)
SELECT row_number() OVER (ORDER BY kind, entity_id, name), kind, entity_id, name
FROM (SELECT DISTINCT kind, entity_id, name FROM mention)
""",
    """
INSERT INTO mention_row
SELECT m.revision_id, m.number, m.article_id, n.id, nullif(m.surface, m.name), m.field, m.start,
    m."end", m.sentence_start, m.sentence_end, t.id, m.score
FROM mention AS m
    JOIN name AS n ON n.name = m.name AND n.kind = m.kind AND n.entity_id IS m.entity_id
    JOIN mention_method AS t ON t.name = m.method
ORDER BY m.revision_id, m.number
""",
    "DROP TABLE mention",
    """
CREATE VIEW mention AS
SELECT m.revision_id, m.number, m.article_id, n.kind, n.entity_id, n.name,
    coalesce(m.surface, n.name) AS surface, m.sentence_start, m.sentence_end,
    t.name AS method, m.score, m.field, m.start, m."end"
FROM mention_row AS m JOIN name AS n ON n.id = m.name_id
    JOIN mention_method AS t ON t.id = m.method_id
""",
    """
CREATE TRIGGER mention_delete INSTEAD OF DELETE ON mention BEGIN
    DELETE FROM mention_row WHERE revision_id = OLD.revision_id AND number = OLD.number;
END
""",
    """
CREATE TRIGGER mention_insert INSTEAD OF INSERT ON mention BEGIN
    INSERT OR IGNORE INTO mention_method (name) VALUES (NEW.method);
    INSERT INTO name (id, kind, entity_id, name)
    SELECT (SELECT coalesce(max(id), 0) + 1 FROM name), NEW.kind, NEW.entity_id, NEW.name
    WHERE NOT EXISTS (SELECT 1 FROM name
        WHERE name = NEW.name AND kind = NEW.kind AND entity_id IS NEW.entity_id);
    INSERT INTO mention_row
    SELECT NEW.revision_id, NEW.number, NEW.article_id, n.id, nullif(NEW.surface, n.name),
        NEW.field, NEW.start, NEW."end", NEW.sentence_start, NEW.sentence_end, t.id, NEW.score
    FROM name AS n, mention_method AS t
    WHERE n.name = NEW.name AND n.kind = NEW.kind AND n.entity_id IS NEW.entity_id
        AND t.name = NEW.method LIMIT 1;
END
""",
    """
CREATE TRIGGER mention_update INSTEAD OF UPDATE ON mention BEGIN
    DELETE FROM mention WHERE revision_id = OLD.revision_id AND number = OLD.number;
    INSERT INTO mention VALUES (NEW.revision_id, NEW.number, NEW.article_id, NEW.kind,
        NEW.entity_id, NEW.name, NEW.surface, NEW.sentence_start, NEW.sentence_end, NEW.method,
        NEW.score, NEW.field, NEW.start, NEW."end");
END
""",
)
ARTICLE = sa.table(
    "article", sa.column("id"), sa.column("place"), sa.column("published_at", UtcDateTime)
)
REVISION = sa.table("revision", sa.column("id"), sa.column("body"), sa.column("boilerplate"))


def upgrade() -> None:
    sqlite = op.get_context().dialect.name == "sqlite"
    op.add_column(
        "article", sa.Column("place", sa.BigInteger(), nullable=False, server_default="0")
    )
    set_places()
    op.create_index("ix_article_place", "article", ["place"], unique=True)
    for column in ("keywords", "captions"):
        op.add_column("revision", sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "name",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_name"),
    )
    op.create_index("ix_name_entity_id", "name", ["entity_id"])
    op.create_index("ix_name_name", "name", ["name"])
    op.create_table(
        "appearance",
        sa.Column("name_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name_id", "place", name="pk_appearance"),
        sqlite_with_rowid=False,
    )
    names = sa.LargeBinary() if sqlite else sa.ARRAY(sa.Integer())
    op.create_table(
        "facet",
        # BIGINT would be no rowid on SQLite, and an index more.
        sa.Column("place", sa.Integer() if sqlite else sa.BigInteger(), autoincrement=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("outlet", sa.String(), nullable=True),
        sa.Column("kinds", sa.SmallInteger(), nullable=False),
        sa.Column("names", names, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_facet"),
        sa.UniqueConstraint("article_id", name="uq_facet_article_id"),
    )
    op.create_index("ix_facet_outlet_place", "facet", ["outlet", "place"])
    op.create_table(
        "tally",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "outlet", name="pk_tally"),
        sqlite_with_rowid=False,
    )
    op.drop_table("search")
    if sqlite:
        for name in ("search_exact", "search_folded"):
            op.execute(SQLITE_SEARCH.format(name))
        for statement in SQLITE_MENTIONS:
            op.execute(statement)
        repack(pack)
    else:
        op.execute(PAIRS)
        op.execute(POSTGRESQL_SEARCH)
    forget_analyzer()


def set_places() -> None:
    bind = op.get_bind()
    last: dict[int, int] = {}
    rows = bind.execute(sa.select(ARTICLE.c.id, ARTICLE.c.published_at).order_by(ARTICLE.c.id))
    places = []
    for id_, published_at in rows.all():
        day = day_of(published_at)
        last[day] = last.get(day, -1) + 1
        places.append({"article": id_, "to": (day << BITS) + last[day]})
    if places:
        same = ARTICLE.c.id == sa.bindparam("article")
        bind.execute(sa.update(ARTICLE).where(same).values(place=sa.bindparam("to")), places)


def repack(change: object) -> None:
    bind = op.get_bind()
    columns = (REVISION.c.id, REVISION.c.body, REVISION.c.boilerplate)
    page = sa.select(*columns).order_by(REVISION.c.id).limit(500)
    same = REVISION.c.id == sa.bindparam("revision")
    change_one = (
        sa.update(REVISION)
        .where(same)
        .values(body=sa.bindparam("b"), boilerplate=sa.bindparam("o"))
    )
    last = -1
    while rows := bind.execute(page.where(REVISION.c.id > last)).all():
        made = [{"revision": id_, "b": change(b), "o": change(o)} for id_, b, o in rows]  # type: ignore[operator]
        bind.execute(change_one, made)
        last = rows[-1].id


def forget_analyzer() -> None:
    op.execute("DELETE FROM meta WHERE name = 'analyzer'")


def downgrade() -> None:
    first = importlib.import_module("kb.archive.migrations.versions.0001_whole_schema")
    sqlite = op.get_context().dialect.name == "sqlite"
    if sqlite:
        repack(unpack)
        op.drop_table("search_exact")
        op.drop_table("search_folded")
        restore_mentions()
    else:
        op.drop_table("search")
        op.execute("DROP FUNCTION search_words; DROP FUNCTION search_pairs")
    op.execute(first.SQLITE_SEARCH if sqlite else first.POSTGRESQL_SEARCH)
    for name in ("tally", "facet", "appearance", "name"):
        op.drop_table(name)
    for column in ("captions", "keywords"):
        op.drop_column("revision", column)
    op.drop_index("ix_article_place", "article")
    op.drop_column("article", "place")
    forget_analyzer()


def restore_mentions() -> None:
    """Make SQLite's mentions a table again."""
    op.execute("CREATE TEMP TABLE kept AS SELECT * FROM mention")
    op.execute("DROP VIEW mention")
    op.execute("DROP TABLE mention_row")
    op.execute("DROP TABLE mention_method")
    op.create_table(
        "mention",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("field", sa.SmallInteger(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name="fk_mention_revision_id_revision"
        ),
        sa.PrimaryKeyConstraint("revision_id", "number", name="pk_mention"),
        sqlite_with_rowid=False,
    )
    op.execute("""
INSERT INTO mention (revision_id, number, article_id, kind, entity_id, name, surface, field,
    start, "end", sentence_start, sentence_end, method, score)
SELECT revision_id, number, article_id, kind, entity_id, name, surface, field, start, "end",
    sentence_start, sentence_end, method, score FROM kept ORDER BY revision_id, number
""")
    op.execute("DROP TABLE kept")
    op.create_index("ix_mention_entity_id_article_id", "mention", ["entity_id", "article_id"])
    op.create_index(
        "ix_mention_name", "mention", ["name"], sqlite_where=sa.text("entity_id IS NULL")
    )
