"""`kb operate`: one command that runs everything, every night."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Annotated

import typer

from kb.cli.output import errors
from kb.settings import settings


class Unit(StrEnum):
    """What `--print` writes."""

    systemd = "systemd"
    compose = "compose"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("operate")(operate)


def operate(
    unit: Annotated[
        Unit | None,
        typer.Option("--print", help="Print a systemd unit or a compose file that does the same."),
    ] = None,
) -> None:
    """Run the schedules, a Prefect server and the desk until Ctrl+C. / Vận hành mọi thứ."""
    chosen = settings()
    from flows.prefect_runner import settle
    from flows.schedule import schedules

    settle(chosen.data_dir)
    schedules(chosen)  # a wrong one is told now, not at two in the morning
    if unit is not None:
        from flows.operate_print import unit as text

        print(text(unit.value, chosen), end="")
        return
    from flows.operate import operate as run

    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")

    def say(name: str, line: str) -> None:
        errors.print(f"{name:<9} {line}", markup=False)

    run(chosen, say)
