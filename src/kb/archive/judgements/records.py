"""Judgements as records, and the keys by which people name what they judge.

A key is `PART:STORY#DIGEST` for a span (the story's key, then a digest of field, words and which
occurrence of them it is), `name:KIND:FORM` for all mentions of a name without an entry, and
`entity:ID` for an entry. All of it outlives a re-reading and a rebuilt archive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from kb.errors import ConfigError
from kb.reading import Assignment, Commitment, Holding, Mention, Quote
from kb.text import name_form

Record = Mention | Quote | Commitment | Assignment | Holding
Parts = dict[str, list[Record]]
RECORDS: dict[str, type[Record]] = {
    "mention": Mention,
    "quote": Quote,
    "commitment": Commitment,
    "assignment": Assignment,
    "holding": Holding,
}
VERDICTS = ("confirm", "reject", "correct", "status", "split", "merge", "accept", "undo")
STATUSES = ("promised", "in_progress", "done", "promised_again", "silent", "cancelled")
"""What became of a commitment, always as reported."""
CONFLICTS = ("gone", "waiting", "differs")
"""Outcomes that a person has to look at; the others are `applied` and `satisfied`.

`gone`: what it was about does not stand in the text any more; `waiting`: the archive does not
have the article; `differs`: somebody else decided otherwise, and the later one counts.
"""
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry of the log.

    `detail` is what the verdict says (corrected columns, a status, the entry merged into);
    `target` is what was judged, as it stood: `record`, `anchor` and `content_hash`. `undoes` is
    the id of the entry that this one reverses. `settles`: known disagreement ends with this one.
    """

    id: str
    about: str
    key: str
    article: str | None
    verdict: str
    detail: Mapping[str, Any]
    target: Mapping[str, Any]
    who: str
    at: datetime
    note: str | None = None
    source: str | None = None
    undoes: str | None = None
    settles: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready, as a line of an exported log."""
        row = {one.name: getattr(self, one.name) for one in fields(self)}
        row["at"] = self.at.astimezone(UTC).isoformat()
        return row | {"detail": dict(self.detail), "target": dict(self.target)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Judgement:
        """Return the entry of an exported line.

        Raises:
            ConfigError: it is no entry of a log; the message says what is wrong with it.
        """
        names = {one.name for one in fields(cls)}
        try:
            values = {name: value for name, value in row.items() if name in names}
            values["at"] = datetime.fromisoformat(values["at"])
            made = cls(**values)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise ConfigError(f"not a judgement: {error}") from error
        if made.verdict not in VERDICTS or made.at.tzinfo is None:
            raise ConfigError(f"not a judgement: {made.verdict!r} at {made.at}")
        for name in ("id", "about", "key", "who"):
            if not isinstance(getattr(made, name), str):
                raise ConfigError(f"not a judgement: {name} must be text")
        if not (isinstance(made.detail, Mapping) and isinstance(made.target, Mapping)):
            raise ConfigError("not a judgement: detail and target must be objects")
        return made


@dataclass(frozen=True, slots=True)
class Conflict:
    """A judgement that could not be applied as it stands: `reason` is one of `CONFLICTS`.

    `other` is the id of the judgement that it differs from.
    """

    judgement: Judgement
    reason: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person decided on a row: `number` is its place among those of its part.

    `original` is what the reader took there, None where that is what counts; `kept`: the reader
    does not find it (any more), a person does. Rejected: `number` is -1 - its place in the
    reading.
    """

    part: str
    number: int
    judgement_id: str
    verdict: str
    status: str | None
    kept: bool
    original: Record | None


def as_plain(record: Record) -> dict[str, Any]:
    """Return a record JSON-ready."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(record).items()
    }


def from_plain(part: str, row: Mapping[str, Any]) -> Record:
    """Return the record of a part that `as_plain` gave; columns of other versions are ignored."""
    kind = RECORDS[part]
    names = {one.name for one in fields(kind)}
    return kind(**{name: value for name, value in row.items() if name in names})


def span_keys(part: str, story: str, records: Iterable[Record]) -> list[str]:
    """Return the key of each record of one part of a story's reading."""
    seen: dict[tuple[str, ...], int] = {}
    keys = []
    for record in records:
        words = _words(record)
        occurrence = seen[words] = seen.get(words, -1) + 1
        text = "\x1f".join((part, *words, str(occurrence)))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        keys.append(f"{part}:{story}#{digest[:_DIGITS]}")
    return keys


def _words(record: Record) -> tuple[str, ...]:
    """Return what tells a record from the others of its part, apart from where it stands."""
    match record:
        case Mention():
            return record.field, record.kind, name_form(record.surface)
        case Quote() | Commitment():
            return record.field, name_form(record.text)
        case Assignment():
            return record.field, name_form(record.actor), record.role, name_form(record.task)
        case Holding():
            return record.field, name_form(record.person), name_form(record.post)


def name_key(kind: str, name: str) -> str:
    """Return the key of a name without an entry, however it is written."""
    return f"name:{kind}:{name_form(name)}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A key taken apart: a span has a `story`, a name a `kind`; `rest` is digest, form or id."""

    about: str
    story: str | None
    kind: str | None
    rest: str


def parse_key(key: str) -> Parsed:
    """Take a key apart.

    Raises:
        ConfigError: it is none.
    """
    about, _, rest = key.partition(":")
    if about in RECORDS:
        story, mark, digest = rest.rpartition("#")
        if mark and story and digest:
            return Parsed(about, story, None, digest)
    elif about == "name":
        kind, mark, form = rest.partition(":")
        if mark and kind and form:
            return Parsed(about, None, kind, form)
    elif about == "entity" and rest:
        return Parsed(about, None, None, rest)
    raise ConfigError(f"{key!r} is no key of something to judge; `kb review` lists them")
