"""A backfill by the workers of a cluster: they read, this process alone writes.

All files are one stream of portions, so that many small ones keep a cluster as busy as a large
one. Portions come back and are loaded in their order; how far each file was read is noted with
them, as by any other backfill, so that either kind goes on where the other stopped.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from flows.parcel import Place
from flows.pool import batches
from flows.portions import Measure, Portion, Receipt, portions
from flows.stages import (
    Extracted,
    Given,
    Progress,
    Tally,
    Workshop,
    extract_batch,
    loaded,
    outlets_in,
    timed_in,
)
from kb.archive.snapshots import reach, reached
from kb.article import Article
from kb.capture import Rejection
from kb.extract import Sieve, pages_between
from kb.extract.frames import CUT
from kb.extract.places import absolute, located
from kb.settings import Settings


@dataclass(slots=True)
class FanOut:
    """Files on their way through a cluster into the archive, and what came of them so far."""

    shop: Workshop
    settings: Settings
    sieve: Sieve
    given: Given
    files: Sequence[str]
    key: Callable[[str], str]
    """Tells under which name it is noted how far a file was read."""
    place_of: Callable[[str], int]
    """Tells the place of an item in its file from its source."""
    progress: Progress = lambda done: None
    measure: Measure = field(default_factory=Measure)
    """How large portions are to be."""
    tally: Tally = field(default_factory=Tally)
    finished: set[str] = field(default_factory=set)
    resumed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    """Files that could not be read to their end, and why."""
    _names: dict[str, str] = field(default_factory=dict)
    """Files by how a worker names them."""
    _broken: set[str] = field(default_factory=set)
    """Files of which a part could not be read: what follows is loaded, and will be read again."""

    def run(self) -> None:
        """Load what is left of the files; called again, after an error too, it goes on.

        Raises:
            ClusterError: the workers cannot do it.
            ArchiveError: the archive cannot be written.
        """
        archive = self.shop.archive
        before = {name: reached(archive, self.key(name)) for name in self.files}
        left = {name: one.position for name, one in before.items() if not one.finished}
        self.resumed |= {name for name, position in left.items() if position >= 0}
        self._names = {str(located(name)): name for name in left}
        self._names |= {absolute(source): name for source, name in self._names.items()}
        self.failed.clear()
        self._broken.clear()
        ahead: deque[Receipt] = deque()
        behind: deque[Receipt] = deque()
        extracted = self._extracted(self._cut(left, ahead), ahead, behind)
        for seconds in loaded(self.shop, self.tally, extracted, self.given, self.progress):
            self._done(behind.popleft(), seconds)

    def _cut(self, left: dict[str, int], ahead: deque[Receipt]) -> Iterator[Portion]:
        for portion in portions(
            left.items(),
            self.measure,
            max_bytes=self.settings.max_page_bytes,
            sieve=self.sieve,
            place_of=self.place_of,
            fault=self.failed.setdefault,
        ):
            ahead.append(portion.receipt)
            yield portion

    def _extracted(
        self, cut: Iterator[Portion], ahead: deque[Receipt], behind: deque[Receipt]
    ) -> Iterator[Extracted]:
        shop, every_page = self.shop, self.given.outlet is not None
        outlets, limit = shop.pool.sent(shop.outlets), self.settings.max_page_bytes
        step = partial(extract_portion, outlets, limit, every_page)
        for items, skipped in timed_in(shop.pool, self.tally, "extract", step, cut):
            self.tally.skipped += skipped
            behind.append(ahead.popleft())
            yield self._sift(items, behind[-1])

    def _sift(self, items: Extracted, receipt: Receipt) -> Extracted:
        """Keep apart what ends a file too early: how far that was read is not noted any more."""
        kept: list[Article | Rejection] = []
        for one in items:
            name = self._ended(one) if isinstance(one, Rejection) else None
            if name is not None and isinstance(one, Rejection):
                self.failed.setdefault(name, one.reason)
                self._broken.add(name)
            else:
                kept.append(one)
        for name in self._broken & receipt.marks.keys():
            del receipt.marks[name]
        return kept

    def _ended(self, one: Rejection) -> str | None:
        """Return the file that ends too early by what could not be read of it."""
        source = one.source.rpartition("@")[0] if one.reason == CUT else one.source
        return self._names.get(source)

    def _done(self, receipt: Receipt, seconds: float) -> None:
        self.measure.note(receipt, seconds)
        for name, mark in receipt.marks.items():
            reach(self.shop.archive, self.key(name), mark.position, finished=mark.finished)
            if mark.finished:
                self.finished.add(name)


def extract_portion(
    folder: Place, max_bytes: int, every_page: bool, portion: Portion
) -> tuple[list[Article | Rejection], Counter[str]]:
    """Extract in a worker what is in a portion, by the outlets of a folder; return also what of
    WARC files was passed over, by why (see `kb.extract.Sieve`)."""
    sieve = Sieve(outlets_in(folder).values(), every_page=every_page)
    found: list[Article | Rejection] = []
    for part in portion.parts:
        pages = pages_between(part.name, (part.start, part.stop), max_bytes=max_bytes, sieve=sieve)
        for some in batches(pages):  # so that not all pages are in memory at once
            found += extract_batch(folder, some)
    return found + extract_batch(folder, portion.items), sieve.skipped
