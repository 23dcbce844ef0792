"""The archive as it stood at a moment: which articles it had, and which text of each.

A query is written for the articles of today; `as_it_stood` puts in their place what they were
then, so that search, rows and counts need no second form. The text of a moment is the one seen
last before it, whether for the first time (`revision.seen_at`) or again (`recall`). What is not
kept with each text (section, where the date was found, file) is that of today, as are readings
and judgements.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ClauseElement,
    Column,
    ColumnElement,
    RowMapping,
    Select,
    Subquery,
    Table,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.sql.visitors import replacement_traverse

from kb.archive import tables
from kb.archive.judgement_tables import recall
from kb.article import FIELDS, VIETNAM

Clause = TypeVar("Clause", bound=ClauseElement)
_article, _revision = tables.article.c, tables.revision.c


def moment(as_of: date) -> datetime:
    """Return the last moment that counts: of a day in Vietnam its last one."""
    if isinstance(as_of, datetime):
        at = as_of if as_of.tzinfo else as_of.replace(tzinfo=VIETNAM)
        try:
            return at.astimezone(UTC)
        except OverflowError:  # at either end of the calendar
            return (datetime.min if at.year == 1 else datetime.max).replace(tzinfo=UTC)
    if as_of == date.max:
        return datetime.max.replace(tzinfo=UTC)
    midnight = datetime.combine(as_of + timedelta(days=1), time.min, VIETNAM)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def as_it_stood(clause: Clause, as_of: date | None) -> Clause:
    """Return a statement or a condition on articles with the articles as they stood then."""
    if as_of is None:
        return clause
    then = _articles(moment(as_of))

    def replaced(element: Any, **_: object) -> Any:  # noqa: ANN401 - SQLAlchemy's own types
        if element is tables.article:
            return then
        if isinstance(element, Column) and element.table is tables.article:
            return then.c[element.name]
        return None

    return cast(Clause, replacement_traverse(clause, {}, replaced))


def words_of(row: RowMapping) -> int:
    """Return the words of a text (title, lead, body), counted as `Article.words`."""
    return sum(len(row[name].split()) for name in FIELDS)


def _articles(at: datetime) -> Subquery:
    """Select the articles of a moment with the columns of the table."""
    last = last_seen(at)
    text = last.join(tables.revision, _revision.id == last.c.revision_id)
    known = last.c.revision_id.is_not(None)
    ordered = func.coalesce(
        _revision.published_at, literal(tables.UNDATED, _article.ordered_at.type)
    )
    then: dict[str, ColumnElement[Any]] = {
        "revision_id": func.coalesce(last.c.revision_id, _article.revision_id),
        "revisions": func.coalesce(last.c.revisions, _article.revisions),
        "ordered_at": case((known, ordered), else_=_article.ordered_at),
    }
    for name in ("title", "lead", "authors", "published_at"):
        if name in _revision and name in _article:
            then[name] = case((known, _revision[name]), else_=_article[name])
    columns = [then.get(column.name, column).label(column.name) for column in _article]
    return (
        select(*columns)
        .select_from(tables.article.outerjoin(text, last.c.article_id == _article.id))
        .where(_article.first_seen <= at)
        .subquery("article_then")
    )


def last_seen(at: datetime) -> Subquery:
    """Select the text of a moment of each article that has had several; others need no look."""
    several = select(_article.id).where(_article.revisions > 1)
    seen = union_all(
        _sightings(tables.revision, _revision.seen_at, _revision.id, literal(1), at).where(
            _revision.article_id.in_(several)
        ),
        _sightings(recall, recall.c.at, recall.c.revision_id, literal(0), at),
    ).subquery("sighting")
    c = seen.c
    ranked = select(
        c.article_id,
        c.revision_id,
        func.row_number()
        .over(partition_by=c.article_id, order_by=(c.at.desc(), c.new, c.revision_id.desc()))
        .label("place"),
        func.sum(c.new).over(partition_by=c.article_id).label("revisions"),
    ).subquery("ranked")
    wanted = select(ranked.c.article_id, ranked.c.revision_id, ranked.c.revisions)
    return wanted.where(ranked.c.place == 1).subquery("last_seen")


def _sightings(
    table: Table,
    seen_at: Column[datetime],
    revision_id: Column[int],
    new: ColumnElement[int],
    at: datetime,
) -> Select[Any]:
    columns = (
        table.c.article_id, seen_at.label("at"), revision_id.label("revision_id"), new.label("new"),
    )  # fmt: skip
    return select(*columns).where(seen_at <= at)
