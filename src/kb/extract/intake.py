"""Files and folders → a cheap stream of documents.

The stream only cuts files into documents, so that one process can feed many workers; parsing
happens in `to_article`. Bad input never stops the stream: it is named once and passed over.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO

from kb.capture import Capture, Rejection
from kb.errors import KbError, UnreadableFile
from kb.extract.captures import read_warc
from kb.extract.decode import refuse_binary
from kb.extract.document import Document, to_article

__all__ = ["Document", "Item", "documents", "to_article"]

STAGE = "intake"
_MANIFEST = "manifest.jsonl"
_BESIDE = (
    ".avif .css .eot .gif .ico .jpeg .jpg .js .map .mp3 .mp4 .png .svg .ttf .webp .woff .woff2"
)
_PASSED_OVER = frozenset(_BESIDE.split())
"""What a browser saves beside a page: in a folder not worth a word."""


Item = Document | Rejection


def documents(paths: Sequence[Path], *, max_bytes: int) -> Iterator[Item]:
    """Yield the documents in files and folders, in the order given, folders sorted.

    Read are `.html`, `.htm`, `.txt`, `.jsonl` and `.warc`, each also gzipped (known by its
    first bytes, not by its name). In a folder hidden files, pictures and style sheets are passed
    over; a `manifest.jsonl` with `file`, `url`, `outlet` names the addresses of pages beside it.

    Args:
        paths: files and folders.
        max_bytes: limit of one decompressed page, text or record; larger ones are not read.
    """
    for path in paths:
        if _is_folder(path):
            yield from _folder(path, max_bytes)
        else:
            yield from _file(path, max_bytes)


def _folder(folder: Path, max_bytes: int) -> Iterator[Item]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _rejected(folder, error)
        return
    for path in entries:
        if path.name.startswith("."):
            continue
        if _is_folder(path):
            if not path.is_symlink():
                yield from _folder(path, max_bytes)
        elif _suffix(path) not in _PASSED_OVER and not _manifest(path):
            yield from _file(path, max_bytes)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # forbidden: opening it as a file says so
        return False


def _file(path: Path, max_bytes: int) -> Iterator[Item]:
    reader = _READERS.get(_suffix(path))
    if reader is None:
        known = ", ".join(_READERS)
        yield _rejected(
            path, f"files ending in {_suffix(path) or 'nothing'} are not read ({known})"
        )
        return
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile("not a regular file")
        if path.stat().st_size == 0:
            raise UnreadableFile("the file is empty")
        yield from reader(path, max_bytes)
    except (OSError, EOFError, zlib.error, KbError) as error:
        yield _rejected(path, error)


def _suffix(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, decompressed if it begins like gzip."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield unpacked  # type: ignore[misc]


def _whole(path: Path, max_bytes: int) -> bytes:
    too_large = UnreadableFile(f"larger than {max_bytes} bytes")
    if path.stat().st_size > max_bytes:
        raise too_large
    with _opened(path) as file:
        payload = file.read(max_bytes + 1)
    if len(payload) > max_bytes:
        raise too_large
    if not payload.strip():
        raise UnreadableFile("the file is empty")
    return payload


def _page(path: Path, max_bytes: int) -> Iterator[Item]:
    url, outlet = _manifest(path.with_name(_MANIFEST)).get(path.name, (None, None))
    yield Document("page", str(path), _whole(path, max_bytes), url=url, outlet=outlet)


def _text(path: Path, max_bytes: int) -> Iterator[Item]:
    yield Document("text", str(path), _whole(path, max_bytes))


def _records(path: Path, max_bytes: int) -> Iterator[Item]:
    if _manifest(path):
        raise UnreadableFile("a list of pages, not of articles: name its folder instead")
    count = 0
    with _opened(path) as file:
        number = 0
        while row := file.readline(max_bytes + 1):
            number += 1
            if number == 1:
                refuse_binary(row)
            if len(row) > max_bytes:
                while row and not row.endswith(b"\n"):
                    row = file.readline(max_bytes)
                yield Rejection(f"{path}:{number}", STAGE, f"larger than {max_bytes} bytes")
                count += 1
            elif row.strip():
                count += 1
                yield Document("record", f"{path}:{number}", row)
    if not count:
        raise UnreadableFile("the file is empty")


def _captured(path: Path, max_bytes: int) -> Iterator[Item]:
    for item in read_warc(path, max_bytes=max_bytes):
        if isinstance(item, Capture):
            yield Document(
                "page",
                f"{path}@{item.offset}",
                item.payload,
                url=item.url,
                outlet=item.outlet,
                encoding=item.encoding,
                digest=item.digest,
                seen_at=item.fetched_at,
            )
        else:
            yield item


_READERS: dict[str, Callable[[Path, int], Iterator[Item]]] = {
    ".html": _page, ".htm": _page, ".txt": _text, ".jsonl": _records, ".warc": _captured,
}  # fmt: skip


Pages = dict[str, tuple[str | None, str | None]]


def _manifest(path: Path) -> Pages:
    """Return (url, outlet) by file name from a list of saved pages, {} if it is none."""
    if path.name != _MANIFEST or not path.is_file():
        return {}
    return _read_manifest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_manifest(path: Path, changed: int) -> Pages:
    """Read it once for all pages of a folder; `changed` (ns) makes an edited list read anew."""
    try:
        with path.open(encoding="utf-8") as file:
            rows = [json.loads(row) for row in file if row.strip()]
        return {row["file"]: (row.get("url"), row.get("outlet")) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _rejected(path: Path, reason: object) -> Rejection:
    match reason:
        case FileNotFoundError():
            text = "no such file or folder"
        case PermissionError():
            text = "no permission to read it"
        case EOFError():
            text = "the gzip file is cut off"
        case gzip.BadGzipFile() | zlib.error():
            text = f"damaged gzip data: {reason}"
        case OSError():
            text = reason.strerror or str(reason)
        case _:
            text = str(reason)
    return Rejection(str(path), STAGE, " ".join(text.split()))
