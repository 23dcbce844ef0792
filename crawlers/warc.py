"""WARC 1.1 records (ISO 28500:2017) of what came back, each gzipped by itself."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

from scrapy.http import Headers, Response
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.job import Known

_AS_SENT = {b"content-length", b"content-encoding", b"transfer-encoding"}
"""Headers about the body as sent; the record holds the decoded one."""
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: file name, first byte, bytes of the gzipped record, its WARC-Date."""

    warc: str
    offset: int
    length: int
    at: datetime


def payload_digest(body: bytes) -> str:
    """Return the payload digest as WARC writes it: `sha1:BASE32`."""
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def warc_date(when: datetime) -> str:
    """Return a moment as WARC 1.1 writes it, in UTC to the millisecond."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def info_record(name: str, facts: Mapping[str, str], when: datetime) -> tuple[bytes, str]:
    """Return the record that begins a file, and its id."""
    writer, buffer = _writer()
    fields = {
        **facts,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "description": "bodies are stored decoded: Content-Encoding and Transfer-Encoding undone",
    }
    record = writer.create_warcinfo_record(name, fields)
    record.rec_headers.replace_header("WARC-Date", warc_date(when))
    writer.write_record(record)
    return _packed(buffer), str(record.rec_headers.get_header("WARC-Record-ID"))


def response_records(response: Response, when: datetime, info: str) -> tuple[bytes, bytes]:
    """Return the records of an answer and of its request; `info` is the file's first id."""
    identity = f"<urn:uuid:{uuid4()}>"
    about = _about(response, when, info) | {"WARC-Record-ID": identity}
    headers = [
        pair for pair in _pairs(response.headers) if pair[0].lower().encode() not in _AS_SENT
    ]
    headers.append(("Content-Length", str(len(response.body))))
    answer = _record("response", response, headers, about, response.body)
    return answer, _request(response, about, identity)


def revisit_records(
    response: Response, known: Known, digest: str | None, when: datetime, info: str
) -> tuple[bytes, bytes]:
    """Return the records of an answer that holds nothing new (304, or the same payload as in
    `known`), and of its request."""
    identity = f"<urn:uuid:{uuid4()}>"
    same = "server-not-modified" if response.status == 304 else "identical-payload-digest"
    about = _about(response, when, info) | {
        "WARC-Record-ID": identity,
        "WARC-Profile": _PROFILE + same,
        "WARC-Refers-To-Target-URI": known.url,
    }
    if known.captured_at is not None:
        about["WARC-Refers-To-Date"] = warc_date(known.captured_at)
    if digest is not None:
        about["WARC-Payload-Digest"] = digest
    answer = _record("revisit", response, _pairs(response.headers), about)
    return answer, _request(response, about, identity)


def gone_records(
    response: Response, url: str, reason: str, when: datetime, info: str
) -> tuple[bytes, bytes]:
    """Return the records that a story is gone from its address, and of the request that told it.

    A `metadata` record, since what came instead (a 404, the front page) is nobody's story.
    """
    identity = f"<urn:uuid:{uuid4()}>"
    about = _about(response, when, info) | {"WARC-Record-ID": identity}
    said = {"outcome": "gone", "status": str(response.status), "reason": reason}
    for name in ("ETag", "Last-Modified"):
        if (value := response.headers.get(name)) is not None:
            said[name.lower()] = value.decode("latin-1")
    payload = "".join(f"{name}: {' '.join(text.split())}\r\n" for name, text in said.items())
    writer, buffer = _writer()
    record = writer.create_warc_record(
        url,
        "metadata",
        payload=BytesIO(payload.encode()),
        length=len(payload.encode()),
        warc_content_type="application/warc-fields",
        warc_headers_dict=about,
    )
    writer.write_record(record)
    return _packed(buffer), _request(response, about, identity)


def _writer() -> tuple[WARCWriter, BytesIO]:
    buffer = BytesIO()
    return WARCWriter(buffer, gzip=False, warc_version="WARC/1.1"), buffer


def _packed(buffer: BytesIO) -> bytes:
    """Return a record as one gzip member; warcio itself packs at level 9, which takes twice the
    time for 0.6 % less."""
    return gzip.compress(buffer.getvalue(), 6, mtime=0)


def _about(response: Response, when: datetime, info: str) -> dict[str, str]:
    about = {"WARC-Date": warc_date(when), "WARC-Warcinfo-ID": info}
    if response.ip_address is not None:
        about["WARC-IP-Address"] = str(response.ip_address)
    return about


def _record(
    kind: str,
    response: Response,
    headers: list[tuple[str, str]],
    about: dict[str, str],
    body: bytes | None = None,
) -> bytes:
    writer, buffer = _writer()
    record = writer.create_warc_record(
        response.url,
        kind,
        payload=None if body is None else BytesIO(body),
        length=0 if body is None else len(body),  # without it warcio copies to a file
        http_headers=StatusAndHeaders(
            _status(response.status), headers, protocol=response.protocol or "HTTP/1.1"
        ),
        warc_headers_dict=about,
    )
    writer.write_record(record)
    return _packed(buffer)


def _request(response: Response, about: dict[str, str], identity: str) -> bytes:
    writer, buffer = _writer()
    request = response.request
    assert request is not None
    parts = urlsplit(request.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), *_pairs(request.headers)]
    kept = {key: about[key] for key in ("WARC-Date", "WARC-Warcinfo-ID")}
    record = writer.create_warc_record(
        response.url,
        "request",
        http_headers=StatusAndHeaders(
            f"{request.method} {path} HTTP/1.1", headers, is_http_request=True
        ),
        warc_headers_dict=kept | {"WARC-Concurrent-To": identity},
    )
    writer.write_record(record)
    return _packed(buffer)


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # a number of the newspaper's own
        return f"{status} "


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]
