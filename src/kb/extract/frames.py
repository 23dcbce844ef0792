"""Where the records of a WARC file begin and end, past damage.

warcio ends quietly at a truncated or damaged record and drops what follows; here every record
is cut out by itself. ISO 28500: a compressed file has one gzip member a record.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_CHUNK = 65536
_GZIP = b"\x1f\x8b\x08"
_VERSION = b"WARC/"
_HEADER_LIMIT = 65536
_LENGTH = re.compile(rb"(?im)^Content-Length:\s*(\d{1,15})\s*$")
_SEPARATOR = b"\r\n\r\n"
CUT = "the WARC file is cut off inside this record"
"""What is wrong with the last record of a file that did not arrive whole."""
_AS_ONE = (
    "several WARC records are packed as one: unpack the file with gunzip and load the .warc itself"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a record lies (bytes of the file), its decompressed bytes, or what is wrong."""

    offset: int
    length: int
    content: bytes
    fault: str | None = None


def frames(file: BinaryIO, offset: int, max_bytes: int) -> Iterator[Frame]:
    """Yield the records from byte `offset` of a WARC file on; after damage the next readable.

    A frame with a `fault` stands for each damaged stretch and for each record over `max_bytes`
    (decompressed). Memory: one record.
    """
    file.seek(offset)
    framing = _members if is_compressed(file.read(3)) else _plain
    return framing(file, offset, max_bytes)


def is_compressed(head: bytes) -> bool:
    """Whether a file that begins so is a compressed one; only these can be read from anywhere."""
    return head.startswith(_GZIP)


def between(file: BinaryIO, start: int, stop: int, max_bytes: int) -> Iterator[Frame]:
    """Yield the records that begin at bytes `start` to `stop` (exclusive) of a compressed WARC
    file, wherever these lie: of parts that follow each other each record is in one, and so is
    each fault.

    Memory: one record.
    """
    # What is damaged before the first readable record is told by the part before.
    at = _next_member(file, start) if start else 0
    return iter(()) if at is None else _members(file, at, max_bytes, stop)


def _members(
    file: BinaryIO, offset: int, max_bytes: int, stop: int | None = None
) -> Iterator[Frame]:
    at: int | None = offset
    while at is not None:
        if stop is not None and at >= stop and _begins(file, at):
            return
        frame, whole = _member(file, at, max_bytes)
        if frame is None:
            return
        yield frame
        at = at + frame.length if whole else _next_member(file, at + 1)


def _member(file: BinaryIO, offset: int, max_bytes: int) -> tuple[Frame | None, bool]:
    """Return the gzip member at `offset` (None at the end) and whether its end was found."""
    file.seek(offset)
    inflate = zlib.decompressobj(31)
    content = bytearray()
    used = size = 0
    while not inflate.eof:
        chunk = file.read(_CHUNK)
        if not chunk:
            return (Frame(offset, used, b"", CUT) if used else None), False
        try:
            data = inflate.decompress(chunk)
        except zlib.error as error:
            return Frame(offset, used, b"", f"damaged WARC record: {error}"), False
        used += len(chunk) - len(inflate.unused_data)
        size += len(data)
        content += data[: max_bytes - len(content)]
    if _several(content):
        return Frame(offset, used, b"", _AS_ONE), True
    if size > max_bytes:
        return Frame(offset, used, b"", _too_large(max_bytes)), True
    fault = None if content.startswith(_VERSION) else "not a WARC record"
    return Frame(offset, used, bytes(content), fault), True


def _several(content: bytearray) -> bool:
    """Whether more than one record begins in a member: a file that was packed as a whole, whose
    records have no place that could be named."""
    end = content.find(_SEPARATOR, 0, _HEADER_LIMIT)
    said = _LENGTH.search(content, 0, end) if end >= 0 else None
    after = end + 2 * len(_SEPARATOR) + int(said.group(1)) if said is not None else 0
    return after > 0 and content[after : after + len(_VERSION)] == _VERSION


def _next_member(file: BinaryIO, offset: int) -> int | None:
    """Return the next offset at which a gzip member with a WARC record begins."""
    file.seek(offset)
    window = b""
    while chunk := file.read(_CHUNK):
        window += chunk
        at = window.find(_GZIP)
        while at >= 0:
            if _begins(file, offset + at):
                return offset + at
            at = window.find(_GZIP, at + 1)
        keep = window[-(len(_GZIP) - 1) :]
        offset += len(window) - len(keep)
        window = keep
        file.seek(offset + len(keep))
    return None


def _begins(file: BinaryIO, offset: int) -> bool:
    """Whether a gzip member with a WARC record begins here."""
    file.seek(offset)
    try:
        return zlib.decompressobj(31).decompress(file.read(4096), 16).startswith(_VERSION)
    except zlib.error:
        return False


def _plain(file: BinaryIO, offset: int, max_bytes: int) -> Iterator[Frame]:
    at: int | None = offset
    while at is not None:
        frame, whole = _record(file, at, max_bytes)
        if frame is None:
            return
        yield frame
        at = at + frame.length + len(_SEPARATOR) if whole else _next_record(file, at + 1)


def _record(file: BinaryIO, offset: int, max_bytes: int) -> tuple[Frame | None, bool]:
    """Return the record at `offset` (None at the end) and whether its end was found."""
    file.seek(offset)
    head = file.read(_HEADER_LIMIT)
    if not head.strip():
        return None, False
    end = head.find(_SEPARATOR)
    said = _LENGTH.search(head, 0, end) if end >= 0 else None
    if end < 0 and len(head) < _HEADER_LIMIT and head.startswith(_VERSION):
        return Frame(offset, 0, b"", CUT), False
    if not head.startswith(_VERSION) or said is None:
        return Frame(offset, 0, b"", "the WARC file is cut off or damaged at this record"), False
    length = end + len(_SEPARATOR) + int(said.group(1))
    if length > max_bytes:
        return Frame(offset, length, b"", _too_large(max_bytes)), True
    file.seek(offset)
    content = file.read(length + len(_SEPARATOR))
    if len(content) < length:
        return Frame(offset, 0, b"", CUT), False
    if not _SEPARATOR.startswith(content[length:]):
        return Frame(offset, 0, b"", "damaged WARC record: its length is not true"), False
    return Frame(offset, length, content, None), True


def _next_record(file: BinaryIO, offset: int) -> int | None:
    """Return the next offset at which an uncompressed record begins."""
    needle = _SEPARATOR + _VERSION
    file.seek(offset)
    window = b""
    while chunk := file.read(_CHUNK):
        window += chunk
        at = window.find(needle)
        if at >= 0:
            return offset + at + len(_SEPARATOR)
        keep = window[-(len(needle) - 1) :]
        offset += len(window) - len(keep)
        window = keep
    return None


def _too_large(max_bytes: int) -> str:
    return f"the record is larger than {max_bytes} bytes"
