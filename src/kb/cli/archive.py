"""`kb archive`, `kb backup` and `kb restore`: keeping what was collected."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from kb.cli.jobs import WaitOption
from kb.cli.output import Format, FormatOption, Row, errors, listing, words
from kb.errors import ConfigError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive.check import Finding

Place = Annotated[str, typer.Argument(help="A SQLite file, or a URL: postgresql://user@host/name")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Copy, check and rebuild the archive. / Giữ gìn kho bài.")
    for command in (copy, check, hash, rebuild, reindex, partition):
        group.command(command.__name__)(command)
    app.add_typer(group, name="archive")
    app.command("backup")(backup)
    app.command("restore")(restore)


def copy(
    source: Place,
    target: Place,
    batch: Annotated[int, typer.Option(min=1, help="Rows in a transaction.")] = 2_000,
) -> None:
    """Move an archive to another engine; run it again if it was interrupted. / Chép kho."""
    from kb.archive import Archive
    from kb.archive.copy import copy as run
    from kb.archive.copy import identity
    from kb.research.digest.rendering import written

    began = time.monotonic()
    with (
        Archive.open(_url(source), create=False) as one,
        Archive.open(_url(target), unfinished=True) as other,
    ):
        names = identity(one.engine), identity(other.engine)
        with _steps() as progress:
            sums = run(one.engine, other.engine, batch=batch, progress=progress)
    _say(
        "copied",
        began,
        source=names[0],
        target=names[1],
        rows=written(sum(one.rows for one in sums.values()), settings().language),
        tables=len(sums),
    )


def check(
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what reads every text and capture.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """See that the archive is whole: facts, texts, index, captures. / Kiểm tra kho."""
    from flows.checking import check as run
    from kb.archive import Archive

    said = words(file="archive.yaml")
    rows: list[Row] = []
    found: list[Finding] = []
    with Archive.open(create=False) as archive, _steps() as progress:
        for one in run(archive, settings(), quick=quick, progress=progress):
            result = "WRONG" if one.wrong else "unchecked" if one.partial else "ok"
            # For people in their language; programs have the same words in each.
            shown = said[result] if format is Format.table else result
            row = {"check": one.check, "result": shown, "wrong": one.wrong, "detail": one.detail}
            rows.append(row | {"mend": said[one.advice] if one.advice else ""})
            found.append(one)
    listing(rows, ("check", "result", "detail", "mend"), format)
    broken = ", ".join(one.check for one in found if one.wrong)
    partly = ", ".join(one.check for one in found if one.partial)
    key = "broken" if broken else "partly" if partly else "whole"
    errors.print(said[key].format(names=broken or partly))
    sys.exit(1 if broken else 0)


def hash(format: FormatOption = Format.table) -> None:
    """Show what the archive holds as one number, whatever its engine. / Mã băm của kho."""
    from kb.archive import Archive
    from kb.archive.content import content_hash

    with Archive.open(create=False) as archive, _steps() as progress:
        sums = archive.content_sums(progress)
    rows = [{"table": n, "rows": s.rows, "sum": f"{s.total:064x}"} for n, s in sums.items()]
    rows.append({"table": "content", "rows": None, "sum": content_hash(sums)})
    listing(rows, ("table", "rows", "sum"), format)


def rebuild(
    captures: Annotated[
        list[str] | None, typer.Argument(help="WARC files, folders or URLs; else all captures.")
    ] = None,
    outlets: Annotated[
        Path | None, typer.Option(help="Folder of the outlet YAML that the nights used.")
    ] = None,
    into: Annotated[str, typer.Option(help="An empty archive: file or URL.")] = "",
    wait: WaitOption = 0,
) -> None:
    """Make the archive again from its WARC files alone. / Dựng lại kho từ bản chụp."""
    from flows.lock import one_run
    from flows.rebuild import find
    from flows.rebuild import rebuild as run
    from kb.archive import Archive

    chosen, began = settings(), time.monotonic()
    files = find(captures or [chosen.captures or str(chosen.data_dir / "captures")])
    total, read = sum(file.stat().st_size for file in files), 0
    with (
        Archive.open(_url(into) if into else None) as archive,
        one_run(archive, chosen.data_dir, "rebuild", wait=wait * 60, say=errors.print),
        _steps() as progress,
    ):

        def advance(size: int) -> None:
            nonlocal read
            read += size
            progress("captures (kB)", read // 1000, total // 1000)

        progress("captures (kB)", 0, total // 1000)
        folder = outlets or chosen.outlets
        done = run(archive, chosen, files, outlets=folder, progress=advance)
    _say(
        "rebuilt",
        began,
        files=done.files,
        captures=done.captures,
        articles=done.tally.articles,
        new=done.tally.count.new,
        changed=done.tally.count.changed,
        gone=done.gone,
        lost=len(done.lost),
    )
    for item in done.lost:
        errors.print(f"  {item.source}: {item.reason}", markup=False)
    errors.print(words(file="archive.yaml")["judgements"])
    sys.exit(1 if done.tally.rejected or done.lost else 0)


def reindex() -> None:
    """Build the full-text index, and what is known of reuse, anew. / Lập lại chỉ mục tìm kiếm và
    dữ liệu đăng lại."""
    from kb.archive import Archive

    began = time.monotonic()
    with Archive.open(create=False) as archive:
        archive.reindex()
        archive.rebuild_reuse()
    _say("reindexed", began)


def partition(format: FormatOption = Format.table) -> None:
    """Keep mentions by month (PostgreSQL); call it each month. / Chia bảng lượt nhắc theo tháng."""
    from kb.archive import Archive
    from kb.archive.partition import partition as run

    with Archive.open(create=False) as archive, _steps() as progress:
        months = run(archive.engine, progress=progress)
    rows = [{"month": month, "first_revision": first} for month, first in months]
    listing(rows, ("month", "first_revision"), format)


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="A new file; else one in <data_dir>/backups.")
    ] = None,
) -> None:
    """Write the archive into one file while it is in use, and read it back. / Sao lưu kho."""
    from kb.archive import Archive
    from kb.archive.backup import backup as run
    from kb.archive.backup import default_file, prune

    chosen, began = settings(), time.monotonic()
    folder = chosen.data_dir / "backups"
    name = file or default_file(folder)
    with Archive.open(create=False) as archive, _steps() as progress:
        rows = run(archive.engine, name, progress=progress)
    megabytes = _written(name.stat().st_size / 1e6)
    _say("backed_up", began, file=name, articles=rows["article"], megabytes=megabytes)
    for old in prune(folder, chosen.backups) if file is None else []:
        _say("pruned", began, file=old)
    print(name)


def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `kb backup`.")],
    force: Annotated[
        bool, typer.Option("--force", help="Move the archive that is there aside.")
    ] = False,
    wait: WaitOption = 0,
) -> None:
    """Make a backup the archive again, once it is verified. / Khôi phục từ bản sao lưu."""
    from flows.lock import one_run
    from kb.archive import Archive
    from kb.archive.backup import restore as run
    from kb.archive.engine import make_engine, parse_url

    chosen, began = settings(), time.monotonic()
    with (
        Archive(make_engine(parse_url(chosen.url))) as unopened,  # it may be damaged
        one_run(unopened, chosen.data_dir, "restore", wait=wait * 60, say=errors.print),
        _steps() as progress,
    ):
        done = run(file, chosen.url, work=chosen.data_dir, force=force, progress=progress)
    _say("restored", began, articles=done.rows["article"], file=file)
    if done.aside:
        _say("aside", began, aside=done.aside)


def _url(place: str) -> str:
    if "://" in place:
        return place
    if not place.strip():
        raise ConfigError("name a SQLite file or a database URL")
    return f"sqlite:///{quote(place)}"


def _say(key: str, began: float, **values: object) -> None:
    text = words(file="archive.yaml")[key]
    said = text.format(seconds=_written(time.monotonic() - began), **values)
    errors.print(said, markup=False)


def _written(value: float) -> str:
    from kb.research.night import decimal
    from kb.research.night import words as of_night

    return decimal(value, of_night(settings().language))


@contextmanager
def _steps() -> Iterator[Callable[[str, int, int], None]]:
    """Draw a bar for what is being done; yields what is told of it. Nothing where no one looks."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(
        *columns,
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    with bar:
        task = bar.add_task("")

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield tell
