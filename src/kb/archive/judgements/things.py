"""What a key stands for at this moment: one record of a story, or a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.archive.judgements import log
from kb.archive.judgements.anchor import Anchor, anchor
from kb.archive.judgements.records import (
    Judged,
    Parsed,
    Record,
    as_plain,
    from_plain,
    parse_key,
    span_keys,
)
from kb.archive.judgements.stored import Stored, stored
from kb.errors import Refused

_article = tables.article.c


@dataclass(frozen=True, slots=True)
class Thing:
    """One record of a story's current text: `record` is what counts, or what was rejected.

    `where` is the revision that it stands in; None for one that stands in no text any more and
    is known from the log alone.
    """

    key: str
    part: str
    story: str
    record: Record
    anchor: Anchor
    judged: Judged | None
    where: Stored | None

    def as_target(self) -> dict[str, object]:
        """Return what a judgement keeps of it, JSON-ready."""
        return {
            "record": as_plain(self.record),
            "anchor": self.anchor.as_json(),
            "content_hash": self.where.content_hash if self.where else None,
        }


def things(where: Stored) -> Iterator[Thing]:
    """Yield all records of a revision's parts, those that were rejected too, with their keys.

    Keys count what the reader took, so that no judgement changes another thing's key.
    """
    originals = where.originals()
    for part, records in where.parts.items():
        judged = {one.number: one for one in where.judged if one.part == part}
        numbers = [n for n in range(len(records)) if not (n in judged and judged[n].kept)]
        for number in sorted((n for n in judged if n < 0), reverse=True):
            numbers.insert(-1 - number, number)
        kept = [number for number, one in sorted(judged.items()) if one.kept]
        known = [*originals[part], *(records[number] for number in kept)]
        for key, number, taken in zip(
            span_keys(part, where.story, known), [*numbers, *kept], known, strict=True
        ):
            record = taken if number < 0 else records[number]
            place = anchor(where.texts, (record.field, record.start, record.end))
            yield Thing(key, part, where.story, record, place, judged.get(number), where)


def current(connection: Connection, story: str) -> Stored | None:
    """Return the current text of a story as it is kept, None where there is none or unread."""
    statement = select(_article.revision_id).where(_article.key == story)
    revision_id = connection.execute(statement).scalar_one_or_none()
    found = stored(connection, [revision_id]) if revision_id is not None else []
    return found[0] if found else None


def thing(connection: Connection, key: str, parsed: Parsed | None = None) -> Thing:
    """Return what a key of a span stands for.

    A key of an earlier reading, or of a text that was edited since, is known by the log.

    Raises:
        Refused: there is no such thing.
    """
    parsed = parsed or parse_key(key)
    where = current(connection, str(parsed.story))
    found = list(things(where)) if where else []
    for one in found:
        if one.key == key:
            return one
    before = [one for one in log.entries(connection, key=key) if one.undoes is None]
    if before:
        ids = {one.id for one in before}
        for one in found:
            if one.judged is not None and one.judged.judgement_id in ids:
                return one
        target = before[-1].target
        record = from_plain(parsed.about, target["record"])
        place = Anchor(**target["anchor"])
        return Thing(key, parsed.about, str(parsed.story), record, place, None, None)
    if where is None:
        raise Refused(f"no article {parsed.story}: `kb search` lists their addresses", "gone")
    raise Refused(f"{key!r} stands for nothing in that article now; `kb review` lists keys", "gone")
