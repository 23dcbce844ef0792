"""`kb report`: what a night did, as the ledger keeps it; the same after the night and later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from kb.cli.output import MOST, Format, FormatOption, Row, listing
from kb.errors import ConfigError
from kb.settings import settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("report")(report)


def report(
    run: Annotated[
        int | None, typer.Argument(max=MOST, help="Number of a run; the last night's.")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Show what a night did, its alarms, and what needs a person. / Báo cáo của một đêm."""
    from kb.archive import Archive
    from kb.archive.usual import run_by_id, usual_mentions
    from kb.cli.night_report import show
    from kb.registry import registry_of
    from kb.research.night import COLUMNS

    with Archive.open(create=False) as archive:
        found = run_by_id(archive, run)
        if found is None:
            if run is None:
                raise ConfigError("no night has ended yet: run `kb nightly`")
            raise ConfigError(f"the archive holds no run {run}")
        names = archive.outlet_names()
        usual = usual_mentions(archive, found["id"], settings().usual_nights)
    if format is Format.table:
        titles = {e.id: e.name for e in registry_of(settings()).of_kind("initiative")}
        show(found, names, titles, usual, settings().language)
    else:
        shown = ("outlet", *COLUMNS, "bytes", "given_up", "error", "alarms", "needs")
        listing(_rows(found, names), shown, format)


def _rows(run: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Row]:
    """Yield one row an outlet; what concerns none of them alone in a row without one."""
    counts = run["counts"] or {}
    shared = {"run": run["id"], **{name: run[name] for name in ("kind", "status")}}
    shared |= {name: run[name] for name in ("started_at", "finished_at")}
    outlets: Mapping[str | None, Row] = counts.get("outlets") or {}
    alarms, needs = counts.get("alarms") or [], counts.get("needs") or []
    whole: dict[str | None, Row] = {None: {"seconds": counts.get("seconds")}}
    for outlet, one in (*outlets.items(), *whole.items()):
        yield {
            **shared,
            "outlet": outlet,
            "name": names.get(outlet, outlet) if outlet else None,
            **one,
            "alarms": [row for row in alarms if row["outlet"] == outlet],
            "needs": [row for row in needs if row["outlet"] == outlet],
        }
