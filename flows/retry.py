"""Quarantine → archive: what could not be used is tried again, with the program as it is now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.checking import locate
from flows.pool import Pool
from flows.stages import Progress, Tally, prepare, process
from kb.archive import Archive
from kb.archive.aside import forget, items
from kb.capture import Rejection
from kb.errors import KbError
from kb.extract import Document, documents, read_capture
from kb.extract.places import absolute, is_url
from kb.settings import Settings

_PLACE = re.compile(r"(.+)@(\d+)")
_LINE = re.compile(r"(.+):(\d+)")
_PART = re.compile(r"(.+)#(?:page=)?[\d,]+")
_ATTACHED = re.compile(r"(.+?\.eml(?:\.gz)?)/.+", re.IGNORECASE)


@dataclass(slots=True)
class Retried:
    """What a retry did."""

    tried: int = 0
    settled: int = 0
    """Items that are no longer in the quarantine."""
    crawls: int = 0
    """Items that only an outlet can settle: the next night asks it again."""
    missing: int = 0
    """Items whose file is no longer there; they stay as they are."""
    tally: Tally = field(default_factory=Tally)


def retry(
    archive: Archive, settings: Settings, *, progress: Progress = lambda done: None
) -> Retried:
    """Try again what was put aside behind the crawl; what succeeds leaves the quarantine, what
    fails stays with its newest reason.

    Raises:
        ConfigError: an outlet or registry file is wrong.
        ArchiveError: the archive cannot be written.
    """
    done, began = Retried(), datetime.now(UTC)
    rows = items(archive)
    done.crawls = sum(row["stage"] == "crawl" for row in rows)
    sources = {row["source"] for row in rows if row["stage"] != "crawl"}
    here = {source for source in sources if _file(source, settings) is not None}
    done.missing, done.tried = len(sources) - len(here), len(here)
    with Pool(settings.workers) as pool:
        shop = prepare(archive, pool, "retry", settings, outlets=settings.outlets)
        status = "failed"
        try:
            done.tally = process(shop, _again(here, settings), progress=progress)
            forget(archive, here, began)
            left = {absolute(row["source"]) for row in items(archive)}
            done.settled = sum(absolute(source) not in left for source in here)
            status = "done with failures" if done.settled < done.tried else "done"
        finally:
            counts = {"tried": done.tried, "settled": done.settled}
            archive.finish_run(shop.run_id, status, counts)
    return done


def _file(source: str, settings: Settings) -> str | None:
    """Return the file that an item is in, None if it is not there."""
    for name in _names(source):
        place = locate(name, settings)
        try:
            if is_url(str(place)) or place.is_file():
                return str(place)
        except (OSError, KbError):
            continue
    return None


def _names(source: str) -> Iterator[str]:
    for pattern in (_PLACE, _LINE, _ATTACHED, _PART):
        if (match := pattern.fullmatch(source)) is not None:
            yield match[1]
    yield source


def _again(sources: set[str], settings: Settings) -> Iterator[Document | Rejection]:
    whole: dict[str, set[str]] = defaultdict(set)
    for source in sorted(sources):
        file = _file(source, settings)
        assert file is not None
        match = _PLACE.fullmatch(source)
        if match is not None and file != source:
            yield _captured(source, file, int(match[2]), settings)
        else:
            whole[file].add(source)
    for file, wanted in whole.items():
        for item in documents([file], max_bytes=settings.max_page_bytes):
            if item.source in wanted or file in wanted:
                yield item


def _captured(source: str, file: str, offset: int, settings: Settings) -> Document | Rejection:
    try:
        capture = read_capture(file, offset, max_bytes=settings.max_page_bytes)
    except (OSError, KbError) as error:
        return Rejection(source, "intake", " ".join(str(error).split()))
    return Document(
        "page",
        source,
        capture.payload,
        url=capture.url,
        outlet=capture.outlet,
        encoding=capture.encoding,
        digest=capture.digest,
        seen_at=capture.fetched_at,
    )
