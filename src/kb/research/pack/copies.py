"""The archived copies of a report's sources, cut out of their WARC files into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import fsspec

from kb.errors import ArchiveError
from kb.research.pack.sources import Source

NAME = "sources.warc.gz"
Locate = Callable[[str], str]
"""Returns where a capture's file lies now: a path, or an fsspec URL."""


def write_copies(
    sources: Sequence[Source], target: Path, locate: Locate
) -> dict[int, tuple[int, int]]:
    """Write the records of the sources one after the other: they are gzip members, so that the
    result is a WARC file again, which any replayer opens.

    Returns:
        Offset and length of each source's record in the new file, by number.

    Raises:
        ArchiveError: a WARC file is missing or shorter than the archive says.
    """
    places: dict[int, tuple[int, int]] = {}
    with target.open("wb") as out:
        for one in sources:
            origin = one.origin
            if origin.warc is None or origin.offset is None or origin.length is None:
                continue
            record = _record(locate(origin.warc), origin.offset, origin.length)
            places[one.number] = (out.tell(), len(record))
            out.write(record)
    return places


def _record(path: str, offset: int, length: int) -> bytes:
    try:
        file: BinaryIO
        with fsspec.open(path, "rb") as file:
            file.seek(offset)
            record: bytes = file.read(length)
    except (OSError, ValueError, ImportError) as error:
        raise ArchiveError(f"cannot read the archived copy in {path}: {error}") from error
    if len(record) < length:
        raise ArchiveError(
            f"{path} ends before the copy at {offset}: `kb archive check` says what is missing"
        )
    return record
