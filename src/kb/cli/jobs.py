"""`kb nightly`, `kb ingest` and `kb reread`: the jobs that fill the archive."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.output import errors, words
from kb.cli.when import day, moment
from kb.errors import ConfigError
from kb.settings import Settings, settings

_SHOWN = 20
"""Places that are named of what could not be used, or not wholly."""
WaitOption = Annotated[
    float,
    typer.Option("--wait", min=0, help="Minutes to wait for a run that is at work already."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("nightly")(nightly)
    app.command("ingest")(ingest)
    app.command("reread")(reread)


def nightly(
    outlets: Annotated[
        str | None,
        typer.Option(help="Outlet ids separated by commas, or a folder of outlet YAML."),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Crawl the bundled sample press on loopback.")
    ] = False,
    since: Annotated[
        str, typer.Option(help="Leave out what listings date before this day (YYYY-MM-DD).")
    ] = "",
    urls: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="Fetch these addresses (one a line; - reads stdin) instead of what is listed.",
        ),
    ] = "",
    server: Annotated[
        bool, typer.Option("--server/--no-server", help="As a Prefect flow, or plain Python.")
    ] = True,
    wait: WaitOption = 0,
) -> None:
    """Crawl, extract, read and load; safe to repeat. / Chạy quy trình hằng đêm."""
    chosen = settings()
    folder, ids = _which(chosen, outlets)
    if server:
        from flows.prefect_runner import configure

        configure(chosen.data_dir)  # its server starts while the rest is loaded
    from kb.cli.night import run_night

    with ExitStack() as stack:
        if sample:  # its stories are about the bundled programme
            chosen = chosen.model_copy(update={"bundled_registry": True})
            folder = stack.enter_context(_sample_press(chosen))
        report = run_night(
            chosen,
            folder,
            ids,
            since=day(since, "--since"),
            server=server,
            sample=sample,
            urls=_lines(urls) if urls else None,
            urls_name="stdin" if urls == "-" else urls,
            wait=wait * 60,
        )
    sys.exit(1 if report.failures else 0)


def _lines(name: str) -> list[str]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise ConfigError(f"--urls {name}: {error.strerror}") from error
    return data.decode("utf-8", "replace").splitlines()


def _which(chosen: Settings, outlets: str | None) -> tuple[Path | None, tuple[str, ...]]:
    if outlets is None:
        return chosen.outlets, ()
    ids = tuple(name.strip() for name in outlets.split(",") if name.strip())
    if not ids:
        raise ConfigError(
            f"--outlets {outlets!r} names none: give ids (`kb outlets list`) or a folder; without "
            "it all are crawled"
        )
    path = Path(outlets)
    return (path, ()) if path.is_dir() else (chosen.outlets, ids)


SAMPLE_PORT = 28801
"""Ports of the sample press stay the same, so that a second run finds the same addresses; below
those that systems give to clients, where nobody else chances upon them."""


@contextmanager
def _sample_press(chosen: Settings) -> Iterator[Path]:
    """Serve the sample press while the block lasts; yields the folder of its outlets.

    Raises:
        ConfigError: a port is taken, or its outlets cannot be written.
    """
    from kb.sample import SamplePress, outlets

    folder = chosen.data_dir / "sample" / "outlets"
    with SamplePress(port=SAMPLE_PORT) as press:
        try:
            outlets(press, folder)
        except OSError as error:
            raise ConfigError(
                f"cannot write {folder}: {error.strerror}; make the data folder writable, or set "
                "KB_DATA_DIR to another"
            ) from error
        yield folder


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders or fsspec URLs (s3://…): .html .pdf .docx .eml .txt .jsonl "
            ".warc, each also .gz."
        ),
    ],
    outlet: Annotated[
        str, typer.Option(help="Outlet id of input that names none; reads foreign pages too.")
    ] = "",
    published: Annotated[
        str, typer.Option(help="Date of input that has none (YYYY-MM-DD[THH:MM]).")
    ] = "",
) -> None:
    """Load saved pages, PDF, Word and mail files, texts, JSON lines, WARC (also Common Crawl's
    CC-NEWS: known outlets and Vietnamese pages). / Nạp tệp đã lưu vào kho."""
    from flows.ingest import count
    from flows.ingest import ingest as run
    from flows.stages import Given
    from kb.archive import Archive
    from kb.research import night

    if missing := [path for path in paths if "://" not in path and not Path(path).exists()]:
        raise ConfigError(f"no such file or folder: {', '.join(missing)}")
    chosen = settings()
    printed = moment(published, "--published")
    given = Given(outlet or None, printed and printed.astimezone(UTC))
    began = time.monotonic()
    with Archive.open() as archive, progress(count(paths, chosen, given)) as advance:
        tally = run(archive, chosen, paths, given=given, progress=advance)
    seconds, said, found = time.monotonic() - began, words(), tally.count
    if found.new or found.changed:
        from flows.following import after_load

        after_load(chosen)
    numbers = night.words(chosen.language)
    errors.print(
        said["ingested"].format(
            articles=tally.articles,
            seconds=night.decimal(seconds, numbers),
            rate=night.decimal(tally.articles / seconds, numbers),
            new=found.new,
            changed=found.changed,
            reread=found.reread,
            same=found.same,
            aside=len(tally.rejected),
        )
    )
    if tally.skipped:
        errors.print(passed_over(tally.skipped))
    if tally.misdated:
        errors.print(said["misdated"].format(count=len(tally.misdated)))
    for place, written in tally.misdated[:_SHOWN]:
        errors.print(f"  {place}: {written}", markup=False, soft_wrap=True)
    if more := len(tally.misdated[_SHOWN:]):
        errors.print(f"  {said['misdated_more'].format(count=more)}")
    for item in tally.rejected[:_SHOWN]:
        errors.print(f"  {item.source}: {item.reason}", markup=False, soft_wrap=True)
    if tally.rejected:
        errors.print(said["ingest_aside"])
    sys.exit(1 if tally.rejected else 0)


def passed_over(skipped: Counter[str]) -> str:
    """Return one line on what was left out of WARC files, the most frequent first."""
    said = words()
    parts = (
        f"{count:,} {said.get(f'skipped_{why}', said['skipped_record'].format(kind=why))}"
        for why, count in skipped.most_common()
    )
    return said["skipped"].format(parts="; ".join(parts))


def reread(wait: WaitOption = 0) -> None:
    """Read again what an older reader, registry or parser has read, and only what that can
    change. / Đọc lại các bài trong kho."""
    from flows.lock import one_run
    from flows.reread import plan
    from flows.reread import reread as run
    from kb.archive import Archive
    from kb.research import night

    chosen = settings()
    began = time.monotonic()
    with (
        Archive.open(create=False) as archive,
        one_run(archive, chosen.data_dir, "reread", wait=wait * 60, say=errors.print) as turn,
    ):
        made = plan(archive, chosen)
        with progress(made.total) as advance:

            def step(done: int) -> None:
                advance(done)
                turn.give_way()  # a night must not wait for hours

            tally = run(archive, chosen, made=made, progress=step)
    errors.print(
        words()["reread"].format(
            articles=tally.count.reread,
            spared=made.spared,
            changed=tally.count.changed,
            seconds=night.decimal(time.monotonic() - began, night.words(chosen.language)),
            aside=len(tally.rejected),
        )
    )
    sys.exit(1 if tally.rejected else 0)


@contextmanager
def progress(total: int | None) -> Iterator[Callable[[int], None]]:
    """Draw a bar on stderr while the block lasts; yields what advances it."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    began = time.monotonic()
    bar = Progress(
        TextColumn(words()["reading"]),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[rate]}"),
        console=errors,
    )
    with bar:
        task = bar.add_task("read", total=total, rate="")

        def advance(done: int) -> None:
            bar.advance(task, done)
            rate = bar.tasks[0].completed / max(time.monotonic() - began, 0.1)
            bar.update(task, rate=f"{rate:.1f}/s")

        yield advance
