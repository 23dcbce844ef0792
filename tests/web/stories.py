"""Invented coverage as records: `stories.yaml` with the places of its mentions worked out."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kb.archive import Archive, EntryRow
from kb.article import Article
from kb.capture import Rejection
from kb.outlets import load_outlets
from kb.reading import Assignment, Commitment, Holding, Mention, Quote, Reading
from kb.registry import Registry, load_registry

_SENTENCE = re.compile(r'\S[^\n]*?(?:[.!?]"?(?=\s|$)|(?=\n|$))')
FILLERS = 40
"""Articles without any mention, so that lists have more than one page."""


@cache
def registry() -> Registry:
    """Return the bundled registry, loaded once."""
    return load_registry()


def stories() -> list[tuple[Article, Reading]]:
    """Return the stories of the file, in its order."""
    raw = yaml.safe_load((Path(__file__).parent / "stories.yaml").read_text("utf-8"))
    return [_story(**fields) for fields in raw]


def _story(mentions: list[dict[str, Any]], **given: Any) -> tuple[Article, Reading]:  # noqa: ANN401
    published = given.pop("published_at", None)
    told = {part: given.pop(part, ()) for part in _TOLD}
    article = Article(
        **{**given, "authors": tuple(given.pop("authors", ()))},
        published_at=datetime.fromisoformat(published) if published else None,
    )
    found = tuple(_mention(article, **one) for one in mentions)
    facts = {
        part: tuple(_fact(record, article, **one) for one in told[part])
        for part, record in _TOLD.items()
    }
    return article, Reading(found, "test", 3, 20, **facts)


_TOLD: dict[str, Any] = {
    "quotes": Quote, "commitments": Commitment, "assignments": Assignment, "holdings": Holding,
}  # fmt: skip


def _fact(record: Any, article: Article, *, said: str, field: Any = "body", **given: Any) -> Any:  # noqa: ANN401
    start = article.text(field).index(said)
    span = {"text": said, "field": field, "start": start, "end": start + len(said)}
    return record(**{one.name: ({**span, **given}).get(one.name) for one in fields(record)})


def _mention(
    article: Article,
    *,
    field: Any,  # noqa: ANN401
    surface: str,
    kind: Any,  # noqa: ANN401
    entity_id: str | None = None,
    name: str = "",
) -> Mention:
    text = article.text(field)
    start = text.index(surface)
    around = next(one for one in _SENTENCE.finditer(text) if one.end() > start)
    return Mention(
        kind=kind,
        entity_id=entity_id,
        name=registry().entries[entity_id].name if entity_id else name,
        surface=surface,
        field=field,
        start=start,
        end=start + len(surface),
        sentence_start=around.start(),
        sentence_end=around.end(),
        method="registry" if entity_id else "ner",
        score=1.0 if entity_id else 0.6,
    )


def fill(archive: Archive) -> None:
    """Write outlets, registry, the stories, a second revision, fillers and a finished run."""
    archive.sync_outlets(load_outlets().values())
    archive.sync_registry(
        EntryRow(e.id, e.kind, e.name, e.name_en, e.level, e.programme, e.parent, {})
        for e in registry().entries.values()
    )
    run = archive.start_run("nightly", {})
    told = stories()
    empty = Reading((), "test", 1, 4)
    archive.load([(replace(told[0][0], title="Lễ hội sắp mở cửa"), empty)], run)
    archive.load(told, run)
    fillers = [
        (
            Article(
                title=f"Bản tin thời tiết số {number}",
                lead="Trời nhiều mây, có lúc có mưa.",
                body="Gió nhẹ.",
                url=f"https://vnexpress.net/thoi-tiet-{4_900_200 + number}.html",
                outlet="vnexpress",
                published_at=datetime.fromisoformat("2020-03-01T06:00:00+07:00"),
                published_from="visible",
            ),
            empty,
        )
        for number in range(FILLERS)
    ]
    archive.load(fillers, run)
    gone = datetime.fromisoformat("2025-12-01T03:00:00+00:00")
    archive.mark_gone(["https://vnexpress.net/gia-ve-4900105.html"], gone)
    archive.reject([Rejection("https://a.vn/1", "crawl", "HTTP 500")], run)
    counts = {"new": 45, "changed": 1, "failed": 2, "error": None}
    archive.finish_run(run, "done with failures", {"outlets": {"hanoimoi": counts}})
