"""WARC files: what stands in them, when a new one begins, where they go, who can read them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fsspec
import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawlers import captures as module
from crawlers.captures import Captures
from crawlers.child import crawl
from crawlers.job import Job, Known
from crawlers.store import Store
from crawlers.warc import Place, payload_digest
from kb.errors import ConfigError
from tests.crawlers.site import Answer, Hit, Site, site
from tests.crawlers.test_job import OUTLET

URL = "https://thu.example/bai-{}.html"
MONDAY = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)


def answer(number: int, body: bytes = b"<p>Bai.</p>", status: int = 200) -> Response:
    request = Request(URL.format(number), headers={"User-Agent": "kb"})
    headers = {"Content-Type": "text/html", "Content-Length": "9", "Content-Encoding": "gzip"}
    return HtmlResponse(
        request.url, status=status, headers=headers, body=body, request=request, protocol="HTTP/1.1"
    )


def job(folder: Path, **more: Any) -> Job:  # noqa: ANN401
    return Job({"thu": OUTLET}, folder, "dem", **more)


def records(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Return kind and WARC headers of every record; digests must be right."""
    with path.open("rb") as file:
        found = []
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            found.append((record.rec_type, dict(record.rec_headers.headers)))
        return found


def add(captures: Captures, *answers: Response) -> list[Place]:
    async def all_at_once() -> list[Place]:
        return list(await asyncio.gather(*(captures.add("thu", each) for each in answers)))

    places = asyncio.run(all_at_once())
    captures.close()
    return places


def test_records_stand_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    places = add(Captures(job(tmp_path), "kb/1"), *map(answer, range(50)))
    (path,) = tmp_path.glob("*.warc.gz")
    found = records(path)
    urls = [head["WARC-Target-URI"] for kind, head in found if kind == "response"]
    assert urls == [URL.format(number) for number in range(50)]
    assert [kind for kind, _ in found] == ["warcinfo"] + ["response", "request"] * 50
    assert [place.offset for place in places] == sorted(place.offset for place in places)


def test_a_request_stands_beside_its_answer_and_all_name_the_file(tmp_path: Path) -> None:
    add(Captures(job(tmp_path), "kb/1"), answer(1, b"<p>Xin chao.</p>"))
    (path,) = tmp_path.glob("*.warc.gz")
    (_, info), (_, response), (_, request) = records(path)
    assert info["WARC-Filename"] == path.name
    assert request["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert response["WARC-Warcinfo-ID"] == request["WARC-Warcinfo-ID"] == info["WARC-Record-ID"]
    assert response["WARC-Payload-Digest"] == payload_digest(b"<p>Xin chao.</p>")
    assert response["WARC-Date"].endswith("Z")
    assert len(response["WARC-Date"]) == len("2026-03-02T23:59:00.000Z")


def test_a_file_that_is_large_enough_gets_no_further_record(tmp_path: Path) -> None:
    places = add(Captures(job(tmp_path, warc_bytes=2500), "kb/1"), *map(answer, range(6)))
    names = list(dict.fromkeys(place.warc for place in places))
    assert len(names) > 1
    assert [name.rpartition("-")[2] for name in names] == [
        f"{number:05}.warc.gz" for number in range(1, len(names) + 1)
    ]
    for name in names:
        assert records(tmp_path / name)[0][0] == "warcinfo"
    for place, number in zip(places, range(6), strict=True):
        with (tmp_path / place.warc).open("rb") as file:
            file.seek(place.offset)
            record = next(iter(ArchiveIterator(file)))
            assert record.rec_headers.get_header("WARC-Target-URI") == URL.format(number)


def test_a_new_day_begins_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([MONDAY, MONDAY + timedelta(seconds=30), MONDAY + timedelta(minutes=2)])
    monkeypatch.setattr(module, "now", lambda: next(clock))
    places = add(Captures(job(tmp_path), "kb/1"), *map(answer, range(3)))
    assert [place.warc for place in places] == [
        "thu-dem-20260302-00001.warc.gz",
        "thu-dem-20260302-00001.warc.gz",
        "thu-dem-20260303-00002.warc.gz",
    ]


def test_writing_does_not_hold_up_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    writers: set[int] = set()

    def slow(*given: Any) -> tuple[bytes, bytes]:  # noqa: ANN401
        writers.add(threading.get_ident())
        assert release.wait(30), "the event loop waited for the disk"
        return b"a", b"b"

    monkeypatch.setattr(module, "response_records", slow)

    async def go_on() -> None:
        captures = Captures(job(tmp_path), "kb/1")
        writing = [asyncio.ensure_future(captures.add("thu", answer(n))) for n in range(3)]
        await asyncio.sleep(0)
        release.set()
        await asyncio.gather(*writing)
        captures.close()

    asyncio.run(go_on())
    assert len(writers) == 1
    assert threading.get_ident() not in writers


def test_revisit_records_say_what_they_repeat(tmp_path: Path) -> None:
    before = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    known = Known(URL.format(1), "thu", before, before, digest="sha1:X", captured_at=before)

    async def twice() -> None:
        captures = Captures(job(tmp_path), "kb/1")
        await captures.revisit("thu", answer(1, b"", 304), known, "sha1:X")
        await captures.revisit("thu", answer(2), known, payload_digest(b"<p>Bai.</p>"))
        captures.close()

    asyncio.run(twice())
    (path,) = tmp_path.glob("*.warc.gz")
    found = records(path)
    assert [kind for kind, _ in found] == ["warcinfo"] + ["revisit", "request"] * 2
    not_modified, same = (head for kind, head in found if kind == "revisit")
    assert not_modified["WARC-Profile"].endswith("/1.1/revisit/server-not-modified")
    assert same["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert same["WARC-Payload-Digest"] == payload_digest(b"<p>Bai.</p>")
    assert not_modified["WARC-Refers-To-Target-URI"] == URL.format(1)
    assert not_modified["WARC-Refers-To-Date"] == "2026-03-01T08:30:00.000Z"


# --- where they are taken ------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[str]:
    """A place without a disk."""
    yield "memory://kho/bao"
    fsspec.filesystem("memory").rm("/kho", recursive=True)


def test_finished_files_are_taken_to_their_place(tmp_path: Path, memory: str) -> None:
    captures = Captures(job(tmp_path, captures=memory, warc_bytes=1500), "kb/1")
    add(captures, *map(answer, range(3)))
    paths = sorted(tmp_path.glob("*.warc.gz"))
    assert captures.kept == {path.name: f"{memory}/{path.name}" for path in paths}
    assert captures.faults == []
    for path in paths:
        with fsspec.open(captures.kept[path.name], "rb") as file:
            assert file.read() == path.read_bytes()


def test_a_place_that_fails_costs_no_capture(
    tmp_path: Path, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Store, path: Path) -> str:
        raise RuntimeError("no such bucket")

    monkeypatch.setattr(Store, "put", broken)
    captures = Captures(job(tmp_path, captures=memory), "kb/1")
    add(captures, answer(1))
    (path,) = tmp_path.glob("*.warc.gz")
    assert captures.kept == {}
    assert captures.faults == [f"{path.name} could not be taken to {memory}: no such bucket"]
    monkeypatch.undo()
    later = Captures(job(tmp_path, captures=memory), "kb/1")  # the crawl goes on
    later.close()
    assert list(later.kept) == [path.name]


def test_half_a_file_is_not_taken_for_a_whole_one(
    tmp_path: Path, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"x" * 100)
    store = Store(memory)
    monkeypatch.setattr(store._files, "put_file", lambda here, there: store._files.pipe(there, b""))
    with pytest.raises(OSError, match="0 bytes arrived of 100"):
        store.put(path)


@pytest.mark.parametrize("url", ["kho-la://bao", "s3://bao"])
def test_an_unknown_kind_of_place_is_told(url: str) -> None:
    with pytest.raises(ConfigError, match=rf"captures: {url}"):
        Store(url)


# --- whole crawls --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The WARC files of two nights, taken to a folder by URL; on the second nothing is new."""
    folder = tmp_path_factory.mktemp("nights")
    place = (folder / "kho").as_uri()
    with site() as paper:
        _put_up(paper)
        outlets = paper.outlet(folder / "outlets")
        first = crawl(outlets, [], folder / "1", run="1", captures=place, warc_bytes=1, timeout=900)
        lines = map(json.loads, first.log.read_text(encoding="utf-8").splitlines())
        long_ago = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        rows = [
            {k: line[k] for k in ("url", "etag", "digest")}
            | {"first_seen": long_ago, "captured_at": line["at"]}
            for line in lines
            if line["outcome"] == "stored"
        ]
        known = folder / "known.jsonl"
        known.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        second = crawl(outlets, [], folder / "2", run="2", captures=place, known=known, timeout=900)
    assert (first.outlets["thu"].stored, second.outlets["thu"].unchanged) == (3, 3)
    assert len(first.warcs) == 3
    kept = sorted((folder / "kho").iterdir())
    assert {path.name for path in kept} == first.kept.keys() | second.kept.keys()
    return kept


def _put_up(paper: Site) -> None:
    def conditional(hit: Hit) -> Answer:
        if hit.headers.get("If-None-Match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        return Answer("<p>Có thể hỏi lại.</p>".encode(), headers={"ETag": '"v1"'})

    paper.pages["/a-1.html"] = conditional
    paper.article("/b-2.html", "Không có ETag")
    paper.article("/c-3.html", "Cũng không")
    paper.section("/", "/a-1.html", "/b-2.html", "/c-3.html")


KINDS = {"warcinfo": 4, "response": 3, "revisit": 3, "request": 6}


def test_warcio_reads_them_and_finds_no_wrong_digest(nights: list[Path]) -> None:
    kinds = [kind for path in nights for kind, _ in records(path)]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS
    inputs = [str(path) for path in nights]
    assert Checker(SimpleNamespace(inputs=inputs, verbose=False)).process_all() == 0


def test_fastwarc_reads_them_and_finds_no_wrong_digest(nights: list[Path]) -> None:
    kinds: dict[str, int] = {}
    for path in nights:
        with path.open("rb") as file:
            for record in FastIterator(file, parse_http=False):
                kind = str(record.record_type)
                kinds[kind] = kinds.get(kind, 0) + 1
                assert record.verify_block_digest()
                record.parse_http()
                if kind == "response":
                    assert record.verify_payload_digest()
                    assert record.http_headers.status_code == 200
    assert kinds == KINDS
