"""What an archive answers: pages, complete rows and counts; the part of Archive for reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from sqlalchemy import Connection, Engine

from kb.archive import facts, remarks, rows, search
from kb.archive.engine import reading
from kb.archive.explain import Explanation, spelled
from kb.archive.grammar import normal, unmarked
from kb.archive.listing import Cursor, Listing, Page, Result, Row
from kb.archive.query import Query
from kb.archive.records import Bucket, By, Company, Facets, Outlets, SearchPage, Share
from kb.archive.reuse import rows as reused
from kb.archive.reuse import stories
from kb.errors import ConfigError
from kb.text import has_marks

_ALL = Query()
_Lister = Callable[[Connection, Query, rows.Known], Result]
KINDS: dict[str, _Lister] = {
    "articles": rows.list_articles,
    "mentions": rows.list_mentions,
    "actors": rows.list_actors,
    "initiatives": rows.list_initiatives,
    "quotes": facts.list_quotes,
    "commitments": facts.list_commitments,
    "assignments": facts.list_assignments,
    "documents": rows.list_documents,
    "posts": facts.list_posts,
    "reuse": reused.list_reuse,
}
"""What can be listed, each with what lists it."""
_DECIDED: rows.Known = (False, 0)
"""Without words nothing is to be decided, and all rows need no total."""


def _measures() -> ModuleType:
    from kb.archive import measures  # numpy, which most commands do without

    return measures


def _lister(kind: str) -> _Lister:
    if kind not in KINDS:
        raise ConfigError(f"there are no {kind!r} to list; choose one of {', '.join(KINDS)}")
    return KINDS[kind]


class Answering:
    """Answers as methods of an archive; each is one transaction, as there."""

    engine: Engine

    def search(self, query: Query) -> SearchPage:
        """Return one page of articles with snippets; without text all that pass the filters.

        Raises:
            QueryError: `query.after` does not come from an earlier page.
        """
        with reading(self.engine) as connection:
            return search.search(connection, query)

    def search_anyhow(self, query: Query) -> tuple[Query, SearchPage]:
        """Return one page as `search` does; where nothing is found with the marks typed, that of
        the query without them, and which query it is. For people who look for something: what
        counts, exports or follows ignores marks only if the whole archive has nothing with them.

        Raises:
            QueryError: `query.after` does not come from an earlier page.
        """
        bare = replace(query, text=unmarked(query.text))
        with reading(self.engine) as connection:
            page = search.search(connection, query)
            typed = bare.text != normal(query.text)
            if typed and page.folded and page.total:
                return bare, page
            if page.total or query.after or not typed:
                return query, page
            wider = search.search(connection, bare)
            return (bare, wider) if wider.total else (query, page)

    def rows(self, kind: str, query: Query = _ALL) -> Iterator[Row]:
        """Yield all rows of a kind (of `KINDS`) that answer a query, with the export columns.

        Raises:
            ConfigError: there is no such kind.
        """
        lister = _lister(kind)
        known = rows.FIRST if query.text else _DECIDED
        with reading(self.engine) as connection:
            yield from lister(connection, query, known).rows(connection)

    def page(self, kind: str, query: Query = _ALL, *, counted: bool = True) -> Page:
        """Return one page of the rows of a kind: `query.limit` of them, after `query.after`.

        Without `counted`, which looks at all that answer, the total is 0.

        Raises:
            ConfigError: there is no such kind.
            QueryError: `query.after` does not come from an earlier page of that kind.
        """
        lister = _lister(kind)
        cursor = Cursor.read(query.after) if query.after else None
        known = (cursor.folded, cursor.found) if cursor else rows.FIRST
        with reading(self.engine) as connection:
            found = lister(connection, query, known)
            total = cursor.total if cursor else found.count(connection) if counted else 0
            shown, key = found.page(connection, query.limit, cursor.key if cursor else None)
        decided = found.plan
        after = Cursor(decided.folded, decided.total, total, key).write() if key else None
        return Page(tuple(shown), total, decided.folded, after)

    def count(self, kind: str, query: Query = _ALL) -> int:
        """Return how many rows of a kind answer a query.

        Raises:
            ConfigError: there is no such kind.
        """
        lister = _lister(kind)
        with reading(self.engine) as connection:
            found = lister(connection, query, rows.FIRST)
            return found.plan.total if kind == "articles" else found.count(connection)

    def item(self, kind: str, article_id: int, number: int) -> Row | None:
        """Return one row of a kind that stands in a text: the one of this number in the current
        text of an article; None if there is none.

        Raises:
            ConfigError: there is no such kind.
        """
        lister, query = _lister(kind), Query(articles=(article_id,))
        with reading(self.engine) as connection:
            found = lister(connection, query, rows.FIRST)
            return found.item(connection, number) if isinstance(found, Listing) else None

    def explain(
        self,
        query: Query,
        folded: bool | None = None,
        found: int | None = None,
        *,
        kind: str = "articles",
    ) -> Explanation:
        """Return a query in words, and what of it was not understood or is not known here.

        `folded`: whether marks are ignored, and `found`: how many articles there are, of an answer
        that is known; None: that is looked up where marks were typed. `kind`: of what the query
        lists, for facts have actors that no mention names.
        """
        with reading(self.engine) as connection:
            if has_marks(query.text) and (folded is None or found is None):
                decided = search.plan(connection, replace(query, reuse="each"))
                folded, found = decided.folded, decided.total
            bare = folded if folded is not None else True
            said = (
                *remarks.remarks(query.text),
                *remarks.impossible(query),
                *remarks.unseen(connection, query, kind),
                *remarks.marks(connection, query, bare, found or 0),
            )
        return Explanation(spelled(query, bare, "vi"), spelled(query, bare, "en"), said)

    # --- counts ----------------------------------------------------------------------------

    def facets(self, query: Query) -> Facets:
        """Count what a query finds by outlet, level, month, kind, initiative, actor, place."""
        with reading(self.engine) as connection:
            found: Facets = _measures().facets(connection, query)
            return found

    def by_outlet(self, query: Query) -> Outlets:
        """Count what a query finds by outlet and its level alone."""
        with reading(self.engine) as connection:
            found: Outlets = _measures().by_outlet(connection, query)
            return found

    def histogram(self, query: Query, by: By = "month") -> list[Bucket]:
        """Count what a query finds by period in Vietnam, beside all articles of its outlets.

        Raises:
            QueryError: `by` is none of day, week, month, quarter and year.
        """
        with reading(self.engine) as connection:
            found: list[Bucket] = _measures().histogram(connection, query, by)
            return found

    def share_of_voice(self, of: Sequence[str], query: Query = _ALL) -> list[Share]:
        """Count for each of some entities (ids or names) the articles that mention it, and its
        share of the articles that mention any of them, within a query."""
        with reading(self.engine) as connection:
            found: list[Share] = _measures().share_of_voice(connection, of, query)
            return found

    def co_mentions(self, entity: str, query: Query = _ALL, limit: int = 20) -> list[Company]:
        """Return who is mentioned in the same articles as an entity, within a query."""
        with reading(self.engine) as connection:
            found: list[Company] = _measures().co_mentions(connection, entity, query, limit)
            return found

    def representatives(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Return for each article the story that had it first, itself if it is no reprint."""
        with reading(self.engine) as connection:
            return stories.representatives(connection, article_ids)

    # --- complete rows, by kind --------------------------------------------------------------

    def articles_rows(self, query: Query, *, full_text: bool = False) -> Iterator[Row]:
        """Yield all matching articles with the export columns, newest first."""
        with reading(self.engine) as connection:
            found = rows.list_articles(connection, query, full_text=full_text)
            yield from found.rows(connection)

    def mentions_rows(self, query: Query) -> Iterator[Row]:
        """Yield mentions in matching articles with the export columns.

        Where the query names initiatives, actors, places, documents or kinds, only their mentions.
        """
        return self.rows("mentions", query)

    def actors_rows(self, query: Query) -> Iterator[Row]:
        """Yield people and organisations: entity_id, kind, name, mentions, articles,
        first_seen, last_seen; most articles first."""
        return self.rows("actors", query)

    def initiatives_rows(self, query: Query) -> Iterator[Row]:
        """Yield initiatives: entity_id, name, level, mentions, articles, first, last."""
        return self.rows("initiatives", query)

    def documents_rows(self, query: Query) -> Iterator[Row]:
        """Yield documents: entity_id, name, mentions, articles, first, last."""
        return self.rows("documents", query)

    def quotes_rows(self, query: Query) -> Iterator[Row]:
        """Yield quotes in matching articles with the export columns.

        Where the query names actors, only what they said.
        """
        return self.rows("quotes", query)

    def commitments_rows(self, query: Query) -> Iterator[Row]:
        """Yield commitments in matching articles with the export columns.

        Where the query names initiatives, actors (the owners) or days when due, only theirs.
        """
        return self.rows("commitments", query)

    def assignments_rows(self, query: Query) -> Iterator[Row]:
        """Yield assignments in matching articles with the export columns.

        Where the query names initiatives or actors, only theirs.
        """
        return self.rows("assignments", query)

    def reuse_rows(self, query: Query) -> Iterator[Row]:
        """Yield passages of matching articles that stand in earlier ones, with the export columns.

        Each from who had it first, as far as the archive knows.
        """
        return self.rows("reuse", query)

    def posts_rows(self, query: Query) -> Iterator[Row]:
        """Yield who was named in which post: person_id, person, post, org_id, org, articles,
        first_seen, last_seen; most articles first."""
        return self.rows("posts", query)
