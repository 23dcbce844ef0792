"""What earlier runs leave for later ones: the registries that read, and how far files were read.

With the registry of an earlier reading at hand only the articles are read again whose text holds
what has changed in it; the others' readings are those of the new one already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from kb.archive import match, tables
from kb.archive.archive import Archive
from kb.archive.directory import upsert
from kb.archive.engine import reading, stream, writing
from kb.archive.grammar import And, Node, Or, Phrase
from kb.archive.index import LONGEST_TOKEN
from kb.archive.retry import lasting
from kb.archive.snapshot_tables import registry_snapshot, source
from kb.text import fold, tokens

_article, _revision, _reading = tables.article.c, tables.revision.c, tables.reading.c
_CHUNK, _NAMES = 500, 40


@lasting
def keep_registry(archive: Archive, version: str, entries: Mapping[str, Any]) -> None:
    """Keep what a registry says (JSON-ready, by entry), if this version is not kept yet."""
    if registry(archive, version) is not None:
        return
    text = json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row = {"version": version, "entries": text, "at": datetime.now(UTC)}
    with writing(archive.engine) as connection:
        upsert(connection, registry_snapshot, [row])


@lasting
def registry(archive: Archive, version: str) -> dict[str, Any] | None:
    """Return what a registry said that was kept; None if it was not."""
    statement = select(registry_snapshot.c.entries).where(registry_snapshot.c.version == version)
    with reading(archive.engine) as connection:
        text = connection.execute(statement).scalar()
    return None if text is None else dict(json.loads(text))


def readers(archive: Archive) -> dict[str | None, int]:
    """Return how many articles' current texts each version of the reader has read."""
    statement = (
        select(_reading.reader, func.count())
        .select_from(tables.article)
        .outerjoin(tables.reading, _reading.revision_id == _article.revision_id)
        .group_by(_reading.reader)
    )
    with reading(archive.engine) as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}


# --- which texts can hold some names -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """The current text of an article."""

    revision_id: int
    fields: tuple[str, str, str]


def texts_with(
    archive: Archive, reader: str, names: Iterable[str], scattered: Iterable[str]
) -> Iterator[Text]:
    """Yield each text read by `reader` that may hold one of some names, or all words of one of the
    `scattered`; found by the index, which keeps pairs of words, so that some hold none."""
    wanted = list(dict.fromkeys(filter(None, map(_followed, names))))
    wanted += dict.fromkeys(filter(None, map(_together, scattered)))
    ids: set[int] = set()
    columns = [_revision[name] for name in ("id", "title", "lead", "body")]
    with reading(archive.engine) as connection:
        for nodes in _chunks(wanted, _NAMES):
            node = nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
            found = match.matches(node, False, connection.dialect.name)
            ids.update(connection.execute(select(_article.revision_id).where(found)).scalars())
        for part in _chunks(sorted(ids), _CHUNK):
            rows = (
                select(*columns)
                .join(tables.reading, _reading.revision_id == _revision.id)
                .where(_revision.id.in_(part), _reading.reader == reader)
            )
            for id_, title, lead, body in connection.execute(rows):
                yield Text(id_, (title, lead, body))


def _followed(name: str) -> Node | None:
    """Return a query that each text matches in which the words of a name follow each other.

    Pair by pair: PostgreSQL does not keep all places of a word in a very long text.
    """
    words = _words(name)
    pairs = [words[at : at + 2] for at in range(max(1, len(words) - 1))]
    return _all(pairs) if words else None


def _together(name: str) -> Node | None:
    """Return a query that each text matches in which all words of a name stand."""
    return _all([[word] for word in _words(name)])


def _words(name: str) -> list[str]:
    return [token.exact[:LONGEST_TOKEN] for token in tokens(name)]


def _all(parts: Sequence[Sequence[str]]) -> Node | None:
    phrases = [Phrase(tuple(part), tuple(map(fold, part))) for part in parts]
    return And(tuple(phrases)) if len(phrases) > 1 else phrases[0] if phrases else None


def read_by_now(archive: Archive, before: str, now: str, apart: set[int]) -> int:
    """Note that the current texts which reader `before` has read are as reader `now` would read
    them, but for some revisions; return how many."""
    ids = (
        select(_reading.revision_id)
        .join(tables.article, _article.revision_id == _reading.revision_id)
        .where(_reading.reader == before)
    )
    same = _reading.revision_id == bindparam("revision")
    change = tables.reading.update().where(same, _reading.reader == before).values(reader=now)
    with writing(archive.engine) as connection:
        rows = [{"revision": one} for one in connection.execute(ids).scalars() if one not in apart]
        for part in _chunks(rows, 10_000):
            connection.execute(change, list(part))
    return len(rows)


# --- which texts were taken from their page by an older parser ------------------------------------


@dataclass(frozen=True, slots=True)
class Parsed:
    """The current text of an article as its parser took it from a page."""

    revision_id: int
    content_hash: str
    url: str | None
    outlet: str | None
    source_file: str
    parser: str


def parsers(archive: Archive) -> dict[str, int]:
    """Return how many articles' current texts each parser has taken from their pages."""
    statement = (
        select(_revision.parser, func.count())
        .join(tables.article, _article.revision_id == _revision.id)
        .group_by(_revision.parser)
    )
    with reading(archive.engine) as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}


def parsed_by(archive: Archive, names: Iterable[str]) -> Iterator[Parsed]:
    """Yield the current texts that some parsers have taken from captures, file by file."""
    statement = (
        select(
            _revision.id, _revision.content_hash, _article.url, _article.outlet,
            _article.source_file, _revision.parser,
        )
        .join(tables.article, _article.revision_id == _revision.id)
        .where(_revision.parser.in_(list(names)), _article.source_file.is_not(None))
        .order_by(_article.source_file)
    )  # fmt: skip
    with reading(archive.engine) as connection:
        for row in stream(connection, statement):
            yield Parsed(*row.values())


def note_parser(archive: Archive, revisions: Mapping[int, str]) -> None:
    """Note that newer parsers take the same texts from their pages."""
    same = _revision.id == bindparam("revision")
    change = tables.revision.update().where(same).values(parser=bindparam("by"))
    if revisions:
        with writing(archive.engine) as connection:
            connection.execute(change, [{"revision": k, "by": v} for k, v in revisions.items()])


# --- how far files were read ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a file was read: the place of the last item dealt with (-1: none), or all of it."""

    position: int = -1
    finished: bool = False


def reached(archive: Archive, name: str) -> Reached:
    """Return how far a file was read."""
    c = source.c
    with reading(archive.engine) as connection:
        row = connection.execute(select(c.position, c.finished).where(c.name == name)).first()
    return Reached(*row) if row else Reached()


def reach(archive: Archive, name: str, position: int, *, finished: bool = False) -> None:
    """Note how far a file was read."""
    row = {"name": name, "position": position, "finished": finished, "at": datetime.now(UTC)}
    with writing(archive.engine) as connection:
        upsert(connection, source, [row])


def _chunks(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
