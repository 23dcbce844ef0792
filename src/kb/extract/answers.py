"""What a crawl's WARC files tell of its answers: the same as its log, from the records alone.

A `response` is a stored page, a `revisit` one without news, a `metadata` record of ours says that
a story is gone. A damaged record is named by the request that stands behind it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from kb.errors import UnreadableFile
from kb.extract.captures import MAX_BYTES
from kb.extract.frames import Frame, frames
from kb.extract.places import located

_OUTCOMES = {"response": "stored", "revisit": "unchanged"}
_FIELDS = "application/warc-fields"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an outlet: `outcome` is `stored`, `unchanged` or `gone`.

    `offset` and `length` are bytes of its record; `digest` is the payload's (`sha1:BASE32`);
    `etag` and `last_modified` are headers as sent; `outlet` is what the file says it is part of.
    """

    url: str
    at: datetime
    status: int
    outcome: str
    offset: int
    length: int
    outlet: str | None = None
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that cannot be read: `url` is the page that was in it, None if it was none."""

    offset: int
    reason: str
    url: str | None = None


def answers(path: Path | str, *, max_bytes: int = MAX_BYTES) -> Iterator[Answer | Lost]:
    """Yield the answers in a WARC file in its order, and where a record is damaged what was lost.

    `path` may be an fsspec URL. Memory: one record.
    """
    outlet: str | None = None
    lost: Frame | None = None
    with located(path).open("rb") as file:
        for frame in frames(file, 0, max_bytes):
            kind, url, found = None, None, None
            fault = frame.fault
            if fault is None:
                try:
                    kind, url, found = _answer(frame, outlet)
                except UnreadableFile as error:
                    fault = str(error)
            if lost is not None:
                yield Lost(lost.offset, str(lost.fault), url if kind == "request" else None)
                lost = None
            if fault is not None:
                lost = Frame(frame.offset, frame.length, b"", fault)
            elif kind == "warcinfo":
                outlet = url
            elif found is not None:
                yield found
    if lost is not None:
        yield Lost(lost.offset, str(lost.fault))


def began(path: Path | str) -> datetime:
    """Return the date of the first readable record of a WARC file.

    Raises:
        UnreadableFile: no record can be read.
    """
    with located(path).open("rb") as file:
        for frame in frames(file, 0, MAX_BYTES):
            if frame.fault is None:
                try:
                    return _date(_parsed(frame))
                except UnreadableFile:
                    continue
    raise UnreadableFile(f"{path}: no WARC record can be read")


def whole(path: Path | str, offset: int, length: int, digest: str | None) -> str | None:
    """Return what is wrong with the record at a place in a WARC file, None if it is whole.

    Raises:
        OSError: the file cannot be read.
    """
    with located(path).open("rb") as file:
        frame = next(frames(file, offset, MAX_BYTES), None)
    if frame is None or frame.offset != offset:
        return "no record there"
    if frame.fault is not None:
        return frame.fault
    if frame.length != length:
        return f"the record has {frame.length} bytes, not {length}"
    try:
        record = _parsed(frame)
    except UnreadableFile as error:
        return str(error)
    said = record.rec_headers.get_header("WARC-Payload-Digest")
    if digest is not None and said != digest:
        return f"another page is there ({said})"
    return None


def _answer(frame: Frame, outlet: str | None) -> tuple[str, str | None, Answer | None]:
    """Return a record's kind, its address (of a warcinfo: the outlet), and the answer in it."""
    record = _parsed(frame)
    header = record.rec_headers.get_header
    kind, url = str(record.rec_type), header("WARC-Target-URI")
    http = record.http_headers
    if kind == "warcinfo":
        return kind, _fields(record).get("ispartof"), None
    if kind == "metadata" and header("Content-Type") == _FIELDS:
        said = _fields(record)
        if said.get("outcome") != "gone":
            return kind, url, None
        status, outcome = said.get("status", ""), "gone"
        etag, modified = said.get("etag"), said.get("last-modified")
    elif kind in _OUTCOMES and http is not None:
        status, outcome = http.get_statuscode(), _OUTCOMES[kind]
        etag, modified = http.get_header("ETag"), http.get_header("Last-Modified")
        url = header("WARC-Refers-To-Target-URI") or url
    else:
        return kind, url, None
    digest = None if outcome == "gone" else header("WARC-Payload-Digest")
    if not status.isdigit():
        raise UnreadableFile("damaged WARC record: it has no status")
    answer = Answer(
        url=url or "",
        at=_date(record),
        status=int(status),
        outcome=outcome,
        offset=frame.offset,
        length=frame.length,
        outlet=outlet,
        digest=digest,
        etag=etag,
        last_modified=modified,
    )
    return kind, url, answer


def _parsed(frame: Frame) -> Any:  # noqa: ANN401
    """Return a record whose payload has been read, so that its digest is known to be right.

    Raises:
        UnreadableFile: it is none.
    """
    try:
        for record in ArchiveIterator(io.BytesIO(frame.content), check_digests=True):
            if record.rec_type is None:
                break
            record.payload = record.content_stream().read()
            while record.raw_stream.read(65536):
                pass
            if record.digest_checker.passed is False:
                raise UnreadableFile("the payload does not match the digest of its WARC record")
            return record
    except (ArchiveLoadFailed, ValueError, AttributeError, zlib.error) as error:
        text = " ".join(str(error).split())[:120]
        raise UnreadableFile(f"damaged WARC record: {text}") from error
    raise UnreadableFile("damaged WARC record: it has no WARC-Type")


def _fields(record: Any) -> dict[str, str]:  # noqa: ANN401
    lines = record.payload.decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _date(record: Any) -> datetime:  # noqa: ANN401
    text = record.rec_headers.get_header("WARC-Date")
    try:
        when = datetime.fromisoformat(text or "")
    except ValueError as error:
        raise UnreadableFile("damaged WARC record: it has no date") from error
    return when.replace(tzinfo=when.tzinfo or UTC)
