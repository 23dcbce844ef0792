"""Sorted numbers, in memory or in a file, and those of them that lie within given ranges."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from kb.archive.reuse.prints import Places, Words, spread

BLOCK = 512
"""Numbers of a block of a file, 4 KB; the first of each is kept in memory."""
_PART = 1 << 18
"""Numbers read at a time, 2 MB, where all are read."""
_ASKED = 2048
"""Ranges looked up at a time in a file: mostly a block each."""
_BYTES = 8


@dataclass(frozen=True, slots=True)
class Held:
    """Sorted numbers in memory."""

    numbers: Words

    def __len__(self) -> int:
        return len(self.numbers)

    def parts(self) -> Iterator[Words]:
        """Yield all numbers in order."""
        for start in range(0, len(self.numbers), _PART):
            yield self.numbers[start : start + _PART]

    def within(self, low: Words, high: Words, most: int) -> tuple[Places, Words]:
        """Return the first numbers of each range `low` to `high`, both included, `most` at most:
        how many these are, and the numbers, range after range."""
        return _first(self.numbers, low, high, most)


@dataclass(frozen=True, slots=True)
class Kept:
    """Sorted numbers in an unnamed file, which goes when nobody uses it any more.

    `fences` are the first numbers of its blocks. Blocks are read, not mapped: pages that are
    mapped count as memory of the process.
    """

    file: IO[bytes]
    fences: Words
    size: int

    @classmethod
    def of(cls, parts: Iterable[Words], folder: Path | None) -> Kept:
        """Write sorted numbers that come part by part to a file in a folder.

        Raises:
            OSError: there is no room, or no such folder.
        """
        fences, size = [], 0
        with ExitStack() as unfinished:
            file = unfinished.enter_context(TemporaryFile(buffering=0, dir=folder))
            for part in parts:
                file.write(part.data)
                fences.append(part[-size % BLOCK :: BLOCK].copy())
                size += len(part)
            if os.fstat(file.fileno()).st_size != size * _BYTES:
                raise OSError("a temporary file was not written in whole")
            unfinished.pop_all()
        return cls(file, np.concatenate(fences), size)

    def __del__(self) -> None:
        self.file.close()

    def __len__(self) -> int:
        return self.size

    def parts(self) -> Iterator[Words]:
        """Yield all numbers in order."""
        for start in range(0, self.size, _PART):
            part = np.empty(min(_PART, self.size - start), np.uint64)
            self._read(part, start)
            yield part

    def within(self, low: Words, high: Words, most: int) -> tuple[Places, Words]:
        """Return the first numbers of each range `low` to `high`, both included, `most` (up to
        BLOCK) at most: how many these are, and the numbers, range after range."""
        cuts = [slice(start, start + _ASKED) for start in range(0, len(low), _ASKED)]
        found = [self._within(low[cut], high[cut], most) for cut in cuts]
        return (
            np.concatenate([counts for counts, _ in found]),
            np.concatenate([numbers for _, numbers in found]),
        )

    def _within(self, low: Words, high: Words, most: int) -> tuple[Places, Words]:
        """Look up ranges in the blocks where they begin, and those after where they go on there.

        Put together, these blocks are sorted as in the file.
        """
        first = np.maximum(np.searchsorted(self.fences, low) - 1, 0)
        more = first + 1 < np.searchsorted(self.fences, high, "right")
        blocks = np.unique(np.concatenate((first, first[more] + 1)))
        if len(blocks) * 2 > blocks[-1] - blocks[0]:  # reading on is faster than asking again
            blocks = np.arange(blocks[0], blocks[-1] + 1)
        return _first(self._blocks(blocks), low, high, most)

    def _blocks(self, blocks: Places) -> Words:
        """Return the numbers of some blocks, in order; those side by side are read at once."""
        size = len(blocks) * BLOCK
        if blocks[-1] == len(self.fences) - 1:
            size -= len(self.fences) * BLOCK - self.size
        numbers = np.empty(size, np.uint64)
        starts = np.flatnonzero(np.r_[True, np.diff(blocks) != 1])
        ends = np.r_[starts[1:], len(blocks)] * BLOCK
        for start, end, block in zip(
            (starts * BLOCK).tolist(), ends.tolist(), blocks[starts].tolist(), strict=True
        ):
            self._read(numbers[start:end], block * BLOCK)
        return numbers

    def _read(self, into: Words, start: int) -> None:
        if os.preadv(self.file.fileno(), [into.data], start * _BYTES) != len(into) * _BYTES:
            raise OSError("a temporary file was not read in whole")


Run = Held | Kept


def _first(numbers: Words, low: Words, high: Words, most: int) -> tuple[Places, Words]:
    left = np.searchsorted(numbers, low)
    counts = np.minimum(np.searchsorted(numbers, high, "right") - left, most)
    return counts, numbers[spread(left, counts)]


def merged(runs: Sequence[Run]) -> Iterator[Words]:
    """Yield the numbers of several runs in order, part by part, with a part of each in memory."""
    sources = [run.parts() for run in runs]
    firsts = [(next(source, None), source) for source in sources]
    heads = [(head, source) for head, source in firsts if head is not None]
    while heads:
        # Up to here every run is in memory.
        bound = min(head[-1] for head, _ in heads)
        cuts = [int(np.searchsorted(head, bound, "right")) for head, _ in heads]
        part = np.concatenate([head[:cut] for (head, _), cut in zip(heads, cuts, strict=True)])
        part.sort(kind="stable")
        yield part
        rest = []
        for (head, source), cut in zip(heads, cuts, strict=True):
            left = head[cut:] if cut < len(head) else next(source, None)
            if left is not None:
                rest.append((left, source))
        heads = rest
