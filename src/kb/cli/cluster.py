"""`kb cluster`: machines that read together for `kb backfill`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from kb.cli.output import Format, FormatOption, errors, listing, words
from kb.errors import ConfigError
from kb.settings import settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Machines that read together, by Dask. / Nhiều máy cùng đọc.")
    group.command("scheduler")(scheduler)
    group.command("worker")(worker)
    group.command("list")(workers)
    group.command("pool")(pool)
    app.add_typer(group, name="cluster")


def scheduler(
    host: Annotated[
        str,
        typer.Option(help="Address on which it answers; whoever reaches it can run code here."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Its port; 0: any.")] = 8786,
) -> None:
    """Run the scheduler, on one machine, until Ctrl+C. / Chạy bộ điều phối."""
    from flows import dask_process

    if port:  # else it is told by the scheduler itself, once it has one
        there = f"tcp://{host}:{port}"
        errors.print(words()["cluster_scheduler"].format(address=there), markup=False)
    _become(dask_process.scheduler(host, port), "info")


def worker(
    address: Annotated[
        str, typer.Argument(metavar="[ADDRESS]", help="The scheduler's; else KB_DASK.")
    ] = "",
    host: Annotated[
        str, typer.Option(help="Address of this machine for the others; else the one that leads "
                          "to the scheduler.")
    ] = "",
) -> None:  # fmt: skip
    """Run this machine's workers (KB_WORKERS of them, else one a core) until Ctrl+C. They need
    neither the archive nor its address. / Chạy các tiến trình đọc."""
    from flows import dask_process
    from flows.process import give_way

    chosen = settings()
    there = _address(address)
    folder = chosen.data_dir / "dask"
    folder.mkdir(parents=True, exist_ok=True)
    give_way()
    _become(dask_process.worker(there, chosen.workers, folder, host), "warning")


def workers(
    address: Annotated[
        str, typer.Argument(metavar="[ADDRESS]", help="The scheduler's; else KB_DASK.")
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """List the workers that are there. / Liệt kê các tiến trình đọc."""
    from flows.cluster import present

    rows = present(_address(address))
    listing(rows, ("address", "machine", "threads", "memory_mb", "cpu_percent"), format)
    if not rows:
        errors.print(words()["cluster_empty"])


def pool(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The work pool.")] = "kb",
) -> None:
    """Run a worker of a Prefect work pool until Ctrl+C; it does the backfills that are asked for
    by `prefect deployment run backfill/kb`. / Chạy một worker của Prefect."""
    from flows.work_pool import join

    _become(join(name, settings()), "warning")


def _address(given: str) -> str:
    there = given or settings().dask
    if not there:
        raise ConfigError("name the scheduler's address (tcp://HOST:8786), here or in KB_DASK")
    return there


def _become(command: list[str], level: str) -> None:
    """Run a command in the place of this process, so that signals are its own."""
    from flows.dask_process import environment

    data_dir = settings().data_dir
    os.execve(command[0], command, environment(data_dir, level))
