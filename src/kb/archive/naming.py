"""Who is named in the articles found: names that are one entry counted as one, with their labels.

From the numbers of names that each article bears (`derived.py`); only what is shown is looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, func, select

from kb.archive import columnar, tables
from kb.archive.columnar import Names, Numbers
from kb.archive.lookup import chunks
from kb.archive.records import Count
from kb.archive.spellings import kin, shown
from kb.reading import KINDS

_name, _entry = tables.name.c, tables.entry.c
ACTORS = ("person", "org")
_UNKNOWN = -1
"""In place of a kind: only a look at the name tells."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Names that are one entry, or one that is none; those that most articles mention first.

    As arrays: most archives have tens of thousands, of which few are shown.
    """

    articles: Numbers
    names: Numbers
    """Of each group one name."""
    kinds: Numbers
    """Places in KINDS, or `_UNKNOWN`."""


def groups_of(connection: Connection, names: Names, *, without: Sequence[int] = ()) -> Groups:
    """Return who is mentioned; entries with several names are one, and so are names without an
    entry that are written in several ways."""
    counts = np.bincount(names.numbers, minlength=1)
    counts[[number for number in without if number < len(counts)]] = 0
    known = counts.tolist()
    entries = select(_name.id, _name.kind, _name.entity_id).where(_name.entity_id.is_not(None))
    linked: dict[tuple[int, str], list[int]] = {}
    for id_, kind, entity_id in columnar.plain_rows(connection, entries):
        if id_ < len(known) and known[id_]:
            linked.setdefault((kind, entity_id), []).append(id_)
    for id_, first in kin(connection).items():
        if id_ < len(known) and known[id_]:
            linked.setdefault((_UNKNOWN, str(first)), []).append(id_)
    firsts = np.array([ids[0] for ids in linked.values()], dtype=np.int64)
    articles = counts[firsts]
    several = {place: ids for place, ids in enumerate(linked.values()) if len(ids) > 1}
    if several:  # an article may mention one by two of its names: all are looked at in one pass
        entry_of = np.full(len(counts), -1, dtype=np.int64)
        for place, ids in several.items():
            entry_of[ids] = place
            counts[ids] = 0
        theirs = entry_of[names.numbers]
        hits = np.flatnonzero(theirs >= 0)
        article = np.searchsorted(np.cumsum(names.lengths), hits, side="right")
        pairs = columnar.distinct(theirs[hits] * len(names.lengths) + article)
        counted = np.bincount(pairs // len(names.lengths), minlength=len(articles))
        places = list(several)
        articles[places] = counted[places]
    counts[firsts] = 0
    alone = np.flatnonzero(counts)
    together = np.concatenate([articles, counts[alone]])
    order = np.argsort(-together, kind="stable")
    kinds = [*(kind for kind, _ in linked), *[_UNKNOWN] * len(alone)]
    return Groups(
        together[order],
        np.concatenate([firsts, alone])[order],
        np.array(kinds, dtype=np.int64)[order],
    )


def ranking(
    connection: Connection,
    groups: Groups,
    kinds: Sequence[str] | None,
    most: int | None = None,
) -> list[Count]:
    """Return groups of some kinds with their names; `most`: those of most articles.

    Ties at the end are all looked at, so that both engines return the same of them.
    """
    wanted = np.ones(len(groups.names), dtype=np.bool_)
    if kinds is not None:
        alone = groups.kinds == _UNKNOWN
        wanted = alone | np.isin(groups.kinds, [KINDS.index(kind) for kind in kinds])
        if set(kinds).isdisjoint(ACTORS):  # of which few have no entry
            own = select(_name.id).where(_name.kind.in_(kinds), _name.entity_id.is_(None))
            wanted &= ~alone | np.isin(groups.names, list(connection.execute(own).scalars()))
    rows = list(zip(groups.names[wanted].tolist(), groups.articles[wanted].tolist(), strict=True))
    found: list[Count] = []
    for part in chunks(rows):
        if most is not None and len(found) >= most and part[0][1] < found[most - 1].articles:
            break
        labels = _labels(connection, [name for name, _ in part])
        made = (Count(*labels[name], articles=articles) for name, articles in part)
        found += [one for one in made if kinds is None or one.kind in kinds]
    found.sort(key=lambda one: (-one.articles, one.name, one.kind, one.value or ""))
    return found[:most]


def _labels(connection: Connection, numbers: list[int]) -> dict[int, tuple[str, str | None, str]]:
    found: dict[int, tuple[str, str | None, str]] = {}
    for part in chunks(numbers):
        ways = shown(connection, select(_name.kin).where(_name.id.in_(part)))
        statement = (
            select(_name.id, _name.kind, _name.entity_id)
            .add_columns(func.coalesce(_entry.name, ways.c.name, _name.name))
            .outerjoin(tables.entry, _entry.id == _name.entity_id)
            .outerjoin(ways, ways.c.kin == _name.kin)
            .where(_name.id.in_(part))
        )
        found |= {row[0]: (row[1], row[2], row[3]) for row in connection.execute(statement)}
    return found
