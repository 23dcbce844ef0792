"""WARC files → captures: what can be read is read, what cannot is named."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed

from kb.capture import Capture, Rejection
from kb.errors import UnreadableFile
from kb.extract.frames import Frame, between, frames
from kb.extract.places import File, located


class _Brotli:
    """What warcio asks of a decompressor: its own for brotli fails with those of today."""

    unused_data = b""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def decompress(self, data: bytes) -> bytes:
        return bytes(self._inner.process(data))


BufferedReader.DECOMPRESSORS["br"] = _Brotli
MAX_BYTES = 60_000_000
"""Default limit of a decompressed record."""
_TYPE = re.compile(rb"(?im)^WARC-Type:[ \t]*([a-z]+)[ \t]*\r?$")
_HEADER_BYTES = 16_384


def read_warc(
    path: File,
    *,
    max_bytes: int = MAX_BYTES,
    skipped: Counter[str] | None = None,
    part: tuple[int, int] | None = None,
) -> Iterator[Capture | Rejection]:
    """Yield the HTML responses with status 200 in a WARC file, compressed or not, in its order.

    Damage (a cut record, flipped bytes, a payload that does not match its digest, a record over
    `max_bytes`) yields one Rejection (stage `intake`); reading goes on at the next record.
    Memory: one record. Into `skipped` goes what was passed over: `status`, `kind` (no HTML), or
    the WARC type of a record that is no response. With `part` only records that begin in these
    bytes (first, last exclusive) of a compressed file.
    """
    passed: Counter[str] = Counter() if skipped is None else skipped
    with path.open("rb") as file:
        cut = between(file, *part, max_bytes) if part else frames(file, 0, max_bytes)
        for frame in cut:
            fault = frame.fault
            if fault is None:
                try:
                    yield from _captures(path, frame, passed)
                except UnreadableFile as error:
                    fault = str(error)
            if fault is not None:
                yield Rejection(f"{path}@{frame.offset}", "intake", fault)


def read_capture(name: Path | str, offset: int, *, max_bytes: int = MAX_BYTES) -> Capture:
    """Return the capture whose record begins at byte `offset` of a WARC file (path or URL).

    Raises:
        UnreadableFile: no HTML response can be read there.
    """
    path = located(name)
    with path.open("rb") as file:
        frame = next(frames(file, offset, max_bytes), None)
    if frame is None or frame.fault is not None or frame.offset != offset:
        raise UnreadableFile((frame and frame.fault) or f"no WARC record at byte {offset}")
    capture = next(_captures(path, frame, Counter()), None)
    if capture is None:
        raise UnreadableFile(f"no HTML response at byte {offset}")
    return capture


def _captures(path: File, frame: Frame, passed: Counter[str]) -> Iterator[Capture]:
    """Parse one frame; anything but an HTML response with status 200 is counted in `passed`."""
    kind = _TYPE.search(frame.content, 0, _HEADER_BYTES)
    if kind is not None and kind.group(1).lower() != b"response":
        # More than half of a crawl's records: not worth parsing.
        passed[kind.group(1).decode("ascii").lower()] += 1
        return
    try:
        for record in ArchiveIterator(io.BytesIO(frame.content), check_digests=True):
            capture = _capture(path, frame, record)
            if isinstance(capture, Capture):
                yield capture
            else:
                passed[capture] += 1
    except (ArchiveLoadFailed, ValueError, AttributeError, zlib.error) as error:
        # warcio raises AttributeError where a header line is missing
        raise UnreadableFile(
            f"damaged WARC record: {' '.join(str(error).split())[:120]}"
        ) from error


def _capture(path: File, frame: Frame, record: Any) -> Capture | str:  # noqa: ANN401
    """Return the capture in a record, or why there is none."""
    if record.rec_type is None:
        raise UnreadableFile("damaged WARC record: it has no WARC-Type")
    if record.rec_type != "response":
        return str(record.rec_type)
    if record.http_headers is None:
        return "dns"
    status = record.http_headers.get_statuscode()
    content_type = record.http_headers.get_header("Content-Type") or ""
    payload = record.content_stream().read()
    while record.raw_stream.read(65536):  # the digest is checked at the end of the raw bytes
        pass
    if status != "200":
        return "status"
    if not _is_html(content_type, payload):
        return "kind"
    if record.digest_checker.passed is False:
        raise UnreadableFile("the payload does not match the digest of its WARC record")
    header = record.rec_headers.get_header
    digest = header("WARC-Payload-Digest")
    computed = "sha1:" + b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()
    return Capture(
        url=header("WARC-Target-URI") or "",
        status=200,
        fetched_at=_date(header("WARC-Date")),
        content_type=content_type,
        payload=payload,
        digest=digest or computed,
        warc=str(path),
        offset=frame.offset,
        length=frame.length,
        encoding=_charset(content_type),
    )


def _is_html(content_type: str, payload: bytes) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind:
        return kind in ("text/html", "application/xhtml+xml")
    return payload.lstrip()[:1] == b"<"


def _charset(content_type: str) -> str | None:
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_param("charset")
    return charset if isinstance(charset, str) and charset else None


def _date(text: str | None) -> datetime:
    when = datetime.fromisoformat(text) if text else datetime(1970, 1, 1, tzinfo=UTC)
    return when.replace(tzinfo=when.tzinfo or UTC)
