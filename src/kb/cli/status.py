"""`kb status`: are the nights in order? For a monitor: exit code 0 fine, 1 something is wrong."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from kb.cli.output import Format, FormatOption, errors, listing, words
from kb.settings import settings

_COLUMNS = ("check", "result", "detail")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("status")(status)


def status(
    alert: Annotated[
        bool, typer.Option("--alert", help="Tell KB_ALERTS what is wrong and not told yet.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Say whether the nights are in order, from the archive's runs alone; code 1 if not.
    / Tình trạng các đêm chạy, cho hệ thống giám sát."""
    from flows.alerts import check
    from flows.verdict import judge_settings

    chosen, said = settings(), words()
    found = check(chosen) if alert else judge_settings(chosen, datetime.now(UTC))
    results = {True: "WRONG", False: "ok"}
    if format is Format.table:  # for people; programs have the same words in each language
        results[True] = said["status_wrong"]
    rows = [
        {
            "check": one.check,
            "result": results[one.wrong],
            "detail": one.say(chosen.language),
            "kind": one.kind,
            **one.facts,
        }
        for one in found
    ]
    listing(rows, _COLUMNS, format)
    wrong = [one for one in found if one.wrong]
    if wrong:
        names = ", ".join(dict.fromkeys(one.check for one in wrong))
        errors.print(said["status_found"].format(names=names))
    sys.exit(1 if wrong else 0)
