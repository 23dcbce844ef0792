"""What changed between two revisions of an article, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.article import FIELDS, Field
from kb.errors import ConfigError

Op = Literal["insert", "delete", "replace"]
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LARGEST = 4_000_000  # pairs of words that are compared; larger passages count as replaced whole
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed passage; spans are code points of `field` in the earlier and the later text.

    An insertion has an empty span `before`, a deletion an empty one `after`.
    """

    field: Field
    op: Op
    before: Span
    after: Span
    removed: str
    added: str


@dataclass(frozen=True, slots=True)
class RevisionDiff:
    """The changes from revision `a` to revision `b` (their numbers), with both texts by field."""

    article_id: int
    a: int
    b: int
    earlier: dict[Field, str]
    later: dict[Field, str]
    changes: tuple[Change, ...]


def revision_diff(connection: Connection, article_id: int, a: int, b: int) -> RevisionDiff:
    """Compare two revisions of an article, by their numbers.

    Raises:
        ConfigError: the article has no such revision.
    """
    revision = tables.revision.c
    statement = select(revision.number, *(revision[name] for name in FIELDS))
    rows = connection.execute(
        statement.where(revision.article_id == article_id, revision.number.in_((a, b)))
    )
    texts = {number: dict(zip(FIELDS, values, strict=True)) for number, *values in rows}
    for number in (a, b):
        if number not in texts:
            raise ConfigError(f"article {article_id} has no revision {number}; see --revisions")
    changes = (one for name in FIELDS for one in changed(name, texts[a][name], texts[b][name]))
    return RevisionDiff(article_id, a, b, texts[a], texts[b], tuple(changes))


def changed(field: Field, earlier: str, later: str) -> Iterator[Change]:
    """Yield what changed between two texts: paragraphs are paired first, then their words."""
    for old, new in _blocks(_LINE.findall(earlier), _LINE.findall(later)):
        one, other = earlier[slice(*old)], later[slice(*new)]
        words, others = _TOKEN.findall(one), _TOKEN.findall(other)
        inner = [((0, len(one)), (0, len(other)))]
        if words and others and len(words) * len(others) <= _LARGEST:
            inner = list(_blocks(words, others))
        for (a, b), (c, d) in inner:
            before, after = (old[0] + a, old[0] + b), (new[0] + c, new[0] + d)
            op: Op = "replace" if a < b and c < d else "delete" if a < b else "insert"
            yield Change(field, op, before, after, earlier[slice(*before)], later[slice(*after)])


def _blocks(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """Yield the spans, in characters of the joined pieces, where two lists of pieces differ."""
    starts, others = _starts(one), _starts(other)
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield (starts[a], starts[b]), (others[c], others[d])


def _starts(pieces: Sequence[str]) -> list[int]:
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found
