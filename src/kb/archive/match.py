"""A query tree as SQL: FTS5 expressions on SQLite, tsquery on PostgreSQL, the same answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    and_,
    cast,
    column,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.selectable import Subquery

from kb.archive import tables
from kb.archive.grammar import And, Node, Not, Or, Phrase

_TITLE_WEIGHT = 10.0
_FTS5 = table("search", column("rowid"))
_VECTORS = table("search", column("revision_id"), column("exact"), column("folded"))


def matches(node: Node, folded: bool, dialect: str) -> ColumnElement[bool]:
    """Return the condition that an article's current revision matches."""
    if dialect == "sqlite":
        return _sqlite(node, folded)
    vector = _VECTORS.c.folded if folded else _VECTORS.c.exact
    found = select(_VECTORS.c.revision_id).where(vector.op("@@")(_tsquery(node, folded)))
    return tables.article.c.revision_id.in_(found)


def scores(node: Node, folded: bool, dialect: str) -> Subquery | None:
    """Return (revision_id, score), the engine's own relevance with titles ahead of texts.

    None when it is not words that must be there (`-word`, `a OR -b`): the order is then by date.
    """
    expression = _fts5(node, folded)
    if expression is None:
        return None
    if dialect == "sqlite":
        weights = (_TITLE_WEIGHT, 1.0) * 2
        rank = -func.bm25(literal_column("search"), *weights, type_=Double)
        found = select(_FTS5.c.rowid.label("revision_id"), rank.label("score"))
        return found.where(_fts5_match(expression, folded)).subquery("scored")
    vector = _VECTORS.c.folded if folded else _VECTORS.c.exact
    query = _tsquery(node, folded)
    title: ColumnElement[Any] = literal_column(f"'{{0.1, 0.1, 0.1, {_TITLE_WEIGHT / 10}}}'::real[]")
    score = cast(func.ts_rank(title, vector, query), Double)
    found = select(_VECTORS.c.revision_id, score.label("score"))
    return found.where(vector.op("@@")(query)).subquery("scored")


# --- SQLite --------------------------------------------------------------------------------


def _sqlite(node: Node, folded: bool) -> ColumnElement[bool]:
    """Match in one go where FTS5 can, else by set operations on its parts."""
    expression = _fts5(node, folded)
    if expression is not None:
        found = select(_FTS5.c.rowid).where(_fts5_match(expression, folded))
        return tables.article.c.revision_id.in_(found)
    match node:
        case And(parts):
            return and_(*(_sqlite(part, folded) for part in parts))
        case Or(parts):
            return or_(*(_sqlite(part, folded) for part in parts))
        case Not(part):
            return not_(_sqlite(part, folded))
        case Phrase():
            raise AssertionError("every phrase has an FTS5 expression")


def _fts5_match(expression: str, folded: bool) -> ColumnElement[bool]:
    columns = "title_folded text_folded" if folded else "title text"
    return literal_column("search").op("MATCH", is_comparison=True)(f"{{{columns}}} : {expression}")


def _fts5(node: Node, folded: bool) -> str | None:
    """Return the FTS5 expression; None where it has none: it knows `a NOT b`, not `NOT b`."""
    match node:
        case Phrase():
            words = " ".join(node.folded if folded else node.exact)
            return f'("{words}" *)' if node.prefix else f'("{words}")'
        case Not():
            return None
        case And(parts):
            excluded = [_fts5(part.part, folded) for part in parts if isinstance(part, Not)]
            needed = [_fts5(part, folded) for part in parts if not isinstance(part, Not)]
        case Or(parts):
            excluded, needed = [], [_fts5(part, folded) for part in parts]
    rendered = [text for text in needed if text is not None]
    barred = [text for text in excluded if text is not None]
    if not rendered or len(rendered) + len(barred) < len(node.parts):
        return None
    expression = f"({(' OR ' if isinstance(node, Or) else ' AND ').join(rendered)})"
    return f"({expression} NOT ({' OR '.join(barred)}))" if barred else expression


# --- PostgreSQL ----------------------------------------------------------------------------


def _tsquery(node: Node, folded: bool) -> ColumnElement[object]:
    return cast(_tsquery_text(node, folded), TSQUERY)


def _tsquery_text(node: Node, folded: bool) -> str:
    match node:
        case Phrase():
            words = node.folded if folded else node.exact
            text = " <-> ".join(f"'{word}'" for word in words)
            return f"({text}:*)" if node.prefix else f"({text})"
        case Not(part):
            return f"!{_tsquery_text(part, folded)}"
        case And(parts):
            return f"({' & '.join(_tsquery_text(part, folded) for part in parts)})"
        case Or(parts):
            return f"({' | '.join(_tsquery_text(part, folded) for part in parts)})"
