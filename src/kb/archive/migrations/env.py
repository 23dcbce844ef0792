"""Alembic's entry: runs on the connection that `kb.archive.schema` hands over."""

from __future__ import annotations

from alembic import context

from kb.archive.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, but Alembic assumes that it cannot
)
context.run_migrations()
