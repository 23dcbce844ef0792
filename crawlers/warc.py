"""Captures: WARC 1.1 files, every record gzipped by itself and handed to the system at once."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from scrapy.http import Headers, Response
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_AS_SENT = {b"content-length", b"content-encoding", b"transfer-encoding"}
"""Headers about the body as sent; the record holds the decoded one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response record lies: file name, first byte, bytes of the gzipped record."""

    warc: str
    offset: int
    length: int


def payload_digest(body: bytes) -> str:
    """Return the payload digest as WARC writes it: `sha1:BASE32`."""
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


class WarcFile:
    """One outlet's captures of one run. The file appears with its first record.

    A record is built in memory and written in one go, so a killed crawl can lose or cut
    nothing but the last one.
    """

    def __init__(self, path: Path, outlet: str, software: str) -> None:
        self.path = path
        self._facts = {"software": software, "isPartOf": outlet}
        self._file: IO[bytes] | None = None

    def add(self, response: Response) -> Place:
        """Append the response and its request; return the place of the response record.

        Raises:
            OSError: the disk is full or the file exists from an earlier run.
        """
        if self._file is None:
            self._file = self.path.open("xb")
            self._append(_info(self.path.name, self._facts))
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        data, record_id = _response(response, now)
        place = Place(self.path.name, self._append(data), len(data))
        self._append(_request(response, record_id, now))
        return place

    def _append(self, data: bytes) -> int:
        assert self._file is not None
        offset = self._file.tell()
        self._file.write(data)
        self._file.flush()
        return offset

    def close(self) -> None:
        """Close the file, if it was ever opened."""
        if self._file is not None:
            self._file.close()


def _writer() -> tuple[WARCWriter, BytesIO]:
    buffer = BytesIO()
    return WARCWriter(buffer, gzip=True, warc_version="WARC/1.1"), buffer


def _info(name: str, facts: dict[str, str]) -> bytes:
    writer, buffer = _writer()
    facts = facts | {
        "format": "WARC File Format 1.1",
        "robots": "obey",
        "description": "bodies are stored decoded: Content-Encoding and Transfer-Encoding undone",
    }
    writer.write_record(writer.create_warcinfo_record(name, facts))
    return buffer.getvalue()


def _response(response: Response, now: str) -> tuple[bytes, str]:
    writer, buffer = _writer()
    headers = [
        pair for pair in _pairs(response.headers) if pair[0].lower().encode() not in _AS_SENT
    ]
    headers.append(("Content-Length", str(len(response.body))))
    status = f"{response.status} {HTTPStatus(response.status).phrase}"
    warc_headers = {"WARC-Date": now}
    if response.ip_address is not None:
        warc_headers["WARC-IP-Address"] = str(response.ip_address)
    record = writer.create_warc_record(
        response.url,
        "response",
        payload=BytesIO(response.body),
        http_headers=StatusAndHeaders(status, headers, protocol=response.protocol or "HTTP/1.1"),
        warc_headers_dict=warc_headers,
    )
    writer.write_record(record)
    return buffer.getvalue(), str(record.rec_headers.get_header("WARC-Record-ID"))


def _request(response: Response, record_id: str, now: str) -> bytes:
    writer, buffer = _writer()
    request = response.request
    assert request is not None
    parts = urlsplit(request.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), *_pairs(request.headers)]
    head = f"{request.method} {path} HTTP/1.1"
    record = writer.create_warc_record(
        response.url,
        "request",
        http_headers=StatusAndHeaders(head, headers, is_http_request=True),
        warc_headers_dict={"WARC-Date": now, "WARC-Concurrent-To": record_id},
    )
    writer.write_record(record)
    return buffer.getvalue()


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]
