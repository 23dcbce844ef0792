"""What the archive holds of a reading: its records, its texts, and what was judged in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, delete, select

from kb.archive import tables
from kb.archive.judgement_tables import judged
from kb.archive.judgements.anchor import Texts
from kb.archive.judgements.apply import restore
from kb.archive.judgements.records import RECORDS, Judged, Parts, as_plain, from_plain
from kb.archive.lookup import chunks
from kb.article import FIELDS
from kb.reading import Reading

_article, _revision, _reading = tables.article.c, tables.revision.c, tables.reading.c
FIELD_OF = {part: f"{part}s" for part in RECORDS}
"""The fields of a Reading by the names of their tables."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One revision as it is kept: `parts` is what counts, as far as it was asked for, `judged`
    says where a person spoke."""

    revision_id: int
    article_id: int
    story: str
    content_hash: str
    current: bool
    texts: Texts
    reader: str
    sentences: int
    words: int
    parts: Parts
    judged: list[Judged]

    def originals(self) -> Parts:
        """Return what the reader took, whatever was judged."""
        return {part: restore(part, records, self.judged) for part, records in self.parts.items()}

    def reading(self, parts: Parts) -> Reading:
        """Return a reading of this text with other parts."""
        empty = Reading((), self.reader, self.sentences, self.words)
        return with_parts(empty, parts)


def parts_of(reading: Reading) -> Parts:
    """Return a reading's records by part."""
    return {part: list(getattr(reading, name)) for part, name in FIELD_OF.items()}


def with_parts(reading: Reading, parts: Parts) -> Reading:
    """Return a reading with other records."""
    values: dict[str, Any] = {FIELD_OF[part]: tuple(records) for part, records in parts.items()}
    return replace(reading, **values)


def stored(
    connection: Connection, revision_ids: Collection[int], parts: Collection[str] = RECORDS
) -> list[Stored]:
    """Return revisions that were read, by id, with these parts of what was read in them; those
    that were not are left out."""
    some = chunks(sorted(set(revision_ids)))
    return [one for ids in some for one in _stored(connection, ids, parts)]


def _stored(
    connection: Connection, ids: Collection[int], parts: Collection[str]
) -> Iterable[Stored]:
    statement = (
        select(
            _revision.id, _revision.article_id, _article.key, _revision.content_hash,
            _article.revision_id, _reading.reader, _reading.sentences, _reading.words,
            *(_revision[name] for name in FIELDS),
        )
        .join_from(tables.revision, tables.article, _article.id == _revision.article_id)
        .join(tables.reading, _reading.revision_id == _revision.id)
        .where(_revision.id.in_(ids))
        .order_by(_revision.id)
    )  # fmt: skip
    rows = connection.execute(statement).all()
    records = {part: _records(connection, part, ids) for part in parts}
    decided = judged_rows(connection, ids)
    for id_, article_id, key, digest, current, reader, sentences, words, *texts in rows:
        yield Stored(
            revision_id=id_,
            article_id=article_id,
            story=key,
            content_hash=digest,
            current=current == id_,
            texts=dict(zip(FIELDS, texts, strict=True)),
            reader=reader,
            sentences=sentences,
            words=words,
            parts={part: records[part].get(id_, []) for part in parts},
            judged=decided.get(id_, []),
        )


def _records(connection: Connection, part: str, ids: Collection[int]) -> Parts:
    table = tables.metadata.tables[part]
    names = [one.name for one in fields(RECORDS[part])]
    statement = (
        select(table.c.revision_id, *(table.c[name] for name in names))
        .where(table.c.revision_id.in_(ids))
        .order_by(table.c.revision_id, table.c.number)
    )
    found: dict[Any, list[Any]] = {}
    for revision_id, *values in connection.execute(statement):
        plain = (one.isoformat() if isinstance(one, date) else one for one in values)
        made: dict[str, Any] = dict(zip(names, plain, strict=True))
        found.setdefault(revision_id, []).append(RECORDS[part](**made))
    return found


def judged_rows(connection: Connection, ids: Collection[int]) -> dict[int, list[Judged]]:
    """Return what was judged in revisions."""
    found: dict[int, list[Judged]] = {}
    statement = select(judged).where(judged.c.revision_id.in_(ids))
    for row in connection.execute(statement).mappings():
        original = None if row["original"] is None else from_plain(row["part"], row["original"])
        one = Judged(
            row["part"], row["number"], row["judgement_id"], row["verdict"], row["status"],
            row["kept"], original,
        )  # fmt: skip
        found.setdefault(row["revision_id"], []).append(one)
    return found


def forget_judged(connection: Connection, revision_ids: Collection[int]) -> None:
    """Remove what was judged in revisions."""
    for ids in chunks(list(revision_ids)):
        connection.execute(delete(judged).where(judged.c.revision_id.in_(ids)))


def keep_judged(connection: Connection, revision_id: int, rows: Iterable[Judged]) -> None:
    """Write what was judged in a revision of which nothing is written."""
    values = attrgetter("part", "number", "judgement_id", "verdict", "status", "kept")
    names = ("part", "number", "judgement_id", "verdict", "status", "kept")
    made = [
        dict(zip(names, values(one), strict=True))
        | {
            "revision_id": revision_id,
            "original": as_plain(one.original) if one.original else None,
        }
        for one in rows
    ]
    if made:
        connection.execute(judged.insert(), made)
