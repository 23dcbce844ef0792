"""What Scrapy's download handler leaves open: certificates, endless headers, second thoughts.

Certificates are checked, unless the outlet's YAML says `verify_tls: false`: Scrapy has one
switch for a whole crawl, off by default. Headers have a limit: Scrapy's are those of the body.
And a request that waited in its queue is dropped if its outlet was given up meanwhile.
"""

from __future__ import annotations

from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE, ParseError
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawlers.reasons import Skipped
from crawlers.state import state_of
from kb.outlets import Outlet, outlet_for

HEAD_BYTES = 1_000_000
"""Limit of an answer's status line and headers; real ones have a few thousand bytes."""


class Download(HTTP11DownloadHandler):
    """Download handler for http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        self._contextFactory = cast("IPolicyForHTTPS", _ByOutlet(crawler))

    async def download_request(self, request: Request) -> Response:
        """Fetch a page.

        Raises:
            Skipped: its outlet was given up since the guard let the request pass.
        """
        given_up = state_of(self._crawler).given_up
        if (outlet := request.meta["download_slot"]) in given_up:
            raise Skipped(given_up[outlet])
        return await super().download_request(request)


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: object) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Protocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def dataReceived(self, data: bytes) -> None:
        state = getattr(self._parser, "state", DONE)
        self._head = 0 if state in {BODY, DONE} else self._head + len(data)
        protocol = cast("Any", super())
        if self._head <= HEAD_BYTES:
            protocol.dataReceived(data)
            return
        error = cast("Any", ParseError)(f"headers larger than {HEAD_BYTES} bytes", b"")
        protocol._giveUp(cast("Any", Failure)(error))
        cast("Any", self.transport).abortConnection()


@implementer(IPolicyForHTTPS)
class _ByOutlet:
    def __init__(self, crawler: Crawler) -> None:
        build = _ScrapyClientContextFactory.from_crawler
        self._crawler = crawler
        self._strict, self._lenient = build(crawler), build(crawler)
        self._strict._verify_certificates = True
        self._lenient._verify_certificates = False

    def creatorForNetloc(self, hostname: bytes, port: int) -> object:
        """Return how to shake hands with a host; one of no outlet must be trusted."""
        outlet = self._outlet(hostname.decode("ascii"), port)
        lenient = outlet is not None and not outlet.verify_tls
        policy = self._lenient if lenient else self._strict
        return policy.creatorForNetloc(hostname, port)

    def _outlet(self, host: str, port: int) -> Outlet | None:
        netloc = host if port == 443 else f"{host}:{port}"
        outlets = state_of(self._crawler).job.outlets
        return outlet_for(f"https://{netloc}/", outlets)
