"""Has an outlet stopped? Judged by the nights that the ledger keeps, not by one night alone: most
newspapers have hours and days without anything new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from flows.alarm import Alarm
from flows.measures import Rules, rules
from kb.archive.usual import OutletRun
from kb.outlets import Outlet

WEEK = timedelta(days=7)


def silence(
    outlet: Outlet,
    runs: Sequence[OutletRun],
    at: datetime,
    found: int,
    new: int,
    given: Rules | None = None,
) -> Alarm | None:
    """Return the alarm that an outlet deserves after a night begun at `at`, if any.

    Args:
        outlet: gives the zone in which days count, and what its YAML expects a week.
        runs: its earlier nights, oldest first.
        at: aware.
        found: articles that its listings named this night.
        new: articles new to the archive this night.
        given: other thresholds than those of `alarm.yaml`.
    """
    how = given or rules()
    last = max((run for run in runs if run.counts.get("found", 0)), key=_id, default=None)
    if not found and last is not None and last.counts["found"] >= how.listed_least:
        return _alarm(outlet, "listings", before=last.counts["found"], since=_day(outlet, last.at))
    days = sorted({_day(outlet, run.at) for run in runs if run.counts.get("new", 0)})
    if new == 0 and len(days) >= how.rhythm_least:
        gaps = sorted((later - day).days for day, later in pairwise(days))
        usual = gaps[ceil(how.quantile * len(gaps)) - 1]
        quiet = (at.astimezone(outlet.zone).date() - days[-1]).days
        if quiet > how.stretch * usual:
            return _alarm(outlet, "silent", days=quiet, usual=usual, since=days[-1])
    return _expected(outlet, runs, at, new, how)


def _expected(
    outlet: Outlet, runs: Sequence[OutletRun], at: datetime, new: int, how: Rules
) -> Alarm | None:
    """Compare the last seven days with what the outlet's YAML expects."""
    if not runs or runs[0].at > at - WEEK:  # the first night brings a backlog, not a week
        return None
    week = [run for run in runs if run.at > at - WEEK]
    total = new + sum(run.counts.get("new", 0) for run in week)
    expect = outlet.expect
    if total < expect.min_per_week and len(week) + 1 >= how.nights_a_week:
        return _alarm(outlet, "few", now=total, least=expect.min_per_week)
    if total > expect.max_per_week:
        return _alarm(outlet, "many", now=total, most=expect.max_per_week)
    return None


def _alarm(outlet: Outlet, kind: str, **facts: Any) -> Alarm:  # noqa: ANN401
    told = {k: v.isoformat() if isinstance(v, date) else v for k, v in facts.items()}
    return Alarm(outlet.id, kind, told, url=outlet.home)


def _id(run: OutletRun) -> int:
    return run.run_id


def _day(outlet: Outlet, at: datetime) -> date:
    return at.astimezone(outlet.zone).date()
