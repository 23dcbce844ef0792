"""What may be asked at all: the outlet's own hosts, public addresses, its page budget."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from kb.outlets import outlet_for

if TYPE_CHECKING:
    from crawlers.spider import PressSpider
    from crawlers.state import RunState


class Refused(IgnoreRequest):
    """A request that must not be made."""


class Skipped(IgnoreRequest):
    """A request that is left for another night."""


class Guard:
    """Downloader middleware nearest to the engine: sees redirected and robots.txt requests too."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._private: dict[str, str | None] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _state(self) -> RunState:
        return cast("PressSpider", self._crawler.spider).state

    async def process_request(self, request: Request) -> None:
        """Put the request into its outlet's queue, or refuse it.

        Raises:
            Refused: it leaves the outlet's hosts, or leads into a private network.
            Skipped: the outlet was given up for this run, or its budget is spent.
        """
        state = self._state
        outlet = outlet_for(request.url, state.job.outlets)
        if outlet is None or request.meta.get("outlet", outlet.id) != outlet.id:
            raise Refused("leads away from the outlet's hosts")
        request.meta["download_slot"] = outlet.id
        if outlet.allow_private:
            request.meta["proxy"] = None  # a proxy from the environment cannot reach it
        elif (address := await self._private_address(request.url)) is not None:
            raise Refused(f"leads to the private address {address} and allow_private is not set")
        if outlet.id in state.given_up:
            raise Skipped(state.given_up[outlet.id])
        if request.meta.get("kind") == "article" and not state.spend(outlet, request.meta):
            raise Skipped(f"budget of {state.job.max_pages} pages is spent")

    async def _private_address(self, url: str) -> str | None:
        """Return an address of the URL's host that is not public, if it has one."""
        host = urlsplit(url).hostname or ""
        if host not in self._private:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, None, type=socket.SOCK_STREAM
                )
            except (OSError, UnicodeError):  # the download itself will say so
                found = []
            addresses = (str(info[4][0]) for info in found)
            self._private[host] = next((each for each in addresses if not is_public(each)), None)
        return self._private[host]


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the whole Internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
