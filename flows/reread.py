"""Archive → archive: what an older reader or registry has read is read again, without a crawl."""

from __future__ import annotations

from functools import partial

from flows.pool import Pool, batches
from flows.stages import Progress, Tally, prepare, read_batch
from kb.archive import Archive
from kb.capture import Rejection
from kb.nlp import Reader
from kb.registry import load_registry
from kb.settings import Settings


def count(archive: Archive, settings: Settings) -> int:
    """Return how many articles `reread` will read."""
    return archive.count_outdated(Reader.version_with(load_registry(settings.registries)))


def reread(
    archive: Archive, settings: Settings, *, progress: Progress = lambda done: None
) -> Tally:
    """Read the current text of every article that this reader has not read; safe to repeat.

    An article that cannot be read goes to the quarantine and keeps its earlier reading.

    Raises:
        ConfigError: a registry file is wrong.
        ArchiveError: the archive cannot be written.
    """
    tally = Tally()
    with Pool(settings.workers) as pool:
        shop = prepare(
            archive, pool, "reread", outlets=settings.outlets, registries=settings.registries
        )
        status = "failed"
        try:
            read = partial(read_batch, shop.registries)
            for articles, readings in pool.map(read, batches(archive.outdated(shop.reader))):
                row = list(zip(articles, readings, strict=True))
                bad = [one for one in readings if isinstance(one, Rejection)]
                if bad:
                    archive.reject(bad, shop.run_id)
                    tally.rejected += bad
                pairs = [(a, one) for a, one in row if not isinstance(one, Rejection)]
                tally.count += archive.load(pairs, shop.run_id)
                tally.words += sum(one.words for _, one in pairs)
                progress(len(articles))
            status = "done with failures" if tally.rejected else "done"
        finally:
            counts = {"reread": tally.count.reread, "rejected": len(tally.rejected)}
            archive.finish_run(shop.run_id, status, counts)
    return tally
