"""Names that the registry does not know, and what a person decided about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from kb.archive import tables
from kb.archive.columns import unpacked
from kb.archive.derived import mask_of
from kb.archive.engine import stream
from kb.archive.filters import bearing
from kb.archive.judgements import log
from kb.archive.judgements.decide import add, entry, undoing
from kb.archive.judgements.records import name_key
from kb.archive.records import Candidate
from kb.reading import KINDS
from kb.text import name_form

Key = tuple[str, str]
"""Kind and name as compared: what all ways of writing a candidate share."""
_OF_PROGRAMMES = ("initiative", "programme")
_article, _revision, _mention = tables.article.c, tables.revision.c, tables.mention.c
_name, _appearance, _facet = tables.name.c, tables.appearance.c, tables.facet.c


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A name without an entry, in all its ways of writing, the most frequent first; `numbers` are
    theirs in the table of names. `exact` where `articles` counts none twice."""

    kind: str
    variants: tuple[str, ...]
    numbers: tuple[int, ...]
    articles: int
    mentions: int
    exact: bool

    def rank(self) -> tuple[int, int, str, str]:
        """Return its place in the order of all."""
        return -self.articles, -self.mentions, self.kind, self.variants[0]


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
    found = unlinked(
        connection,
        kinds=kinds,
        min_articles=min_articles,
        limit=limit,
        known=known,
        names=names,
        on_programme=on_programme,
    )
    return [described(connection, one, on_programme=on_programme) for one in found]


def unlinked(
    connection: Connection,
    *,
    kinds: Collection[str] = (),
    min_articles: int = 1,
    limit: int | None = None,
    known: Collection[Key] = (),
    names: Iterable[str] = (),
    on_programme: bool = False,
) -> list[Unlinked]:
    """Return what `candidates` returns, counted but without examples."""
    where = [_name.entity_id.is_(None)]
    if kinds:
        where.append(_name.kind.in_([kind for kind in kinds if kind in KINDS]))
    wanted = {name_form(name) for name in names}
    left_out = set(known) | (set() if wanted else rejected(connection))
    groups: dict[Key, list[tuple[int, str, int, int]]] = defaultdict(list)
    if wanted:
        where.append(_name.form.in_(wanted))
    for number, key, name, articles, mentions in _names(connection, where, on_programme):
        if key not in left_out:
            groups[key].append((mentions, name, number, articles))
    waiting = []
    for (kind, _), rows in groups.items():
        bearers = sum(row[3] for row in rows)
        if bearers >= min_articles:
            rows.sort(key=lambda row: (-row[0], row[1]))
            variants, numbers = tuple(row[1] for row in rows), tuple(row[2] for row in rows)
            said = sum(row[0] for row in rows)
            one = Unlinked(kind, variants, numbers, bearers, said, len(rows) == 1)
            waiting.append((one.rank(), one))
    return _first(connection, waiting, min_articles, limit, on_programme)


def _first(
    connection: Connection,
    waiting: list[tuple[tuple[int, int, str, str], Unlinked]],
    least: int,
    limit: int | None,
    on_programme: bool,
) -> list[Unlinked]:
    """Return the first of some names, counting exactly only those that may be among them.

    An article that writes a name in two ways counts twice at first, so no name comes too late.
    """
    heapify(waiting)
    found: list[Unlinked] = []
    while waiting and (limit is None or len(found) < limit):
        _, one = heappop(waiting)
        if one.exact:
            found.append(one)
            continue
        there = _there(one.numbers, on_programme).subquery()
        articles = connection.execute(select(func.count()).select_from(there)).scalar_one()
        one = replace(one, articles=articles, exact=True)
        if articles >= least:
            heappush(waiting, (one.rank(), one))
    return found


def _names(
    connection: Connection, where: Sequence[ColumnElement[bool]], on_programme: bool
) -> Iterator[tuple[int, Key, str, int, int]]:
    """Yield each way of writing a name: its number, with how many articles and mentions it has.

    From the tables for counting: `mention` is all that ever was mentioned.
    """
    counted = select(
        _appearance.name_id,
        func.count().label("articles"),
        func.sum(_appearance.mentions).label("mentions"),
    ).group_by(_appearance.name_id)
    if on_programme:
        counted = counted.where(_appearance.place.in_(_programmes()))
    each = counted.subquery("counted")
    statement = (
        select(_name.id, _name.kind, _name.form, _name.name, each.c.articles, each.c.mentions)
        .join_from(each, tables.name, _name.id == each.c.name_id)
        .where(*where)
    )
    for row in stream(connection, statement):
        key = row["kind"], row["form"]
        yield row["id"], key, row["name"], row["articles"], int(row["mentions"])


def _programmes() -> Select[int]:
    """Select the places of articles that name an initiative or a programme."""
    return select(_facet.place).where(_facet.kinds.op("&")(mask_of(_OF_PROGRAMMES)) != 0)


def _there(numbers: Sequence[int], on_programme: bool) -> Select[int]:
    """Select the places of articles that have any of some names."""
    there = bearing(numbers)
    return there.where(_appearance.place.in_(_programmes())) if on_programme else there


def described(connection: Connection, one: Unlinked, *, on_programme: bool = False) -> Candidate:
    """Return a name with what its articles are, and an example from the newest."""
    named = _article.place.in_(_there(one.numbers, on_programme))
    outlets, first, last = connection.execute(
        select(
            func.count(_article.outlet.distinct()),
            func.min(_article.published_at),
            func.max(_article.published_at),
        ).where(named)
    ).one()
    # The article first, and its text alone: of all articles every body would be unpacked.
    article_id, url, revision_id = connection.execute(
        select(_article.id, _article.url, _article.revision_id)
        .where(named)
        .order_by(
            case((_article.url.is_(None), 1), else_=0),
            _article.ordered_at.desc(), _article.id.desc(),
        )
        .limit(1)
    ).one()  # fmt: skip
    text = case(
        (_mention.field == "title", _revision.title),
        (_mention.field == "lead", _revision.lead),
        else_=unpacked(_revision.body),
    )
    length = _mention.sentence_end - _mention.sentence_start
    sentence = connection.execute(
        select(func.substr(text, _mention.sentence_start + 1, length))
        .join_from(tables.mention, tables.revision, _revision.id == _mention.revision_id)
        .where(
            _mention.revision_id == revision_id,
            _mention.entity_id.is_(None),
            _mention.kind == one.kind,
            _mention.name.in_(one.variants),
        )
        .order_by(_mention.number)
        .limit(1)
    ).scalar_one()
    return Candidate(
        kind=one.kind,
        name=one.variants[0],
        variants=one.variants,
        articles=one.articles,
        mentions=one.mentions,
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
