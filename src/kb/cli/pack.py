"""`kb pack`: what the press reported, ready for a report to whoever granted the title."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.cli.output import errors, words
from kb.cli.when import day
from kb.errors import ConfigError, QueryError
from kb.settings import Settings, settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("pack")(pack)


def pack(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="New folder, or a file that ends in .zip.")
    ],
    since: Annotated[str, typer.Option("--from", help="First day (YYYY-MM-DD).")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day (YYYY-MM-DD).")] = "",
    initiative: Annotated[
        list[str] | None,
        typer.Option(
            help="Initiative id, or programme id for all of its own. May be repeated; default: all."
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="vi, en or vi,en.")] = "vi,en",
    copies: Annotated[
        bool, typer.Option("--copies", help="With the archived pages of all sources (a WARC file).")
    ] = False,
) -> None:
    """Gather the evidence of a period: report, data, sources. / Gói bằng chứng báo chí."""
    from kb.archive import Archive
    from kb.research.pack import LANGUAGES, gather, write

    chosen = settings()
    languages = [one.strip() for one in language.split(",") if one.strip()]
    if not languages or set(languages) - set(LANGUAGES):
        raise QueryError(f"--language {language!r}: write vi, en or vi,en")
    begin, end = day(since, "--from"), day(until, "--to")
    with Archive.open(create=False) as archive:
        found = gather(archive, since=begin, until=end, initiatives=initiative or ())
        locate = (lambda warc: _located(warc, chosen)) if copies else None
        names = write(found, archive, output, languages=languages, locate=locate)
    kinds = [one.entry.kind for one in found.sections]
    counts = {"initiatives": kinds.count("initiative"), "programmes": kinds.count("programme")}
    counts |= {"sources": len(found.sources), "files": len(names)}
    errors.print(words()["packed"].format(**counts, output=output), markup=False)


def _located(warc: str, chosen: Settings) -> str:
    from flows.checking import locate

    found = locate(warc, chosen)
    if isinstance(found, Path) and not found.is_file():
        raise ConfigError(f"{found} is missing: without --copies the pack needs no WARC files")
    return str(found)
