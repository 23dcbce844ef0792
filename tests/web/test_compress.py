"""What goes over the wire: how much, in which form, and with which headers for caches."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from kb.web.assets import STATIC
from kb.web.compress import Compressed, takes_gzip
from tests.web.markup import tree

HEAVIEST = 100_000
"""Bytes of a first visit."""
LIST = "/api/v1/articles"


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Return an answer and its body as it came over the wire."""
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip", **headers}) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/", "/today", "/search?q=l%E1%BB%85+h%E1%BB%99i"])
def test_a_first_visit_is_small_with_all_that_it_loads(client: httpx.Client, path: str) -> None:
    page = tree(client.get(path))
    loads = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src")
    loads += page.xpath("//img/@src | //iframe/@src")
    assert len(loads) >= 2
    packed = sum(len(raw(client, one)[1]) for one in (path, *loads))
    assert packed < HEAVIEST
    # All that the stylesheet names is in these files: nothing else is asked for.
    style = (STATIC / "style.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
    plain = sum(len(raw(client, one, **{"Accept-Encoding": "identity"})[1]) for one in loads[:2])
    assert plain < HEAVIEST / 2


def test_the_first_page_is_small_even_where_nothing_is_compressed(client: httpx.Client) -> None:
    page = tree(client.get("/"))
    loads = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src")
    plain = {"Accept-Encoding": "identity"}
    assert sum(len(raw(client, one, **plain)[1]) for one in ("/", *loads)) < HEAVIEST


@pytest.mark.parametrize("path", ["/", "/static/style.css", LIST, "/feed.atom", "/openapi.json"])
def test_pages_styles_and_data_come_packed_and_are_the_same(
    client: httpx.Client, path: str
) -> None:
    answer, body = raw(client, path)
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    same, plain = raw(client, path, **{"Accept-Encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in same.headers
    assert "Accept-Encoding" in same.headers["vary"]
    assert gzip.decompress(body) == plain
    assert len(body) < len(plain)


@pytest.mark.parametrize("path", ["/following", "/following/new", "/account", "/login"])
def test_pages_with_what_is_personal_are_never_packed(client: httpx.Client, path: str) -> None:
    answer, _ = raw(client, path)
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/static/style.css", LIST, "/feed.atom"])
def test_each_form_has_a_tag_by_which_it_is_known_again(client: httpx.Client, path: str) -> None:
    packed, _ = raw(client, path)
    plain, _ = raw(client, path, **{"Accept-Encoding": "identity"})
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    for tag in (packed.headers["etag"], plain.headers["etag"]):
        for encoding in ("gzip", "identity"):
            known = {"If-None-Match": tag, "Accept-Encoding": encoding}
            answer, body = raw(client, path, **known)
            assert (answer.status_code, body) == (304, b"")
            assert "Accept-Encoding" in answer.headers["vary"]
            assert "content-encoding" not in answer.headers
            assert answer.headers["etag"].startswith("W/") == (encoding == "gzip")


@pytest.mark.parametrize("form", ["text/csv", "application/jsonl"])
def test_a_streamed_file_comes_packed_and_whole(client: httpx.Client, form: str) -> None:
    answer, body = raw(client, LIST, Accept=form)
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-length" not in answer.headers
    assert gzip.decompress(body).decode() == client.get(LIST, headers={"Accept": form}).text


def test_each_part_of_a_stream_is_sent_before_the_next_is_made() -> None:
    made: list[bytes] = []
    sent: list[tuple[int, bytes]] = []

    def parts() -> Iterator[bytes]:
        for number in range(3):
            made.append(b"%d\n" % number)
            yield made[-1]

    app = FastAPI()
    app.add_api_route("/rows", lambda: StreamingResponse(parts(), media_type="text/csv"))

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message.get("body"):
                sent.append((len(made), message["body"]))
            await send(message)

        await Compressed(app)(scope, receive, note)

    answer = TestClient(noting).get("/rows", headers={"Accept-Encoding": "gzip"})
    assert answer.text == "0\n1\n2\n"
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    told = [(had, unpack.decompress(body)) for had, body in sent[:3]]
    assert told == [(1, b"0\n"), (2, b"1\n"), (3, b"2\n")]


def test_files_are_kept_by_their_digest(client: httpx.Client) -> None:
    (style,) = tree(client.get("/")).xpath("//link[@rel='stylesheet']/@href")
    assert "immutable" in client.get(style).headers["cache-control"]
    for other in ("/static/style.css", "/static/style.css?v=0", "/static/style.css?"):
        assert client.get(other).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip, deflate, br", True), ("*", True), ("GZIP;q=0.5", True), ("", False),
        ("identity", False), ("gzip;q=0", False), ("*;q=0", False), ("gzip;q=0, *", False),
        ("gzip;q=viel", False), ("xgzip", False),
    ],
)  # fmt: skip
def test_who_takes_gzip(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes
