"""The archive as the rest of the program sees it: plain records in, plain records out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine

from kb.archive import candidates as unlinked
from kb.archive import directory, facts, ledger, load, lookup, rows, search
from kb.archive.engine import reading, writing
from kb.archive.query import Query
from kb.archive.records import (
    Candidate,
    CaptureRow,
    EntryRow,
    KnownPage,
    LoadCount,
    OutletRow,
    SearchPage,
)
from kb.archive.schema import open_engine
from kb.article import Article
from kb.capture import Rejection
from kb.reading import Reading
from kb.settings import settings


class Archive:
    """An open archive; one for each process, closed by `close` or the end of a `with`.

    Every method is one transaction and raises ArchiveError, with what to do, when the database
    fails or stays locked for 30 seconds. Iterators hold a read transaction until they end.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str | None = None, *, create: bool = True) -> Archive:
        """Open the archive at a SQLAlchemy URL (None: the setting), creating or upgrading it.

        Raises:
            ConfigError: the URL is neither SQLite's nor PostgreSQL's.
            ArchiveError: no archive there (with `create` off), or one that cannot be used.
        """
        return cls(open_engine(url or settings().url, create=create))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- articles and readings -------------------------------------------------------------

    def unread(self, articles: Sequence[Article], reader: str) -> list[Article]:
        """Return, in order, the articles whose text is new or that `reader` has not read."""
        with reading(self.engine) as connection:
            return lookup.unread(connection, articles, reader)

    def load(self, pairs: Sequence[tuple[Article, Reading]], run_id: int | None) -> LoadCount:
        """Write articles and their readings; all of the batch is kept or nothing of it.

        A text that was there before becomes current again; a reading by another reader
        replaces the earlier one; what is there already is not touched.
        """
        with writing(self.engine) as connection:
            return load.load(connection, pairs, run_id)

    def outdated(self, reader: str) -> Iterator[Article]:
        """Yield the current text of every article that `reader` has not read, for `kb reread`."""
        with reading(self.engine) as connection:
            yield from lookup.outdated(connection, reader)

    def count_outdated(self, reader: str) -> int:
        """Return how many articles `outdated` yields."""
        with reading(self.engine) as connection:
            return lookup.count_outdated(connection, reader)

    # --- candidates and judgements ---------------------------------------------------------

    def candidates(
        self,
        *,
        kinds: Collection[str] = (),
        min_articles: int = 1,
        limit: int | None = None,
        known: Collection[unlinked.Key] = (),
        names: Iterable[str] = (),
        on_programme: bool = False,
    ) -> list[Candidate]:
        """Return names without an entry, those of most articles first.

        Left out is what was rejected, and `known`: kind and name (`kb.text.name_form`) of what
        the registry in use has. With `names` only these, whatever was rejected; `on_programme`:
        only articles that name an initiative or a programme.
        """
        with reading(self.engine) as connection:
            return unlinked.candidates(
                connection,
                kinds=kinds,
                min_articles=min_articles,
                limit=limit,
                known=known,
                names=names,
                on_programme=on_programme,
            )

    def reject_candidates(self, chosen: Iterable[Candidate]) -> None:
        """Keep that these are no entries, through every re-reading."""
        rows = list(chosen)
        with writing(self.engine) as connection:
            unlinked.reject(connection, [one.key for one in rows], [one.name for one in rows])

    def restore_candidates(self, keys: Collection[unlinked.Key]) -> int:
        """Let rejected candidates be shown again; return how many were rejected."""
        with writing(self.engine) as connection:
            return unlinked.restore(connection, keys)

    # --- directory -------------------------------------------------------------------------

    def sync_outlets(self, outlets: Iterable[OutletRow]) -> None:
        """Write outlets by id (attributes id, name, home, level, family)."""
        with writing(self.engine) as connection:
            directory.sync_outlets(connection, outlets)

    def sync_registry(self, entries: Iterable[EntryRow]) -> None:
        """Write registry entries by id."""
        with writing(self.engine) as connection:
            directory.sync_registry(connection, entries)

    # --- ledger ----------------------------------------------------------------------------

    def start_run(self, kind: str, detail: Mapping[str, Any]) -> int:
        """Note that a run (`nightly`, `ingest` …) has begun; `detail` is JSON-ready."""
        with writing(self.engine) as connection:
            return ledger.start_run(connection, kind, detail)

    def finish_run(self, run_id: int, status: str, counts: Mapping[str, Any]) -> None:
        """Note how a run ended; `counts` is JSON-ready."""
        with writing(self.engine) as connection:
            ledger.finish_run(connection, run_id, status, counts)

    def runs(self, limit: int = 20) -> list[dict[str, Any]]:
        """Return the last runs, newest first: id, kind, dates, status, detail, counts."""
        with reading(self.engine) as connection:
            return ledger.runs(connection, limit)

    def reject(self, rejections: Sequence[Rejection], run_id: int | None) -> None:
        """Put items into the quarantine; the same again only gets a new date."""
        with writing(self.engine) as connection:
            ledger.reject(connection, rejections, run_id)

    def quarantine(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """Return what was put aside: source, stage, reason, at (UTC); newest first."""
        with reading(self.engine) as connection:
            return ledger.quarantine(connection, since)

    def add_captures(self, captures: Sequence[CaptureRow], run_id: int | None) -> None:
        """Add lines of crawl logs; those that are there already change nothing."""
        with writing(self.engine) as connection:
            ledger.add_captures(connection, captures, run_id)

    def known_pages(self, outlets: Iterable[str] | None = None) -> Iterator[KnownPage]:
        """Yield the pages that have been fetched (of some outlets, None: of all)."""
        with reading(self.engine) as connection:
            yield from ledger.known_pages(connection, outlets)

    def mark_gone(self, urls: Sequence[str], at: datetime) -> int:
        """Note since when articles are gone from their outlet; return how many that changes."""
        with writing(self.engine) as connection:
            return ledger.mark_gone(connection, urls, at)

    # --- answers ---------------------------------------------------------------------------

    def search(self, query: Query) -> SearchPage:
        """Return one page of articles with snippets; without text all that pass the filters.

        Raises:
            QueryError: `query.after` does not come from an earlier page.
        """
        with reading(self.engine) as connection:
            return search.search(connection, query)

    def articles_rows(self, query: Query, *, full_text: bool = False) -> Iterator[rows.Row]:
        """Yield all matching articles with the export columns, newest first."""
        with reading(self.engine) as connection:
            yield from rows.articles(connection, query, full_text=full_text)

    def mentions_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield mentions in matching articles with the export columns.

        Where the query names initiatives, actors or kinds, only their mentions.
        """
        with reading(self.engine) as connection:
            yield from rows.mentions(connection, query)

    def actors_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield people and organisations: entity_id, kind, name, mentions, articles,
        first_seen, last_seen; most articles first."""
        with reading(self.engine) as connection:
            yield from rows.actors(connection, query)

    def initiatives_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield initiatives: entity_id, name, level, mentions, articles, first, last."""
        with reading(self.engine) as connection:
            yield from rows.initiatives(connection, query)

    def documents_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield documents: entity_id, name, mentions, articles, first, last."""
        with reading(self.engine) as connection:
            yield from rows.documents(connection, query)

    def quotes_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield quotes in matching articles with the export columns.

        Where the query names actors, only what they said.
        """
        with reading(self.engine) as connection:
            yield from facts.quotes(connection, query)

    def commitments_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield commitments in matching articles with the export columns.

        Where the query names initiatives, actors (the owners) or days when due, only theirs.
        """
        with reading(self.engine) as connection:
            yield from facts.commitments(connection, query)

    def assignments_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield assignments in matching articles with the export columns.

        Where the query names initiatives or actors, only theirs.
        """
        with reading(self.engine) as connection:
            yield from facts.assignments(connection, query)

    def posts_rows(self, query: Query) -> Iterator[rows.Row]:
        """Yield who was named in which post: person_id, person, post, org_id, org, articles,
        first_seen, last_seen; most articles first."""
        with reading(self.engine) as connection:
            yield from facts.posts(connection, query)
