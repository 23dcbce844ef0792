"""One night on the terminal: progress while it runs, a summary at its end."""

from __future__ import annotations

import logging
import time
from datetime import date
from pathlib import Path
from threading import Lock

from rich.live import Live
from rich.table import Table

from flows.nightly import NightReport, nightly
from flows.runner import PlainRunner
from kb.archive import Archive
from kb.cli.output import errors, terminal, words
from kb.outlets import load_outlets
from kb.registry import load_registry
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
) -> NightReport:
    """Run the nightly job with progress on stderr and print its summary on stdout."""
    began = time.monotonic()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    with Archive.open() as archive:
        report = _run(chosen, archive, folder, ids, since, server)
    _summary(report, folder, chosen, time.monotonic() - began)
    if sample:
        _next_steps(words(chosen.language))
    return report


def _run(
    chosen: Settings,
    archive: Archive,
    folder: Path | None,
    ids: tuple[str, ...],
    since: date | None,
    server: bool,
) -> NightReport:
    with Live(console=errors, transient=True) if errors.is_terminal else _Nothing() as live:
        board = _Board(live)
        if not server:
            return nightly(
                archive, PlainRunner(), chosen, folder=folder, ids=ids, since=since, say=board.say
            )
        from flows.prefect_runner import PrefectRunner, as_flow, configure

        configure(chosen.data_dir)
        board.say("prefect", "starting; the first time takes up to half a minute")
        runner = PrefectRunner()
        return as_flow(
            "nightly",
            lambda: nightly(
                archive, runner, chosen, folder=folder, ids=ids, since=since, say=board.say
            ),
        )


class _Nothing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _summary(report: NightReport, folder: Path | None, chosen: Settings, seconds: float) -> None:
    said = words(chosen.language)
    names = {name: outlet.name for name, outlet in load_outlets(folder).items()}
    out = terminal()
    table = Table(title=f"{said['title']} ({seconds:.1f} s)", title_justify="left")
    table.add_column(said["outlet"])
    for key in ("found", "new", "changed", "same", "gone", "refused", "failed"):
        table.add_column(said[key], justify="right")
    for name, night in report.outlets.items():
        count = night.tally.count
        same = count.same + count.reread + night.unchanged
        seen = (night.found, count.new, count.changed, same)
        lost = (night.gone, night.refused, night.failed)
        table.add_row(names.get(name, name), *map(str, seen + lost))
    out.print(table)
    total = report.total
    initiatives = total.initiatives
    registry = load_registry(chosen.registries)
    if initiatives:
        counts = Table(title=said["initiatives"], title_justify="left")
        counts.add_column(said["initiative"])
        counts.add_column(said["mentions"], justify="right")
        for entry in registry.of_kind("initiative"):
            counts.add_row(entry.name, str(initiatives[entry.id]))
        out.print(counts)
    elif not total.count.new + total.count.changed:
        out.print(said["none"])
    for name, night in report.outlets.items():
        if night.error:
            out.print(f"{name}: {night.error}", style="red")
    if report.failures:
        out.print(said["aside"])


def _next_steps(said: dict[str, str]) -> None:
    out = terminal()
    out.print("\n" + said["further"])
    for line in (
        "  .venv/bin/kb search 'không gian sáng tạo'",
        "  .venv/bin/kb export mentions --format xlsx -o mentions.xlsx",
        "  .venv/bin/kb serve   # http://127.0.0.1:8000",
    ):
        out.print(line)
