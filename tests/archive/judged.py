"""Two sentences about a potters' guild, and what tests of judgements ask of an archive."""

from __future__ import annotations

from typing import Any

from kb.archive import Archive, Query
from kb.article import Article
from kb.reading import Reading
from tests.archive.stories import pair

GUILD = ["org", None, "Hội Thợ gốm", "Hội Thợ gốm"]
MAYOR = ["person", None, "Lê Sáng", "Lê Sáng"]
URL = "https://bao-a.example/tho-gom.html"
BODY = (
    "Hội Thợ gốm mở lò ở Cửa Nam. Ông Lê Sáng nói lò đỏ lửa đến tháng 6. "
    "Chiều qua Hội Thợ gốm mời khách."
)
STORY = "bao-a.example/tho-gom.html"


def guild(
    body: str = BODY,
    *mentions: list[str | None],
    reader: str = "1",
    **rest: str,
) -> tuple[Article, Reading]:
    found = mentions or (GUILD, MAYOR)
    return pair(
        "Lò mới", "", body, mentions=found, reader=reader,
        **{"url": URL, "outlet": "bao-a", "published_at": "2025-01-05T08:00:00+07:00", **rest},
    )  # fmt: skip


def key_of(archive: Archive, part: str, words: str, article: int = 1, which: int = 0) -> str:
    """Return the key of the record of an article that has these words."""
    found = []
    for (own, _), key in archive.keys(article).items():
        if own == part and archive.review_item(key).text.startswith(words):
            found.append(key)
    return found[which]


def mentions(archive: Archive, **filters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    names = ("kind", "entity_id", "name", "surface", "judged")
    rows = sorted(
        archive.mentions_rows(Query(**filters)), key=lambda row: (row["article_id"], row["start"])
    )
    return [tuple(row[name] for name in names) for row in rows]


def states(archive: Archive) -> list[str]:
    return [one.state for one in archive.judgements()]
