"""What may be asked at all: the outlet's own hosts, public addresses, its hours, its budget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.defer import maybe_deferred_to_future

from crawlers.reasons import Refused, Skipped
from crawlers.state import RunState, state_of
from kb.outlets import outlet_for

Resolve = Callable[[str], Awaitable[str]]
"""Looks up the one address of a host's name to which a connection would be made."""


class Guard:
    """Downloader middleware nearest to the engine: sees redirected and robots.txt requests too."""

    def __init__(self, crawler: Crawler, resolve: Resolve | None = None) -> None:
        self._crawler = crawler
        self._resolve = resolve or _resolve

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        guard = cls(crawler)
        crawler.signals.connect(guard.bytes_received, signal=signals.bytes_received)
        return guard

    @property
    def _state(self) -> RunState:
        return state_of(self._crawler)

    async def process_request(self, request: Request) -> None:
        """Put the request into its outlet's queue, or refuse it.

        Raises:
            Refused: it leaves the outlet's hosts, leads into a private network, or names an IPv6
                address.
            Skipped: it is not the outlet's hour, the outlet was given up for this run, or its
                budget is spent.
            CannotResolveHostError: its host has no address.
        """
        state = self._state
        outlet = outlet_for(request.url, state.job.outlets)
        if outlet is None or request.meta.get("outlet", outlet.id) != outlet.id:
            raise Refused("leads away from the outlet's hosts")
        request.meta["download_slot"] = outlet.id
        request.meta["download_timeout"] = outlet.limits.timeout
        if not outlet.is_open(now()):
            state.give_up(outlet.id, f"asked only at {outlet.hours} ({outlet.timezone})")
        if outlet.id in state.given_up:
            raise Skipped(state.given_up[outlet.id])
        host = urlsplit(request.url).hostname or ""
        if not outlet.allow_private:
            await self._only_public(host)
        if ":" in host:  # the resolver, and so the judgement, is IPv4's
            raise Refused(f"leads to the IPv6 address {host}: only IPv4 is asked")
        if outlet.allow_private:
            request.meta["proxy"] = None  # a proxy from the environment cannot reach it
        if request.meta.get("kind") == "article" and not state.spend(outlet, request.meta):
            raise Skipped(f"budget of {state.job.pages(outlet)} pages is spent")

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Count what the outlet sends, as it comes in."""
        outlet = self._state.job.outlets[request.meta["download_slot"]]
        self._state.receive(outlet, len(data))

    async def _only_public(self, host: str) -> None:
        address = host if _is_address(host) else await self._resolve(host)
        if not is_public(address):
            raise Refused(f"leads to the private address {address} and allow_private is not set")


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


async def _resolve(host: str) -> str:
    """Look a name up as the download will: the resolver keeps its answer for the whole crawl,
    so that the address which was judged is the one that is connected to."""
    from twisted.internet import reactor

    try:
        return str(await maybe_deferred_to_future(cast("Any", reactor).resolve(host)))
    except (OSError, UnicodeError) as error:
        raise CannotResolveHostError(str(error)) from error


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the whole Internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
