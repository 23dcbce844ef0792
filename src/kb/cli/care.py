"""`kb quarantine` and `kb maintenance`: what was put aside, and the archive's upkeep."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.jobs import WaitOption
from kb.cli.output import MOST, Format, FormatOption, errors, listing, words
from kb.errors import ConfigError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive import Archive


class Stage(StrEnum):
    """Where an item was put aside."""

    crawl = "crawl"
    intake = "intake"
    extract = "extract"
    read = "read"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("quarantine")(quarantine)
    app.command("maintenance")(maintenance)


def quarantine(
    limit: Annotated[int, typer.Option(min=0, max=MOST, help="Items to show; 0 shows all.")] = 0,
    stage: Annotated[Stage | None, typer.Option(help="Only items of a stage.")] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try again what lies on disk, with this version.")
    ] = False,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Take an item out for good.")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """List what could not be used, with the reason; try it again; drop it. / Những gì bị để
    riêng."""
    from kb.archive import Archive, aside

    if retry and (drop or stage):
        raise ConfigError("--retry tries everything again: use it alone")
    with Archive.open(create=False) as archive:
        if drop:
            count = aside.drop(archive, drop)
            errors.print(words()["dropped"].format(count=count))
            return
        if retry:
            sys.exit(_retry(archive))
        every = list(aside.items(archive))
    rows = [row for row in every if stage in (None, row["stage"])]
    listing(rows[:limit] if limit else rows, ("source", "stage", "reason", "at", "key"), format)
    if every and not rows:
        others = ", ".join(sorted({str(row["stage"]) for row in every}))
        said = words()["quarantine_elsewhere"]
        errors.print(said.format(stage=stage, count=len(every), others=others), markup=False)
        return
    errors.print(words()["quarantine_found" if rows else "quarantine_none"])


def _retry(archive: Archive) -> int:
    from flows.retry import retry as run
    from kb.cli.jobs import progress

    with progress(None) as advance:
        done = run(archive, settings(), progress=advance)
    left = done.tried - done.settled
    errors.print(
        words()["retried"].format(
            tried=done.tried,
            settled=done.settled,
            left=left,
            crawls=done.crawls,
            missing=done.missing,
        )
    )
    return 1 if left or done.missing else 0


def maintenance(wait: WaitOption = 0) -> None:
    """Back the archive up, check it, remove old backups and crawl logs. / Bảo trì kho."""
    from flows.lock import one_run
    from flows.upkeep import upkeep
    from kb.archive import Archive

    chosen = settings()
    with (
        Archive.open(create=False) as archive,
        one_run(archive, chosen.data_dir, "maintenance", wait=wait * 60, say=errors.print),
    ):
        errors.print(upkeep(archive, chosen))
