"""Writing an export: to stdout, or to a file that is there only when it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kb.cli.output import errors
from kb.errors import ConfigError

if TYPE_CHECKING:
    from kb.archive import Archive, Query

KINDS = (
    "articles, mentions, actors, initiatives, quotes, commitments, ledger, assignments, "
    "documents, posts, reuse or all."
)
FORMATS = (
    "csv, json, jsonl, parquet, xlsx, sqlite; articles also as ris, bibtex, csl-json; names and "
    "roles as ftm, spans as w3c; all as sqlite, ftm, w3c."
)


def write(
    kind: str,
    wanted: Query,
    format: str | None,
    output: Path | None,
    *,
    full_text: bool,
    bom: bool,
    told: bool,
    check: Callable[[Archive, Query], None],
) -> None:
    """Write all rows of a kind, and say how many on stderr if they go to a file.

    Without `format` the ending of the file's name says it; without an ending it is csv.

    Raises:
        ConfigError: there is no such kind or format, they do not go together, or the file cannot
            be written.
    """
    from kb.archive import Archive
    from kb.archive.engine import spare_memory
    from kb.research.columns import kind_of
    from kb.research.exports import ALL, about, format_for, source

    if kind != ALL:
        kind_of(kind)
    if output is not None and str(output) == "-":
        output = None
    format = _format(format, output)
    chosen = format_for(format, kind)
    if bom and format != "csv":
        raise ConfigError("--bom is for csv: Excel reads the other formats without it")
    if told and output is None:
        raise ConfigError("--about goes with -o: it writes FILE.about.json beside the file")
    if output is None and chosen.binary and sys.stdout.isatty():
        raise ConfigError(f"{format} is not for a terminal; name a file with -o")
    with Archive.open(create=False) as archive:
        check(archive, wanted)
        spare_memory(archive.engine)
        rows = replace(source(archive, kind, wanted, full_text=full_text), bom=bom)
        with target(output) as file:
            count = chosen.write(rows, file)
        beside = chosen.beside(rows, output) if chosen.beside and output else []
        if told and output is not None:
            beside.append(_tell(about(rows) | {"rows": str(count)}, output))
    if output is not None:
        others = "".join(f", {path}" for path in beside)
        what = chosen.counts or ("rows" if kind == ALL else kind)
        errors.print(f"{count} {what} → {output}{others}", markup=False)


def _format(given: str | None, output: Path | None) -> str:
    from kb.research.exports import FORMATS, endings, format_named

    named = format_named(output.name) if output else None
    if given is None:
        if output and named is None and output.suffix:
            raise ConfigError(
                f"{output.name}: nothing is written under {output.suffix}; end the name in one of "
                f"{', '.join(sorted(endings()))}, or say --format"
            )
        return named or "csv"
    binary = [one for one in (given, named) if one in FORMATS and FORMATS[one].binary]
    if output and named and binary and named != given:
        raise ConfigError(
            f"{output.name} is the name of a file of {named}, but --format says {given}: "
            "leave --format out, or name the file otherwise"
        )
    return given


def _tell(what: dict[str, str], output: Path) -> Path:
    """Write beside a finished file what it is: query, time, counts, versions, and its checksum."""
    path = output.with_name(f"{output.name}.about.json")
    with output.open("rb") as file:
        what = {
            "file": output.name,
            **what,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }
    with target(path) as out:
        out.write(json.dumps(what, ensure_ascii=False, indent=1).encode() + b"\n")
    return path


def print_schema(kind: str, *, full_text: bool) -> None:
    """Print the JSON Schema of a line of `--format jsonl`."""
    from kb.research.exports import json_schema

    print(json.dumps(json_schema(kind, full_text=full_text), ensure_ascii=False, indent=1))


@contextmanager
def target(output: Path | None) -> Iterator[BinaryIO]:
    """Open stdout, or a file that appears under its name only when it is whole.

    Raises:
        ConfigError: the file cannot be written.
    """
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f"{output.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise ConfigError(f"cannot write {output}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
