"""Keeping reuse in step with the texts: every load looks up what it brings, then adds it.

What a text has from where depends on all texts and their dates, never on the order in which
they came: a text that was published earlier than those that share its words has these looked
up again. Only formulas (`reuse.yaml`) depend on how many articles there are at the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from kb.archive import tables
from kb.archive.directory import upsert
from kb.archive.lookup import chunks
from kb.archive.reuse.finder import Found, Text, find
from kb.archive.reuse.index import Index
from kb.archive.reuse.prints import BYTES, pack, unpack
from kb.archive.reuse.rules import RULES
from kb.archive.reuse_tables import origin, reuse, sketch

Row = dict[str, Any]
VERSION = "1"
"""Raise it when fingerprints, thresholds or words change: reuse is then made anew."""
_PAGE = 500
_TEXTS = 1024  # texts kept in memory, since those that are copied are copied often
_revision, _article = tables.revision.c, tables.article.c


class _Memory:
    """What a process remembers of an archive: the index and texts that were just compared.

    Only what is committed is remembered, so that a load that fails leaves nothing behind.
    """

    def __init__(self) -> None:
        self.index = Index()
        self.texts: dict[int, Text] = {}

    def catch_up(self, connection: Connection) -> None:
        """Add to the index what has been loaded since, by this process or another."""
        newest = connection.execute(select(func.max(sketch.c.revision_id))).scalar_one() or 0
        if newest < self.index.last:  # emptied, or restored from a copy
            self.index = Index()
            self.texts.clear()
        if newest == self.index.last:
            return
        c = sketch.c
        statement = select(c.revision_id, c.article_id, c.prints).order_by(c.revision_id)
        rows = connection.execute(statement.where(c.revision_id > self.index.last)).all()
        prints = unpack(b"".join(row.prints for row in rows))
        ends, parts = 0, []
        for row in rows:
            size = len(row.prints) // BYTES
            parts.append(prints[ends : ends + size])
            ends += size
        self.index.add([row.revision_id for row in rows], [row.article_id for row in rows], parts)

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
    rebuild(connection)
    upsert(connection, tables.meta, [{"name": "reuse", "value": VERSION}])
    return True


def _add(connection: Connection, revisions: Sequence[Row]) -> None:
    memory = memory_of(connection)
    articles = {row["article_id"] for row in revisions}
    _redate(connection, revisions)
    outlets = _outlets(connection, articles)
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
    index = memory.index.copy()
    index.add(
        [text.revision_id for text in texts],
        [text.article_id for text in texts],
        [text.prints[0] for text in texts],
    )
    try:
        fresh = {text.revision_id: text for text in texts}
        later = _look_up(connection, memory, index, texts, fresh)
        again = [text for id_, text in later.items() if id_ not in fresh]
        for ids in chunks([text.revision_id for text in again]):
            for table in (reuse, origin):
                connection.execute(delete(table).where(table.c.revision_id.in_(ids)))
        _look_up(connection, memory, index, again, fresh)
    except BaseException:
        forget(connection.engine)
        raise


def _look_up(
    connection: Connection,
    memory: _Memory,
    index: Index,
    texts: Sequence[Text],
    fresh: dict[int, Text],
) -> dict[int, Text]:
    """Write what of these texts stands in earlier ones; return those that have it from them."""
    wanted = index.candidates([text.article_id for text in texts], [text.prints for text in texts])
    needed = {id_ for ids in wanted for id_ in ids}
    if not needed:
        return {}
    others = memory.read(connection, needed - fresh.keys()) | fresh
    since = _since(connection, {text.article_id for text in texts})
    later: dict[int, Text] = {}
    reuses: list[Row] = []
    origins: list[Row] = []
    for text, ids in zip(texts, wanted, strict=True):
        if not ids:
            continue
        found = find(text, since[text.article_id], [others[id_] for id_ in ids])
        later |= {one.revision_id: one for one in found.later}
        reuses += _reuses(text, found)
        origins += _origin(text, found)
    if reuses:
        connection.execute(insert(reuse), reuses)
    if origins:
        connection.execute(insert(origin), origins)
    return later


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
    memory = _MEMORIES.setdefault(connection.engine, _Memory())
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


def _redate(connection: Connection, revisions: Iterable[Row]) -> None:
    """Let an article's first text have the date that a later parser or page gave it."""
    dated = [
        {"article": row["article_id"], "moment": int(row["published_at"].timestamp())}
        for row in revisions
        if row["number"] > 1 and row["published_at"] is not None
    ]
    if dated:
        first = (
            select(func.min(_revision.id))
            .where(_revision.article_id == bindparam("article"))
            .scalar_subquery()
        )
        statement = update(sketch).where(sketch.c.revision_id == first)
        connection.execute(statement.values(at=bindparam("moment")), dated)


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
