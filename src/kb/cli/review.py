"""`kb review`: what waits for a person, and deciding it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.candidates import known_names
from kb.cli.output import MOST, Format, FormatOption, errors, listing, words
from kb.errors import ConfigError

if TYPE_CHECKING:
    from kb.archive.judgements.items import ReviewItem

COLUMNS = (
    "key", "why", "text", "says", "proposed", "sentence", "article_id", "outlet", "published_at",
    "url",
)  # fmt: skip
BRIEF = ("key", "why", "text", "says", "proposed")
EVIDENCE = (
    "kind", "published_at", "outlet", "sentence", "score", "due_to", "due_from", "article_id",
    "title", "url", "field", "start", "end",
)  # fmt: skip
_SHOWN = 80
"""Code points of a passage in a table."""
Key = Annotated[str, typer.Argument(help="What to decide, as `kb review` lists it; in quotes.")]
Values = Annotated[list[str], typer.Argument(help="What is right: COLUMN=VALUE …; empty is none.")]
Note = Annotated[str, typer.Option(help="Why.")]
Source = Annotated[str, typer.Option(help="Where it is to be seen: an address.")]
Who = Annotated[str, typer.Option(help="In whose name; without it this computer's user.")]
Settle = Annotated[bool, typer.Option("--settle", help="End a disagreement about it.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    review = typer.Typer(
        help="What the reader was unsure of, and deciding it. / Xét duyệt.",
        invoke_without_command=True,
    )
    review.callback()(waiting)
    review.command("show")(show)
    review.command("evidence")(evidence)
    for command in (confirm, reject, correct, status, split, merge):
        review.command(command.__name__)(command)
    app.add_typer(review, name="review")


def waiting(
    context: typer.Context,
    why: Annotated[
        list[str] | None,
        typer.Option(help="Only: conflict, due, assignment, link or name; may be repeated."),
    ] = None,
    article: Annotated[
        str, typer.Option(help="All that was read in one article instead: its number or address.")
    ] = "",
    limit: Annotated[
        int, typer.Option(min=1, max=MOST, help="At most so many of each kind that waits.")
    ] = 20,
    format: FormatOption = Format.table,
) -> None:
    """List what waits for a person; decide with the commands below. / Những gì chờ xét duyệt."""
    if context.invoked_subcommand is not None:
        return
    from kb.archive import Archive

    if article and why:
        raise ConfigError("--why chooses of what waits; --article lists all that was read")
    with Archive.open(create=False) as archive:
        if article:
            found = archive.review_article(article)
        else:
            found = archive.review(why=why or (), limit=limit, known=known_names())
    brief = format is Format.table
    listing([_row(one, brief) for one in found], BRIEF if brief else COLUMNS, format)
    nothing = "review_unread" if article else "review_none"
    errors.print(words()["review_found" if found else nothing], markup=False)


def show(key: Key, format: FormatOption = Format.table) -> None:
    """Show one thing, its sentence and every judgement on it. / Xem chi tiết."""
    from kb.archive import Archive

    with Archive.open(create=False) as archive:
        found = archive.review_item(key)
        log = archive.judgements(key=key)
    said = [(one.judgement, one.state) for one in log]
    lines = [f"{one.at:%Y-%m-%d} {one.who}: {one.verdict} ({state})" for one, state in said]
    row = _row(found, False) | {"judgements": lines}
    if format is Format.table:
        row["says"] = _said(found.says)
        rows = [{"": name, " ": value} for name, value in row.items() if value]
        listing(rows, ("", " "), format)
    else:
        listing([row], (*COLUMNS, "judgements"), format)


def evidence(key: Key, format: FormatOption = Format.table) -> None:
    """List later coverage of a commitment. / Tin bài về sau của một cam kết."""
    from kb.archive import Archive

    with Archive.open(create=False) as archive:
        found, silent = archive.evidence(key)
    brief = format is Format.table
    listing([asdict(one) for one in found], EVIDENCE[:6] if brief else EVIDENCE, format)
    if silent:
        errors.print(words()["silent"])


def confirm(
    key: Key, note: Note = "", source: Source = "", who: Who = "", settle: Settle = False
) -> None:
    """It is right as it stands. / Đúng."""
    _judge(key, "confirm", [], note, source, who, settle)


def reject(
    key: Key, note: Note = "", source: Source = "", who: Who = "", settle: Settle = False
) -> None:
    """It is wrong: it vanishes everywhere; a name is shown no more. / Sai, bỏ đi."""
    _judge(key, "reject", [], note, source, who, settle)


def correct(
    key: Key,
    values: Values,
    note: Note = "",
    source: Source = "",
    who: Who = "",
    settle: Settle = False,
) -> None:
    """Something of it is wrong: kind=org, due_to=2026-06-30, span="the right words" … / Sửa."""
    _judge(key, "correct", values, note, source, who, settle)


def status(
    key: Key,
    value: Annotated[str, typer.Argument(help="done, in_progress, promised_again, silent …")],
    note: Note = "",
    source: Source = "",
    who: Who = "",
    settle: Settle = False,
) -> None:
    """What became of a commitment, as reported. / Tình trạng cam kết theo báo chí."""
    _judge(key, "status", [f"status={value}"], note, source, who, settle)


def split(
    key: Key, values: Values, note: Note = "", source: Source = "", who: Who = "",
    settle: Settle = False,
) -> None:  # fmt: skip
    """In this article the name means somebody else: name=…, entity_id=… / Tách tên trùng."""
    _judge(key, "split", values, note, source, who, settle)


def merge(
    key: Key, values: Values, note: Note = "", source: Source = "", who: Who = "",
    settle: Settle = False,
) -> None:  # fmt: skip
    """A name or an entry is another one: entity_id=…, or name=… / Gộp tên."""
    _judge(key, "merge", values, note, source, who, settle)


def _judge(
    key: str, verdict: str, values: list[str], note: str, source: str, who: str, settle: bool
) -> None:
    from kb.archive import Archive

    parts = [value.partition("=") for value in values]
    if wrong := [name for name, sign, _ in parts if not sign]:
        raise ConfigError(f"{wrong[0]!r}: write COLUMN=VALUE, e.g. kind=org")
    with Archive.open(create=False) as archive:
        made = archive.judge(
            key,
            verdict,
            {name: value for name, _, value in parts},
            who=who or None,
            note=note or None,
            source=source or None,
            settles=settle,
        )
    errors.print(words()["judged"].format(verdict=verdict, key=key, id=made.id[:8]), markup=False)


def _row(one: ReviewItem, brief: bool) -> dict[str, Any]:
    row = asdict(one)
    if brief:
        row["says"] = _said(one.says)
        if len(one.text) > _SHOWN:
            row["text"] = one.text[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return row


def _said(says: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in says.items())
