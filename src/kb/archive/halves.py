"""Counting the hits of words in a large SQLite archive: the older half on a second connection.

FTS5 looks at all hits of a frequent word, and at the places of its words for phrases and NEAR, one
after the other; SQLite lets other threads run meanwhile. Prefixes gain nothing: FTS5 puts their
hits together as a whole before it looks for a range.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, QueuePool, Select, func, select

from kb.archive import places, tables
from kb.archive.engine import reading

LARGE = 50_000
"""Articles from which on it gains more than it costs."""
_GROWN = 1.2
_BUSY = 3  # connections in use at which others would wait for one more
_article, _revision, _tally = tables.article.c, tables.revision.c, tables.tally.c
_MIDDLES: WeakKeyDictionary[Engine, tuple[int, int]] = WeakKeyDictionary()


def count(connection: Connection, counting: Select[Any], place: ColumnElement[int]) -> int | None:
    """Return what a selection counts; None where it should be counted as it is.

    Args:
        counting: selects a number that is a sum over places.
        place: the place of what is counted.

    Raises:
        ArchiveError: the archive fails on the second connection.
    """
    engine = connection.engine
    newest = _newest(connection)
    if newest[0] < LARGE or not _alone(connection):
        return None
    middle = _middle(connection, newest[0])
    older, newer = counting.where(place < middle), counting.where(place >= middle)
    beside = _threads().submit(_count_beside, engine, older, newest)
    found = int(connection.execute(newer).scalar_one())
    rest = beside.result()
    return found + int(connection.execute(older).scalar_one() if rest is None else rest)


def _alone(connection: Connection) -> bool:
    """Whether there is a core and a connection to spare, and nothing that others do not see."""
    pool = connection.engine.pool
    return (
        (os.cpu_count() or 1) > 1
        and isinstance(pool, QueuePool)
        and pool.checkedout() <= _BUSY
        and not connection.get_execution_options().get("writes", False)
    )


def _newest(connection: Connection) -> tuple[int, int]:
    """Return what differs between two states of the texts: the last article and revision."""
    ends = select(func.max(_article.id)).scalar_subquery(), func.max(_revision.id)
    article_id, revision_id = connection.execute(select(*ends)).one()
    return article_id or 0, revision_id or 0


def _count_beside(engine: Engine, counting: Select[Any], newest: tuple[int, int]) -> int | None:
    with reading(engine) as connection:
        if _newest(connection) != newest:  # something was loaded in between
            return None
        return int(connection.execute(counting).scalar_one())


def _middle(connection: Connection, articles: int) -> int:
    """Return a place before which half of the articles stand; where exactly makes no difference."""
    known, middle = _MIDDLES.get(connection.engine, (0, 0))
    if known * _GROWN < articles:
        by_day = select(_tally.day, func.sum(_tally.articles)).group_by(_tally.day)
        left, middle = articles / 2, 0
        for day, found in connection.execute(by_day.order_by(_tally.day)):
            left -= found
            if left <= 0:
                middle = places.start(day)
                break
        _MIDDLES[connection.engine] = articles, middle
    return middle


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="count")
