"""The stages of the house joined: the only file that names them all.

capture → article → reading → archive. Extraction and reading run in worker processes; this
process alone writes to the archive, a transaction a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from flows.pool import Pool, batches
from kb.archive import Archive, EntryRow, LoadCount
from kb.article import Article
from kb.capture import Rejection
from kb.errors import BadInput
from kb.extract import Document, to_article
from kb.nlp import Reader
from kb.outlets import Outlet, load_outlets
from kb.reading import Reading
from kb.registry import Registry, load_registry

Progress = Callable[[int], None]
"""Called with the number of items just dealt with."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator says of input that does not say it itself."""

    outlet: str | None = None
    published_at: datetime | None = None


@dataclass(slots=True)
class Tally:
    """What became of a stream of documents."""

    count: LoadCount = field(default_factory=LoadCount)
    rejected: list[Rejection] = field(default_factory=list)
    initiatives: Counter[str] = field(default_factory=Counter)
    """Mentions by initiative in what was read."""
    words: int = 0
    """Segmented words read."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Records of WARC files that were passed over on purpose, by why (see `kb.extract.Sieve`)."""

    @property
    def articles(self) -> int:
        """Documents that are stories."""
        return self.count.new + self.count.changed + self.count.reread + self.count.same

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count,
            self.rejected + other.rejected,
            self.initiatives + other.initiatives,
            self.words + other.words,
            self.skipped + other.skipped,
        )


@dataclass(frozen=True, slots=True)
class Workshop:
    """What processing needs: an open archive, workers, and the folders of data files."""

    archive: Archive
    pool: Pool
    reader: str
    """Version of the reader that the workers will use."""
    run_id: int
    outlets: Path | None = None
    registries: Path | None = None


def prepare(
    archive: Archive, pool: Pool, kind: str, *, outlets: Path | None, registries: Path | None
) -> Workshop:
    """Bring the archive's outlets and registry up to date and begin a run.

    Raises:
        ConfigError: an outlet or registry file is wrong.
    """
    registry = load_registry(registries)
    archive.sync_outlets(load_outlets(outlets).values())
    archive.sync_registry(_rows(registry))
    reader = Reader.version_with(registry)
    run_id = archive.start_run(kind, {"reader": reader})
    return Workshop(archive, pool, reader, run_id, outlets, registries)


def _rows(registry: Registry) -> Iterator[EntryRow]:
    for entry in registry.entries.values():
        data = entry.model_dump(mode="json", exclude_none=True, exclude=_CLUES)
        yield EntryRow(
            id=entry.id,
            kind=entry.kind,
            name=entry.name,
            name_en=entry.name_en,
            level=entry.level,
            programme=entry.programme,
            parent=entry.parent,
            data={key: data[key] for key in data.keys() & _MORE},
        )


_CLUES = {"aliases": {"__all__": {"needs", "unless"}}}
_MORE = {"aliases", "description", "government", "issuer", "date", "sources", "territory"}


def process(
    shop: Workshop,
    documents: Iterable[Document | Rejection],
    *,
    given: Given | None = None,
    progress: Progress = lambda done: None,
) -> Tally:
    """Extract, read and load a stream of documents in constant memory; safe to repeat.

    What cannot be used is put into the quarantine and counted; the rest goes on.
    """
    tally = Tally()
    extract = partial(extract_batch, shop.outlets)
    read = partial(read_batch, shop.registries)
    fresh = _fresh(shop, shop.pool.map(extract, batches(documents)), given, tally, progress)
    for articles, readings in shop.pool.map(read, fresh):
        pairs = []
        rejected = []
        for article, reading in zip(articles, readings, strict=True):
            if isinstance(reading, Rejection):
                rejected.append(reading)
                continue
            pairs.append((article, reading))
            tally.words += reading.words
            tally.initiatives.update(
                m.entity_id for m in reading.mentions if m.entity_id and m.kind == "initiative"
            )
        _reject(shop, rejected, tally)
        tally.count += shop.archive.load(pairs, shop.run_id)
        progress(len(articles))
    return tally


def _fresh(
    shop: Workshop,
    extracted: Iterable[Sequence[Article | Rejection]],
    given: Given | None,
    tally: Tally,
    progress: Progress,
) -> Iterator[list[Article]]:
    """Yield batches of articles that are not yet read; count and put aside the others."""
    for batch in extracted:
        rejected = [one for one in batch if isinstance(one, Rejection)]
        articles = [_complete(one, given) for one in batch if isinstance(one, Article)]
        unread = shop.archive.unread(articles, shop.reader)
        _reject(shop, rejected, tally)
        same = len(articles) - len(unread)
        tally.count += LoadCount(same=same)
        progress(same + len(rejected))
        if unread:
            yield unread


def _complete(article: Article, given: Given | None) -> Article:
    if given is None:
        return article
    if given.outlet is not None:
        article = replace(article, outlet=given.outlet)
    if given.published_at is not None and article.published_at is None:
        article = replace(article, published_at=given.published_at, published_from="given")
    return article


def _reject(shop: Workshop, rejected: list[Rejection], tally: Tally) -> None:
    if rejected:
        shop.archive.reject(rejected, shop.run_id)
        tally.rejected += rejected


# --- what a worker does; arguments and results are pickled ---------------------------------


@lru_cache(maxsize=2)
def _outlets(folder: Path | None) -> dict[str, Outlet]:
    return load_outlets(folder)


@lru_cache(maxsize=1)
def _reader(registries: Path | None) -> Reader:
    return Reader(load_registry(registries))


def extract_batch(
    folder: Path | None, documents: Sequence[Document | Rejection]
) -> list[Article | Rejection]:
    """Extract documents by the outlets of a folder; what cannot be used is a Rejection."""
    outlets = _outlets(folder)
    return [one if isinstance(one, Rejection) else _extract(one, outlets) for one in documents]


def _extract(document: Document, outlets: dict[str, Outlet]) -> Article | Rejection:
    try:
        return to_article(document, outlets)
    except BadInput as error:
        return Rejection(document.source, "extract", str(error))
    except Exception as error:  # a page that nobody foresaw must not stop the others
        return Rejection(document.source, "extract", f"{type(error).__name__}: {error}")


def read_batch(
    registries: Path | None, articles: list[Article]
) -> tuple[list[Article], list[Reading | Rejection]]:
    """Read articles by the registry of a folder; one that fails is found and put aside."""
    reader = _reader(registries)
    try:
        return articles, list(reader.read(articles))
    except Exception as error:
        if len(articles) > 1:
            return articles, [read_batch(registries, [one])[1][0] for one in articles]
        source = articles[0].source_file or articles[0].url or articles[0].title
        return articles, [Rejection(source, "read", f"{type(error).__name__}: {error}")]
