"""Telling a person when the nights are not in order, and a monitor when they are."""

from __future__ import annotations

import json
import logging
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ping import ping
from flows.verdict import Finding, judge_settings, said
from kb.settings import Settings

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger("kb.alerts")
_TRIES, _TRY_SECONDS = 3, 2.0


def after_night(chosen: Settings) -> None:
    """Judge the nights now that one has ended: ping the heartbeat, or tell what is wrong.

    Never fails: what cannot be sent is logged, and an alert is tried again by `check`.
    """
    if not (chosen.alerts or chosen.heartbeat_url):
        return
    found = check(chosen)
    if not chosen.heartbeat_url or any(one.wrong for one in found):
        return
    if (why := _beat(chosen.heartbeat_url)) is not None:
        log.warning("the heartbeat was not taken: %s (KB_HEARTBEAT_URL)", why)


def check(chosen: Settings, now: datetime | None = None) -> list[Finding]:
    """Judge the nights, and send an alert (`KB_ALERTS`) if something is wrong that was not told
    yet, or if all is well again; return the findings."""
    found = judge_settings(chosen, now or datetime.now(UTC))
    if not chosen.alerts:
        return found
    state = chosen.data_dir / "alerts.json"
    wrong = [one for one in found if one.wrong]
    told = _told(state)
    keys = {one.key for one in wrong}
    if keys == told:
        return found
    words = said(chosen.language)
    if new := [one for one in wrong if one.key not in told]:
        # All that is wrong, not the news alone: one message is the whole state.
        sent = _send(chosen, words["alert"].format(count=len(wrong)), _lines(wrong, chosen))
        log.info("alert on %s", ", ".join(one.key for one in new))
    elif not wrong:
        sent = _send(chosen, words["well"], _lines(found, chosen), well=True)
    else:
        sent = True
    if sent:
        _keep(state, keys)
    return found


def _lines(found: Sequence[Finding], chosen: Settings) -> str:
    lines = [f"- {one.say(chosen.language)}" for one in found]
    return "\n".join([*lines, said(chosen.language)["further"]])


def _send(chosen: Settings, title: str, body: str, *, well: bool = False) -> bool:
    """Send a message to every address; False if one of them did not take it."""
    targets = apprise()
    if not targets.add(chosen.alerts) or not len(targets):
        log.warning("KB_ALERTS holds what is no Apprise URL: nothing was sent; see kb doctor")
        return False
    kind = "success" if well else "failure"
    sent = bool(targets.notify(title=title, body=body, notify_type=kind))
    if not sent:
        log.warning("an alert was not taken by all of KB_ALERTS; it will be sent again")
    return sent


def apprise() -> Apprise:
    """Return an empty list of addresses, with all kinds that there are loaded."""
    with warnings.catch_warnings():
        # Its mail plug-in takes a module of Python's that is on its way out.
        warnings.simplefilter("ignore", DeprecationWarning)
        from apprise import Apprise

        Apprise.instantiate("json://127.0.0.1")
    # Its own log names addresses, which hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return Apprise()


def strange(alerts: str) -> list[int]:
    """Return which of the addresses (1, 2, …) are no Apprise URLs; they are never shown."""
    targets = apprise()
    return [n for n, url in enumerate(alerts.split(), 1) if not targets.add(url)]


def _beat(url: str) -> str | None:
    why = ping(url)
    for _ in range(_TRIES - 1):
        if why is None:
            break
        time.sleep(_TRY_SECONDS)
        why = ping(url)
    return why


def _told(state: Path) -> set[str]:
    try:
        return set(json.loads(state.read_text("utf-8"))["told"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _keep(state: Path, keys: set[str]) -> None:
    part = state.with_name(f"{state.name}.part")
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"told": sorted(keys)}), "utf-8")
        part.replace(state)
    except OSError as error:
        log.warning("cannot write %s: %s", state, error.strerror)
