"""Certificates over real TLS on loopback: trusted ones pass, others by the outlet's word only."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from crawlers.child import crawl
from tests.crawlers.certificates import Authority
from tests.crawlers.hostile import page, raw
from tests.crawlers.site import site

Told = dict[str, dict[str, tuple[str, str]]]


def _serve(path: str, line: socket.socket) -> None:
    page(line, b'<a href="/bai-1.html">x</a>' if path == "/" else b"<p>Bai mot.</p>")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Outcome and reason by outlet and path."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder)
    pairs = {
        "tin": authority.sign("tin"),
        "tuky": authority.self_signed("tuky"),
        "het": authority.sign("het", days=-1),
        "nham": authority.sign("nham", host="127.0.0.2"),
        "mac": authority.self_signed("mac"),
    }
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv(
            "SSL_CERT_FILE", str(authority.path)
        )
        homes = {}
        for name, pair in pairs.items():
            paper = stack.enter_context(raw(_serve, pair))
            paper.outlet(folder / "outlets", id=name, delay=0.01, verify_tls=name != "mac")
            homes[name] = paper.home
        plain = stack.enter_context(site())
        plain.home = plain.home.replace("http://", "https://")
        plain.outlet(folder / "outlets", id="tran", delay=0.01)
        homes["tran"] = plain.home
        report = crawl(folder / "outlets", [], folder / "out", timeout=900)
        assert report.finished
        assert report.errors == 0
        found: Told = {name: {} for name in homes}
        for row in map(json.loads, report.log.read_text(encoding="utf-8").splitlines()):
            path = row["url"].removeprefix(homes[row["outlet"]])
            found[row["outlet"]][path] = row["outcome"], row["reason"]
        yield found


def test_a_certificate_that_the_system_trusts_is_taken(told: Told) -> None:
    assert told["tin"]["/bai-1.html"] == ("stored", None)


@pytest.mark.parametrize("name", ["tuky", "het", "nham"])
def test_any_other_is_refused_and_says_so(told: Told, name: str) -> None:
    said = "its TLS certificate cannot be trusted: nothing is allowed"
    assert told[name]["/robots.txt"] == ("failed", said)
    assert "/bai-1.html" not in told[name]


def test_an_outlet_may_be_excused(told: Told) -> None:
    assert told["mac"]["/bai-1.html"] == ("stored", None)


def test_what_does_not_speak_tls_is_told(told: Told) -> None:
    said = "the TLS handshake failed: nothing is allowed"
    assert told["tran"]["/robots.txt"] == ("failed", said)
