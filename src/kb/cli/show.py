"""`kb show`: one article as it is kept, and what was cut away from around it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from kb.article import VIETNAM
from kb.cli.output import MOST, Format, FormatOption, listing, terminal, words
from kb.errors import ConfigError

if TYPE_CHECKING:
    from kb.archive.diff import RevisionDiff
    from kb.archive.reads import StoredArticle

COLUMNS = (
    "article_id", "url", "outlet", "title", "lead", "authors", "published_at", "published_from",
    "modified_at", "section", "parser", "body",
)  # fmt: skip

REVISIONS = ("number", "seen_at", "words", "current")
DIFF = ("field", "op", "removed", "added", "before", "after")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("show")(show)


def show(
    article_id: Annotated[
        int, typer.Argument(max=MOST, help="Its number, as `kb search` lists it.")
    ],
    cut: Annotated[
        bool, typer.Option("--cut", help="Also what was cut away: captions, related stories …")
    ] = False,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="List the states that its text had.")
    ] = False,
    diff: Annotated[
        str, typer.Option(help="What changed between two revisions: 1:2, or 1 for since then.")
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """Show one article as it is kept. / Xem một bài và những gì đã cắt khỏi bài."""
    from kb.archive import Archive
    from kb.archive.reads import stored_article

    with Archive.open(create=False) as archive:
        found = stored_article(archive.engine, article_id)
        if found is None:
            raise ConfigError(f"no article {article_id}; `kb search` lists their numbers")
        if diff:
            _show_diff(archive.revision_diff(article_id, *_numbers(diff, found)), format)
            return
    if revisions:
        listing([asdict(one) for one in found.revisions], REVISIONS, format)
        return
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
    out.print(found.title or words()["untitled"], style="bold")
    out.print(" · ".join(filter(None, about)), style="dim")
    for text in filter(None, (found.lead, *found.body.split("\n"))):
        out.print(f"\n{text}")
    if cut:
        said = words()["cut" if found.boilerplate else "cut_nothing"]
        out.print(f"\n{said.format(parser=found.parser)}", style="bold")
        for text in filter(None, found.boilerplate.split("\n")):
            out.print(f"- {text}")


def _numbers(text: str, found: StoredArticle) -> tuple[int, int]:
    """Return the revisions to compare; one alone is compared with the current text."""
    first, _, last = text.partition(":")
    current = next(one.number for one in found.revisions if one.current)
    try:
        return int(first), int(last) if last else current
    except ValueError as error:
        raise ConfigError(f"--diff {text!r}: write two numbers as 1:2") from error


def _show_diff(found: RevisionDiff, format: Format) -> None:
    """Print changes as rows for programs; for people the changed paragraphs, struck and bold."""
    if format is not Format.table:
        listing([asdict(one) for one in found.changes], DIFF, format)
        return
    out = terminal()
    for name, earlier in found.earlier.items():
        changes = [one for one in found.changes if one.field == name]
        if not changes:
            continue
        shown, place = Text(), 0
        for one in changes:
            shown.append(earlier[place : one.before[0]])
            shown.append(f"[-{one.removed}-]" if one.removed else "", style="red strike")
            shown.append(f"{{+{one.added}+}}" if one.added else "", style="green bold")
            place = one.before[1]
        shown.append(earlier[place:])
        out.print(f"{name}:", style="bold")
        for line in shown.split("\n"):
            if "[-" in line.plain or "{+" in line.plain:
                out.print(line)
