"""Where finished WARC files are kept when that is not the folder of the crawl."""

from __future__ import annotations

from pathlib import Path

import fsspec
from fsspec.core import url_to_fs

from kb.errors import ConfigError


class Store:
    """A place by fsspec URL: `file:///archive`, `s3://bucket/press` and so on, each kind by its
    own plugin (`pip install s3fs`). A file is put there whole once it is closed, since most
    object stores cannot append."""

    def __init__(self, url: str) -> None:
        """Open the place.

        Raises:
            ConfigError: no such kind of place, or its plugin is not installed.
        """
        self.url = url.rstrip("/")
        try:
            self._files, self._root = url_to_fs(self.url)
        except (ValueError, ImportError) as error:
            known = ", ".join(sorted(fsspec.available_protocols()))
            raise ConfigError(
                f"captures: {url}: {error}; kinds of place that are known: {known}"
            ) from error

    def put(self, path: Path) -> str:
        """Copy a file there, see that it arrived whole, and return its URL.

        Raises:
            OSError: it did not arrive whole; the plugins raise others of their own.
        """
        self._files.makedirs(self._root, exist_ok=True)
        there = f"{self._root.rstrip('/')}/{path.name}"
        self._files.put_file(str(path), there)
        size = self._files.info(there)["size"]
        if size != path.stat().st_size:
            raise OSError(f"{size} bytes arrived of {path.stat().st_size}")
        return f"{self.url}/{path.name}"
