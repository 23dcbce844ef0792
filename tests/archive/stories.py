"""Small stories and readings for the archive's tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from kb.archive import EntryRow
from kb.article import FIELDS, Article
from kb.reading import Mention, Reading

FOLDER = Path(__file__).parent
ENTRIES = (
    EntryRow("uccn", "programme", "Mạng lưới sáng tạo", "Creative network", None, None, None, {}),
    EntryRow(
        "creative-spaces", "initiative", "Không gian sáng tạo", None, "local", "uccn", None, {}
    ),
    EntryRow("design-festival", "initiative", "Lễ hội Thiết kế", None, "city", "uccn", None, {}),
    EntryRow(
        "so-vhtt", "org", "Sở Văn hóa và Thể thao", "Department of Culture", None, None, None, {}
    ),
)


def stories() -> list[tuple[Article, Reading]]:
    """Return the stories of stories.yaml with their readings."""
    raw = yaml.safe_load((FOLDER / "stories.yaml").read_text(encoding="utf-8"))
    return [pair(**story) for story in raw]


def pair(
    title: str = "",
    lead: str = "",
    body: str = "",
    *,
    mentions: Sequence[Sequence[str | None]] = (),
    reader: str = "1",
    published_at: str | None = None,
    authors: Sequence[str] = (),
    **rest: str,
) -> tuple[Article, Reading]:
    """Return an article and its reading; a mention is (kind, entity_id, name, surface)."""
    article = Article(
        title,
        lead,
        body,
        published_at=datetime.fromisoformat(published_at) if published_at else None,
        authors=tuple(authors),
        **rest,
    )
    return article, Reading(tuple(_mentions(article, mentions)), reader, 1, article.words)


def _mentions(article: Article, wanted: Sequence[Sequence[Any]]) -> list[Mention]:
    """Find every occurrence of each surface; a sentence ends at a full stop or a line's end."""
    found = []
    for name in FIELDS:
        text = article.text(name)
        for kind, entity_id, label, surface in wanted:
            start = text.find(surface)
            while start >= 0:
                end = start + len(surface)
                before = max(text.rfind(". ", 0, start) + 1, text.rfind("\n", 0, start)) + 1
                stops = [place for sign in ".\n" if (place := text.find(sign, end)) >= 0]
                after = min(stops, default=len(text) - 1) + 1
                span = (start, end, before if before > 1 else 0, after)
                found.append(Mention(kind, entity_id, label, surface, name, *span, "registry", 1.0))
                start = text.find(surface, end)
    return found
