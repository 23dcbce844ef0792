"""When the archive last changed, told in a moment: what pages keep counts by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, func, select

from kb.archive import judgement_tables, tables
from kb.archive.engine import reading

_run, _article, _revision = tables.run.c, tables.article.c, tables.revision.c
_judgement = judgement_tables.judgement.c

Stamp = tuple[Any, ...]


def stamp(engine: Engine) -> Stamp:
    """Return what differs after every run, new text and judgement; the ends of five indexes.

    A re-reading shows when its run ends.
    """
    last = select(func.max(_run.id)).scalar_subquery()
    ends = (
        last,
        select(_run.finished_at).where(_run.id == last).scalar_subquery(),
        select(func.max(_article.id)).scalar_subquery(),
        select(func.max(_revision.id)).scalar_subquery(),
        select(func.max(_judgement.at)).scalar_subquery(),
    )
    with reading(engine) as connection:
        return tuple(connection.execute(select(*ends)).one())
