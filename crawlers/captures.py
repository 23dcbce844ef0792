"""Captures of one crawl: WARC files by outlet, size and day, written by one thread of their own.

The event loop hands over answers; one thread builds, packs and writes the records in that order
and gives each whole pair to the system at once. So a killed crawl can lose or cut nothing but
the last one, and `mend` cuts away what was cut short.
"""

from __future__ import annotations

import asyncio
import os
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from scrapy.http import Response

from crawlers.job import Job, Known
from crawlers.store import Store
from crawlers.warc import Place, gone_records, info_record, response_records, revisit_records

Pair = Callable[[datetime, str], tuple[bytes, bytes]]
"""Makes the records of an answer and its request for a moment and a warcinfo id."""


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class WarcFiles:
    """One outlet's files, `<outlet>-<run>-<day>-<number>.warc.gz`; the first appears with the
    first record. Days are UTC, as the dates in the records."""

    def __init__(self, job: Job, outlet: str, software: str, done: Callable[[Path], None]) -> None:
        self._folder, self._run, self._outlet = job.out, job.run, outlet
        self._facts = {"software": software, "isPartOf": outlet}
        self._limit, self._done = job.warc_bytes, done
        self._file: IO[bytes] | None = None
        self._path = self._folder
        self._day = self._info = ""

    def append(self, pair: Pair) -> Place:
        """Write an answer and its request; return where the answer lies.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        when = now()
        file = self._open(when)
        first, second = pair(when, self._info)
        offset = file.tell()
        file.write(first + second)
        file.flush()
        return Place(self._path.name, offset, len(first), when)

    def close(self) -> None:
        """Close the file in hand, if there is one, and hand it on."""
        if self._file is not None:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            self._done(self._path)

    def _open(self, when: datetime) -> IO[bytes]:
        day = when.strftime("%Y%m%d")
        if self._file is not None and (day != self._day or self._file.tell() >= self._limit):
            self.close()
        if self._file is None:
            self._day = day
            stem = f"{self._outlet}-{self._run}-"
            before = [each for each in self._folder.glob(f"{stem}*.warc.gz") if each.is_file()]
            self._path = self._folder / f"{stem}{day}-{len(before) + 1:05}.warc.gz"
            self._file = self._path.open("xb")
            head, self._info = info_record(self._path.name, self._facts, when)
            self._file.write(head)
        return self._file


class Captures:
    """All files of a crawl; `add` and `revisit` are awaited, the rest blocks."""

    def __init__(self, job: Job, software: str) -> None:
        self.faults: list[str] = []
        """Why a file could not be taken to where captures are kept; it is still in the folder."""
        self.kept: dict[str, str] = {}
        """Where each finished file was taken, by file name."""
        self._store = Store(job.captures) if job.captures else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="captures")
        self._files = {name: WarcFiles(job, name, software, self._keep) for name in job.outlets}
        for path in sorted(job.out.glob("*.warc.gz")):  # of the crawl that is continued
            if path.is_file():
                mend(path)
                self._thread.submit(self._keep, path)

    async def add(self, outlet: str, response: Response) -> Place:
        """Store an answer; when this returns its records are with the system."""
        return await self._write(outlet, partial(response_records, response))

    async def revisit(
        self, outlet: str, response: Response, known: Known, digest: str | None
    ) -> Place:
        """Store that an answer held nothing new."""
        return await self._write(outlet, partial(revisit_records, response, known, digest))

    async def gone(self, outlet: str, response: Response, url: str, reason: str) -> Place:
        """Store that the story at an address is there no longer."""
        return await self._write(outlet, partial(gone_records, response, url, reason))

    async def _write(self, outlet: str, pair: Pair) -> Place:
        append = self._files[outlet].append
        return await asyncio.get_running_loop().run_in_executor(self._thread, append, pair)

    def close(self) -> None:
        """Wait for what is being written, close every file, and take it to its place."""
        for files in self._files.values():
            try:
                self._thread.submit(files.close).result()
            except OSError as error:
                self.faults.append(f"cannot write captures: {error}")
        self._thread.shutdown()

    def _keep(self, path: Path) -> None:
        if self._store is None:
            return
        try:
            self.kept[path.name] = self._store.put(path)
        except Exception as error:  # each kind of store has errors of its own
            text = " ".join(str(error).split()) or type(error).__name__
            self.faults.append(f"{path.name} could not be taken to {self._store.url}: {text}")


def mend(path: Path) -> int:
    """Cut the last record away if it is not whole; return how many bytes that were."""
    whole = 0
    with path.open("rb") as file:
        inflate = zlib.decompressobj(31)
        read = 0
        while chunk := file.read(65536):
            read += len(chunk)
            while chunk:
                try:
                    inflate.decompress(chunk)
                except zlib.error:
                    return 0  # damage of another kind: good records may come after it
                chunk = inflate.unused_data
                if inflate.eof:
                    whole = read - len(chunk)
                    inflate = zlib.decompressobj(31)
                else:
                    break
    cut = path.stat().st_size - whole
    if cut:
        os.truncate(path, whole)
    return cut
