"""Rows with the articles that they stand in, for formats that need the text around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.archive import Archive, Query
from kb.archive.origins import Origin, origins
from kb.research.columns import Row

ARTICLES = 200
"""Articles whose texts are held at once."""


def with_articles(
    archive: Archive, query: Query, rows: Iterable[Row]
) -> Iterator[tuple[Row, Row, Origin]]:
    """Yield each row with its article (with `body` and `outlet_name`) and where that comes from.

    An article that was taken out of the archive meanwhile is left out with its rows.
    """
    names = archive.outlet_names()
    held: list[Row] = []
    seen: set[int] = set()
    for row in rows:
        if row["article_id"] not in seen and len(seen) == ARTICLES:
            yield from _joined(archive, query, held, seen, names)
            held, seen = [], set()
        held.append(row)
        seen.add(row["article_id"])
    if held:
        yield from _joined(archive, query, held, seen, names)


def _joined(
    archive: Archive, query: Query, rows: list[Row], ids: set[int], names: dict[str, str]
) -> Iterator[tuple[Row, Row, Origin]]:
    these = Query(articles=tuple(ids), as_of=query.as_of)
    articles = {
        one["article_id"]: {**one, "outlet_name": names.get(one["outlet"], one["outlet"])}
        for one in archive.articles_rows(these, full_text=True)
    }
    places = origins(archive.engine, ids)
    for row in rows:
        if (article := articles.get(row["article_id"])) is not None:
            yield row, article, places[row["article_id"]]
