"""`kb search`, `kb export` and `kb serve`: asking the archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.text import Text as RichText

from kb.article import VIETNAM
from kb.cli.output import Format, FormatOption, errors, listing, terminal
from kb.errors import ConfigError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive import Archive, Hit, Query

_KINDS = (
    "articles, mentions, actors, initiatives, quotes, commitments, assignments, documents or posts."
)
Text = Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, prefix*.')]
Optional = Annotated[str, typer.Option("--query", "-q", help="Only what matches this query.")]
Since = Annotated[str, typer.Option("--from", help="First day (YYYY-MM-DD).")]
Until = Annotated[str, typer.Option("--to", help="Last day (YYYY-MM-DD).")]
Outlet = Annotated[list[str] | None, typer.Option(help="Outlet id; may be repeated.")]
Initiative = Annotated[list[str] | None, typer.Option(help="Initiative id; may be repeated.")]
Actor = Annotated[list[str] | None, typer.Option(help="Actor id or name; may be repeated.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("search")(search)
    app.command("export")(export)
    app.command("serve")(serve)


def search(
    query: Text = "",
    since: Since = "",
    until: Until = "",
    outlet: Outlet = None,
    initiative: Initiative = None,
    actor: Actor = None,
    limit: Annotated[int, typer.Option(help="Articles to show.")] = 20,
    format: FormatOption = Format.table,
) -> None:
    """Find articles, newest first. / Tìm tin bài, mới nhất trước."""
    from kb.archive import Archive, Hit
    from kb.archive.query import make_query

    wanted = make_query(
        query,
        since=since,
        until=until,
        outlet=outlet,
        initiative=initiative,
        actor=actor,
        limit=limit,
    )
    with Archive.open(create=False) as archive:
        _refuse_unknown(archive, wanted)
        page = archive.search(wanted)
    if format is not Format.table:
        columns = [field.name for field in fields(Hit) if field.name != "highlights"]
        listing([asdict(hit) for hit in page.hits], columns, format)
        return
    out = terminal()
    for hit in page.hits:
        out.print(_shown(hit))
    note = "; marks ignored: nothing matched with them" if page.widened else ""
    errors.print(f"{len(page.hits)} of {page.total} articles{note}")


def _refuse_unknown(archive: Archive, wanted: Query) -> None:
    """Tell an id that was mistyped from one that nothing was written about.

    Raises:
        ConfigError: no file declares the outlet or initiative and no article has it.
    """
    from kb.archive import Query
    from kb.outlets import load_outlets
    from kb.registry import load_registry

    for name in wanted.outlets:
        seen = archive.search(Query(outlets=(name,), limit=1)).total
        if not seen and name not in load_outlets(settings().outlets):
            raise ConfigError(f"no outlet {name}; `kb outlets list` shows them all")
    for name in wanted.initiatives:
        seen = archive.search(Query(initiatives=(name,), limit=1)).total
        if not seen and name not in load_registry(settings().registries).entries:
            raise ConfigError(f"no initiative {name}; `kb registry list` shows them all")


def _shown(hit: Hit) -> RichText:
    """Return a hit as a person reads it: title, where and when, the passage with its words."""
    when = f"{hit.published_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if hit.published_at else ""
    source = hit.outlet or hit.source_file or ""
    facts = " · ".join(part for part in (f"#{hit.article_id}", source, when, hit.url) if part)
    text = RichText(f"{hit.title}\n", style="bold")
    passage = RichText(hit.snippet, style="not bold")
    for start, end in hit.highlights:
        passage.stylize("bold yellow", start, end)
    return text.append(f"{facts}\n", style="not bold dim").append(passage).append("\n")


def export(
    kind: Annotated[str, typer.Argument(help=_KINDS)],
    query: Optional = "",
    since: Since = "",
    until: Until = "",
    outlet: Outlet = None,
    initiative: Initiative = None,
    actor: Actor = None,
    format: Annotated[str, typer.Option(help="csv, json, jsonl, parquet or xlsx.")] = "csv",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Articles with their whole body.")
    ] = False,
    due_after: Annotated[str, typer.Option(help="Commitments due after this day.")] = "",
    due_before: Annotated[str, typer.Option(help="Commitments due before this day.")] = "",
) -> None:
    """Write all matching rows to a file or stdout. / Xuất toàn bộ kết quả."""
    from kb.archive import Archive
    from kb.research import BINARY, kind_of, make_query, typed_rows, writer_for

    chosen, writer = kind_of(kind, full_text=full_text), writer_for(format)
    wanted = make_query(
        query,
        since=since,
        until=until,
        outlet=outlet,
        initiative=initiative,
        actor=actor,
        due_after=due_after,
        due_before=due_before,
    )
    if output is None and format in BINARY and sys.stdout.isatty():
        raise ConfigError(f"{format} is not for a terminal; name a file with -o")
    with Archive.open(create=False) as archive:
        _refuse_unknown(archive, wanted)
        with _target(output) as file:
            count = writer(chosen, typed_rows(chosen, archive, wanted), file)
    if output is not None:
        errors.print(f"{count} {kind} → {output}", markup=False)


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """Open stdout, or a file that appears under its name only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise ConfigError(f"cannot write {output}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages and the API. / Mở trang web tra cứu."""
    import uvicorn

    from kb.web.app import create_app

    errors.print(f"http://{host}:{port}  (Ctrl+C to stop)")
    uvicorn.run(create_app(), host=host, port=port, log_level="warning")
