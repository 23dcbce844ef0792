"""`kb attention`, `kb share-of-voice`, `kb co-mentions`, `kb timeline`: figures of any query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.asking import asks, refuse_unknown, tell
from kb.cli.output import Format, FormatOption, Row, errors, listing, words
from kb.errors import QueryError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive import Archive, Query

Asked = Any
"""A query; by its own name the command's signature would load the archive."""
Names = Annotated[list[str], typer.Argument(help="Ids or names that are compared.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("attention")(attention)
    app.command("share-of-voice")(share_of_voice)
    app.command("co-mentions")(co_mentions)
    app.command("timeline")(timeline)


@asks(words="argument", without=("due_after", "due_before", "order"))
def attention(
    wanted: Asked,
    by: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "month",
    format: FormatOption = Format.table,
) -> None:
    """Count articles by period, beside all of the same outlets. / Mức độ chú ý theo thời gian."""
    from kb.research import figures

    _print("attention", wanted, lambda archive: figures.attention(archive, wanted, by), format)  # type: ignore[arg-type]


@asks(without=("due_after", "due_before", "order"))
def share_of_voice(wanted: Asked, of: Names, format: FormatOption = Format.table) -> None:
    """Compare how many articles mention each. / Tỉ lệ bài nhắc tới mỗi bên."""
    from kb.research import figures

    _print(
        "share-of-voice",
        wanted,
        lambda archive: figures.share_of_voice(archive, of, wanted),
        format,
        of,
    )


@asks(without=("due_after", "due_before", "order"))
def co_mentions(
    wanted: Asked,
    of: Annotated[str, typer.Argument(help="Id or name.")],
    most: Annotated[int, typer.Option(min=1, help="Names to show.")] = 20,
    format: FormatOption = Format.table,
) -> None:
    """List who and what is named in the same articles. / Những ai, những gì cùng được nhắc."""
    from kb.research import figures

    _print(
        "co-mentions",
        wanted,
        lambda archive: figures.co_mentions(archive, of, wanted, most),
        format,
        [of],
    )


@asks(without=("initiatives", "due_after", "due_before", "order"))
def timeline(
    wanted: Asked,
    initiative: Annotated[list[str], typer.Argument(help="Id of an initiative or programme.")],
    today: Annotated[
        str, typer.Option(help="Day by which silence is judged (YYYY-MM-DD; default: today).")
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """List what became of an initiative, oldest first. / Diễn biến của một sáng kiến."""
    from kb.research import figures

    about, day = replace(wanted, initiatives=tuple(initiative)), _day(today)
    _print("timeline", about, lambda archive: figures.timeline(archive, about, day), format)


def _print(
    name: str,
    wanted: Query,
    figure: Callable[[Archive], list[Row]],
    format: Format,
    of: Sequence[str] = (),
) -> None:
    """Print a figure's rows, and on stderr of what query they are; `of`: ids or names in it."""
    from kb.archive import Archive
    from kb.research.figures import FIGURES

    with Archive.open(create=False) as archive:
        refuse_unknown(archive, wanted)
        understood = tell(archive, wanted)
        for one in of:
            _known(archive, one)
        rows = figure(archive)
    brief = format is Format.table
    made = [{key: _cell(key, value, brief=brief) for key, value in row.items()} for row in rows]
    columns = [one for one in FIGURES[name] if not brief or _says(rows, one)]
    listing(made, columns, format)
    errors.print(words()["figure_of"].format(rows=len(rows), query=understood), markup=False)


def _says(rows: list[Row], column: str) -> bool:
    """Whether a column holds anything; zeros are something."""
    return any(row[column] not in (None, "") for row in rows)


def _known(archive: Archive, name: str) -> None:
    """Say on stderr where a name is neither in the registry nor in any article."""
    from kb.registry import registry_of

    if name in registry_of(settings()).entries:
        return
    (found,) = archive.share_of_voice([name])
    if not found.articles:
        errors.print(words()["name_unknown"].format(name=name), markup=False)


def _cell(name: str, value: Any, *, brief: bool) -> Any:  # noqa: ANN401
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if brief else value.isoformat()
    if not brief or name != "share" or value is None:
        return value
    from kb.research import night

    return f"{night.decimal(100 * value, night.words(settings().language))}%"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise QueryError(f"--today {text!r} is not a day; write YYYY-MM-DD") from error
