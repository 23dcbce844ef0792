"""Archive → archive: what an older reader, registry or parser made is made again, without a crawl.

Three steps, each only where something would change: pages whose parser is newer now are taken from
their captures again; of texts that the same reader has read with an earlier registry those that
hold none of the names that differ are noted as read; what is left is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from flows.pool import Pool, batches
from flows.registries import touched
from flows.reparse import extract_again, is_old
from flows.stages import Progress, Tally, Workshop, prepare, read_batch
from kb.archive import Archive
from kb.archive.snapshots import (
    note_parser,
    parsed_by,
    parsers,
    read_by_now,
    readers,
)
from kb.article import Article
from kb.capture import Rejection
from kb.nlp import Reader
from kb.registry import Registry, registry_of
from kb.settings import Settings


@dataclass(slots=True)
class Plan:
    """What a re-reading has to do."""

    reader: str
    parsers: dict[str, int] = field(default_factory=dict)
    """Articles by parser that is no longer the family's own."""
    touched: dict[str, set[int]] = field(default_factory=dict)
    """By earlier version of the reader the revisions that this one may read otherwise, where that
    is known; all of its other ones need no reading."""
    unread: int = 0
    """Articles to be read."""
    spared: int = 0
    """Articles that another registry has read but that hold no name which differs."""

    @property
    def total(self) -> int:
        """Articles to be taken in hand, some of them twice."""
        return self.unread + sum(self.parsers.values())


def plan(archive: Archive, settings: Settings) -> Plan:
    """Find out what a re-reading has to do; changes nothing.

    Raises:
        ConfigError: a registry file is wrong.
    """
    registry = registry_of(settings)
    made = Plan(Reader.version_with(registry))
    made.parsers = {name: count for name, count in parsers(archive).items() if is_old(name)}
    for reader, count in readers(archive).items():
        if reader == made.reader:
            continue
        some = None if reader is None else _touched(archive, reader, made.reader, registry)
        if some is None or reader is None:
            made.unread += count
        else:
            made.touched[reader] = some
            made.unread += len(some)
            made.spared += count - len(some)
    return made


def _touched(archive: Archive, before: str, now: str, registry: Registry) -> set[int] | None:
    (code, _, version), (own, *_) = before.partition("+"), now.partition("+")
    return touched(archive, before, version, registry) if code == own else None


def reread(
    archive: Archive,
    settings: Settings,
    *,
    made: Plan | None = None,
    progress: Progress = lambda done: None,
) -> Tally:
    """Make what is not of this reader, registry and parser again; safe to repeat and to cut off.

    An article that cannot be read goes to the quarantine and keeps its earlier reading.

    Args:
        made: what `plan` found, if it was asked already.

    Raises:
        ConfigError: a registry file is wrong.
        ArchiveError: the archive cannot be written.
    """
    tally = Tally()
    made = made or plan(archive, settings)
    with Pool(settings.workers) as pool:
        shop = prepare(archive, pool, "reread", settings, outlets=settings.outlets)
        status = "failed"
        try:
            for before, apart in made.touched.items():
                tally.skipped["untouched"] += read_by_now(archive, before, made.reader, apart)
            if made.parsers:
                _parse(shop, settings, made, tally, progress)
            _read(shop, batches(archive.outdated(shop.reader)), tally, progress)
            status = "done with failures" if tally.rejected else "done"
        finally:
            counts = {
                "reread": tally.count.reread,
                "changed": tally.count.changed,
                "untouched": tally.skipped["untouched"],
                "rejected": len(tally.rejected),
            }
            archive.finish_run(shop.run_id, status, counts)
    return tally


def _read(
    shop: Workshop, stream: Iterator[list[Article]], tally: Tally, progress: Progress
) -> None:
    for articles, readings in shop.pool.map(partial(read_batch, shop.registry), stream):
        row = list(zip(articles, readings, strict=True))
        _put_aside(shop, [one for one in readings if isinstance(one, Rejection)], tally)
        pairs = [(a, one) for a, one in row if not isinstance(one, Rejection)]
        tally.count += shop.archive.load(pairs, shop.run_id)
        tally.words += sum(one.words for _, one in pairs)
        progress(len(articles))


def _put_aside(shop: Workshop, rejected: list[Rejection], tally: Tally) -> None:
    if rejected:
        shop.archive.reject(rejected, shop.run_id)
        tally.rejected += rejected


def _parse(
    shop: Workshop, settings: Settings, made: Plan, tally: Tally, progress: Progress
) -> None:
    """Take texts from their captures again; those that come out otherwise are read and become
    current, as of now: what stood in the archive before stays its earlier revision."""
    stream = batches(parsed_by(shop.archive, made.parsers))
    step = partial(extract_again, shop.outlets, settings)
    for old, found in shop.pool.map(step, stream):
        same: dict[int, str] = {}
        changed: list[Article] = []
        rejected: list[Rejection] = []
        for before, article in zip(old, found, strict=True):
            if isinstance(article, Rejection):
                rejected.append(article)
            elif article.content_hash == before.content_hash:
                same[before.revision_id] = article.parser
            else:
                changed.append(replace(article, seen_at=datetime.now(UTC)))
        _put_aside(shop, rejected, tally)
        note_parser(shop.archive, same)
        progress(len(old) - len(changed))
        if changed:
            _read(shop, iter([changed]), tally, progress)
