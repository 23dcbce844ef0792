"""The `kb` command. Exit codes: 0 done, 1 done with failures kept aside, 2 wrong usage."""

from __future__ import annotations

import sys

import typer

from kb.cli import care, data, desk, jobs
from kb.errors import ConfigError, KbError

app = typer.Typer(
    name="kb",
    help="Press coverage of Vietnamese programmes: collect, read, keep, ask.\n\n"
    "Kho tri thức báo chí: thu thập, đọc, lưu trữ và tra cứu tin bài.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
jobs.register(app)
desk.register(app)
data.register(app)
care.register(app)


def run() -> None:
    """Run the command; errors of ours become one line on stderr and an exit code."""
    try:
        app(standalone_mode=True)
    except ConfigError as error:
        _fail(error, 2)
    except KbError as error:
        _fail(error, 1)
    except BrokenPipeError:  # `kb export … | head`
        sys.stderr.close()
        sys.exit(0)


def _fail(error: KbError, code: int) -> None:
    print(f"kb: {error}", file=sys.stderr)
    sys.exit(code)
