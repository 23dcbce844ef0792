"""A foreign crawl as a stream: which pages are kept, what is counted, how much memory it takes."""

from __future__ import annotations

import gzip
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.capture import Capture, Rejection
from kb.extract import Document, Sieve, documents
from kb.extract.sieve import is_vietnamese
from kb.outlets import load_outlets
from tests.extract.papers import FEES, HOUSE, LEAD, LESSON, STALLS

Page = Callable[[str], bytes]
LIMIT = 1_000_000
TEXT = " ".join((LEAD, HOUSE, LESSON, STALLS, FEES))
FRENCH = (
    "Le marché aux fleurs a déménagé à l'aube ; près de cent vendeuses se sont installées sur la "
    "berge, où la lumière manque encore, et l'été prochain la mairie y créera un abri. "
)
ENGLISH = "The paper workshop opened by the West Lake on Saturday with thirty pupils in the house. "
CZECH = "Květinový trh se přestěhoval za úsvitu, dvě stě prodavaček čeká na nové světlo a střechu. "


def record(kind: str, url: str, block: bytes, media: str = "application/http") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2025-11-10T01:00:00Z\r\nContent-Type: {media}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 1)


def response(url: str, html: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n"
    return record("response", url, head.encode() + html.encode())


def html(text: str, lang: str = "", meta: str = "") -> str:
    menu = "<script>var tiếng = 'Việt ở đây không được tính ưữựạặ'</script>" * 20
    return f"<!doctype html><html {lang}><head>{meta}</head><body>{menu}<p>{text}</p></body></html>"


def capture(text: str, *, lang: str = "", meta: str = "", encoding: str = "utf-8") -> Capture:
    payload = html(text, lang, meta).encode(encoding, "xmlcharrefreplace")
    now = datetime(2025, 11, 10, tzinfo=UTC)
    return Capture("https://x.example/1", 200, now, "text/html", payload, "", "a.warc", 0, 0,
                   encoding=encoding)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (capture(TEXT), True),
        (capture(TEXT, lang="lang=en-US"), True),
        (capture(TEXT, encoding="ascii"), True),
        (capture(f"{TEXT} {ENGLISH * 60}"), False),
        (capture(f"{TEXT} {ENGLISH * 25}", lang='lang="vi"'), True),
        (capture(f"{TEXT} {ENGLISH * 25}", meta='<meta property="og:locale" content="vi_VN">'),
         True),
        (capture(f"{TEXT} {ENGLISH * 25}", meta='<meta content="vi_VN" property="og:locale">'),
         True),
        (capture(f"{TEXT} {ENGLISH * 25}", lang='lang="en"'), False),
        (capture(ENGLISH * 20, lang='lang="vi"'), False),
        (capture(FRENCH * 20), False),
        (capture(CZECH * 20), False),
        (capture("", lang='lang="vi"'), False),
    ],
)  # fmt: skip
def test_vietnamese_is_told_by_what_is_declared_and_by_its_letters(
    page: Capture, expected: bool
) -> None:
    assert is_vietnamese(page) is expected


def test_decomposed_letters_count() -> None:
    page = capture(
        "Ha\u0300 Nô\u0323i mơ\u0309 xươ\u0309ng giâ\u0301y do\u0301 cho ngươ\u0300i. " * 20
    )
    assert is_vietnamese(page)


def crawl(path: Path, foreign: int) -> Counter[str]:
    """Write a crawl with few pages of interest; return what must be counted as passed over."""
    noise = [f"{ENGLISH} {number:x} " * 40 for number in range(50)]

    def rows() -> Iterator[bytes]:
        yield record("warcinfo", "", b"software: x\r\n", "application/warc-fields")
        yield record("response", "dns:x.example", b"20251110 x.example. 60 IN A 1.2.3.4\n",
                     "text/dns")  # fmt: skip
        for number in range(foreign):
            url = f"https://paper{number}.example/{number}"
            yield record("request", url, b"GET / HTTP/1.1\r\nHost: x.example\r\n\r\n")
            yield response(url, html(noise[number % 50] * 5, 'lang="en"'))
            yield record("metadata", url, b"fetchTimeMs: 9\r\n", "application/warc-fields")
        yield response("https://x.example/gone", "<p>gone</p>", status="404 Not Found")
        yield response("https://x.example/a.json", "{}", kind="application/json")
        revisit = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        yield record("revisit", "https://x.example/again", revisit)
        yield response("https://bao-la.example/bai-1.htm", html(TEXT))
        yield response("https://www.vnexpress.net/bai-4800001.html", html(ENGLISH * 30))

    with path.open("wb") as file:
        file.writelines(rows())
    return Counter(
        {"foreign": foreign, "request": foreign, "metadata": foreign, "warcinfo": 1, "dns": 1,
         "status": 1, "kind": 1, "revisit": 1}
    )  # fmt: skip


def test_a_crawl_is_sieved_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "CC-NEWS.warc.gz"
    expected = crawl(path, 3000)
    sieve = Sieve(load_outlets().values())
    kept, aside, peak = [], [], 0
    tracemalloc.start()
    try:
        for item in documents([path], max_bytes=LIMIT, sieve=sieve):
            if isinstance(item, Document):
                kept.append(item.url)
            else:
                aside.append(item)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kept == [
        "https://bao-la.example/bai-1.htm",
        "https://www.vnexpress.net/bai-4800001.html",
    ]
    assert aside == []
    assert sieve.skipped == expected
    assert peak < 8_000_000  # all its pages together are more than fifty million


def test_without_a_sieve_or_with_a_named_outlet_every_page_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    crawl(path, 3)
    every = Sieve(load_outlets().values(), every_page=True)
    assert len(list(documents([path], max_bytes=LIMIT, sieve=every))) == 5
    assert len(list(documents([path], max_bytes=LIMIT))) == 5
    assert every.skipped["foreign"] == 0
    assert every.skipped["request"] == 3


def test_a_damaged_record_among_foreign_ones_is_still_named(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    crawl(path, 2)
    path.write_bytes(path.read_bytes()[:-40])
    items = list(documents([path], max_bytes=LIMIT, sieve=Sieve(load_outlets().values())))
    assert [type(item) for item in items] == [Document, Rejection]
