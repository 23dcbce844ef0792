"""Keeping reuse in step with the texts: every load looks up what it brings, then adds it.

What a text has from where depends on all texts and their dates: a text that was published
earlier than those that share its words has these looked up again. How many came at a time makes
no difference: each is compared with those before it. The order in which they came makes one only
where a text has more relatives than are looked at, for formulas (`reuse.yaml`), which depend on
how many articles there are at the time, and where the words in common lie near each other in one
of two texts alone: the one that comes later looks for the other by its own.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kb.archive import tables
from kb.archive.directory import upsert
from kb.archive.lookup import chunks
from kb.archive.reuse.finder import Found, Text, find
from kb.archive.reuse.index import Index
from kb.archive.reuse.prints import BYTES, pack, unpack
from kb.archive.reuse.rules import RULES
from kb.archive.reuse_tables import origin, reuse, sketch

Row = dict[str, Any]
VERSION = "3"
"""Raise it when fingerprints, thresholds or words change: reuse is then made anew."""
_PAGE = 500
_ROWS = 5000  # of sketches, some 600 bytes each
_TEXTS = 512  # texts kept in memory, since those that are copied are copied often
_MANY = 20_000  # texts that take long enough to say so
log = logging.getLogger("kb.archive")
_revision, _article = tables.revision.c, tables.article.c


class _Memory:
    """What a process remembers of an archive: the index and texts that were just compared.

    Only what is committed is remembered, so that a load that fails leaves nothing behind.
    """

    def __init__(self, folder: Path | None) -> None:
        self.index = Index(folder)
        self.texts: dict[int, Text] = {}

    def catch_up(self, connection: Connection) -> None:
        """Add to the index what has been loaded since, by this process or another."""
        newest = connection.execute(select(func.max(sketch.c.revision_id))).scalar_one() or 0
        if newest < self.index.last:  # emptied, or restored from a copy
            self.index = Index(self.index.folder)
            self.texts.clear()
        c = sketch.c
        page = select(c.revision_id, c.article_id, c.prints).order_by(c.revision_id).limit(_ROWS)
        while self.index.last < newest:
            rows = connection.execute(page.where(c.revision_id > self.index.last)).all()
            prints = unpack(b"".join(row.prints for row in rows))
            ends = accumulate((len(row.prints) // BYTES for row in rows), initial=0)
            parts = [prints[start:end] for start, end in pairwise(ends)]
            self.index.add([row.revision_id for row in rows], [r.article_id for r in rows], parts)
            self.index.settle()

    def read(self, connection: Connection, wanted: Collection[int]) -> dict[int, Text]:
        """Return the texts of revisions by number."""
        missing = sorted({id_ for id_ in wanted if id_ not in self.texts})
        found = {id_: self.texts[id_] for id_ in wanted if id_ in self.texts}
        statement = (
            select(_revision.id, _revision.article_id, sketch.c.at, _article.outlet)
            .add_columns(_revision.lead, _revision.body)
            .join_from(tables.revision, sketch, sketch.c.revision_id == _revision.id)
            .join(tables.article, _article.id == _revision.article_id)
        )
        for ids in chunks(missing):
            for row in connection.execute(statement.where(_revision.id.in_(ids))):
                found[row.id] = Text(*row)
        for id_ in missing:
            self.texts[id_] = found[id_]
        for id_ in list(self.texts)[: max(0, len(self.texts) - _TEXTS)]:
            del self.texts[id_]
        return found


_MEMORIES: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()


def add(connection: Connection, revisions: Sequence[Row]) -> None:
    """Look up revisions that were just written (rows of `tables.revision`), then add them."""
    if not revisions or renew(connection):
        return
    _add(connection, revisions)


def renew(connection: Connection) -> bool:
    """Make reuse anew if it was made by other rules, or never; return whether it was."""
    c = tables.meta.c
    found = connection.execute(select(c.value).where(c.name == "reuse")).scalar()
    if found == VERSION:
        return False
    count = connection.execute(select(func.count()).select_from(tables.revision)).scalar_one()
    if count > _MANY:
        log.warning("reuse in %d texts is looked up anew, by other rules: once, a minute for each "
                    "50,000", count)  # fmt: skip
    rebuild(connection)
    upsert(connection, tables.meta, [{"name": "reuse", "value": VERSION}])
    return True


def _add(connection: Connection, revisions: Sequence[Row]) -> None:
    memory = memory_of(connection)
    index, fresh = memory.index.copy(), dict[int, Text]()
    redated: set[int] = set()
    try:
        for part in _parts(revisions, _firsts(connection, revisions)):
            for id_, at in _redate(connection, part[0]).items():
                redated.add(id_)
                memory.texts.pop(id_, None)
                if id_ in fresh:
                    fresh[id_] = replace(fresh[id_], at=at)
            _add_part(connection, memory, index, part, fresh)
    except BaseException:
        forget(connection.engine)
        raise
    for id_ in redated:  # their dates are not committed yet
        memory.texts.pop(id_, None)


def _parts(revisions: Sequence[Row], firsts: dict[int, tuple[int, int]]) -> Iterator[Sequence[Row]]:
    """Cut before each text that gives its article's first text another date, or may."""
    cuts, seen = {0, len(revisions)}, set[int]()
    for place, row in enumerate(revisions):
        article, at = row["article_id"], _dated(row)
        if article in seen or (article in firsts and firsts[article][1] != at):
            cuts.add(place)
        seen.add(article)
    for start, end in pairwise(sorted(cuts)):
        yield revisions[start:end]


def _add_part(
    connection: Connection,
    memory: _Memory,
    index: Index,
    revisions: Sequence[Row],
    fresh: dict[int, Text],
) -> None:
    """Add texts to the tables, to `index` and to `fresh`, which has those not committed yet."""
    outlets = _outlets(connection, {row["article_id"] for row in revisions})
    texts = [
        Text(row["id"], row["article_id"], _at(row), outlets[row["article_id"]], row["lead"],
             row["body"])
        for row in revisions
    ]  # fmt: skip
    connection.execute(
        insert(sketch),
        [
            {"revision_id": text.revision_id, "article_id": text.article_id, "at": text.at,
             "prints": pack(text.prints[0])}
            for text in texts
        ],
    )  # fmt: skip
    index.add(
        [text.revision_id for text in texts],
        [text.article_id for text in texts],
        [text.prints[0] for text in texts],
    )
    new = {text.revision_id: text for text in texts}
    fresh |= new
    found = _look_up(connection, memory, index, [(one, id_) for id_, one in new.items()], fresh)
    again = _again(found)
    for ids in chunks(sorted(again.keys() - new.keys())):
        for table in (reuse, origin):
            connection.execute(delete(table).where(table.c.revision_id.in_(ids)))
    kept = [one for one in found if one[0].revision_id not in again]
    kept += _look_up(connection, memory, index, list(again.values()), fresh)
    if reuses := [row for one in kept for row in _reuses(*one)]:
        connection.execute(insert(reuse), reuses)
    if origins := [row for one in kept for row in _origin(*one)]:
        connection.execute(insert(origin), origins)


def _again(found: Iterable[tuple[Text, Found]]) -> dict[int, tuple[Text, int]]:
    """Return the texts that have words of an earlier text that came after them, and until which
    revision they are looked up again: the last of those."""
    again: dict[int, tuple[Text, int]] = {}
    for text, one in found:
        again |= {other.revision_id: (other, text.revision_id) for other in one.later}
    return again


def _look_up(
    connection: Connection,
    memory: _Memory,
    index: Index,
    asked: Sequence[tuple[Text, int]],
    fresh: dict[int, Text],
) -> list[tuple[Text, Found]]:
    """Return what of texts stands in others, each up to a given revision.

    So it is the same whether texts come one by one or many at a time.
    """
    texts = [text for text, _ in asked]
    wanted = index.candidates(
        [text.article_id for text in texts],
        [text.prints for text in texts],
        [until for _, until in asked],
    )
    needed = {id_ for ids in wanted for id_ in ids}
    if not needed:
        return []
    others = memory.read(connection, needed - fresh.keys()) | fresh
    since = _since(connection, {text.article_id for text in texts})
    return [
        (text, find(text, since[text.article_id], [others[id_] for id_ in ids]))
        for text, ids in zip(texts, wanted, strict=True)
        if ids
    ]


def _reuses(text: Text, found: Found) -> Iterable[Row]:
    for number, one in enumerate(sorted(found.reuses, key=lambda one: one.passage.start)):
        passage, earlier = one.passage, one.earlier
        name, start, end = text.span(passage.start, passage.end)
        there = earlier.span(passage.earlier_start, passage.earlier_end)
        yield {
            "revision_id": text.revision_id,
            "number": number,
            "article_id": text.article_id,
            "kind": one.kind,
            "field": name,
            "start": start,
            "end": end,
            "earlier_article_id": earlier.article_id,
            "earlier_revision_id": earlier.revision_id,
            "earlier_field": there[0],
            "earlier_start": there[1],
            "earlier_end": there[2],
            "similarity": passage.similarity,
            "share": one.share,
            "resemblance": one.resemblance,
        }


def _origin(text: Text, found: Found) -> Iterable[Row]:
    if found.most is None:
        return
    yield {
        "revision_id": text.revision_id,
        "article_id": text.article_id,
        "share": found.share,
        "earlier_article_id": found.most.article_id,
        "earlier_revision_id": found.most.revision_id,
        "earlier_share": found.most_share,
        "reprint_of": found.most.article_id if found.most_share >= RULES.reprint else None,
    }


def rebuild(connection: Connection) -> int:
    """Make everything about reuse anew from the stored texts; return how many there are."""
    forget(connection.engine)
    for table in (reuse, origin, sketch):
        connection.execute(delete(table))
    names = ("id", "article_id", "number", "lead", "body", "published_at", "seen_at")
    page = select(*(_revision[name] for name in names)).order_by(_revision.id).limit(_PAGE)
    last = count = 0
    try:
        while rows := connection.execute(page.where(_revision.id > last)).mappings().all():
            _add(connection, [dict(row) for row in rows])
            last, count = rows[-1]["id"], count + len(rows)
    finally:
        forget(connection.engine)  # it has seen what is not committed yet
    return count


def memory_of(connection: Connection) -> _Memory:
    """Return what this process remembers of an archive, up to what is committed now."""
    engine = connection.engine
    if engine not in _MEMORIES:
        # Beside the archive there is room for it; the folder for temporary files may be memory.
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        _MEMORIES[engine] = _Memory(Path(file).parent if file else None)
    memory = _MEMORIES[engine]
    memory.catch_up(connection)
    return memory


def forget(engine: Engine) -> None:
    """Let the next load read the index from the archive."""
    _MEMORIES.pop(engine, None)


def _at(row: Row) -> int:
    """Return since when a text stood in public, in seconds; an edit not before it was seen."""
    published, seen = row["published_at"], row["seen_at"]
    moment: datetime = published or seen
    if row["number"] > 1:
        moment = max(moment, seen)
    return int(moment.timestamp())


def _dated(row: Row) -> int | None:
    """Return the date, in seconds, that a text gives to its article's first one, if it does."""
    if row["number"] == 1 or row["published_at"] is None:
        return None
    return int(row["published_at"].timestamp())


def _firsts(connection: Connection, revisions: Iterable[Row]) -> dict[int, tuple[int, int]]:
    """Return of the articles that texts date anew the first text and its date, by article."""
    c = sketch.c
    statement = select(c.article_id, func.min(c.revision_id)).group_by(c.article_id)
    found = {
        row[0]: row[1]
        for ids in chunks(
            sorted({one["article_id"] for one in revisions if _dated(one) is not None})
        )
        for row in connection.execute(statement.where(c.article_id.in_(ids)))
    }
    dates = select(c.article_id, c.revision_id, c.at)
    return {
        row[0]: (row[1], row[2])
        for ids in chunks(sorted(found.values()))
        for row in connection.execute(dates.where(c.revision_id.in_(ids)))
    }


def _redate(connection: Connection, row: Row) -> dict[int, int]:
    """Let an article's first text have the date that a later parser or page gave it; return it
    with its date if that changes it."""
    for id_, before in _firsts(connection, [row]).values():
        if (at := _dated(row)) is not None and at != before:
            connection.execute(update(sketch).where(sketch.c.revision_id == id_).values(at=at))
            return {id_: at}
    return {}


def _since(connection: Connection, articles: Collection[int]) -> dict[int, int]:
    c = sketch.c
    statement = select(c.article_id, func.min(c.at)).group_by(c.article_id)
    return {
        row[0]: row[1]
        for ids in chunks(sorted(articles))
        for row in connection.execute(statement.where(c.article_id.in_(ids)))
    }


def _outlets(connection: Connection, articles: Collection[int]) -> dict[int, str | None]:
    statement = select(_article.id, _article.outlet)
    return {
        row[0]: row[1]
        for ids in chunks(sorted(articles))
        for row in connection.execute(statement.where(_article.id.in_(ids)))
    }
