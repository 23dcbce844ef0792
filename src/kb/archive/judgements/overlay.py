"""Judgements in the archive's readings: applied when they are loaded, and when a judgement is made.

The tables of a reading hold what counts, so that every query, count and rollup sees it without
looking at judgements; what the reader took instead stands in `judged`, for the way back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, delete, select

from kb.archive import tables
from kb.archive.directory import upsert
from kb.archive.judgement_tables import judged, outcome
from kb.archive.judgements import log
from kb.archive.judgements.anchor import Texts
from kb.archive.judgements.apply import Applied, apply
from kb.archive.judgements.names import Names
from kb.archive.judgements.records import RECORDS, Judgement
from kb.archive.judgements.stored import (
    forget_judged,
    keep_judged,
    parts_of,
    stored,
    with_parts,
)
from kb.archive.lookup import chunks
from kb.archive.readings import replace_readings
from kb.article import FIELDS, Article
from kb.reading import Reading

_article, _revision = tables.article.c, tables.revision.c
_ENTRIES = [
    column for part in RECORDS if part != "mention" for column in tables.metadata.tables[part].c
    if column.name.endswith("_id") and column.name not in ("revision_id", "article_id")
]  # fmt: skip
"""The columns of facts that hold entries."""
_PAGE = 200  # revisions in hand while many are judged anew


class Verdicts:
    """What was decided about the stories of a batch, while it is loaded."""

    def __init__(self, connection: Connection, stories: Iterable[str]) -> None:
        self._connection = connection
        self._any = log.any_at_all(connection)
        self._decided = log.on_stories(connection, stories) if self._any else {}
        self._names = log.names(connection) if self._any else Names()
        self._applied: dict[int, tuple[Reading, Applied]] = {}

    def apply(self, story: str, article: Article, reading: Reading) -> Reading:
        """Return a reading as it counts."""
        decided = self._decided.get(story, ())
        if not decided and not self._names:
            return reading
        texts: Texts = {name: article.text(name) for name in FIELDS}
        done = apply(parts_of(reading), texts, decided, self._names)
        made = with_parts(reading, done.parts)
        self._applied[id(made)] = made, done  # the reference keeps the id from being used again
        return made

    def keep(self, readings: Mapping[int, tuple[int, Reading]], current: Mapping[str, int]) -> None:
        """Write what was judged in the readings (by revision) that are written now.

        `current`: the revision that is each story's text from now on, read now or before.
        """
        if not self._any:
            return
        texts = set(current.values())
        forget_judged(self._connection, readings)
        for revision_id, (_, reading) in readings.items():
            _, done = self._applied.get(id(reading), (None, None))
            if done:
                keep_judged(self._connection, revision_id, done.judged)
            if done and revision_id in texts:
                keep_outcomes(self._connection, done)
        back = {current[story] for story in self._decided if story in current}
        judge_again(self._connection, back - readings.keys())


def judge_again(connection: Connection, revision_ids: Collection[int]) -> None:
    """Apply the judgements in force to revisions that are there, and write what that changes."""
    names = log.names(connection) if revision_ids else Names()
    for ids in _pages(sorted(set(revision_ids))):
        found = stored(connection, ids)
        decided = log.on_stories(connection, {one.story for one in found})
        changed: dict[int, tuple[int, Reading]] = {}
        for one in found:
            done = apply(one.originals(), one.texts, decided.get(one.story, ()), names)
            if done.parts != one.parts:
                changed[one.revision_id] = one.article_id, one.reading(done.parts)
            if done.judged or one.judged:
                forget_judged(connection, [one.revision_id])
                keep_judged(connection, one.revision_id, done.judged)
            if one.current:
                keep_outcomes(connection, done)
        replace_readings(connection, changed)


def _pages(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))


def keep_outcomes(connection: Connection, done: Applied) -> None:
    """Write how judgements fared in their story's current text."""
    rows = [
        {"judgement_id": id_, "outcome": word, "detail": other}
        for id_, (word, other) in done.outcomes.items()
    ]
    upsert(connection, outcome, rows)


def settle(connection: Connection, entries: Collection[Judgement]) -> None:
    """Let entries that were just added to the log count everywhere, and those they undo no more."""
    undone = log.entries(connection, ids={one.undoes for one in entries if one.undoes})
    gone = {one.id for one in undone}
    for ids in chunks(sorted(gone)):
        connection.execute(delete(outcome).where(outcome.c.judgement_id.in_(ids)))
    concerned = [*entries, *undone]
    revisions = _of_stories(connection, {one.article for one in concerned if one.article})
    named = [one for one in concerned if one.about not in RECORDS]
    revisions |= _of_names(connection, named, {one.id for one in entries})
    judge_again(connection, revisions)
    waiting = [
        {"judgement_id": one.id, "outcome": "waiting", "detail": None}
        for one in entries
        if one.about in RECORDS and one.undoes is None and not _is_there(connection, one)
    ]
    upsert(connection, outcome, waiting)


def _is_there(connection: Connection, one: Judgement) -> bool:
    statement = select(_article.id).where(_article.key == one.article)
    return connection.execute(statement).first() is not None


def _of_stories(connection: Connection, stories: Collection[str]) -> set[int]:
    found: set[int] = set()
    for part in chunks(sorted(stories)):
        statement = select(_revision.id).join(tables.article, _article.id == _revision.article_id)
        found |= set(connection.execute(statement.where(_article.key.in_(part))).scalars())
    return found


def _of_names(
    connection: Connection, named: Collection[Judgement], added: Collection[str]
) -> set[int]:
    """Return the revisions that judgements on names or entries concern, made or undone.

    `added`: those that are new; the others are undone by them.
    """
    if not named:
        return set()
    states = log.names(connection), log.names(connection, without=added)
    ids = {id_ for names in states for one in named for id_ in names.through(one.id)}
    found = {
        id_
        for part in chunks(sorted(ids))
        for id_ in connection.execute(
            select(judged.c.revision_id).distinct().where(judged.c.judgement_id.in_(part))
        ).scalars()
    }
    entries = sorted({one.key.partition(":")[2] for one in named if one.about == "entity"})
    forms = {tuple(one.key.split(":", 2)[1:]) for one in named if one.about == "name"}
    facts = [
        select(column.table.c.revision_id).where(column.in_(part))
        for part in chunks(entries)
        for column in _ENTRIES
    ]
    # By the articles that bear a name now, which is kept up for counting; all their texts.
    bearing = [
        select(_revision.id)
        .join(tables.article, _article.id == _revision.article_id)
        .join(tables.appearance, tables.appearance.c.place == _article.place)
        .where(tables.appearance.c.name_id.in_(part))
        for part in chunks(_numbers(connection, entries, forms))
    ]
    for statement in [*facts, *bearing]:
        found |= set(connection.execute(statement.distinct()).scalars())
    return found


def _numbers(
    connection: Connection, entries: Collection[str], forms: Collection[tuple[str, ...]]
) -> list[int]:
    """Return the numbers of names of entries, and of names of some kinds and forms without one."""
    c = tables.name.c
    found = [
        id_
        for part in chunks(sorted(entries))
        for id_ in connection.execute(select(c.id).where(c.entity_id.in_(part))).scalars()
    ]
    for part in chunks(sorted({form for _, form in forms})):
        named = select(c.id, c.kind, c.form).where(c.entity_id.is_(None), c.form.in_(part))
        found += [id_ for id_, kind, form in connection.execute(named) if (kind, form) in forms]
    return found
