"""A folder of data files on its way to processes that share no disk with this one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of a folder: name and content, sorted."""

    files: tuple[tuple[str, bytes], ...]


Place = Path | Parcel | None
"""A folder of this machine, its contents, or none."""


class Registries(NamedTuple):
    """The registry files that workers read by; they do not have the settings of who sends them."""

    folder: Place = None
    bundled: bool = True


def packed(folder: Path | None) -> Parcel | None:
    """Return the files that lie in a folder itself.

    Raises:
        OSError: one cannot be read.
    """
    if folder is None:
        return None
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return Parcel(tuple((path.name, path.read_bytes()) for path in files))


def folder_of(place: Place) -> Path | None:
    """Return where the files are on this machine."""
    return Path(_unpacked(place).name) if isinstance(place, Parcel) else place


@lru_cache(maxsize=8)
def _unpacked(parcel: Parcel) -> TemporaryDirectory[str]:
    """Write the files once a process; they are removed with the process."""
    folder = TemporaryDirectory(prefix="kb-")
    for name, content in parcel.files:
        (Path(folder.name) / name).write_bytes(content)
    return folder
