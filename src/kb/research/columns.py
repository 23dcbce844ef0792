"""What a complete result consists of: columns with their types, in the order of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from kb.archive import Archive, Query
from kb.article import VIETNAM
from kb.errors import ConfigError

Type = Literal["int", "int?", "float", "bool", "text", "texts", "date", "time"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of result; `int?` may be missing, `texts` is a list, `date` a day, `time` a moment
    with its zone."""

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
    "score": "float", "judged": "text",
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
    "field": "text", "published_at": "time", "outlet": "text", "judged": "text",
}  # fmt: skip
_COMMITMENTS: dict[str, Type] = {
    "article_id": "int", "initiative_id": "text", "owner": "text", "text": "text",
    "due_from": "date", "due_to": "date", "recurs": "text", "quantity": "text", "status": "text",
    "start": "int", "end": "int", "field": "text", "owner_id": "text", "published_at": "time",
    "outlet": "text", "judged": "text",
}  # fmt: skip
_ASSIGNMENTS: dict[str, Type] = {
    "article_id": "int", "actor_id": "text", "actor": "text", "role": "text", "task": "text",
    "initiative_id": "text", "start": "int", "end": "int", "ambiguous": "bool", "field": "text",
    "published_at": "time", "outlet": "text", "judged": "text",
}  # fmt: skip
_LEDGER: dict[str, Type] = {
    "article_id": "int", "initiative_id": "text", "owner": "text", "text": "text",
    "due_from": "date", "due_to": "date", "recurs": "text", "quantity": "text", "status": "text",
    "proposed": "text", "evidence": "text", "evidence_article_id": "int?", "evidence_url": "text",
    "evidence_outlet": "text", "evidence_title": "text", "evidence_published_at": "time",
    "evidence_sentence": "text", "evidence_score": "float", "evidence_due_from": "date",
    "evidence_due_to": "date", "evidence_field": "text", "evidence_start": "int?",
    "evidence_end": "int?", "start": "int", "end": "int", "field": "text", "owner_id": "text",
    "published_at": "time", "url": "text", "outlet": "text", "judged": "text",
    "status_by": "text", "status_at": "time", "status_source": "text", "status_note": "text",
    "key": "text",
}  # fmt: skip
_DOCUMENTS: dict[str, Type] = {
    "entity_id": "text", "name": "text", "mentions": "int", "articles": "int", "first": "time",
    "last": "time",
}  # fmt: skip
_POSTS: dict[str, Type] = {
    "person_id": "text", "person": "text", "post": "text", "org_id": "text", "org": "text",
    "articles": "int", "first_seen": "time", "last_seen": "time",
}  # fmt: skip


def _articles(archive: Archive, query: Query, *, full_text: bool = False) -> Iterator[Row]:
    names = archive.outlet_names()
    for row in archive.articles_rows(query, full_text=full_text):
        yield {**row, "outlet_name": names.get(row["outlet"], row["outlet"])}


_REUSE: dict[str, Type] = {
    "article_id": "int", "kind": "text", "earlier_article_id": "int", "earlier_url": "text",
    "earlier_outlet": "text", "similarity": "float", "share": "float", "field": "text",
    "start": "int", "end": "int", "text": "text", "earlier_field": "text",
    "earlier_start": "int", "earlier_end": "int", "earlier_revision": "int",
    "resemblance": "float", "reused": "float", "published_at": "time",
    "earlier_published_at": "time", "url": "text", "outlet": "text",
}  # fmt: skip

KINDS = {
    "articles": Kind({**_ARTICLES, "outlet_name": "text"}, _articles),
    "mentions": Kind(_MENTIONS, Archive.mentions_rows),
    "actors": Kind(_ACTORS, Archive.actors_rows),
    "initiatives": Kind(_INITIATIVES, Archive.initiatives_rows),
    "quotes": Kind(_QUOTES, Archive.quotes_rows),
    "commitments": Kind(_COMMITMENTS, Archive.commitments_rows),
    "ledger": Kind(_LEDGER, Archive.ledger_rows),
    "assignments": Kind(_ASSIGNMENTS, Archive.assignments_rows),
    "documents": Kind(_DOCUMENTS, Archive.documents_rows),
    "posts": Kind(_POSTS, Archive.posts_rows),
    "reuse": Kind(_REUSE, Archive.reuse_rows),
}
_FULL = Kind(
    {**_ARTICLES, "body": "text", "outlet_name": "text"}, partial(_articles, full_text=True)
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
    moments = [name for name, type_ in kind.columns.items() if type_ == "time"]
    for row in kind.rows(archive, query):
        made = {name: row[name] for name in kind.columns}
        for name in moments:
            if made[name] is not None:
                made[name] = made[name].astimezone(VIETNAM)
        yield made
