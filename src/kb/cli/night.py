"""One night on the terminal: progress while it runs, its report at its end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock

from rich.live import Live
from rich.table import Table

from flows.alerts import after_night
from flows.following import after_load
from flows.lock import one_run
from flows.nightly import NightReport, nightly
from flows.report_text import of_run
from flows.runner import PlainRunner
from kb.archive import Archive
from kb.archive.usual import run_by_id, usual_mentions
from kb.cli.night_report import show
from kb.cli.output import errors, terminal, words
from kb.registry import registry_of
from kb.settings import Settings

_STYLE = {"done": "green", "reading": "cyan"}


class _Board:
    """What each outlet is doing, drawn anew as it changes; plain lines where no one looks."""

    def __init__(self, live: Live | None) -> None:
        self._live = live
        self._lines: dict[str, str] = {}
        self._lock = Lock()

    def say(self, outlet: str, line: str) -> None:
        """Show what an outlet is doing; called from several threads."""
        with self._lock:
            self._lines[outlet] = line
            if self._live is not None:
                self._live.update(self._table())
            elif line in _STYLE:
                errors.print(f"{outlet}: {line}")

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for outlet, line in self._lines.items():
            table.add_row(outlet, line, style=_STYLE.get(line, ""))
        return table


def run_night(
    chosen: Settings,
    folder: Path | None,
    ids: tuple[str, ...],
    *,
    since: date | None,
    server: bool,
    sample: bool,
    urls: Sequence[str] | None = None,
    urls_name: str = "urls",
    wait: float = 0.0,
) -> NightReport:
    """Run the nightly job with progress on stderr and print its report on stdout.

    Raises:
        BusyError: another night is at work and was not done within `wait` seconds.
    """
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    with Archive.open() as archive, one_run(archive, chosen.data_dir, wait=wait, say=errors.print):
        night = partial(
            nightly,
            archive,
            settings=chosen,
            folder=folder,
            ids=ids,
            since=since,
            urls=urls,
            urls_name=urls_name,
        )
        try:
            report = _run(archive, night, chosen, server)
        finally:
            if not sample:
                after_night(chosen)
                after_load(chosen)
        run, names = run_by_id(archive, report.run_id), archive.outlet_names()
        usual = usual_mentions(archive, report.run_id, chosen.usual_nights)
    assert run is not None
    initiatives = {e.id: e.name for e in registry_of(chosen).of_kind("initiative")}
    show(run, names, initiatives, usual, chosen.language)
    if sample:
        _next_steps(words(chosen.language))
    return report


def _run(
    archive: Archive, night: Callable[..., NightReport], chosen: Settings, server: bool
) -> NightReport:
    with Live(console=errors, transient=True) if errors.is_terminal else _Nothing() as live:
        board = _Board(live)
        if not server:
            return night(runner=PlainRunner(), say=board.say)
        from flows.prefect_runner import PrefectRunner, as_flow, in_flow, publish

        board.say("prefect", "starting")
        runner = PrefectRunner()

        def whole() -> NightReport:
            report = night(runner=runner, say=board.say)
            if in_flow():  # else Prefect was not to be had
                number = report.run_id
                publish("night-report", f"run {number}", lambda: of_run(archive, number, chosen))
            return report

        # Without parameters: Prefect would look into those of a partial.
        return as_flow("nightly", whole)


class _Nothing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _next_steps(said: dict[str, str]) -> None:
    out = terminal()
    out.print("\n" + said["further"])
    for line in (
        "  .venv/bin/kb search 'không gian sáng tạo'",
        "  .venv/bin/kb export mentions --format xlsx -o mentions.xlsx",
        "  .venv/bin/kb serve   # http://127.0.0.1:8000",
    ):
        out.print(line)
