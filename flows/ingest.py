"""Files → archive: the same stages as the nightly job, from what lies on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.pool import Pool
from flows.stages import Given, Progress, Tally, prepare, process
from kb.archive import Archive
from kb.errors import ConfigError
from kb.extract import Sieve, documents
from kb.extract.places import is_url
from kb.outlets import load_outlets
from kb.settings import Settings

COUNTED_BYTES = 200_000_000
"""Input up to this size (on disk) is counted first, so that progress has an end."""
_DEAR = {".pdf", ".docx", ".eml"}
"""Files that must be read to be counted."""


def count(
    paths: Sequence[Path | str], settings: Settings, given: Given | None = None
) -> int | None:
    """Return how many items the input holds, or None if counting would take long."""
    if any(map(is_url, paths)):
        return None
    files = [
        file
        for path in map(Path, paths)
        for file in ([path] if path.is_file() else path.rglob("*"))
    ]
    size = sum(file.stat().st_size for file in files if file.is_file())
    if size > COUNTED_BYTES or any(_DEAR.intersection(file.suffixes) for file in files):
        return None
    sieve = sieve_for(settings, given)
    return sum(1 for _ in documents(paths, max_bytes=settings.max_page_bytes, sieve=sieve))


def sieve_for(settings: Settings, given: Given | None) -> Sieve:
    """Return what keeps foreign pages out; pages of an outlet that the operator names stay."""
    named = given is not None and given.outlet is not None
    return Sieve(load_outlets(settings.outlets).values(), every_page=named)


def checked(settings: Settings, given: Given | None) -> None:
    """See that an outlet that the operator names is there.

    Raises:
        ConfigError: it is not, or an outlet file is wrong.
    """
    name = given.outlet if given else None
    if name is not None and name not in load_outlets(settings.outlets):
        raise ConfigError(f"no outlet {name}; `kb outlets list` shows them all")


def ingest(
    archive: Archive,
    settings: Settings,
    paths: Sequence[Path | str],
    *,
    given: Given | None = None,
    progress: Progress = lambda done: None,
) -> Tally:
    """Load files, folders and fsspec URLs of either (`.html`, `.pdf`, `.docx`, `.eml`, `.warc`,
    `.txt`, `.jsonl`, each also gzipped). Of WARC files pages of known outlets and Vietnamese pages
    are loaded, or all if `given` names their outlet.

    Raises:
        ConfigError: an outlet or registry file is wrong, or `given.outlet` is not an outlet.
        ArchiveError: the archive cannot be written.
    """
    checked(settings, given)
    with Pool(settings.workers) as pool:
        shop = prepare(archive, pool, "ingest", settings, outlets=settings.outlets)
        status, tally = "failed", Tally()
        try:
            sieve = sieve_for(settings, given)
            stream = documents(
                paths, max_bytes=settings.max_page_bytes, sieve=sieve, workers=settings.workers
            )
            tally = process(shop, stream, given=given, progress=progress)
            tally.skipped = sieve.skipped
            status = "done with failures" if tally.rejected else "done"
        finally:
            counts = {"new": tally.count.new, "changed": tally.count.changed}
            archive.finish_run(shop.run_id, status, counts | {"rejected": len(tally.rejected)})
    return tally
