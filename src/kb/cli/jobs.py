"""`kb nightly` and `kb ingest`: the jobs that fill the archive."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.output import errors
from kb.errors import ConfigError, QueryError
from kb.settings import Settings, settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("nightly")(nightly)
    app.command("ingest")(ingest)


def nightly(
    outlets: Annotated[
        str, typer.Option(help="Outlet ids separated by commas, or a folder of outlet YAML.")
    ] = "",
    sample: Annotated[
        bool, typer.Option("--sample", help="Crawl the bundled sample press on loopback.")
    ] = False,
    since: Annotated[
        str, typer.Option(help="Leave out what listings date before this day (YYYY-MM-DD).")
    ] = "",
    server: Annotated[
        bool, typer.Option("--server/--no-server", help="As a Prefect flow, or plain Python.")
    ] = True,
) -> None:
    """Crawl, extract, read and load; safe to repeat. / Chạy quy trình hằng đêm."""
    from kb.cli.night import run_night

    chosen = settings()
    with ExitStack() as stack:
        folder, ids = _which(chosen, outlets)
        if sample:
            folder = stack.enter_context(_sample_press(chosen))
        report = run_night(chosen, folder, ids, since=_day(since), server=server, sample=sample)
    sys.exit(1 if report.failures else 0)


def _which(chosen: Settings, outlets: str) -> tuple[Path | None, tuple[str, ...]]:
    path = Path(outlets)
    if outlets and path.is_dir():
        return path, ()
    return chosen.outlets, tuple(name.strip() for name in outlets.split(",") if name.strip())


SAMPLE_PORT = 47801
"""Ports of the sample press stay the same, so that a second run finds the same addresses."""


class _sample_press(ExitStack):
    """Serve the sample press while the block lasts; yields the folder of its outlets."""

    def __init__(self, chosen: Settings) -> None:
        super().__init__()
        self._folder = chosen.data_dir / "sample" / "outlets"

    def __enter__(self) -> Path:  # type: ignore[override]
        from kb.sample import SamplePress, outlets

        super().__enter__()
        press = self.enter_context(SamplePress(port=SAMPLE_PORT))
        outlets(press, self._folder)
        return self._folder


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise QueryError(f"{text!r} is not a day; write YYYY-MM-DD") from error


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(help="Files or folders: .html .warc .txt .jsonl, also .gz.")
    ],
    outlet: Annotated[str, typer.Option(help="Outlet id of input that names none.")] = "",
    published: Annotated[
        str, typer.Option(help="Date of input that has none (YYYY-MM-DD[THH:MM]).")
    ] = "",
) -> None:
    """Load saved pages, WARC files, texts or JSON lines. / Nạp tệp đã lưu vào kho."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    from flows.ingest import count
    from flows.ingest import ingest as run
    from flows.stages import Given
    from kb.archive import Archive

    if missing := [str(path) for path in paths if not path.exists()]:
        raise ConfigError(f"no such file or folder: {', '.join(missing)}")
    chosen = settings()
    given = Given(outlet or None, _moment(published))
    began = time.monotonic()
    bar = Progress(
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[rate]}"),
        console=errors,
    )
    with Archive.open() as archive, bar:
        task = bar.add_task("read", total=count(paths, chosen), rate="")

        def advance(done: int) -> None:
            bar.advance(task, done)
            rate = bar.tasks[0].completed / max(time.monotonic() - began, 0.1)
            bar.update(task, rate=f"{rate:.1f}/s")

        tally = run(archive, chosen, paths, given=given, progress=advance)
    seconds = time.monotonic() - began
    found = tally.count
    errors.print(
        f"{tally.articles} articles in {seconds:.1f} s ({tally.articles / seconds:.1f}/s): "
        f"{found.new} new, {found.changed} changed, {found.reread} read anew, {found.same} known; "
        f"{len(tally.rejected)} put aside"
    )
    for item in tally.rejected[:20]:
        errors.print(f"  {item.source}: {item.reason}", markup=False, soft_wrap=True)
    if tally.rejected:
        errors.print("All of them: kb quarantine")
    sys.exit(1 if tally.rejected else 0)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    from kb.article import VIETNAM

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryError(f"--published {text!r}: write YYYY-MM-DD or YYYY-MM-DDTHH:MM") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
