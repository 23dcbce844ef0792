"""The record between crawling and extraction: one HTTP response kept in a WARC file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched response and where it lies.

    `offset` and `length` are bytes of the (gzipped) record in `warc`; `digest` is the
    payload digest as WARC writes it (`sha1:BASE32`); `fetched_at` is UTC.
    """

    url: str
    status: int
    fetched_at: datetime
    content_type: str
    payload: bytes
    digest: str
    warc: str
    offset: int
    length: int
    outlet: str | None = None
    encoding: str | None = None
    """Charset named by the HTTP header, if any."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One item that could not be used, with the stage that refused it and one line why."""

    source: str
    stage: str
    reason: str
