"""Files → portions: so much input that a worker, which may sit on another machine, has some
seconds of work with each.

A worker opens compressed WARC files itself, by path or URL, at the bytes it is given; other input
(JSON lines, uncompressed WARC) cannot be begun in the middle, is cheap to cut, and is sent along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from posixpath import basename

from kb.capture import Rejection
from kb.errors import BadInput
from kb.extract import Document, Sieve, documents
from kb.extract.frames import is_compressed
from kb.extract.places import located

GOAL = 6.0
"""Seconds that a portion should take to read: Prefect's own work for a task is 0.2 s, and what is
long makes all others wait for the last one."""
PAGES, WARC_BYTES = 300, 500_000
"""What a portion holds before anything was measured: items, and bytes of compressed WARC. A dozen
are cut before the first one is measured, so these are small."""
MOST_PAGES, MOST_WARC_BYTES = 1_500, 64_000_000
SENT_BYTES = 16_000_000
"""What is sent along with a portion at most."""


@dataclass(frozen=True, slots=True)
class Part:
    """The records of a compressed WARC file (path or URL) that begin at bytes start to stop."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a file is dealt with: up to and including a place, or wholly."""

    position: int
    finished: bool = False


@dataclass(slots=True)
class Portion:
    """What one task gets."""

    parts: list[Part] = field(default_factory=list)
    items: list[Document | Rejection] = field(default_factory=list)
    receipt: Receipt = field(default_factory=lambda: Receipt())


@dataclass(slots=True)
class Receipt:
    """What is kept of a portion that is at work."""

    marks: dict[str, Mark] = field(default_factory=dict)
    """By file how far it is dealt with once the portion is."""
    warc_bytes: int = 0
    pages: int = 0
    sent: int = 0
    """Bytes of compressed WARC, items and their bytes."""


class Measure:
    """How large a portion should be, learned from how long others took."""

    def __init__(self) -> None:
        self.pages = PAGES
        self.warc_bytes = WARC_BYTES

    def note(self, done: Receipt, seconds: float) -> None:
        """Take into account that a portion took a worker so long (0: nothing was new in it)."""
        # Half to four times: one odd portion does not upset the next ones.
        factor = min(max(GOAL / max(seconds, 0.01), 0.5), 4.0)
        if done.warc_bytes and not done.pages:
            self.warc_bytes = max(1, min(int(done.warc_bytes * factor), MOST_WARC_BYTES))
        elif done.pages and not done.warc_bytes:
            self.pages = max(1, min(int(done.pages * factor), MOST_PAGES))

    def full(self, one: Receipt) -> bool:
        """Whether a portion is large enough."""
        share = one.warc_bytes / self.warc_bytes + one.pages / self.pages
        return share >= 1.0 or one.sent >= SENT_BYTES


def portions(
    files: Iterable[tuple[str, int]],
    measure: Measure,
    *,
    max_bytes: int,
    sieve: Sieve | None,
    place_of: Callable[[str], int],
    fault: Callable[[str, str], object],
) -> Iterator[Portion]:
    """Cut files into portions, in their order; a portion may hold several small ones.

    Args:
        files: path or fsspec URL of each, and the place after which it is still to be read (-1:
            all of it).
        measure: asked for each portion anew.
        max_bytes: limit of one decompressed page or record.
        sieve: which captures of uncompressed WARC files to keep.
        place_of: tells the place of an item in its file from its source.
        fault: called with a file that cannot be read to its end, and why.
    """
    portion = Portion()
    failed: set[str] = set()

    def ended(name: str, reason: str) -> None:
        failed.add(name)
        fault(name, reason)

    for name, after in files:
        last = after
        for piece in _pieces(name, after, measure, max_bytes, sieve, ended):
            kept = portion.receipt
            if isinstance(piece, Part):
                portion.parts.append(piece)
                kept.warc_bytes += piece.stop - piece.start
                last = piece.stop - 1
            elif place_of(piece.source) > after:
                portion.items.append(piece)
                kept.pages += 1
                kept.sent += len(piece.payload) if isinstance(piece, Document) else 0
                last = max(last, place_of(piece.source))
            kept.marks[name] = Mark(last)
            if measure.full(kept):
                yield portion
                portion = Portion()
        if last > after or name not in failed:
            portion.receipt.marks[name] = Mark(last, finished=name not in failed)
    if portion.receipt.marks:
        yield portion


def _pieces(
    name: str,
    after: int,
    measure: Measure,
    max_bytes: int,
    sieve: Sieve | None,
    fault: Callable[[str, str], object],
) -> Iterator[Part | Document | Rejection]:
    """Yield parts of a compressed WARC file, or all items of another file."""
    path = located(name)
    try:
        size = _size(name)
    except FileNotFoundError:
        fault(name, "no such file or folder")
        return
    except (OSError, BadInput) as error:
        fault(name, str(error))
        return
    if size is not None:
        at = after + 1
        while at < size:
            stop = min(at + measure.warc_bytes, size)
            yield Part(name, at, stop)
            at = stop
        return
    for item in documents([name], max_bytes=max_bytes, sieve=sieve):
        if isinstance(item, Rejection) and item.source == str(path):
            fault(name, item.reason)
        else:
            yield item


def _size(name: str) -> int | None:
    """Return the size of a compressed WARC file, None if it is another one."""
    if ".warc" not in basename(name).lower():
        return None
    path = located(name)
    with path.open("rb") as file:
        head = file.read(3)
    return path.stat().st_size if is_compressed(head) else None
