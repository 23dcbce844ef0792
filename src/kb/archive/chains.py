"""Who wrote it first and who took it over: the stories that share passages with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, and_, bindparam, select

from kb.archive import tables
from kb.archive.engine import reading
from kb.archive.reuse_tables import Kind, reuse

When = Literal["earlier", "later"]
MOST = 200
"""Passages that are looked at in each direction."""
_article, _revision = tables.article, tables.revision
_ORDER: tuple[Kind, ...] = ("reprint", "source", "background")


@dataclass(frozen=True, slots=True)
class Kin:
    """A story that has passages of this one, `earlier` or `later`, by the strongest kind.

    `share` is the part of the later text (0–1) that stands in the earlier one, of one passage at
    most `similarity`; `passages` are spans of this story's own text, as field, start and end.
    """

    article_id: int
    when: When
    kind: Kind
    title: str
    outlet: str | None
    published_at: datetime | None
    share: float
    passages: tuple[tuple[str, int, int], ...]


def kin(engine: Engine, article_id: int) -> list[Kin]:
    """Return the stories that share passages with an article's current text, oldest first."""
    with reading(engine) as connection:
        found = [
            _kin(id_, when, passages)
            for when, statement in _STATEMENTS.items()
            for id_, passages in _by_story(connection, statement, article_id).items()
        ]
    return sorted(found, key=lambda one: (str(one.published_at or ""), one.article_id))


def _statement(when: When) -> Select[Any]:
    later = _article.alias("later")
    other = later.c.id if when == "later" else reuse.c.earlier_article_id
    prefix = "earlier_" if when == "later" else ""
    here = reuse.c.earlier_article_id if when == "later" else reuse.c.article_id
    there = _article.alias("there")
    text = _revision.alias("text")
    spans = [reuse.c[f"{prefix}{name}"].label(name) for name in ("field", "start", "end")]
    return (
        select(there.c.id, reuse.c.kind, reuse.c.share, *spans)
        .add_columns(text.c.title, there.c.outlet, there.c.published_at)
        .join_from(
            reuse, later, and_(later.c.id == reuse.c.article_id,
                               later.c.revision_id == reuse.c.revision_id)
        )
        .join(there, there.c.id == other)
        .join(text, text.c.id == there.c.revision_id)
        .where(here == bindparam("article_id"))
        .order_by(there.c.id, reuse.c.number)
        .limit(MOST)
    )  # fmt: skip


_STATEMENTS: dict[When, Select[Any]] = {
    "earlier": _statement("earlier"),
    "later": _statement("later"),
}


def _by_story(
    connection: Connection, statement: Select[Any], article_id: int
) -> dict[int, list[tuple[object, ...]]]:
    rows: dict[int, list[tuple[object, ...]]] = {}
    for row in connection.execute(statement, {"article_id": article_id}):
        rows.setdefault(row[0], []).append(tuple(row))
    return rows


def _kin(id_: int, when: When, rows: list[tuple[object, ...]]) -> Kin:
    kind = min((row[1] for row in rows), key=_ORDER.index)
    _, _, share, *_, title, outlet, published = rows[0]
    spans = dict.fromkeys((str(row[3]), int(str(row[4])), int(str(row[5]))) for row in rows)
    return Kin(
        article_id=id_,
        when=when,
        kind=kind,  # type: ignore[arg-type]
        title=str(title),
        outlet=None if outlet is None else str(outlet),
        published_at=published if isinstance(published, datetime) else None,
        share=float(str(share)),
        passages=tuple(spans),
    )
