"""Is everything there? The archive's own checks, and each capture in its WARC file."""

from __future__ import annotations

from collections.abc import Iterator

from kb.archive import Archive
from kb.archive.check import Faults, Finding
from kb.archive.content import Progress, silent
from kb.errors import UnreadableFile
from kb.extract.answers import whole
from kb.extract.places import File, kept
from kb.settings import Settings

_RECOVER = "recover"


def check(
    archive: Archive, settings: Settings, *, quick: bool = False, progress: Progress = silent
) -> Iterator[Finding]:
    """Yield what each check finds; `quick` reads no texts and no records, only what is there."""
    yield from archive.check(quick=quick, progress=progress)
    yield captures(archive, settings, quick=quick, progress=progress)


def captures(
    archive: Archive, settings: Settings, *, quick: bool = False, progress: Progress = silent
) -> Finding:
    """See that each capture's WARC file is there and its record whole, digest and all."""
    faults, looked_at, name, missing = Faults(), 0, None, False
    for row in archive.captures():
        looked_at += 1
        if row.warc is None or row.offset is None or row.length is None:
            continue
        path = locate(row.warc, settings)
        if row.warc != name:
            name, fault = row.warc, _missing(path)
            missing = fault is not None
            if fault is not None:
                faults.add(f"{row.warc} {fault}")
            progress(f"captures {path.name}", looked_at, looked_at)
        if missing or quick:
            continue
        try:
            fault = whole(
                str(path), row.offset, row.length, row.digest if row.status == 200 else None
            )
        except (OSError, UnreadableFile) as error:
            fault = str(error)
        if fault:
            faults.add(f"{row.url} in {path}@{row.offset}: {fault}")
    return faults.finding("captures", f"{looked_at} captures", _RECOVER)


def _missing(path: File) -> str | None:
    try:
        return None if path.is_file() else "is missing"
    except UnreadableFile as error:
        return str(error)


def locate(warc: str, settings: Settings) -> File:
    """Return where a capture's file is: as it was written, or below this data folder."""
    return kept(warc, settings.data_dir)
