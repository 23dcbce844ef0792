"""WARC → archive: what nightly runs captured becomes an archive again, from the files alone.

File by file in the order of their dates, each as the night that wrote it: first the texts, then
what was seen again, then what was gone. So the archive has the content hash of the one that the
nights made (same outlets, registry and reader). What was ingested from files and what people
judged is not in captures: `kb ingest` and `kb judgements import` bring it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.pool import Pool
from flows.stages import Tally, Workshop, prepare, process
from kb.archive import Archive, CaptureRow
from kb.capture import Rejection
from kb.errors import ConfigError, UnreadableFile
from kb.extract import Document, documents
from kb.extract.answers import Answer, Lost, answers, began
from kb.extract.places import File, Remote, located
from kb.settings import Settings

KIND = "rebuild"
Progress = Callable[[int], None]
"""Called with the bytes of captures just dealt with."""


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild found in the captures."""

    files: int = 0
    captures: int = 0
    gone: int = 0
    tally: Tally = field(default_factory=Tally)
    lost: list[Rejection] = field(default_factory=list)
    """Records that cannot be read: where, which page, and why."""


def find(names: Sequence[Path | str]) -> list[File]:
    """Return the WARC files named and those in the folders named, the earliest first.

    Args:
        names: paths or fsspec URLs.

    Raises:
        ConfigError: a path is missing, or there is no WARC file.
    """
    places = [located(name) for name in names]
    if missing := [str(place) for place in places if not place.exists()]:
        raise ConfigError(f"no such file or folder: {', '.join(missing)}")
    files = {str(file): file for place in places for file in inside(place)}
    if not files:
        raise ConfigError(f"no WARC files in {', '.join(map(str, names))}")
    dated = []
    for name, file in files.items():
        try:
            dated.append((began(name), file.name, name))
        except UnreadableFile as error:
            raise ConfigError(f"{error}; leave it out to rebuild from the others") from error
    return [files[name] for *_, name in sorted(dated)]


def inside(place: File) -> Iterator[File]:
    """Yield a WARC file, or those in a folder and in the folders of it."""
    if place.is_file():
        yield place
        return
    found = place.inside() if isinstance(place, Remote) else place.rglob("*")
    for file in found:
        if file.name.endswith((".warc", ".warc.gz")) and (
            isinstance(file, Remote) or (file.is_file() and not file.is_symlink())
        ):
            yield file


def rebuild(
    archive: Archive,
    settings: Settings,
    files: Sequence[File],
    *,
    outlets: Path | None = None,
    progress: Progress = lambda size: None,
) -> Rebuilt:
    """Fill an empty archive from WARC files in the order given; safe to repeat after a kill.

    A damaged record is put into the quarantine with the page that was in it; the rest goes on.

    Raises:
        ConfigError: outlets or registry are wrong, or the archive holds what is no rebuild's.
        ArchiveError: the archive cannot be written.
    """
    if not archive.is_empty() and any(run["kind"] != KIND for run in archive.runs(limit=10_000)):
        raise ConfigError(
            "the archive is not empty: name another with --into, or move this one away"
        )
    done = Rebuilt()
    with Pool(settings.workers) as pool:
        shop = prepare(archive, pool, KIND, settings, outlets=outlets)
        status = "failed"
        try:
            for file in files:
                load_file(shop, settings, str(file), done)
                progress(file.stat().st_size)
            status = "done with failures" if done.tally.rejected else "done"
        finally:
            counts = {"files": done.files, "captures": done.captures, "lost": len(done.lost)}
            archive.finish_run(shop.run_id, status, counts)
    return done


def load_file(shop: Workshop, settings: Settings, file: str, done: Rebuilt) -> None:
    """Load one WARC file (path or URL) as the night that wrote it: texts, then what was seen."""
    rows: list[CaptureRow] = []
    lost: dict[str, Rejection] = {}
    for answer in answers(file, max_bytes=settings.max_page_bytes):
        if isinstance(answer, Answer):
            rows.append(_row(answer, file))
        else:
            source = f"{file}@{answer.offset}"
            lost[source] = Rejection(source, "intake", _says(answer))
    stream = documents([file], max_bytes=settings.max_page_bytes)
    done.tally += process(shop, _named(stream, lost))
    shop.archive.add_captures(rows, shop.run_id)
    for row in rows:
        if row.outcome == "gone":
            done.gone += 1
            shop.archive.mark_gone([row.url], row.fetched_at)
    done.files += 1
    done.captures += len(rows)
    done.lost += lost.values()


def _says(lost: Lost) -> str:
    what = f"lost: {lost.url}" if lost.url else "no page was in it"
    return f"{lost.reason} ({what})"


def _named(
    stream: Iterable[Document | Rejection], lost: dict[str, Rejection]
) -> Iterator[Document | Rejection]:
    """Let damaged records say which page was in them."""
    for item in stream:
        yield lost.get(item.source, item) if isinstance(item, Rejection) else item


def _row(answer: Answer, file: str) -> CaptureRow:
    return CaptureRow(
        url=answer.url,
        fetched_at=answer.at,
        status=answer.status,
        outcome=answer.outcome,
        outlet=answer.outlet,
        warc=file,
        offset=answer.offset,
        length=answer.length,
        digest=answer.digest,
        etag=answer.etag,
        last_modified=answer.last_modified,
    )
