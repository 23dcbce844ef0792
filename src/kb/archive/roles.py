"""Which bodies have which roles in an initiative, or in which an actor has, counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select

from kb.archive import facts
from kb.archive.engine import reading
from kb.archive.query import Query


@dataclass(frozen=True, slots=True)
class Part:
    """An actor with one role in one initiative (or in none), and how many articles say so."""

    actor_id: str | None
    actor: str
    role: str
    articles: int
    initiative_id: str | None = None


def roles(engine: Engine, query: Query) -> list[Part]:
    """Return who has which role by the assignments that answer a query, most articles first."""
    with reading(engine) as connection:
        given = facts.list_assignments(connection, query).statement.subquery("given")
        unlinked = case((given.c.actor_id.is_(None), given.c.actor))
        count = func.count(given.c.article_id.distinct())
        statement = select(
            given.c.actor_id, func.min(given.c.actor), given.c.role, count, given.c.initiative_id
        ).group_by(given.c.actor_id, unlinked, given.c.role, given.c.initiative_id)
        found = [Part(*row) for row in connection.execute(statement)]
    return sorted(
        found, key=lambda one: (-one.articles, one.actor, one.role, one.initiative_id or "")
    )
