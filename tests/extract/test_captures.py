"""WARC files: what is read from them, whole and damaged."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from base64 import b32encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import brotli
import pytest

from kb.capture import Capture, Rejection
from kb.errors import UnreadableFile
from kb.extract import documents, read_capture, read_warc

HTML = "text/html; charset=utf-8"


def body(number: int) -> bytes:
    noise = " ".join(str(Random(number * 1000 + i).random()) for i in range(900))
    return f"<html><body>bài {number} {noise}</body></html>".encode()


def record(kind: str, fields: dict[str, str], block: bytes) -> bytes:
    head = {"WARC-Type": kind, "WARC-Date": "2024-05-11T10:42:00Z", **fields}
    head["Content-Length"] = str(len(block))
    rows = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{rows}\r\n".encode() + block + b"\r\n\r\n"


def write(path: Path, kinds: list[tuple[str, str]], *, packed: bool = True) -> list[int]:
    """Write one response for each (status, content type); return offsets and the end."""
    offsets = []
    with path.open("wb") as file:
        pack: Callable[[bytes], bytes] = gzip.compress if packed else bytes
        info = {"Content-Type": "application/warc-fields"}
        file.write(pack(record("warcinfo", info, b"software: test\r\n")))
        for number, (status, kind) in enumerate(kinds):
            offsets.append(file.tell())
            payload = body(number)
            block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + payload
            fields = {
                "WARC-Target-URI": f"http://127.0.0.1:8000/bai-{number}.htm",
                "WARC-Payload-Digest": "sha1:" + b32encode(hashlib.sha1(payload).digest()).decode(),
                "Content-Type": "application/http; msgtype=response",
            }
            file.write(pack(record("response", fields, block)))
        offsets.append(file.tell())
    return offsets


def numbers(path: Path) -> tuple[list[str], list[str]]:
    """Return the last character before `.htm` of each capture, and each reason."""
    items = list(read_warc(path))
    captures = [item.url[-5] for item in items if isinstance(item, Capture)]
    return captures, [item.reason for item in items if isinstance(item, Rejection)]


@pytest.mark.parametrize("packed", [True, False])
def test_captures_are_read_with_their_place(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.warc"
    offsets = write(path, [("200 OK", HTML)] * 3, packed=packed)
    captures = [item for item in read_warc(path) if isinstance(item, Capture)]
    assert [capture.payload for capture in captures] == [body(0), body(1), body(2)]
    assert [capture.offset for capture in captures] == offsets[:3]
    gap = 0 if packed else 4
    assert [c.offset + c.length + gap for c in captures] == offsets[1:]
    assert captures[0].fetched_at == datetime(2024, 5, 11, 10, 42, tzinfo=UTC)
    assert (captures[0].encoding, captures[0].outlet) == ("utf-8", None)
    assert captures[0].digest.startswith("sha1:")
    assert read_capture(path, offsets[1]) == captures[1]


def test_only_html_with_status_200(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    kinds = [("200 OK", "text/plain"), ("404 Not Found", HTML), ("200 OK", "image/png")]
    write(path, [*kinds, ("200 OK", HTML)])
    assert numbers(path) == (["3"], [])


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("into", [1, 60, 300, 4000])
def test_cut_file_gives_the_records_before_and_one_rejection(
    tmp_path: Path, packed: bool, into: int
) -> None:
    path = tmp_path / "a.warc"
    offsets = write(path, [("200 OK", HTML)] * 3, packed=packed)
    path.write_bytes(path.read_bytes()[: offsets[2] + into])
    captures, reasons = numbers(path)
    assert captures == ["0", "1"]
    assert len(reasons) == 1
    assert "cut off" in reasons[0]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("into", [2, 12, 3000])
def test_flipped_bytes_cost_one_record(tmp_path: Path, packed: bool, into: int) -> None:
    path = tmp_path / "a.warc"
    offsets = write(path, [("200 OK", HTML)] * 4, packed=packed)
    damaged = bytearray(path.read_bytes())
    damaged[offsets[1] + into : offsets[1] + into + 20] = bytes(20)
    path.write_bytes(damaged)
    captures, reasons = numbers(path)
    assert captures == ["0", "2", "3"]
    assert len(reasons) == 1
    with pytest.raises(UnreadableFile):
        read_capture(path, offsets[1])


@pytest.mark.parametrize("limit", [1_000_000, 20_000])
def test_a_file_that_was_packed_as_a_whole_is_told_not_lost(tmp_path: Path, limit: int) -> None:
    plain, packed = tmp_path / "a.warc", tmp_path / "a.warc.gz"
    write(plain, [("200 OK", HTML)] * 3, packed=False)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    (told,) = read_warc(packed, max_bytes=limit)
    assert isinstance(told, Rejection)
    assert "unpack the file with gunzip" in told.reason
    assert numbers(plain) == (["0", "1", "2"], [])


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("br", brotli.compress), ("gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_pages_are_unpacked_that_a_crawler_kept_as_they_were_sent(
    tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "a.warc"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nContent-Encoding: {encoding}\r\n\r\n"
    place = {"WARC-Target-URI": "http://127.0.0.1:8000/bai-1.htm"}
    path.write_bytes(record("response", place, head.encode() + pack(body(1))))
    (found,) = read_warc(path)
    assert isinstance(found, Capture)
    assert found.payload == body(1)


@pytest.mark.parametrize("packed", [True, False])
def test_large_record_is_passed_over(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.warc"
    write(path, [("200 OK", HTML)] * 2, packed=packed)
    items = list(read_warc(path, max_bytes=5000))
    reasons = [item.reason for item in items if isinstance(item, Rejection)]
    assert len(items) == len(reasons) == 2
    assert all("larger than 5000 bytes" in reason for reason in reasons)


def test_not_a_warc(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"<html>no archive</html>")
    captures, reasons = numbers(path)
    assert (captures, len(reasons)) == ([], 1)


def test_no_record_at_an_offset(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    offsets = write(path, [("200 OK", HTML), ("200 OK", "text/plain")])
    with pytest.raises(UnreadableFile):
        read_capture(path, offsets[0] + 7)
    with pytest.raises(UnreadableFile, match="no HTML"):
        read_capture(path, offsets[1])
    with pytest.raises(UnreadableFile, match="no WARC record"):
        read_capture(path, offsets[2])


def test_a_page_is_found_again_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offset, _ = write(tmp_path / "a.warc.gz", [("200 OK", HTML)])
    monkeypatch.chdir(tmp_path)
    (page,) = documents([Path("a.warc.gz")], max_bytes=1_000_000)
    monkeypatch.chdir("/")
    assert page.source == f"{tmp_path / 'a.warc.gz'}@{offset}"
