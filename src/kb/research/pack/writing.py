"""An evidence pack on disk: reports, tables of data, references, checksums; a folder or a zip."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kb.archive import Archive, Query
from kb.article import VIETNAM
from kb.errors import ConfigError
from kb.research.exports import FORMATS, source
from kb.research.exports.text import guarded
from kb.research.pack import html, word
from kb.research.pack.activities import activities
from kb.research.pack.content import Pack, limits
from kb.research.pack.copies import NAME, Locate, write_copies
from kb.research.pack.phrases import LANGUAGES
from kb.research.pack.report import report, title

DATA = ("articles", "mentions", "quotes", "ledger", "assignments")
"""Kinds that come as tables."""
SUMS = "SHA256SUMS"


def write(
    pack: Pack,
    archive: Archive,
    target: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    locate: Locate | None = None,
) -> list[str]:
    """Write a pack into a folder, or a file that ends in `.zip`; return the names of its files.

    With `locate`, which says where a WARC file is, also the archived copies of the sources. What
    is under that name already stays as it is; nothing half-written is left behind.

    Raises:
        ConfigError: something is there already, or it cannot be written.
        ArchiveError: an archived copy cannot be read.
    """
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise ConfigError(f"{target} is there already: name another place, or move it away")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kb-pack-") as folder:
            made = Path(folder) / "pack"
            made.mkdir()
            _fill(made, pack, archive, languages, locate)
            names = [str(path.relative_to(made)) for path in _files(made)]
            if target.suffix == ".zip":
                _zipped(made, Path(folder) / "zip", target)
            else:
                if target.exists():
                    target.rmdir()
                shutil.move(made, target)
    except OSError as error:
        raise ConfigError(f"cannot write {target}: {error.strerror or error}") from error
    return names


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _zipped(folder: Path, part: Path, target: Path) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
        for path in _files(folder):
            out.write(path, Path(target.stem) / path.relative_to(folder))
    shutil.move(part, target)


def _fill(
    folder: Path, pack: Pack, archive: Archive, languages: Sequence[str], locate: Locate | None
) -> None:
    (folder / "data").mkdir()
    places = {}
    if locate is not None:
        (folder / "copies").mkdir()
        places = write_copies(pack.sources, folder / "copies" / NAME, locate)
    for language in languages:
        blocks, name = report(pack, language, copies=places), title(pack, language)
        text = html.render(blocks, language, name, [one for one in languages if one != language])
        (folder / f"report.{language}.html").write_text(text, "utf-8")
        (folder / f"report.{language}.docx").write_bytes(word.render(blocks, language, name))
    _tables(folder / "data", pack, archive, places)
    told = pack.about | {"since": str(pack.since or ""), "until": str(pack.until or "")}
    (folder / "about.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in _files(folder)
    ]
    (folder / SUMS).write_text("".join(sums), "utf-8")


def _tables(folder: Path, pack: Pack, archive: Archive, places: dict[int, tuple[int, int]]) -> None:
    for kind in DATA:
        query = _with_due(pack.query) if kind == "ledger" else pack.query
        with (folder / f"{kind}.csv").open("wb") as out:
            FORMATS["csv"].write(replace(source(archive, kind, query), bom=True), out)
    cited = Query(articles=tuple(one.article["article_id"] for one in pack.sources))
    if pack.sources:
        with (folder / "sources.ris").open("wb") as out:
            FORMATS["ris"].write(source(archive, "articles", cited), out)
    _csv(folder / "sources.csv", _sources(pack, places))
    _csv(folder / "summary.csv", _summary(pack))
    _csv(folder / "attention.csv", _attention(pack))
    _csv(folder / "activities.csv", _activities(pack, archive))


def _with_due(query: Query) -> Query:
    """Return a query for all commitments until the end of a period: some fall due in it."""
    return replace(query, since=None)


def _csv(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as the exports do: with the mark by which Excel knows UTF-8, formulas guarded."""
    listed = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(listed[0] if listed else [])
        writer.writerows([guarded(value) for value in row.values()] for row in listed)


def _day(value: date | datetime | None) -> str:
    """Write a day, or a moment on Vietnam's clock, as all exports do."""
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    return value.isoformat() if value else ""


def _sources(pack: Pack, places: dict[int, tuple[int, int]]) -> Iterator[dict[str, Any]]:
    for one in pack.sources:
        offset, length = places.get(one.number, ("", ""))
        yield {
            "number": one.number, "article_id": one.article["article_id"],
            "citation": one.citation, "url": one.url, "digest": one.origin.digest,
            "warc": one.origin.warc or one.origin.source_file, "offset": one.origin.offset,
            "length": one.origin.length, "fetched_at": _day(one.origin.fetched_at),
            "copy_offset": offset, "copy_length": length,
        }  # fmt: skip


def _summary(pack: Pack) -> Iterator[dict[str, Any]]:
    for one in pack.sections:
        yield {
            "initiative_id": one.entry.id, "name": one.entry.name, "articles": one.articles,
            "outlets": one.outlets, "mentions": one.mentions, "first": _day(one.first),
            "last": _day(one.last), "activities": one.all_activities,
            "commitments": one.all_promises,
            "decided": one.decided, "silent": one.silent,
        }  # fmt: skip


def _attention(pack: Pack) -> Iterator[dict[str, Any]]:
    for one in pack.sections:
        for bucket in one.attention:
            yield {
                "initiative_id": one.entry.id, "by": one.by, "start": _day(bucket.start),
                "articles": bucket.articles, "total": bucket.total,
            }  # fmt: skip


def _activities(pack: Pack, archive: Archive) -> Iterator[dict[str, Any]]:
    for one in pack.sections:
        query = replace(pack.query, initiatives=(one.entry.id,))
        articles, mentions = list(archive.articles_rows(query)), list(archive.mentions_rows(query))
        for each in activities(archive, articles, mentions, limits()["reported"]):
            yield {
                "initiative_id": one.entry.id, "at": _day(each.at), "reported": each.kind,
                "sentence": each.text, "article_ids": "; ".join(map(str, each.article_ids)),
            }  # fmt: skip
