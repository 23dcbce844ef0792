"""The stages of the house joined: the only file that names them all.

capture → article → reading → archive. Extraction and reading run in worker processes; this
process alone writes to the archive, a transaction a batch.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import TypeVar

from flows.parcel import Place, Registries, folder_of
from flows.pool import Workers, batches
from flows.process import cut_off, this_process
from flows.registries import keep
from kb.archive import Archive, EntryRow, LoadCount
from kb.archive.aside import Waiting
from kb.article import VIETNAM, Article
from kb.capture import Rejection
from kb.errors import BadInput, ClusterError
from kb.extract import Document, to_article
from kb.extract.places import absolute
from kb.nlp import Reader
from kb.outlets import Outlet, load_outlets
from kb.reading import Reading
from kb.registry import Registry, load_registry, registry_of
from kb.settings import Settings

READING = "read"
LOAD, WAIT = 250, 5.0
"""Articles a transaction, and seconds after which fewer are loaded: on a large archive the pages
that a batch touches are most of its cost, and more articles share them."""
In = TypeVar("In")
Out = TypeVar("Out")
Progress = Callable[[int], object]
"""Called with the number of items just dealt with."""
Extracted = Sequence[Article | Rejection]
Seen = Callable[[Extracted], None]
"""Called with what came of each batch of documents, read before or not."""
Reach = Callable[[str], None]
"""Called with the source of the last document of each batch, in order, once all of the batch is in
the archive or the quarantine."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator says of input that does not say it itself."""

    outlet: str | None = None
    published_at: datetime | None = None
    since: date | None = None
    until: date | None = None
    """First and last day (in Vietnam) of what is wanted; what has no date counts by the day of its
    capture, and stays if it has none either."""

    def wants(self, article: Article) -> bool:
        """Whether an article is of the days asked for."""
        moment = article.published_at or article.seen_at
        if moment is None:
            return True
        day = moment.astimezone(VIETNAM).date()
        return (self.since or day) <= day <= (self.until or day)


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
    misdated: list[tuple[str, str]] = field(default_factory=list)
    """Where a story declares a date that cannot be, and the date: it is kept without."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds by stage: of CPU, all workers together, for `extract` and `read`; of the clock for
    `load`."""

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
            self.misdated + other.misdated,
            added(self.seconds, other.seconds),
        )


def added(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """Return seconds by stage, summed."""
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in (one | other)}


@dataclass(frozen=True, slots=True)
class Workshop:
    """What processing needs: an open archive, workers, and the folders of data files."""

    archive: Archive
    pool: Workers
    reader: str
    """Version of the reader that the workers will use."""
    run_id: int
    outlets: Path | None = None
    registry: Registries = field(default_factory=Registries)
    interrupted: tuple[int, ...] = ()
    """Earlier runs that were found to have been cut off."""


def prepare(
    archive: Archive, pool: Workers, kind: str, settings: Settings, *, outlets: Path | None
) -> Workshop:
    """Bring the archive's outlets and registry up to date and begin a run; runs whose process is
    gone are noted as interrupted.

    Raises:
        ConfigError: an outlet or registry file is wrong.
    """
    registry = registry_of(settings)
    archive.sync_outlets(load_outlets(outlets).values())
    archive.sync_registry(_rows(registry))
    keep(archive, registry)
    reader = Reader.version_with(registry)
    dead = cut_off(archive)
    run_id = archive.start_run(kind, {"reader": reader, "process": this_process()})
    sent = Registries(pool.sent(settings.registries), settings.bundled_registry)
    return Workshop(archive, pool, reader, run_id, outlets, sent, dead)


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
    seen: Seen = lambda batch: None,
    reach: Reach = lambda source: None,
) -> Tally:
    """Extract, read and load a stream of documents in constant memory; safe to repeat.

    What cannot be used is put into the quarantine and counted; the rest goes on.
    """
    tally = Tally()
    extract = partial(extract_batch, shop.pool.sent(shop.outlets))
    ends: deque[str] = deque()
    source = _ending(batches(documents), ends)
    extracted = _watched(timed_in(shop.pool, tally, "extract", extract, source), seen)
    for _ in loaded(shop, tally, extracted, given, progress):
        reach(ends.popleft())
    return tally


def loaded(
    shop: Workshop,
    tally: Tally,
    extracted: Iterable[Extracted],
    given: Given | None,
    progress: Progress,
) -> Iterator[float]:
    """Read and load batch after batch; yield of each the seconds that it took a worker to read."""
    waiting = Waiting(shop.archive)
    read = partial(read_batch, shop.registry)
    fresh = _fresh(shop, extracted, given, tally, progress, waiting)
    held: list[tuple[Article, Reading]] = []
    seconds: list[float] = []
    before, since = 0.0, perf_counter()
    for articles, readings in timed_in(shop.pool, tally, READING, read, fresh):
        held += _usable(shop, tally, zip(articles, readings, strict=True))
        seconds.append(tally.seconds[READING] - before)
        before = tally.seconds[READING]
        progress(len(articles))
        if held and len(held) < LOAD and perf_counter() - since < WAIT:
            continue
        _load(shop, tally, held, waiting)
        yield from seconds
        held, seconds, since = [], [], perf_counter()
    _load(shop, tally, held, waiting)
    yield from seconds


def _usable(
    shop: Workshop, tally: Tally, read: Iterable[tuple[Article, Reading | Rejection]]
) -> list[tuple[Article, Reading]]:
    """Return what could be read, and count it; put aside the rest."""
    pairs, rejected = [], []
    for article, reading in read:
        if isinstance(reading, Rejection):
            rejected.append(reading)
            continue
        if reading.reader != shop.reader:
            raise ClusterError(
                f"a worker reads by {reading.reader}, this machine by {shop.reader}: the same "
                "release of this program must be on both"
            )
        pairs.append((article, reading))
        tally.words += reading.words
        tally.initiatives.update(
            m.entity_id for m in reading.mentions if m.entity_id and m.kind == "initiative"
        )
    _reject(shop, rejected, tally)
    return pairs


def _load(
    shop: Workshop, tally: Tally, pairs: Sequence[tuple[Article, Reading]], waiting: Waiting
) -> None:
    began = perf_counter()
    for start in range(0, len(pairs), LOAD):
        some = pairs[start : start + LOAD]
        tally.count += shop.archive.load(some, shop.run_id)
        waiting.settle(_sources(one for one, _ in some))
    tally.seconds = added(tally.seconds, {"load": perf_counter() - began})


def _ending(
    stream: Iterable[list[Document | Rejection]], ends: deque[str]
) -> Iterator[list[Document | Rejection]]:
    for batch in stream:
        ends.append(batch[-1].source)
        yield batch


def timed_in(
    pool: Workers, tally: Tally, stage: str, step: Callable[[In], Out], items: Iterable[In]
) -> Iterator[Out]:
    """Map a step over items in the workers, and note the seconds of CPU that it took them."""
    for result, seconds in pool.map(partial(timed, step), items, stage):
        tally.seconds = added(tally.seconds, {stage: seconds})
        yield result


def _watched(extracted: Iterable[Extracted], seen: Seen) -> Iterator[Extracted]:
    for batch in extracted:
        seen(batch)
        yield batch


def _fresh(
    shop: Workshop,
    extracted: Iterable[Extracted],
    given: Given | None,
    tally: Tally,
    progress: Progress,
    waiting: Waiting,
) -> Iterator[list[Article]]:
    """Yield of each batch the articles that are not yet read, perhaps none; count and put aside
    the others."""
    for batch in extracted:
        rejected = [one for one in batch if isinstance(one, Rejection)]
        stories = [_complete(one, given) for one in batch if isinstance(one, Article)]
        articles = [one for one in stories if given is None or given.wants(one)]
        if len(articles) < len(stories):
            tally.skipped["days"] += len(stories) - len(articles)
        tally.misdated += [
            (one.source_file or "", one.misdated) for one in articles if one.misdated
        ]
        unread = shop.archive.unread(articles, shop.reader)
        _reject(shop, rejected, tally)
        same = len(articles) - len(unread)
        tally.count += LoadCount(same=same)
        read = {id(one) for one in unread}
        waiting.settle(_sources(one for one in stories if id(one) not in read))
        progress(len(stories) - len(unread) + len(rejected))
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
        # Words name files as they were given; who tries again may stand in another folder.
        found = [replace(one, source=absolute(one.source)) for one in rejected]
        shop.archive.reject(found, shop.run_id)
        tally.rejected += rejected


def _sources(articles: Iterable[Article]) -> Iterator[str]:
    """Yield where articles come from, as the quarantine names it, and as it did before."""
    for name in {one.source_file for one in articles if one.source_file}:
        yield from {name, absolute(name)}


# --- what a worker does; arguments and results are pickled ---------------------------------


def timed(step: Callable[[In], Out], item: In) -> tuple[Out, float]:
    """Return what a step makes of an item, and the seconds of CPU that it took."""
    began = thread_time()
    return step(item), thread_time() - began


@lru_cache(maxsize=2)
def outlets_in(folder: Place) -> dict[str, Outlet]:
    return load_outlets(folder_of(folder))


@lru_cache(maxsize=1)
def _reader(registry: Registries) -> Reader:
    return Reader(load_registry(folder_of(registry.folder), bundled=registry.bundled))


def extract_batch(
    folder: Place, documents: Sequence[Document | Rejection]
) -> list[Article | Rejection]:
    """Extract documents by the outlets of a folder; what cannot be used is a Rejection."""
    outlets = outlets_in(folder)
    return [one if isinstance(one, Rejection) else _extract(one, outlets) for one in documents]


def _extract(document: Document, outlets: dict[str, Outlet]) -> Article | Rejection:
    try:
        return to_article(document, outlets)
    except BadInput as error:
        return Rejection(document.source, "extract", str(error))
    except Exception as error:  # a page that nobody foresaw must not stop the others
        return Rejection(document.source, "extract", f"{type(error).__name__}: {error}")


def read_batch(
    registry: Registries, articles: list[Article]
) -> tuple[list[Article], list[Reading | Rejection]]:
    """Read articles by the registry of a folder; one that fails is found and put aside."""
    if not articles:  # no models are loaded for that
        return articles, []
    reader = _reader(registry)
    try:
        return articles, list(reader.read(articles))
    except Exception as error:
        if len(articles) > 1:
            return articles, [read_batch(registry, [one])[1][0] for one in articles]
        source = articles[0].source_file or articles[0].url or articles[0].title
        return articles, [Rejection(source, "read", f"{type(error).__name__}: {error}")]
