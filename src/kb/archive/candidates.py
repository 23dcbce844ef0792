"""Names that the registry does not know, and what a person decided about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from kb.archive import tables
from kb.archive.columns import unpacked
from kb.archive.engine import stream
from kb.archive.judgements import log
from kb.archive.judgements.decide import add, entry, undoing
from kb.archive.judgements.records import name_key
from kb.archive.records import Candidate
from kb.text import name_form

Key = tuple[str, str]
"""Kind and name as compared: what all ways of writing a candidate share."""
_OF_PROGRAMMES = ("initiative", "programme")
_article, _revision, _mention = tables.article.c, tables.revision.c, tables.mention.c


def candidates(
    connection: Connection,
    *,
    kinds: Collection[str] = (),
    min_articles: int = 1,
    limit: int | None = None,
    known: Collection[Key] = (),
    names: Iterable[str] = (),
    on_programme: bool = False,
) -> list[Candidate]:
    """Return unlinked names of current texts, those of most articles first.

    Args:
        kinds: only of these kinds; all if empty.
        min_articles: only those that so many articles name, however they write it.
        limit: at most so many.
        known: what not to return, beside what was rejected.
        names: only these, whatever was rejected; all if empty.
        on_programme: count articles that name an initiative or a programme, and no others.
    """
    where = [_mention.entity_id.is_(None)]
    if kinds:
        where.append(_mention.kind.in_(list(kinds)))
    if on_programme:
        other = tables.mention.alias()
        named = select(other.c.revision_id).where(other.c.kind.in_(_OF_PROGRAMMES))
        where.append(_mention.revision_id.in_(named))
    wanted = {name_form(name) for name in names}
    left_out = set(known) | (set() if wanted else rejected(connection))
    groups: dict[Key, list[tuple[int, int, str]]] = defaultdict(list)
    for kind, name, articles, mentions in _names(connection, where):
        key = (kind, name_form(name))
        if key not in left_out and (not wanted or key[1] in wanted):
            groups[key].append((articles, mentions, name))
    # An article that writes a name in two ways counts twice here, so this is never too few.
    ranked = sorted(
        (item for item in groups.items() if sum(row[0] for row in item[1]) >= min_articles),
        key=lambda item: (-sum(row[0] for row in item[1]), -sum(r[1] for r in item[1]), item[0]),
    )
    found = []
    for (kind, _), rows in ranked[: None if limit is None else limit * 2]:
        variants = [name for _, _, name in sorted(rows, key=lambda row: (-row[1], row[2]))]
        one = _candidate(connection, kind, variants, where)
        if one.articles >= min_articles:
            found.append(one)
    found.sort(key=lambda one: (-one.articles, -one.mentions, one.kind, one.name))
    return found[:limit]


def _names(
    connection: Connection, where: Sequence[ColumnElement[bool]]
) -> Iterable[tuple[str, str, int, int]]:
    """Yield each way of writing a name with the number of its articles and mentions."""
    statement = (
        select(
            _mention.kind,
            _mention.name,
            func.count(_mention.article_id.distinct()).label("articles"),
            func.count().label("mentions"),
        )
        .join_from(tables.article, tables.mention, _mention.revision_id == _article.revision_id)
        .where(*where)
        .group_by(_mention.kind, _mention.name)
    )
    for row in stream(connection, statement):
        yield row["kind"], row["name"], row["articles"], row["mentions"]


def _candidate(
    connection: Connection,
    kind: str,
    variants: list[str],
    where: Sequence[ColumnElement[bool]],
) -> Candidate:
    """Count exactly, and take an example from the newest article."""
    here = and_(*where, _mention.kind == kind, _mention.name.in_(variants))
    joined = _mention.revision_id == _article.revision_id
    count = (
        select(
            func.count(_mention.article_id.distinct()),
            func.count(),
            func.count(_article.outlet.distinct()),
            func.min(_article.published_at),
            func.max(_article.published_at),
        )
        .join_from(tables.article, tables.mention, joined)
        .where(here)
    )
    articles, mentions, outlets, first, last = connection.execute(count).one()
    text = case(
        (_mention.field == "title", _revision.title),
        (_mention.field == "lead", _revision.lead),
        else_=unpacked(_revision.body),
    )
    length = _mention.sentence_end - _mention.sentence_start
    example = (
        select(
            func.substr(text, _mention.sentence_start + 1, length), _article.url, _article.id
        )
        .join_from(tables.article, tables.mention, joined)
        .join(tables.revision, _revision.id == _mention.revision_id)
        .where(here)
        .order_by(
            case((_article.url.is_(None), 1), else_=0),
            _article.ordered_at.desc(), _article.id.desc(), _mention.number,
        )
        .limit(1)
    )  # fmt: skip
    sentence, url, article_id = connection.execute(example).one()
    return Candidate(
        kind=kind,
        name=variants[0],
        variants=tuple(variants),
        articles=articles,
        mentions=mentions,
        outlets=outlets,
        first_seen=first,
        last_seen=last,
        sentence=sentence,
        url=url,
        article_id=article_id,
    )


def reject(connection: Connection, keys: Collection[Key], names: Collection[str]) -> None:
    """Keep that these are no entries; a re-reading does not bring them back."""
    known = rejected(connection)
    add(
        connection,
        [
            entry(name_key(*key), "reject", target={"name": name})
            for key, name in zip(keys, names, strict=True)
            if key not in known
        ],
    )


def restore(connection: Connection, keys: Collection[Key]) -> int:
    """Undo that candidates were rejected; return how many were."""
    found = log.names(connection).rejected
    gone = log.entries(connection, ids=[found[key] for key in keys if key in found])
    add(connection, [undoing(one) for one in gone])
    return len(gone)


def rejected(connection: Connection) -> set[Key]:
    """Return what was rejected as a candidate."""
    return set(log.names(connection).rejected)
