"""Names without an entry that newspapers write in several ways: `châu Âu`, `Châu Âu`.

Names that are one as `kb.text.name_form` compares them, and of one kind, count as one: `name.kin`
says which. They are shown as most mentions of the archive write them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import add

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    collate,
    func,
    select,
    update,
)

from kb.archive import tables
from kb.archive.lookup import chunks

_name, _mention = tables.name.c, tables.mention.c
_article, _entry = tables.article.c, tables.entry.c


def relate(connection: Connection, forms: Collection[str]) -> None:
    """Note which names without an entry are one, of those that have some forms; those of signs
    alone, which have none, stay apart."""
    found: dict[tuple[str, str], list[tuple[int, int | None]]] = {}
    statement = select(_name.kind, _name.form, _name.id, _name.kin).order_by(_name.id)
    for part in chunks(sorted(filter(None, forms))):
        unlinked = statement.where(_name.form.in_(part), _name.entity_id.is_(None))
        for kind, form, id_, kin in connection.execute(unlinked):
            found.setdefault((kind, form), []).append((id_, kin))
    alone = [
        {"number": id_, "first": rows[0][0]}
        for rows in found.values()
        if len(rows) > 1
        for id_, kin in rows
        if kin is None
    ]
    if alone:
        one = update(tables.name).where(_name.id == bindparam("number"))
        connection.execute(one.values(kin=bindparam("first")), alone)


def kin(connection: Connection) -> dict[int, int]:
    """Return for the number of each name that is written in several ways that of the first."""
    statement = select(_name.id, _name.kin).where(_name.kin.is_not(None))
    return {row[0]: row[1] for row in connection.execute(statement)}


def shown(connection: Connection, only: Select[int | None] | None = None) -> Subquery:
    """Select `kin` and `name`: how names that are written in several ways are shown.

    `only`: of these `kin`. Of ways that are as frequent the first by code points.
    """
    way = collate(_name.name, "C") if connection.dialect.name == "postgresql" else _name.name
    # Of each table for itself, name by name: a join may be made by walking all appearances.
    said = [
        select(func.coalesce(func.sum(table.c.mentions), 0))
        .where(table.c.name_id == _name.id)
        .scalar_subquery()
        for table in (tables.settled, tables.recent)
    ]
    best = func.row_number().over(partition_by=_name.kin, order_by=(reduce(add, said).desc(), way))
    several = _name.kin.is_not(None) if only is None else _name.kin.in_(only)
    ranked = select(_name.kin, _name.name, best.label("place")).where(several).subquery("ranked")
    first = select(ranked.c.kin, ranked.c.name).where(ranked.c.place == 1)
    return first.subquery("shown")


@dataclass(frozen=True, slots=True)
class Called:
    """How mentions of articles are put together: what is selected from, what those without an
    entry are told apart by beside their kind, and the name that a group of them is shown by."""

    joined: FromClause
    key: ColumnElement[str | None]
    name: ColumnElement[str]


def linked() -> Called:
    """Return how mentions are put together that all have an entry."""
    # The registry that named them may not be there (any more).
    name = func.coalesce(func.max(_entry.name), func.min(_mention.name))
    return Called(_mentions(), _mention.entity_id, name)


def called(connection: Connection) -> Called:
    """Return how mentions are put together, however newspapers write what has no entry."""
    written, ways = tables.name.alias("written"), shown(connection)
    same = and_(
        _mention.entity_id.is_(None),
        written.c.kin.is_not(None),
        written.c.kind == _mention.kind,
        written.c.name == _mention.name,
    )
    joined = _mentions().outerjoin(written, same).outerjoin(ways, ways.c.kin == written.c.kin)
    name = func.coalesce(ways.c.name, _mention.name)
    return Called(
        joined,
        case((_mention.entity_id.is_(None), name)),
        func.coalesce(func.max(_entry.name), func.min(name)),
    )


def _mentions() -> FromClause:
    read = tables.article.join(tables.mention, _mention.revision_id == _article.revision_id)
    return read.outerjoin(tables.entry, _entry.id == _mention.entity_id)
