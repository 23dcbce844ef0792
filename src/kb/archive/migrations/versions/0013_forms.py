"""Names know how they are compared, and which others without an entry are written but otherwise.

So a name is looked up by one probe of an index however it is typed, and counted once however
newspapers write it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kb.archive.spellings import relate
from kb.text import name_form

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = sa.table("name", *map(sa.column, ("id", "name", "form")))
SEVERAL = sa.text("kin IS NOT NULL")
# What is written to the view by hand, without the loader.
INSERT = """
CREATE TRIGGER mention_insert INSTEAD OF INSERT ON mention BEGIN
    INSERT OR IGNORE INTO mention_method (name) VALUES (NEW.method);
    INSERT INTO name (id, kind, entity_id, name{column})
    SELECT (SELECT coalesce(max(id), 0) + 1 FROM name), NEW.kind, NEW.entity_id, NEW.name{value}
    WHERE NOT EXISTS (SELECT 1 FROM name
        WHERE name = NEW.name AND kind = NEW.kind AND entity_id IS NEW.entity_id);
    INSERT INTO mention_row
    SELECT NEW.revision_id, NEW.number, NEW.article_id, n.id, nullif(NEW.surface, n.name),
        NEW.field, NEW.start, NEW."end", NEW.sentence_start, NEW.sentence_end, t.id, NEW.score
    FROM name AS n, mention_method AS t
    WHERE n.name = NEW.name AND n.kind = NEW.kind AND n.entity_id IS NEW.entity_id
        AND t.name = NEW.method LIMIT 1;
END
"""


def upgrade() -> None:
    op.add_column("name", sa.Column("form", sa.String(), nullable=False, server_default=""))
    op.add_column("name", sa.Column("kin", sa.Integer(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(sa.select(NAME.c.id, NAME.c.name)).all()
    if rows:
        connection.execute(
            sa.update(NAME)
            .where(NAME.c.id == sa.bindparam("number"))
            .values(form=sa.bindparam("made")),
            [{"number": id_, "made": name_form(name)} for id_, name in rows],
        )
    op.create_index("ix_name_form", "name", ["form"])
    op.create_index("ix_name_kin", "name", ["kin"], sqlite_where=SEVERAL, postgresql_where=SEVERAL)
    relate(connection, {name_form(name) for _, name in rows})
    _trigger(column=", form", value=", name_form(NEW.name)")


def downgrade() -> None:
    _trigger(column="", value="")
    for name in ("ix_name_kin", "ix_name_form"):
        op.drop_index(name, "name")
    for column in ("kin", "form"):
        op.drop_column("name", column)


def _trigger(*, column: str, value: str) -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER mention_insert")
        op.execute(INSERT.format(column=column, value=value))
