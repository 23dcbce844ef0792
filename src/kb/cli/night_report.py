"""A night's report on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from kb.cli.output import Row, terminal
from kb.research.night import (
    COLUMNS,
    Said,
    alarms,
    decimal,
    faults,
    mentions,
    moment,
    needs,
    stages,
    title,
    words,
)


def show(
    run: Mapping[str, Any],
    names: Mapping[str, str],
    initiatives: Mapping[str, str],
    usual: Mapping[str, float],
    language: str,
) -> None:
    """Print a run of the ledger for people on stdout.

    `names` are outlets by id, `initiatives` the names of those that the registry has, by id;
    `usual` are their mentions of other nights.
    """
    said: Said = words(language)
    out = terminal()
    counts: Mapping[str, Any] = run["counts"] or {}
    if "outlets" not in counts:
        told = ", ".join(f"{name} {value}" for name, value in counts.items())
        status = said["status"].get(run["status"], run["status"])
        facts = {"id": run["id"], "kind": run["kind"], "status": status}
        facts["at"] = moment(run["started_at"])
        out.print(said["other"].format(**facts, counts=told))
        return
    seconds = counts.get("seconds") or {}
    out.print(_table(title(run, said), counts["outlets"], names, said))
    if counts.get("initiatives"):
        out.print(_mentions(mentions(counts, initiatives, usual), said))
    elif not sum(one["new"] + one["changed"] for one in counts["outlets"].values()):
        out.print(said["none"])
    for line in (*alarms(counts, names, said), *faults(counts, names, said)):
        out.print(line, soft_wrap=True)
    for line in needs(counts, names, said):
        out.print(line, soft_wrap=True, style="red" if line.startswith(" ") else None)
    if seconds:
        out.print(stages(counts, seconds, said), soft_wrap=True)
    if run["status"] == "done with failures":
        out.print(said["aside"])


def _table(heading: str, outlets: Mapping[str, Row], names: Mapping[str, str], said: Said) -> Table:
    table = Table(title=heading, title_justify="left")
    columns = said["columns"]
    table.add_column(columns["outlet"])
    for name in (*COLUMNS, "megabytes", "crawl", "load"):
        table.add_column(columns[name], justify="right")
    for outlet, one in outlets.items():
        seconds = one.get("seconds") or {}
        spent = (decimal(seconds.get(name, 0.0), said) for name in ("crawl", "load"))
        size = decimal(one.get("bytes", 0) / 1e6, said)
        table.add_row(
            names.get(outlet, outlet), *(str(one.get(name, 0)) for name in COLUMNS), size, *spent
        )
    return table


def _mentions(rows: Iterable[tuple[str, int, float | None]], said: Said) -> Table:
    table = Table(title=said["initiatives"], title_justify="left")
    table.add_column(said["initiative"])
    for name in ("mentions", "usual"):
        table.add_column(said[name], justify="right")
    for name, count, before in rows:
        table.add_row(name, str(count), "–" if before is None else decimal(before, said, "g"))
    return table
