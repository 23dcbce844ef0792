"""The `kb` command. Exit codes: 0 done, 1 done with failures kept aside, 2 wrong usage."""

from __future__ import annotations

import os
import sys

import typer
from typer.core import TyperGroup

from kb.cli import (
    accounts,
    archive,
    backfill,
    care,
    cluster,
    data,
    desk,
    digest,
    doctor,
    figures,
    follow,
    jobs,
    judgements,
    operate,
    outlets,
    pack,
    report,
    review,
    serve,
    setup,
    show,
    status,
)
from kb.errors import ConfigError, KbError


class _Commands(TyperGroup):
    """The commands; all end with success when whoever reads stdout has seen enough (`| head`)."""

    def invoke(self, ctx: object) -> object:
        """Run the command that was asked for."""
        try:
            result: object = super().invoke(ctx)  # type: ignore[arg-type]
            sys.stdout.flush()
        except BrokenPipeError:
            # What is still buffered must not fail again when Python closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        return result


app = typer.Typer(
    name="kb",
    cls=_Commands,
    help="Press coverage of Vietnamese programmes: collect, read, keep, ask.\n\n"
    "Kho tri thức báo chí: thu thập, đọc, lưu trữ và tra cứu tin bài.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
setup.register(app)
jobs.register(app)
backfill.register(app)
cluster.register(app)
desk.register(app)
figures.register(app)
digest.register(app)
pack.register(app)
follow.register(app)
show.register(app)
data.register(app)
serve.register(app)
accounts.register(app)
outlets.register(app)
review.register(app)
judgements.register(app)
care.register(app)
archive.register(app)
report.register(app)
doctor.register(app)
status.register(app)
operate.register(app)


def run() -> None:
    """Run the command; errors of ours become one line on stderr and an exit code."""
    try:
        app(standalone_mode=True)
    except ConfigError as error:
        _fail(error, 2)
    except KbError as error:
        _fail(error, 1)
    except OSError as error:  # a full disk, a folder that may not be written
        _fail(error, 1)


def _fail(error: Exception, code: int) -> None:
    print(f"kb: {error}", file=sys.stderr)
    sys.exit(code)
