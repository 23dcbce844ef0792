"""What a complete result consists of: columns with their types, in the order of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kb.archive import Archive, Query
from kb.article import VIETNAM
from kb.errors import ConfigError

Type = Literal["int", "float", "bool", "text", "texts", "date", "time"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of result; `texts` is a list, `date` a day, `time` a moment with its zone."""

    columns: dict[str, Type]
    rows: Callable[[Archive, Query], Iterator[Row]]


_ARTICLES: dict[str, Type] = {
    "article_id": "int", "url": "text", "outlet": "text", "title": "text", "lead": "text",
    "authors": "texts", "published_at": "time", "published_from": "text", "section": "text",
    "words": "int", "revisions": "int", "source_file": "text",
}  # fmt: skip
_MENTIONS: dict[str, Type] = {
    "article_id": "int", "kind": "text", "entity_id": "text", "name": "text", "surface": "text",
    "field": "text", "start": "int", "end": "int", "sentence": "text", "method": "text",
    "score": "float",
}  # fmt: skip
_ACTORS: dict[str, Type] = {
    "entity_id": "text", "kind": "text", "name": "text", "mentions": "int", "articles": "int",
    "first_seen": "time", "last_seen": "time",
}  # fmt: skip
_INITIATIVES: dict[str, Type] = {
    "entity_id": "text", "name": "text", "level": "text", "mentions": "int", "articles": "int",
    "first": "time", "last": "time",
}  # fmt: skip
_QUOTES: dict[str, Type] = {
    "article_id": "int", "speaker_id": "text", "speaker": "text", "role": "text",
    "direct": "bool", "text": "text", "cue": "text", "start": "int", "end": "int",
    "field": "text", "published_at": "time", "outlet": "text",
}  # fmt: skip
_COMMITMENTS: dict[str, Type] = {
    "article_id": "int", "initiative_id": "text", "owner": "text", "text": "text",
    "due_from": "date", "due_to": "date", "recurs": "text", "quantity": "text", "status": "text",
    "start": "int", "end": "int", "field": "text", "owner_id": "text", "published_at": "time",
    "outlet": "text",
}  # fmt: skip
_ASSIGNMENTS: dict[str, Type] = {
    "article_id": "int", "actor_id": "text", "actor": "text", "role": "text", "task": "text",
    "initiative_id": "text", "start": "int", "end": "int", "ambiguous": "bool", "field": "text",
    "published_at": "time", "outlet": "text",
}  # fmt: skip
_DOCUMENTS: dict[str, Type] = {
    "entity_id": "text", "name": "text", "mentions": "int", "articles": "int", "first": "time",
    "last": "time",
}  # fmt: skip
_POSTS: dict[str, Type] = {
    "person_id": "text", "person": "text", "post": "text", "org_id": "text", "org": "text",
    "articles": "int", "first_seen": "time", "last_seen": "time",
}  # fmt: skip

KINDS = {
    "articles": Kind(_ARTICLES, Archive.articles_rows),
    "mentions": Kind(_MENTIONS, Archive.mentions_rows),
    "actors": Kind(_ACTORS, Archive.actors_rows),
    "initiatives": Kind(_INITIATIVES, Archive.initiatives_rows),
    "quotes": Kind(_QUOTES, Archive.quotes_rows),
    "commitments": Kind(_COMMITMENTS, Archive.commitments_rows),
    "assignments": Kind(_ASSIGNMENTS, Archive.assignments_rows),
    "documents": Kind(_DOCUMENTS, Archive.documents_rows),
    "posts": Kind(_POSTS, Archive.posts_rows),
}
_FULL = Kind(
    {**_ARTICLES, "body": "text"},
    lambda archive, query: archive.articles_rows(query, full_text=True),
)


def kind_of(name: str, *, full_text: bool = False) -> Kind:
    """Return a kind of result by its name; `full_text` adds the body to articles.

    Raises:
        ConfigError: there is no such kind.
    """
    if name not in KINDS:
        raise ConfigError(f"cannot export {name!r}; choose one of {', '.join(KINDS)}")
    return _FULL if full_text and name == "articles" else KINDS[name]


def typed_rows(kind: Kind, archive: Archive, query: Query) -> Iterator[Row]:
    """Yield rows with exactly the kind's columns, moments in Vietnam's time zone."""
    for row in kind.rows(archive, query):
        yield {name: _local(row[name]) for name in kind.columns}


def _local(value: object) -> object:
    return value.astimezone(VIETNAM) if isinstance(value, datetime) else value
