"""WARC files of years → archive: many files, each from where an earlier run has come to.

The stages are those of `kb ingest`. How far each file was read is noted in the archive after every
batch; what is finished is not opened again, and a file that cannot be fetched is tried again.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from posixpath import basename

from flows.fanout import FanOut
from flows.hands import hands
from flows.ingest import sieve_for
from flows.rebuild import inside
from flows.runner import Runner
from flows.stages import Given, Tally, Workshop, prepare, process
from kb.archive import Archive
from kb.archive.aside import Waiting
from kb.archive.snapshots import reach, reached
from kb.capture import Rejection
from kb.errors import BadInput, ConfigError
from kb.extract import Document, Sieve, documents
from kb.extract.frames import CUT
from kb.extract.places import absolute, located
from kb.settings import Settings

Say = Callable[[str, int], object]
"""Called with the name of a file and how many more of its items are dealt with."""
_LISTS = (".paths", ".paths.gz", ".txt", ".txt.gz")
_FILES = (".warc", ".warc.gz", ".jsonl", ".jsonl.gz")
_DATED = re.compile(r"-(\d{4})(\d{2})(\d{2})\d{6}-")
"""The day in the names of Common Crawl's and Heritrix's files: when the file was begun."""
LATER = timedelta(days=31)
"""Files begun so long after the last day asked for are left out: hardly any article is crawled so
late."""
_PLACE = re.compile(r"(.+)[@:](\d+)")


@dataclass(slots=True)
class Backfilled:
    """What a backfill did."""

    files: int = 0
    finished_before: int = 0
    """Files that an earlier backfill has finished."""
    out_of_range: int = 0
    """Files whose name dates them outside of the days asked for."""
    resumed: int = 0
    """Files that an earlier backfill had begun."""
    tally: Tally = field(default_factory=Tally)
    failed: dict[str, str] = field(default_factory=dict)
    """Files that could not be read to their end, and why."""


def find(names: Sequence[str], base: str = "") -> list[str]:
    """Return the files that are named, lie in folders named, or stand in lists named, each once.

    Args:
        names: paths or fsspec URLs of WARC and JSON-lines files, of folders, and of lists of
            these (`.txt`, `.paths`, each also `.gz`), one a line.
        base: what stands before the lines of lists that are no URL and no whole path; else the
            folder of their list.

    Raises:
        ConfigError: a path is missing, a list cannot be read, or nothing is named.
    """
    found: dict[str, None] = {}
    for name in names:
        if name.endswith(_LISTS):
            found |= dict.fromkeys(_listed(name, base))
            continue
        place = located(name)
        try:
            if "://" not in name and not place.exists():
                raise ConfigError(f"no such file or folder: {name}")
            own = [name] if name.endswith(_FILES) else map(str, inside(place))
            found |= dict.fromkeys(sorted(own))
        except (OSError, BadInput) as error:
            raise ConfigError(f"{name}: {error}") from error
    if not found:
        raise ConfigError(f"no WARC files in {', '.join(names)}")
    return list(found)


def _listed(name: str, base: str) -> Iterator[str]:
    try:
        with located(name).open("rb") as file:
            data = file.read()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, BadInput) as error:
        raise ConfigError(f"{name}: the list cannot be read: {error}") from error
    folder = base.rstrip("/") or name.rpartition("/")[0] or "."
    for line in filter(None, map(str.strip, text.splitlines())):
        if not line.startswith("#"):
            yield line if "://" in line or line.startswith("/") else f"{folder}/{line}"


def in_range(name: str, given: Given) -> bool:
    """Whether a file can hold articles of the days asked for, by the day in its name."""
    match = _DATED.search(basename(name))
    if match is None:
        return True
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return True
    # A day of grace for time zones.
    too_early = given.since is not None and day < given.since - timedelta(days=1)
    return not (too_early or (given.until is not None and day > given.until + LATER))


def backfill(
    archive: Archive,
    runner: Runner,
    settings: Settings,
    files: Sequence[str],
    *,
    given: Given,
    again: bool = False,
    say: Say = lambda name, done: None,
) -> Backfilled:
    """Load files from where they were left: one after another, each a step of the runner; by the
    workers of a cluster (`KB_DASK`) as one stream.

    Args:
        again: read also what earlier backfills have finished.

    Raises:
        ConfigError: an outlet or registry file is wrong.
        ArchiveError: the archive cannot be written.
        ClusterError: no scheduler answers, or its workers cannot do the work.
    """
    done = Backfilled()
    sieve = sieve_for(settings, given)
    with hands(settings, runner) as pool:
        shop = prepare(archive, pool, "backfill", settings, outlets=settings.outlets)
        status = "failed"
        try:
            left = list(_left(archive, files, given, again, done))
            if settings.dask:
                job = FanOut(shop, settings, sieve, given, left, partial(_key, given), place_of)
                job.progress = lambda count: say("", count)
                _fan_out(job, runner, done)
            else:
                for name in left:
                    key = _key(given, name)
                    file = _File(shop, settings, sieve, given, name, key, done, say)
                    for _, result in runner.run({basename(name) or name: file.run}):
                        if isinstance(result, BadInput):
                            done.failed[name] = str(result)
                        elif isinstance(result, Exception):
                            raise result
            for name, reason in done.failed.items():
                archive.reject([Rejection(absolute(name), "intake", reason)], shop.run_id)
            read = [one for one in files if one not in done.failed and in_range(one, given)]
            Waiting(archive).settle(place for one in read for place in (one, absolute(one)))
            done.tally.skipped += sieve.skipped
            status = "done with failures" if done.failed or done.tally.rejected else "done"
        finally:
            counts = {
                "files": done.files,
                "new": done.tally.count.new,
                "changed": done.tally.count.changed,
                "rejected": len(done.tally.rejected),
                "failed": len(done.failed),
            }
            archive.finish_run(shop.run_id, status, counts)
    return done


def _left(
    archive: Archive, files: Sequence[str], given: Given, again: bool, done: Backfilled
) -> Iterator[str]:
    """Yield the files that are to be read, and count the others."""
    for name in files:
        if not in_range(name, given):
            done.out_of_range += 1
            continue
        key = _key(given, name)
        if again:
            reach(archive, key, -1)
        if reached(archive, key).finished:
            done.finished_before += 1
        else:
            yield name


def _fan_out(job: FanOut, runner: Runner, done: Backfilled) -> None:
    """Read files by a cluster; those that could not be read to their end are tried once more."""
    for _ in range(2):
        for _, result in runner.run({"files": job.run}):
            if isinstance(result, Exception):
                raise result
        if not job.failed:
            break
    done.files += len(job.finished)
    done.resumed += len(job.resumed)
    done.tally += job.tally
    done.failed |= job.failed


def _key(given: Given, name: str) -> str:
    """Return under which name it is noted how far a file was read: other days, other articles."""
    place = name if "://" in name else str(Path(name).absolute())
    asked = (given.since, given.until, given.outlet)
    said = " ".join(str(one or "-") for one in asked)
    return f"{place} [{said}]" if any(asked) else place


@dataclass(slots=True)
class _File:
    """One file on its way into the archive."""

    shop: Workshop
    settings: Settings
    sieve: Sieve
    given: Given
    name: str
    key: str
    done: Backfilled
    say: Say

    def run(self) -> None:
        """Load what is left of the file.

        Raises:
            BadInput: it could not be read to its end.
        """
        before = reached(self.shop.archive, self.key)
        faults: list[str] = []
        stream = documents([self.name], max_bytes=self.settings.max_page_bytes, sieve=self.sieve)
        last = before.position

        def note(source: str) -> None:
            nonlocal last
            last = max(last, place_of(source))
            reach(self.shop.archive, self.key, last)

        tally = process(
            self.shop,
            self._left(stream, before.position, faults),
            given=self.given,
            progress=lambda count: self.say(self.name, count),
            reach=note,
        )
        self.done.tally += tally
        self.done.resumed += before.position >= 0
        if faults:
            raise BadInput(faults[0])
        reach(self.shop.archive, self.key, last, finished=True)
        self.done.files += 1

    def _left(
        self, stream: Iterable[Document | Rejection], after: int, faults: list[str]
    ) -> Iterator[Document | Rejection]:
        """Leave out what was dealt with, and keep apart what ends the file too early."""
        for item in stream:
            if isinstance(item, Rejection) and (
                item.reason == CUT or item.source == str(located(self.name))
            ):
                faults.append(item.reason)
            elif place_of(item.source) > after:
                yield item


def place_of(source: str) -> int:
    """Return the byte or line of an item in its file, -1 if it is the whole file."""
    match = _PLACE.fullmatch(source)
    return int(match[2]) if match else -1
