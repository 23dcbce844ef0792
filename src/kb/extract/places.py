"""Files that lie elsewhere: by fsspec URL (`s3://…`, `file:///…`), read like those of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from fsspec.core import url_to_fs

from kb.errors import ConfigError, UnreadableFile


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of a remote file, by the names of `os.stat`."""

    st_size: int
    st_mtime_ns: int = 0


class Remote:
    """One file or folder elsewhere, with what is used here of a `Path`.

    Raises:
        UnreadableFile: from every method, for whatever the plugin of its kind of place raises.
    """

    def __init__(self, url: str) -> None:
        """Name a place; nothing is asked of it yet.

        Raises:
            ConfigError: no such kind of place, or its plugin is not installed.
        """
        self._url = url.rstrip("/")
        try:
            files, self._path = url_to_fs(self._url)
        except (ValueError, ImportError) as error:
            raise ConfigError(f"{url}: {error}") from error
        self._files: Any = files

    def __str__(self) -> str:
        return self._url

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self._url.rpartition("/")[2]

    def exists(self) -> bool:
        """Whether anything is there."""
        with self._told():
            return bool(self._files.exists(self._path))

    def is_file(self) -> bool:
        """Whether a file is there."""
        with self._told():
            return bool(self._files.isfile(self._path))

    def is_dir(self) -> bool:
        """Whether a folder is there."""
        with self._told():
            return bool(self._files.isdir(self._path))

    def stat(self) -> Size:
        """Return its size."""
        with self._told():
            return Size(int(self._files.info(self._path)["size"]))

    def open(self, mode: str = "rb") -> BinaryIO:
        """Open it for reading; it can be sought in, a block at a time is fetched."""
        with self._told():
            return cast("BinaryIO", self._files.open(self._path, mode))

    def inside(self) -> list[Remote]:
        """Return all files of a folder and of those in it, sorted."""
        with self._told():
            root = self._path.rstrip("/")
            found = sorted(self._files.find(root))
        return [Remote(self._url + str(path)[len(root) :]) for path in found]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:  # each kind of place has errors of its own
            text = " ".join(str(error).split()) or type(error).__name__
            raise UnreadableFile(f"cannot be read there: {text[:200]}") from error


File = Path | Remote


def located(name: Path | str) -> File:
    """Return the file or folder that a path or a URL names."""
    return Remote(str(name)) if is_url(name) else Path(name)


def kept(warc: str, data_dir: Path) -> File:
    """Return where a capture's file is: as it was written, or below a data folder that moved."""
    if is_url(warc):
        return located(warc)
    path = Path(warc)
    if path.is_file() or "captures" not in path.parts:
        return path
    place = len(path.parts) - 1 - path.parts[::-1].index("captures")
    moved = data_dir.joinpath(*path.parts[place:])
    return moved if moved.is_file() else path


def is_url(name: Path | str) -> bool:
    """Whether a place is named by a URL."""
    return isinstance(name, str) and "://" in name


def absolute(source: str) -> str:
    """Return a place as it holds from every working folder: a path (what may stand behind it, as
    in `tin.jsonl:17`, stays), or a URL as it is."""
    if is_url(source):
        return source
    path = Path(source)
    # Only where it must be: a folder behind a link may move, and its name stays.
    return str(path.resolve() if ".." in path.parts else path.absolute())
