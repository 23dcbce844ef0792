"""PostgreSQL's full-text index: where frequent words stand in place of pairs of them.

Rows of `search` become narrow (texts outside of the row, packed by lz4 where the server has it),
and numbers of names bytes as on SQLite. What follows from the texts and readings is left empty,
and so is the note by which version of the analyzer it was made: whoever opens the archive makes
it anew. The same holds for the way back. On SQLite nothing changes.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# `doc` is the number of a text: a story gets another one with every text, so that what stands in
# `search_position` of the earlier text is nobody's. Without statistics: see 0004.
SEARCH = """
CREATE TABLE search (
    place bigint PRIMARY KEY, doc integer NOT NULL UNIQUE, long boolean NOT NULL,
    exact text NOT NULL, folded text NOT NULL
) WITH (toast_tuple_target = 128);
CREATE INDEX search_long ON search (doc) WHERE long;
CREATE INDEX search_exact ON search USING gin (search_words(exact))
    WITH (gin_pending_list_limit = 8192);
CREATE INDEX search_folded ON search USING gin (search_words(folded))
    WITH (gin_pending_list_limit = 8192);
ALTER INDEX search_exact ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX search_folded ALTER COLUMN 1 SET STATISTICS 0;
CREATE SEQUENCE search_doc;
CREATE TABLE search_position (
    word text COLLATE "C" NOT NULL, folded boolean NOT NULL, block integer NOT NULL,
    heads bytea NOT NULL, positions bytea NOT NULL, PRIMARY KEY (word, folded, block)
);
ALTER TABLE search_position ALTER heads SET STORAGE EXTERNAL, ALTER positions SET STORAGE EXTERNAL;
"""
LZ4 = """
ALTER TABLE search ALTER exact SET COMPRESSION lz4, ALTER folded SET COMPRESSION lz4
"""
HAS_LZ4 = """
SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'
"""
EARLIER = """
CREATE TABLE search (
    place bigint PRIMARY KEY, long boolean NOT NULL, exact text NOT NULL, folded text NOT NULL
);
CREATE FUNCTION search_pairs(tokens text, long boolean) RETURNS tsvector
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
"""With a function that the program of that time replaces when it makes the index."""


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        return
    op.execute("DROP TABLE search")
    op.execute("DROP FUNCTION search_pairs")
    op.execute(SEARCH)
    if op.get_bind().exec_driver_sql(HAS_LZ4).scalar():
        op.execute(LZ4)
    change_names(sa.LargeBinary())


def change_names(type_: sa.types.TypeEngine[Any]) -> None:
    op.execute("TRUNCATE facet, appearance, tally")
    op.drop_column("facet", "names")
    op.add_column("facet", sa.Column("names", type_, nullable=False))
    op.execute("DELETE FROM meta WHERE name = 'analyzer'")


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        return
    op.execute("DROP TABLE search, search_position")
    op.execute("DROP SEQUENCE search_doc")
    op.execute(EARLIER)
    change_names(sa.ARRAY(sa.Integer()))
