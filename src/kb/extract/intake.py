"""Files and folders → a cheap stream of documents.

The stream only cuts files into documents, so that one process can feed many workers; parsing
happens in `to_article`. Bad input never stops the stream: it is named once and passed over.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import IO

from kb.capture import Rejection
from kb.errors import KbError, UnreadableFile
from kb.extract import papers
from kb.extract.captures import read_warc
from kb.extract.decode import refuse_binary
from kb.extract.document import Document, to_article
from kb.extract.papers import STAGE, Item
from kb.extract.places import File, Remote, located
from kb.extract.sieve import Sieve

__all__ = ["Document", "Item", "documents", "pages_between", "to_article"]

_MANIFEST = "manifest.jsonl"
_BESIDE = (
    ".avif .css .eot .gif .ico .jpeg .jpg .js .map .mp3 .mp4 .png .svg .ttf .webp .woff .woff2"
    " .asc .ics .p7m .p7s .sig .vcf"
)
_PASSED_OVER = frozenset(_BESIDE.split())
"""What a browser saves beside a page and a mail program beside a text: not worth a word."""
_SLOW = (".pdf", ".eml")
_WITH_PICTURES = 5
"""A PDF, Word or mail file may be so many times as large as a page: it holds its pictures."""


def documents(
    paths: Sequence[Path | str], *, max_bytes: int, sieve: Sieve | None = None, workers: int = 0
) -> Iterator[Item]:
    """Yield the documents in files and folders, in the order given, folders sorted.

    Read are `.html`, `.htm`, `.txt`, `.pdf`, `.docx`, `.eml`, `.jsonl` and `.warc`, each also
    gzipped (known by its first bytes, not by its name). In a folder hidden files, pictures and
    style sheets are passed over; a `manifest.jsonl` with `file`, `url`, `outlet` names the
    addresses of pages beside it.

    Args:
        paths: files and folders; also fsspec URLs of either (`s3://bucket/warc`).
        max_bytes: limit of one decompressed page, text or record; larger ones are not read.
        sieve: which captures of WARC files to keep (None: all).
        workers: how many PDF and mail files are read at once (0: one a core).
    """
    workers = workers or os.cpu_count() or 1
    # Threads are enough: a PDF is read in a process of its own, for which they only wait.
    threads = ThreadPoolExecutor(workers, thread_name_prefix="papers")
    ahead: deque[File | Rejection | Future[list[Item]]] = deque()
    read = partial(_file, max_bytes=max_bytes, sieve=sieve)
    try:
        for found in chain.from_iterable(map(_files, paths)):
            if workers > 1 and not isinstance(found, Rejection) and _suffix(found.name) in _SLOW:
                ahead.append(threads.submit(_all, read, found))
            else:
                ahead.append(found)
            if len(ahead) > workers:
                yield from _items(ahead.popleft(), read)
        while ahead:
            yield from _items(ahead.popleft(), read)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _all(read: Callable[[File], Iterator[Item]], file: File) -> list[Item]:
    return list(read(file))


def _items(
    found: File | Rejection | Future[list[Item]], read: Callable[[File], Iterator[Item]]
) -> Iterator[Item]:
    match found:
        case Rejection():
            yield found
        case Future():
            yield from found.result()
        case _:
            yield from read(found)


def _files(named: Path | str) -> Iterator[File | Rejection]:
    path = located(named)
    if isinstance(path, Remote):
        yield from _remote(path)
    elif _is_folder(path):
        yield from _folder(path)
    else:
        yield path


def _remote(place: Remote) -> Iterator[File | Rejection]:
    try:
        found = place.inside() if place.is_dir() else [place]
    except (OSError, KbError) as error:
        yield _rejected(place, error)
        return
    for file in found:
        if not file.name.startswith(".") and _suffix(file.name) not in _PASSED_OVER:
            yield file


def _folder(folder: Path) -> Iterator[File | Rejection]:
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
                yield from _folder(path)
        elif _suffix(path.name) not in _PASSED_OVER and not _manifest(path):
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # forbidden: opening it as a file says so
        return False


def _file(path: File, max_bytes: int, sieve: Sieve | None) -> Iterator[Item]:
    suffix = _suffix(path.name)
    try:
        if suffix not in KNOWN:
            raise _unknown(path.name)
        if path.exists() and not path.is_file():
            raise UnreadableFile("not a regular file")
        if path.stat().st_size == 0:
            raise UnreadableFile("the file is empty")
        if suffix == ".warc":
            yield from _captured(path, max_bytes, sieve)
        elif suffix == ".jsonl":
            yield from _records(path, max_bytes)
        else:
            limit = max_bytes * _WITH_PICTURES if suffix in (".pdf", ".docx", ".eml") else max_bytes
            yield from _opened_as(suffix, str(path), _whole(path, limit), max_bytes)
    except (OSError, EOFError, zlib.error, KbError) as error:
        yield _rejected(path, error)


def pages_between(
    name: Path | str, part: tuple[int, int], *, max_bytes: int, sieve: Sieve | None = None
) -> Iterator[Item]:
    """Yield the documents whose records begin in some bytes (first, last exclusive) of a
    compressed WARC file: a path or fsspec URL; what cannot be read is named as by `documents`."""
    path = located(name)
    try:
        yield from _captured(path, max_bytes, sieve, part)
    except (OSError, EOFError, zlib.error, KbError) as error:
        yield _rejected(path, error)


KNOWN = (".html", ".htm", ".txt", ".pdf", ".docx", ".eml", ".jsonl", ".warc")
"""Endings of the files that are read, each also followed by `.gz`."""


def _unknown(name: str) -> UnreadableFile:
    ending = _suffix(name) or "nothing"
    return UnreadableFile(f"files ending in {ending} are not read ({', '.join(KNOWN)})")


def _suffix(name: str) -> str:
    return Path(name.lower().removesuffix(".gz")).suffix


def _opened_as(
    suffix: str, source: str, payload: bytes, max_bytes: int, deep: int = 0
) -> Iterator[Item]:
    """Cut the content of a file that is read as a whole into documents.

    Raises:
        UnreadableFile: it cannot be read.
    """
    try:
        yield from _cut(suffix, source, payload, max_bytes, deep)
    except (OSError, KbError):
        raise
    except Exception as error:  # one odd file must not end the stream: its fault is kept
        fault = f"cannot be parsed: {type(error).__name__}: {error}"
        raise UnreadableFile(fault[:300]) from error


def _cut(suffix: str, source: str, payload: bytes, max_bytes: int, deep: int) -> Iterator[Item]:
    match suffix:
        case ".txt":
            yield Document("text", source, payload)
        case ".pdf":
            yield from papers.pdf(source, payload)
        case ".docx":
            yield from papers.docx(source, payload, max_bytes)
        case ".eml":
            opened = partial(_attached, max_bytes)
            yield from papers.mail(source, payload, opened, deep)
        case _:
            path = Path(source)
            url, outlet = _manifest(path.with_name(_MANIFEST)).get(path.name, (None, None))
            yield Document("page", source, payload, url=url, outlet=outlet)


def _attached(max_bytes: int, source: str, payload: bytes, deep: int) -> Iterator[Item]:
    """Read a file that came with a mail."""
    suffix = _suffix(source)
    if suffix in _PASSED_OVER:
        return
    try:
        if suffix not in KNOWN or suffix in (".jsonl", ".warc"):
            raise _unknown(source)
        yield from _opened_as(suffix, source, payload, max_bytes, deep)
    except KbError as error:
        yield Rejection(source, STAGE, " ".join(str(error).split()))


@contextmanager
def _opened(path: File) -> Iterator[IO[bytes]]:
    """Open a file, decompressed if it begins like gzip."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield unpacked  # type: ignore[misc]


def _whole(path: File, max_bytes: int) -> bytes:
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


def _records(path: File, max_bytes: int) -> Iterator[Item]:
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


def _captured(
    path: File, max_bytes: int, sieve: Sieve | None, part: tuple[int, int] | None = None
) -> Iterator[Item]:
    skipped = sieve.skipped if sieve else None
    if isinstance(path, Path):  # what is kept of a page says where it is: from any folder
        path = path.absolute()
    for item in read_warc(path, max_bytes=max_bytes, skipped=skipped, part=part):
        if isinstance(item, Rejection):
            yield item
        elif sieve is None or sieve.keeps(item):
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


Pages = dict[str, tuple[str | None, str | None]]


def _manifest(path: File) -> Pages:
    """Return (url, outlet) by file name from a list of saved pages, {} if it is none."""
    if path.name != _MANIFEST or isinstance(path, Remote) or not path.is_file():
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


def _rejected(path: File, reason: object) -> Rejection:
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
