"""`kb show`: one article as it is kept, and what was cut away from around it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from kb.article import VIETNAM
from kb.cli.output import Format, FormatOption, listing, terminal, words
from kb.errors import ConfigError

COLUMNS = (
    "article_id", "url", "outlet", "title", "lead", "authors", "published_at", "published_from",
    "modified_at", "section", "parser", "body",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("show")(show)


def show(
    article_id: Annotated[int, typer.Argument(help="Its number, as `kb search` lists it.")],
    cut: Annotated[
        bool, typer.Option("--cut", help="Also what was cut away: captions, related stories …")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Show one article as it is kept. / Xem một bài và những gì đã cắt khỏi bài."""
    from kb.archive import Archive
    from kb.archive.reads import stored_article

    with Archive.open(create=False) as archive:
        found = stored_article(archive.engine, article_id)
    if found is None:
        raise ConfigError(f"no article {article_id}; `kb search` lists their numbers")
    if format is not Format.table:
        row = {name: value for name, value in asdict(found).items() if name in COLUMNS}
        columns = (*COLUMNS, "cut") if cut else COLUMNS
        listing([row | ({"cut": found.boilerplate} if cut else {})], columns, format)
        return
    out = terminal()
    when = ""
    if found.published_at:
        day = found.published_at.astimezone(VIETNAM)
        when = f"{day:%d/%m/%Y %H:%M} ({found.published_from})"
    about = (found.outlet, found.section, when,
             ", ".join(found.authors), found.url)  # fmt: skip
    out.print(found.title, style="bold")
    out.print(" · ".join(filter(None, about)), style="dim")
    for text in filter(None, (found.lead, *found.body.split("\n"))):
        out.print(f"\n{text}")
    if cut:
        said = words()["cut" if found.boilerplate else "cut_nothing"]
        out.print(f"\n{said.format(parser=found.parser)}", style="bold")
        for text in filter(None, found.boilerplate.split("\n")):
            out.print(f"- {text}")
