"""Where articles come from, down to the bytes, and who read them; read-only, on both engines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Engine, func, select

from kb.archive import tables
from kb.archive.engine import reading
from kb.archive.lookup import chunks

_article, _capture, _revision = tables.article.c, tables.capture.c, tables.revision.c


@dataclass(frozen=True, slots=True)
class Origin:
    """The archived copy that an article's current text was taken from.

    `digest` is the payload's (`sha1:BASE32`); `offset` and `length` are bytes of the record in
    the WARC file. What came from a file has its name in `source_file` and no record.
    """

    article_id: int
    seen_at: datetime
    """When the text was first seen; UTC."""
    digest: str | None
    source_file: str | None
    warc: str | None = None
    offset: int | None = None
    length: int | None = None
    fetched_at: datetime | None = None

    @property
    def place(self) -> str | None:
        """Where the copy lies, as `file:offset`, or the file that was taken in."""
        if self.warc is None:
            return self.source_file
        return f"{self.warc.rpartition('/')[2]}:{self.offset}"


def origins(engine: Engine, article_ids: Iterable[int]) -> dict[int, Origin]:
    """Return the archived copy of each article that is there."""
    found: dict[int, Origin] = {}
    with reading(engine) as connection:
        for ids in chunks(sorted(set(article_ids))):
            texts = (
                select(
                    _article.id, _article.key, _revision.seen_at, _revision.capture_digest,
                    _article.source_file,
                )
                .join_from(tables.article, tables.revision, _revision.id == _article.revision_id)
                .where(_article.id.in_(ids))
            )  # fmt: skip
            rows = connection.execute(texts).all()
            names = ("key", "digest", "warc", "offset", "length", "fetched_at")
            records = (
                select(*(_capture[name] for name in names))
                .where(_capture.key.in_([row.key for row in rows]), _capture.warc.is_not(None))
                .order_by(_capture.fetched_at.desc(), _capture.id.desc())
            )
            # The earliest that brought this very page: it shows since when it was there.
            copies = {(row[0], row[1]): row[2:] for row in connection.execute(records)}
            for id_, key, seen, digest, file in rows:
                copy = copies.get((key, digest), ())
                found[id_] = Origin(id_, seen, digest, file, *copy)
    return found


def readers(engine: Engine) -> dict[str, int]:
    """Return how many texts each version of the reader has read, most first."""
    reader = tables.reading.c.reader
    statement = select(reader, func.count()).group_by(reader).order_by(func.count().desc(), reader)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}


@dataclass(frozen=True, slots=True)
class EntryName:
    """What the registry calls an entry, as the archive knows it."""

    id: str
    kind: str
    name: str
    name_en: str | None
    level: str | None
    programme: str | None


def entries(engine: Engine) -> dict[str, EntryName]:
    """Return the entries of the registry by id."""
    c = tables.entry.c
    names = [field.name for field in fields(EntryName)]
    statement = select(*(c[name] for name in names)).order_by(c.kind, c.id)
    with reading(engine) as connection:
        return {row[0]: EntryName(*row) for row in connection.execute(statement)}
