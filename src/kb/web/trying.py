"""A trial of what somebody follows, sent now: by whom, how often, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from fastapi import HTTPException, Request
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from kb.archive import Archive
from kb.archive.accounts import Accounts
from kb.archive.address import is_mail, shown
from kb.archive.following import Follow, Tried
from kb.settings import Settings, settings
from kb.web.access import Visitor
from kb.web.sources import sources

Trial = Callable[[Archive, Settings, Follow, int], Tried]
"""Sends what came in during so many days. Sending lives on this floor next door (`flows`): whoever
starts the desk hands it in."""
OFTEN: Final = "3/minute; 20/day"
"""Trials of one person: enough to set something up, too few to fill somebody's mailbox."""
_limiter = MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the page says of a trial. `to` hides what is secret; `wait` is in seconds."""

    came: Literal["sent", "unset", "wrong", "refused", "often"]
    name: str
    to: str
    mail: bool
    days: int
    stories: int = 0
    said: str = ""
    wait: int = 0


def offered(request: Request) -> bool:
    """Tell whether this desk can send."""
    return getattr(request.app.state, "trial", None) is not None


def usual_days(one: Follow) -> int:
    """Return of how many days a trial tells, unless somebody says so."""
    return 7 if one.rhythm == "weekly" else 1


def attempt(request: Request, visitor: Visitor, one: Follow, days: int) -> Outcome:
    """Send a trial and note it in the audit log, or say how long to wait.

    Raises:
        HTTPException: 404, it is sent nowhere, or this desk cannot send.
    """
    trial: Trial | None = getattr(request.app.state, "trial", None)
    if trial is None or not one.channel:
        raise HTTPException(404)
    to, mail = shown(one.channel), is_mail(one.channel)
    if wait := _wait(visitor.name):
        return Outcome("often", one.name, to, mail, days, wait=wait)
    archive = sources(request).archive
    tried = trial(archive, settings(), one, days)
    detail = f"{one.name} to {to}: {tried.outcome}"
    Accounts(archive.engine).note(visitor.name, "trial sent", detail)
    return Outcome(tried.outcome, one.name, to, mail, days, tried.stories, tried.said)


def _wait(name: str) -> int:
    """Count a trial, or return for how many seconds there may be none."""
    for rate in parse_many(OFTEN):
        if not _limiter.hit(rate, name):
            again = _limiter.get_window_stats(rate, name).reset_time - time.time()
            return max(1, ceil(again))
    return 0
