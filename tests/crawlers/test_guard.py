"""Requests that must not be made: other hosts, private networks, beyond the budget."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from crawlers import guard as module
from crawlers.download import Download
from crawlers.guard import Guard, is_public
from crawlers.job import Job
from crawlers.reasons import Refused, Skipped
from crawlers.state import RunState
from kb.outlets import Outlet

PRIVATE = ("10.1.2.3", "127.0.0.1", "127.1", "[::1]", "169.254.169.254", "localhost", "192.168.0.9")


def outlet(**more: object) -> Outlet:
    return Outlet.model_validate(
        {
            "id": "thu",
            "name": "Báo Thử",
            "home": "http://93.184.216.34",
            "level": "local",
            "family": "generic",
            "article_url": r"-\d+\.html$",
            "sections": ["http://93.184.216.34/"],
            "hosts": list(PRIVATE),
        }
        | more
    )


NAMES = {"localhost": "127.0.0.1", "127.1": "127.0.0.1", "thu.example": "93.184.216.34"}


async def resolve(host: str) -> str:
    return NAMES[host]


def guard(tmp_path: Path, declared: Outlet, max_pages: int = 500) -> tuple[Guard, RunState]:
    state = RunState(Job({"thu": declared}, tmp_path, "r", max_pages=max_pages))
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(state=state))
    return Guard(crawler, resolve), state


def ask(each: Guard, url: str, **meta: object) -> Request:
    request = Request(url, meta={"outlet": "thu", "kind": "article", **meta})
    asyncio.run(each.process_request(request))
    return request


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused_even_on_the_outlet_s_own_hosts(
    tmp_path: Path, host: str
) -> None:
    each, state = guard(tmp_path, outlet())
    with pytest.raises(Refused, match="private address"):
        ask(each, f"http://{host}/tin-1.html")
    state.log.close("finished", {})


def test_private_addresses_are_asked_when_the_outlet_allows_it(tmp_path: Path) -> None:
    each, state = guard(tmp_path, outlet(allow_private=True))
    request = ask(each, "http://10.1.2.3/tin-1.html")
    assert request.meta["download_slot"] == "thu"
    assert request.meta["proxy"] is None
    state.log.close("finished", {})


@pytest.mark.parametrize("private", [True, False])
def test_ipv6_addresses_are_refused_in_plain_words(tmp_path: Path, private: bool) -> None:
    home = "http://[2606:2800:220:1::1]"
    each, state = guard(tmp_path, outlet(home=home, sections=[f"{home}/"], allow_private=private))
    with pytest.raises(Refused, match="IPv6 address 2606:2800:220:1::1: only IPv4 is asked"):
        ask(each, f"{home}/tin-1.html")
    state.log.close("finished", {})


def test_other_hosts_are_refused(tmp_path: Path) -> None:
    each, state = guard(tmp_path, outlet())
    with pytest.raises(Refused, match="outlet's hosts"):
        ask(each, "http://93.184.216.35/tin-1.html")
    state.log.close("finished", {})


def test_budget_counts_pages_not_their_retries(tmp_path: Path) -> None:
    each, state = guard(tmp_path, outlet(), max_pages=1)
    first = ask(each, "http://93.184.216.34/tin-1.html")
    retried = first.replace(dont_filter=True)
    asyncio.run(each.process_request(retried))
    with pytest.raises(Skipped, match="budget of 1 pages"):
        ask(each, "http://93.184.216.34/tin-2.html")
    ask(each, "http://93.184.216.34/", kind="section")
    state.log.close("finished", {})


def test_an_outlet_given_up_is_left_alone(tmp_path: Path) -> None:
    each, state = guard(tmp_path, outlet())
    state.give_up("thu", "asked to wait 900 s")
    with pytest.raises(Skipped, match="900 s"):
        ask(each, "http://93.184.216.34/tin-1.html")
    state.log.close("finished", {})


def test_what_waited_in_the_queue_of_an_outlet_given_up_is_dropped(tmp_path: Path) -> None:
    each, state = guard(tmp_path, outlet())
    request = ask(each, "http://93.184.216.34/tin-1.html")
    state.give_up("thu", "asked to wait 900 s")
    download = Download.__new__(Download)  # without a reactor
    download._crawler = each._crawler
    with pytest.raises(Skipped, match="900 s"):
        asyncio.run(download.download_request(request))
    state.log.close("finished", {})


@pytest.mark.parametrize(("hours", "asked"), [("22:00-06:00", True), ("06:00-22:00", False)])
def test_an_outlet_is_asked_in_its_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: str, asked: bool
) -> None:
    # 16:30 UTC is half past eleven at night in Hà Nội
    monkeypatch.setattr(module, "now", lambda: datetime(2026, 3, 7, 16, 30, tzinfo=UTC))
    each, state = guard(tmp_path, outlet(hours=hours))
    if asked:
        ask(each, "http://93.184.216.34/tin-1.html")
    else:
        with pytest.raises(Skipped, match=r"asked only at 06:00-22:00 \(Asia/Ho_Chi_Minh\)"):
            ask(each, "http://93.184.216.34/tin-1.html")
    state.log.close("finished", {})


def test_bytes_are_counted_until_the_budget_is_spent(tmp_path: Path) -> None:
    each, state = guard(tmp_path, outlet(limits={"bytes": 1000}))
    request = ask(each, "http://93.184.216.34/tin-1.html")
    each.bytes_received(b"x" * 999, request)
    ask(each, "http://93.184.216.34/tin-2.html")
    each.bytes_received(b"x", request)
    with pytest.raises(Skipped, match="budget of 1000 bytes is spent"):
        ask(each, "http://93.184.216.34/tin-3.html")
    assert state.log.counts["thu"].bytes == 1000
    assert state.log.counts["thu"].given_up == "budget of 1000 bytes is spent"
    state.log.close("finished", {})


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
