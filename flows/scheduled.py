"""The flows that run by schedule. Only Prefect's own processes load this module."""

from __future__ import annotations

import logging
from typing import Any

from prefect import flow
from prefect.states import Cancelled, Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.alerts import after_night
from flows.backfill import backfill as run_backfill
from flows.backfill import find
from flows.following import after_load, tell
from flows.lock import one_run
from flows.nightly import nightly as run_nightly
from flows.prefect_runner import PrefectRunner, publish
from flows.report_text import of_run
from flows.runner import CONCURRENT
from flows.stages import Given
from flows.upkeep import upkeep
from kb.archive import Archive
from kb.errors import BusyError
from kb.settings import settings

_WAIT, _DAY = 3600.0, 86_400.0
"""Seconds that a scheduled night waits for one that somebody started by hand, and a backfill for
another one."""


_RUNNER: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=CONCURRENT)


@flow(name="nightly", task_runner=_RUNNER)
def nightly() -> Any:  # noqa: ANN401 (a state of Prefect's, of a class that is generic in Any)
    """Crawl, extract, read and load; its report is kept in the archive (`kb report`)."""
    chosen = settings()
    log = logging.getLogger("kb.flow")
    try:
        with (
            Archive.open() as archive,
            one_run(archive, chosen.data_dir, wait=_WAIT, say=log.warning),
        ):
            report = run_nightly(archive, PrefectRunner(), chosen, folder=chosen.outlets)
            number = report.run_id
            publish("night-report", f"run {number}", lambda: of_run(archive, number, chosen))
    except BusyError as error:
        return Cancelled(message=str(error))
    except Exception:
        after_night(chosen)
        raise
    after_night(chosen)
    after_load(chosen)
    new = report.total.count.new
    return Completed(message=f"run {report.run_id}: {new} new, {report.failures} failures")


@flow(name="backfill", task_runner=_RUNNER)
def backfill(names: list[str], base: str = "", outlet: str = "", again: bool = False) -> Any:  # noqa: ANN401
    """Load WARC files of years, as `kb backfill` does; for workers of a pool (`kb cluster pool`).

    Args:
        names: paths or fsspec URLs of files, folders and lists, which every worker can read.
    """
    chosen = settings()
    log, given = logging.getLogger("kb.flow"), Given(outlet or None)
    try:
        with (
            Archive.open() as archive,
            one_run(archive, chosen.data_dir, "backfill", wait=_DAY, say=log.warning) as turn,
        ):
            done = run_backfill(
                archive,
                PrefectRunner(),
                chosen,
                find(names, base),
                given=given,
                again=again,
                say=lambda name, count: turn.give_way(),
            )
    except BusyError as error:
        return Cancelled(message=str(error))
    told = f"{done.files} files, {done.tally.count.new} new, {len(done.tally.rejected)} put aside"
    if done.failed:
        return Failed(message=f"{told}; not read to their end: {', '.join(done.failed)}")
    return Completed(message=told)


@flow(name="maintenance")
def maintenance() -> Any:  # noqa: ANN401
    """Back the archive up, check it, and make anew what follows from the rest."""
    chosen = settings()
    log = logging.getLogger("kb.flow")
    try:
        with (
            Archive.open() as archive,
            one_run(archive, chosen.data_dir, "maintenance", wait=_WAIT, say=log.warning),
        ):
            told = upkeep(archive, chosen)
    except BusyError as error:
        return Cancelled(message=str(error))
    finally:
        after_night(chosen)
    return Completed(message=told)


@flow(name="digest")
def digest(morning: bool = True) -> Any:  # noqa: ANN401
    """Send what people follow to those who are due (`kb follow`); `morning`: also to those without
    an hour of their own."""
    try:
        with Archive.open() as archive:
            told = tell(archive, settings(), morning=morning)
    except BusyError as error:
        return Cancelled(message=str(error))
    lost = f"; given up: {', '.join(told.given_up)}" if told.given_up else ""
    said = f"{len(told.sent)} sent, {len(told.nothing)} with nothing new, {len(told.failed)} failed"
    # What failed is in the ledger and comes again: a red run would call somebody for nothing.
    return Failed(message=said + lost) if told.given_up else Completed(message=said)
