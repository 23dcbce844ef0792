"""What is shown to people of a thing to judge: alone, or all that was read in an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from kb.archive import tables
from kb.archive.candidates import candidates
from kb.archive.judgements.anchor import sentence_around
from kb.archive.judgements.entries import name_of
from kb.archive.judgements.records import Record, as_plain, name_key, parse_key
from kb.archive.judgements.stored import Stored, stored
from kb.archive.judgements.things import Thing, thing, things
from kb.archive.reads import LARGEST_ID
from kb.archive.records import Candidate
from kb.article import FIELDS, story_key
from kb.errors import ConfigError, Refused
from kb.reading import Assignment, Holding, Mention

_Whose = tuple[int | None, str | None, datetime | None, str | None]
"""An article's id, outlet, day and address."""
_NOWHERE: _Whose = (None, None, None, None)
_DIGITS = 10
_PLACE = {"field", "start", "end", "sentence_start", "sentence_end", "surface", "text"}
_article = tables.article.c


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing that waits for a person.

    `why`: `link` (a name linked with a low score), `name` (one without an entry), `assignment`
    (two lists that only their order pairs), `due` (a promise that fell due; `proposed` says what
    later coverage says of it, `silent` that there is none, None where a promise gives nothing to
    look by) or `conflict` (`proposed` is its reason); `read` where an article is gone through,
    empty where one thing is asked for. `says` is what the reader took, as columns.
    """

    key: str
    why: str
    text: str
    says: dict[str, Any]
    sentence: str
    article_id: int | None
    outlet: str | None
    published_at: datetime | None
    url: str | None
    proposed: str | None = None


def named(connection: Connection, key: str) -> ReviewItem:
    """Return what a key stands for: a span, a name without an entry, or an entry.

    Raises:
        ConfigError: the key stands for nothing.
    """
    parsed = parse_key(key)
    if parsed.about == "entity":
        name = name_of(connection, parsed.rest) or parsed.rest
        return ReviewItem(key, "", name, {}, "", *_NOWHERE)
    if parsed.about != "name":
        return item(connection, thing(connection, key, parsed), "")
    for one in candidates(connection, kinds=[str(parsed.kind)], names=[parsed.rest]):
        return of_name(connection, one)
    raise Refused(f"no candidate {parsed.rest!r}", "candidate")


def of_article(connection: Connection, said: str) -> list[ReviewItem]:
    """Return all that counts as read in the text of an article, in the order of the text.

    Raises:
        ConfigError: the archive has no article of that id, address or key.
    """
    if said.isascii() and said.isdigit():
        same = _article.id == min(int(said[:_DIGITS]), LARGEST_ID)
    else:
        same = _article.key.in_((said, story_key(said)))
    found = connection.execute(select(_article.id).where(same)).scalar()
    if found is None:
        raise ConfigError(f"no article {said}; `kb search` lists their numbers and addresses")
    present = [one for _, one in _present(connection, found)]
    present.sort(key=lambda one: (FIELDS.index(one.record.field), one.record.start))
    whose = _whose(connection, present[0].story) if present else _NOWHERE
    return [_item(one, whose, "read") for one in present]


def keys(connection: Connection, article_id: int) -> dict[tuple[str, int], str]:
    """Return the key of each record of an article's current text, by part and number."""
    present = _present(connection, article_id)
    return {(one.part, number_in(where, one)): one.key for where, one in present}


def _present(connection: Connection, article_id: int) -> Iterator[tuple[Stored, Thing]]:
    """Yield what counts in an article's current text."""
    revision = select(_article.revision_id).where(_article.id == article_id)
    for where in stored(connection, connection.execute(revision).scalars().all()):
        yield from ((where, one) for one in things(where) if not is_gone(one))


def number_in(where: Stored, one: Thing) -> int:
    """Return the number of a thing among those of its part."""
    return next(n for n, record in enumerate(where.parts[one.part]) if record is one.record)


def is_gone(one: Thing) -> bool:
    """Whether a person rejected it."""
    return one.judged is not None and one.judged.number < 0


def item(connection: Connection, one: Thing, why: str, proposed: str | None = None) -> ReviewItem:
    """Return a thing as it is listed, with the sentence around it."""
    return _item(one, _whose(connection, one.story), why, proposed)


def _whose(connection: Connection, story: str) -> _Whose:
    statement = select(_article.id, _article.outlet, _article.published_at, _article.url)
    row = connection.execute(statement.where(_article.key == story)).first()
    return (row.id, row.outlet, row.published_at, row.url) if row else _NOWHERE


def _item(one: Thing, whose: _Whose, why: str, proposed: str | None = None) -> ReviewItem:
    sentence = ""
    if one.where is not None:
        text = one.where.texts[one.record.field]
        start, end = sentence_around(text, one.record.start, one.record.end)
        sentence = text[start:end]
    return ReviewItem(
        one.key, why, shown(one.record), _says(one.record), sentence, *whose, proposed
    )


def shown(record: Record) -> str:
    """Return a record in a few words."""
    match record:
        case Mention():
            return record.surface
        case Assignment():
            return f"{record.actor}: {record.task}"
        case Holding():
            return f"{record.person}: {record.post}"
        case _:
            return record.text


def _says(record: Record) -> dict[str, Any]:
    return {
        name: value
        for name, value in as_plain(record).items()
        if name not in _PLACE and value is not None
    }


def of_name(connection: Connection, one: Candidate) -> ReviewItem:
    """Return a name without an entry as it is listed, with the outlet of its example."""
    outlet = connection.scalar(select(_article.outlet).where(_article.id == one.article_id))
    says = {"kind": one.kind, "articles": one.articles, "mentions": one.mentions}
    return ReviewItem(
        name_key(one.kind, one.name), "name", one.name, says, one.sentence, one.article_id,
        outlet, one.last_seen, one.url,
    )  # fmt: skip
