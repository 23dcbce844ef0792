"""`kb judgements`: the log of what people decided, to another archive and back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kb.cli.output import Format, FormatOption, errors, listing, words
from kb.errors import ConfigError

COLUMNS = (
    "id", "at", "who", "verdict", "key", "detail", "state", "note", "source", "undoes",
)  # fmt: skip
BRIEF = ("id", "at", "who", "verdict", "key", "detail", "state", "note")
_DIGITS = 8


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="What people decided. / Các quyết định.", no_args_is_help=True)
    group.command("list")(listed)
    group.command("undo")(undo)
    group.command("export")(export)
    group.command("import")(import_)
    app.add_typer(group, name="judgements")


def listed(
    key: Annotated[str, typer.Option(help="Only about this.")] = "",
    who: Annotated[str, typer.Option(help="Only of this person.")] = "",
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Only those that somebody has to look at.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """List judgements, oldest first. / Liệt kê các quyết định."""
    from kb.archive import Archive
    from kb.archive.judgements.records import CONFLICTS

    with Archive.open(create=False) as archive:
        found = archive.judgements(key=key or None, who=who or None)
    brief = format is Format.table
    rows = [
        one.judgement.as_json() | {"at": one.judgement.at, "state": one.state}
        for one in found
        if not conflicts or one.state in CONFLICTS
    ]
    listing([_shown(row, brief) for row in rows], BRIEF if brief else COLUMNS, format)


def _shown(row: dict[str, Any], brief: bool) -> dict[str, Any]:
    if brief:
        row["id"] = row["id"][:_DIGITS]
        row["detail"] = ", ".join(f"{name}={value}" for name, value in row["detail"].items())
    return row


def undo(
    id: Annotated[str, typer.Argument(help="The judgement, or the beginning of its id.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    who: Annotated[str, typer.Option(help="In whose name; without it this user.")] = "",
) -> None:
    """Reverse a judgement; the log keeps both. / Hoàn tác một quyết định."""
    from kb.archive import Archive

    with Archive.open(create=False) as archive:
        made = archive.undo(id, who=who or None, note=note or None)
    said = words()["undone"].format(id=str(made.undoes)[:_DIGITS], undo=made.id[:_DIGITS])
    errors.print(said, markup=False)


def export(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Write the whole log as JSON lines. / Xuất toàn bộ quyết định."""
    from kb.archive import Archive

    with Archive.open(create=False) as archive:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in archive.export_judgements()]
    if output is None:
        sys.stdout.writelines(lines)
        return
    try:
        output.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {output}: {error.strerror}") from error
    errors.print(f"{len(lines)} → {output}", markup=False)


def import_(
    path: Annotated[str, typer.Argument(help="A file of `kb judgements export`; - is stdin.")],
) -> None:
    """Add another archive's judgements; safe to repeat. / Nhập quyết định từ nơi khác."""
    from kb.archive import Archive

    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    with Archive.open(create=False) as archive:
        try:
            added, known = archive.import_judgements(text.split("\n"))
        except ConfigError as error:
            raise ConfigError(f"{'stdin' if path == '-' else path}: {error}") from error
        waiting = len(archive.conflicts())
    said = words()["judgements_imported"].format(added=added, known=known, conflicts=waiting)
    errors.print(said, markup=False)
