"""Articles, names and what joins them as FollowTheMoney entities, one JSON object a line.

Schemata of the model itself (https://followthemoney.tech): Article, Person, Organization, Project
(initiatives and programmes), Address (places), Event, Document; edges are Documentation (an
article names somebody, with the sentences), ProjectParticipant (a role in an initiative) and
Occupancy (a person in a Position). An entity that several rows name is written once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, BinaryIO, Final

from kb.archive.origins import entries
from kb.research.columns import Row
from kb.research.exports.base import ALL, Source
from kb.research.exports.joined import with_articles
from kb.text import name_form

Entity = dict[str, Any]
SCHEMA: Final = {
    "person": "Person", "org": "Organization", "initiative": "Project", "programme": "Project",
    "place": "Address", "event": "Event", "document": "Document",
}  # fmt: skip
_EDGE: Final = "Documentation"
_SENTENCES = 20
"""Sentences that an edge quotes at most."""


def write_ftm(source: Source, out: BinaryIO) -> int:
    """Write entities as `ftm` and Aleph load them; returns how many."""
    names = tuple(_MAKERS) if source.name == ALL else (source.name,)
    # Of what was written a number each, so that a million names fit into memory.
    written: set[int] = set()
    count = 0
    for name in names:
        for entity in _MAKERS[name](source if source.name == name else source.of(name)):
            if entity["schema"] != _EDGE:  # by far the most, and none is made twice
                made = hashlib.blake2b(entity["id"].encode(), digest_size=7).digest()
                number = int.from_bytes(made)
                if number in written:
                    continue
                written.add(number)
            out.write(json.dumps(entity, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _entity(id_: str, schema: str, **properties: object) -> Entity:
    """Return an entity: each property a list of texts, those without a value left out."""
    made = {}
    for name, value in properties.items():
        values = value if isinstance(value, list | tuple) else [value]
        if texts := [str(one) for one in values if one not in (None, "")]:
            made[name] = list(dict.fromkeys(texts))
    return {"id": id_, "schema": schema, "properties": made}


def _id(*parts: object) -> str:
    return hashlib.sha1("\x1f".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def _named(kind: str, entity_id: str | None, name: str) -> str:
    """Return the id of a name: the registry's, else one made of kind and form of the name."""
    return f"kb-{entity_id}" if entity_id else _id(kind, name_form(name))


def _article(row: Row) -> Entity:
    when = row["published_at"]
    return _entity(
        _article_id(row), "Article",
        title=row["title"], fileName=row["source_file"], author=row["authors"],
        publishedAt=_utc(when), publisher=row["outlet_name"],
        sourceUrl=_web(row["url"]), summary=row["lead"], keywords=row["section"], country="vn",
    )  # fmt: skip


def _article_id(row: Row) -> str:
    return _id("article", row["url"] or row["article_id"])


def _utc(when: datetime | None) -> str | None:
    """Return a moment as the model keeps it: in UTC, without saying so."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if when else None


def _web(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _thing(kind: str, entity_id: str | None, name: str) -> Entity:
    own: dict[str, object] = {"name": name}
    if kind == "place":
        own |= {"full": name, "country": "vn"}
    elif kind == "document":
        own |= {"title": name, "fileName": name}
    elif kind != "person":  # where they are named says nothing of people's nationality
        own["country"] = "vn"
    return _entity(_named(kind, entity_id, name), SCHEMA[kind], **own)


def _articles(source: Source) -> Iterator[Entity]:
    yield from map(_article, source.rows)


def _mentions(source: Source) -> Iterator[Entity]:
    """Yield for each article itself, whom it names, and an edge to each of them."""
    joined = with_articles(source.asked, source.query, source.rows)
    for _, group in groupby(joined, key=lambda one: int(one[0]["article_id"])):
        rows = list(group)
        article = rows[0][1]
        made = _article(article)
        yield made
        by_entity: dict[str, list[Row]] = {}
        for row, _, _ in rows:
            entity = _thing(row["kind"], row["entity_id"], row["name"])
            yield entity
            by_entity.setdefault(entity["id"], []).append(row)
        for id_, named in by_entity.items():
            yield _edge(article, made["id"], id_, named)


def _edge(article: Row, document: str, entity: str, rows: list[Row]) -> Entity:
    when = article["published_at"]
    return _entity(
        _id("mention", document, entity), _EDGE,
        document=document, entity=entity, role="mention",
        date=_utc(when),
        namesMentioned=[row["surface"] for row in rows],
        summary=list(dict.fromkeys(row["sentence"] for row in rows))[:_SENTENCES],
        sourceUrl=_web(article["url"]), publisher=article["outlet_name"],
    )  # fmt: skip


def _rows_of(kind: str | None) -> Callable[[Source], Iterator[Entity]]:
    def made(source: Source) -> Iterator[Entity]:
        for row in source.rows:
            yield _thing(kind or row["kind"], row["entity_id"], row["name"])

    return made


def _assignments(source: Source) -> Iterator[Entity]:
    """Yield who has a role in which initiative; roles in other tasks have no project to join."""
    known_as = entries(source.asked.engine)
    linked = (row for row in source.rows if row["initiative_id"] and row["actor_id"])
    for row, article, _ in with_articles(source.asked, source.query, linked):
        actor, initiative = row["actor_id"], row["initiative_id"]
        when = row["published_at"]
        for id_, kind, name in (
            (actor, "org", row["actor"]),
            (initiative, "initiative", initiative),
        ):
            entry = known_as.get(id_)
            yield _thing(entry.kind, id_, entry.name) if entry else _thing(kind, id_, name)
        yield _entity(
            _id("role", _article_id(article), actor, initiative, row["start"], row["task"]),
            "ProjectParticipant",
            participant=f"kb-{actor}", project=f"kb-{initiative}", role=row["role"],
            description=row["task"], date=_utc(when),
            sourceUrl=_web(article["url"]), publisher=article["outlet_name"],
        )  # fmt: skip


def _posts(source: Source) -> Iterator[Entity]:
    """Yield people, the posts that they were named with, and the bodies of these."""
    for row in source.rows:
        person = _thing("person", row["person_id"], row["person"])
        yield person
        body = None
        if row["org"]:
            body = _thing("org", row["org_id"], row["org"])
            yield body
        post = _id("post", name_form(row["post"]), body["id"] if body else "")
        name = f"{row['post']}, {row['org']}" if row["org"] else row["post"]
        yield _entity(
            post, "Position", name=name, organization=body["id"] if body else None, country="vn"
        )
        seen = [row[name] for name in ("first_seen", "last_seen") if row[name]]
        yield _entity(
            _id("holds", person["id"], post), "Occupancy", holder=person["id"], post=post,
            date=[each.date().isoformat() for each in seen],
        )  # fmt: skip


_MAKERS: Final[dict[str, Callable[[Source], Iterable[Entity]]]] = {
    "articles": _articles,
    "mentions": _mentions,
    "actors": _rows_of(None),
    "initiatives": _rows_of("initiative"),
    "documents": _rows_of("document"),
    "assignments": _assignments,
    "posts": _posts,
}
KINDS: Final = tuple(_MAKERS)
