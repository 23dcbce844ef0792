"""What a row says of the judgements on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, and_, func

from kb.archive.judgement_tables import judged

VERDICT = judged.c.verdict.label("judged")
"""`confirmed`, `corrected`, `split`, `merged`, `status` (that alone), or NULL: nobody judged it."""
STATUS = func.coalesce(judged.c.status, "promised").label("status")
"""What became of a commitment as reported, which only a person decides."""


def with_judged(statement: Select[Any], table: Table) -> Select[Any]:
    """Join what was judged to the rows of a part of readings."""
    same = and_(
        judged.c.part == table.name,
        judged.c.revision_id == table.c.revision_id,
        judged.c.number == table.c.number,
    )
    return statement.outerjoin(judged, same)
