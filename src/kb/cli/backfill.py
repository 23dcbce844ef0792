"""`kb backfill`: years of WARC files into the archive, gone on with wherever it stopped."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from kb.cli.jobs import WaitOption
from kb.cli.output import errors, words
from kb.cli.when import day
from kb.settings import settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("backfill")(backfill)


def backfill(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL…",
            help="WARC (or JSON-lines) files, folders of them, and lists of files (.txt, .paths, "
            "each also .gz; one a line); paths or fsspec URLs.",
        ),
    ],
    since: Annotated[
        str, typer.Option("--from", help="First day of publication (YYYY-MM-DD).")
    ] = "",
    until: Annotated[str, typer.Option("--to", help="Last day of publication.")] = "",
    outlet: Annotated[
        str, typer.Option(help="Outlet id of pages that name none; reads foreign pages too.")
    ] = "",
    base: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="What stands before the lines of a list: https://data.commoncrawl.org for "
            "Common Crawl's; else the list's folder.",
        ),
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Also files that were read to their end before.")
    ] = False,
    server: Annotated[
        bool, typer.Option("--server/--no-server", help="As a Prefect flow, or plain Python.")
    ] = True,
    wait: WaitOption = 0,
) -> None:
    """Load archived pages of years; run it again to go on where it stopped. / Nạp kho WARC cũ."""

    chosen = settings()
    if server:
        from flows.prefect_runner import configure

        configure(chosen.data_dir)
    from flows.backfill import backfill as run
    from flows.backfill import find
    from flows.ingest import checked
    from flows.lock import one_run
    from flows.runner import PlainRunner
    from flows.stages import Given
    from kb.archive import Archive
    from kb.cli.jobs import passed_over, progress
    from kb.research import night

    given = Given(outlet or None, since=day(since, "--since"), until=day(until, "--until"))
    checked(chosen, given)
    files = find(names, base)
    began = time.monotonic()
    with (
        Archive.open() as archive,
        one_run(archive, chosen.data_dir, "backfill", wait=wait * 60, say=errors.print) as turn,
        progress(None) as advance,
    ):

        def say(name: str, done: int) -> None:
            advance(done)
            turn.give_way()  # a night must not wait for days

        if server:
            from flows.prefect_runner import PrefectRunner, as_flow

            runner = PrefectRunner()
            done = as_flow(
                "backfill",
                lambda: run(archive, runner, chosen, files, given=given, again=again, say=say),
            )
        else:
            done = run(archive, PlainRunner(), chosen, files, given=given, again=again, say=say)
    seconds, said, tally = time.monotonic() - began, words(), done.tally
    numbers = night.words(chosen.language)
    errors.print(
        said["backfilled"].format(
            files=done.files,
            resumed=done.resumed,
            before=done.finished_before,
            out=done.out_of_range,
            new=tally.count.new,
            changed=tally.count.changed,
            same=tally.count.same + tally.count.reread,
            aside=len(tally.rejected),
            seconds=night.decimal(seconds, numbers),
            rate=night.decimal(tally.articles / seconds, numbers),
        )
    )
    if tally.skipped:
        errors.print(passed_over(tally.skipped))
    for name, reason in done.failed.items():
        errors.print(said["backfill_failed"].format(name=name, reason=reason), markup=False)
    sys.exit(1 if done.failed or tally.rejected else 0)
