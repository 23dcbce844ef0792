"""`kb search` and `kb export`: asking the archive."""

from __future__ import annotations

from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text as RichText

from kb.article import VIETNAM
from kb.cli import export as writing
from kb.cli.asking import asks, refuse_unknown, tell
from kb.cli.output import MOST, Format, FormatOption, errors, listing, terminal, words

if TYPE_CHECKING:
    from kb.archive import Archive, Hit, Query

Asked = Any
"""A query; by its own name the command's signature would load the archive."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("search")(search)
    app.command("export")(export)


@asks(words="argument", without=("due_after", "due_before"))
def search(
    wanted: Asked,
    limit: Annotated[int, typer.Option(max=MOST, help="Articles to show.")] = 20,
    format: FormatOption = Format.table,
) -> None:
    """Find articles, newest first. / Tìm tin bài, mới nhất trước."""
    from kb.archive import Archive, Hit

    with Archive.open(create=False) as archive:
        refuse_unknown(archive, wanted)
        answered, page = archive.search_anyhow(wanted)
        understood = tell(archive, answered, page.folded, page.total)
    if format is not Format.table:
        hidden = ("highlights", "field", "places")
        columns = [field.name for field in fields(Hit) if field.name not in hidden]
        listing([asdict(hit) for hit in page.hits], columns, format)
        return
    out, said = terminal(), words()
    for hit in page.hits:
        out.print(_shown(hit, said["untitled"]))
    told = said["found"].format(shown=len(page.hits), total=page.total, query=understood)
    widened = said["found_widened"] if answered != wanted else ""
    errors.print(f"{told}{widened}", markup=False)


def _shown(hit: Hit, untitled: str) -> RichText:
    """Return a hit as a person reads it: title, where and when, the passage with its words."""
    when = f"{hit.published_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if hit.published_at else ""
    source = hit.outlet or hit.source_file or ""
    facts = " · ".join(part for part in (f"#{hit.article_id}", source, when, hit.url) if part)
    text = RichText(f"{hit.title or untitled}\n", style="bold")
    passage = RichText(hit.snippet, style="not bold")
    for start, end in hit.highlights:
        passage.stylize("bold yellow", start, end)
    return text.append(f"{facts}\n", style="not bold dim").append(passage).append("\n")


@asks(without=("order",))
def export(
    wanted: Asked,
    kind: Annotated[str, typer.Argument(help=writing.KINDS)],
    format: Annotated[
        str | None, typer.Option(help=f"{writing.FORMATS} Default: as FILE ends, else csv.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; - is stdout.")
    ] = None,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Articles with their whole body.")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV that Excel knows as UTF-8.")] = False,
    about: Annotated[
        bool,
        typer.Option("--about", help="Beside it FILE.about.json: query, time, counts, versions."),
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a line of jsonl instead.")
    ] = False,
) -> None:
    """Write all matching rows to a file or stdout. / Xuất toàn bộ kết quả."""
    if schema:
        writing.print_schema(kind, full_text=full_text)
        return
    writing.write(
        kind,
        wanted,
        format,
        output,
        full_text=full_text,
        bom=bom,
        told=about,
        check=partial(_checked, kind),
    )


def _checked(kind: str, archive: Archive, wanted: Query) -> None:
    refuse_unknown(archive, wanted)
    tell(archive, wanted, kind=kind)
