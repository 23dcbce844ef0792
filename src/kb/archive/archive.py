"""The archive as the rest of the program sees it: plain records in, plain records out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine

from kb.archive import candidates as unlinked
from kb.archive import (
    check,
    content,
    copy,
    directory,
    fulltext,
    ledger,
    load,
    lookup,
)
from kb.archive.answering import Answering
from kb.archive.check import Finding
from kb.archive.content import Progress, Sum, silent
from kb.archive.engine import reading, writing
from kb.archive.judging import Judging
from kb.archive.records import (
    Candidate,
    CaptureRow,
    EntryRow,
    KnownPage,
    LoadCount,
    OutletRow,
)
from kb.archive.retry import lasting
from kb.archive.schema import open_engine
from kb.article import Article
from kb.capture import Rejection
from kb.errors import ArchiveError
from kb.memory import uncollected
from kb.reading import Reading
from kb.settings import settings


class Archive(Answering, Judging):
    """An open archive; one for each process, closed by `close` or the end of a `with`.

    Every method is one transaction and raises ArchiveError, with what to do, when the database
    fails or stays locked for 30 seconds. Iterators hold a read transaction until they end. What
    can be done twice without harm is tried again for half a minute when the connection is lost.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(
        cls, url: str | None = None, *, create: bool = True, unfinished: bool = False
    ) -> Archive:
        """Open the archive at a SQLAlchemy URL (None: the setting), creating or upgrading it.

        With `unfinished` also one that `kb archive copy` has not finished.

        Raises:
            ConfigError: the URL is neither SQLite's nor PostgreSQL's.
            ArchiveError: no archive there (with `create` off), or one that cannot be used.
        """
        archive = cls(open_engine(url or settings().url, create=create))
        with reading(archive.engine) as connection:
            origin = None if unfinished else copy.unfinished(connection)
        if origin is not None:
            archive.close()
            raise ArchiveError(
                f"the archive {archive.engine.url!r} is an unfinished copy of {origin}: "
                "run the same `kb archive copy` or `kb restore` again, it goes on where it ended"
            )
        return archive

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

    @lasting
    def unread(self, articles: Sequence[Article], reader: str) -> list[Article]:
        """Return, in order, the articles whose text is new or that `reader` has not read."""
        with reading(self.engine) as connection:
            return lookup.unread(connection, articles, reader)

    @lasting
    def load(self, pairs: Sequence[tuple[Article, Reading]], run_id: int | None) -> LoadCount:
        """Write articles and their readings; all of the batch is kept or nothing of it.

        A text that was there before becomes current again; a reading by another reader
        replaces the earlier one; what is there already is not touched.
        """
        with uncollected(), writing(self.engine) as connection:
            return load.load(connection, pairs, run_id)

    def outdated(self, reader: str) -> Iterator[Article]:
        """Yield the current text of every article that `reader` has not read, for `kb reread`."""
        with reading(self.engine) as connection:
            yield from lookup.outdated(connection, reader)

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

    @lasting
    def outlet_names(self) -> dict[str, str]:
        """Return the names of all outlets by id."""
        with reading(self.engine) as connection:
            return directory.outlet_names(connection)

    @lasting
    def sync_outlets(self, outlets: Iterable[OutletRow]) -> None:
        """Write outlets by id (attributes id, name, home, level, family)."""
        with writing(self.engine) as connection:
            directory.sync_outlets(connection, outlets)

    @lasting
    def sync_registry(self, entries: Iterable[EntryRow]) -> None:
        """Write registry entries by id."""
        with writing(self.engine) as connection:
            directory.sync_registry(connection, entries)

    # --- ledger ----------------------------------------------------------------------------

    @lasting
    def start_run(self, kind: str, detail: Mapping[str, Any]) -> int:
        """Note that a run (`nightly`, `ingest` …) has begun; `detail` is JSON-ready."""
        with writing(self.engine) as connection:
            return ledger.start_run(connection, kind, detail)

    @lasting
    def finish_run(self, run_id: int, status: str, counts: Mapping[str, Any]) -> None:
        """Note how a run ended; `counts` is JSON-ready."""
        with writing(self.engine) as connection:
            ledger.finish_run(connection, run_id, status, counts)

    @lasting
    def runs(self, limit: int = 20) -> list[dict[str, Any]]:
        """Return the last runs, newest first: id, kind, dates, status, detail, counts."""
        with reading(self.engine) as connection:
            return ledger.runs(connection, limit)

    @lasting
    def reject(self, rejections: Sequence[Rejection], run_id: int | None) -> None:
        """Put items into the quarantine; the same again only gets a new date."""
        with writing(self.engine) as connection:
            ledger.reject(connection, rejections, run_id)

    def quarantine(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """Return what was put aside: source, stage, reason, at (UTC); newest first."""
        with reading(self.engine) as connection:
            return ledger.quarantine(connection, since)

    def count_quarantine(self) -> dict[str, int]:
        """Return how many items were put aside at each stage."""
        with reading(self.engine) as connection:
            return ledger.count_quarantine(connection)

    @lasting
    def add_captures(self, captures: Sequence[CaptureRow], run_id: int | None) -> None:
        """Add lines of crawl logs; those that are there already change nothing."""
        with writing(self.engine) as connection:
            ledger.add_captures(connection, captures, run_id)

    def known_pages(self, outlets: Iterable[str] | None = None) -> Iterator[KnownPage]:
        """Yield the pages that have been fetched (of some outlets, None: of all)."""
        with reading(self.engine) as connection:
            yield from ledger.known_pages(connection, outlets)

    @lasting
    def mark_gone(self, urls: Sequence[str], at: datetime) -> int:
        """Note since when articles are gone from their outlet; return how many that changes."""
        with writing(self.engine) as connection:
            return ledger.mark_gone(connection, urls, at)

    def is_empty(self) -> bool:
        """Whether nothing was ever written."""
        with reading(self.engine) as connection:
            return copy.is_empty(connection)

    # --- care ------------------------------------------------------------------------------

    def content_hash(self, progress: Progress = silent) -> str:
        """Return one SHA-256 (hex) of all that the archive holds, whatever its engine, its ids
        and the times of its runs (see content.yaml)."""
        return content.content_hash(self.content_sums(progress))

    def content_sums(self, progress: Progress = silent) -> dict[str, Sum]:
        """Return rows and sum of each table's content, of which `content_hash` is made."""
        with copy.snapshot(self.engine) as connection:
            return content.content(connection, progress)

    def check(self, *, quick: bool = False, progress: Progress = silent) -> Iterator[Finding]:
        """Yield what each check of the archive itself finds; `quick` reads no texts."""
        yield from check.check(self.engine, quick=quick, progress=progress)

    def captures(self) -> Iterator[CaptureRow]:
        """Yield what lies in WARC files, file by file in their order."""
        with reading(self.engine) as connection:
            yield from check.captures(connection)

    def reindex(self) -> None:
        """Build the full-text index and the tables for counting anew."""
        with writing(self.engine) as connection:
            fulltext.rebuild(connection)

    def rebuild_reuse(self) -> int:
        """Make everything about reuse anew from the stored texts; return how many texts."""
        from kb.archive.reuse.store import rebuild  # numpy, which readers do without

        with writing(self.engine) as connection:
            return rebuild(connection)
