"""Telling people what they follow: who is due, what is new to them, and sending it once.

First what is due is written into the ledger (`kb.archive.following`), then all that the ledger has
is sent. Where the program is cut off between a mail server's answer and the note of it, that one
message is sent again, with the same Message-ID or Webhook-Id.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flows.lock import one_run
from flows.sending import Message, send
from kb.archive import Archive, Query, following
from kb.archive.following import Follow, Sending
from kb.errors import BusyError, KbError, QueryError
from kb.registry import registry_of
from kb.research.digest import Digest, digest, render, subject
from kb.settings import Settings
from kb.text import read_yaml

KIND = "digest"
"""Of the lock and of the runs in the ledger."""
log = logging.getLogger("kb.digest")


@dataclass(slots=True)
class Told:
    """What came of sending: names of those who got a message, and reasons of those who did not."""

    sent: list[str] = field(default_factory=list)
    nothing: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """Return it as the ledger keeps it."""
        return asdict(self)


@cache
def rules() -> dict[str, Any]:
    """Return `following.yaml`."""
    found: dict[str, Any] = read_yaml((files("flows") / "following.yaml").read_text("utf-8"))
    return found


# --- who is due --------------------------------------------------------------------------------


def slot(one: Follow, now: datetime, *, morning: bool) -> str | None:
    """Return for which day somebody is due now; None if not.

    Args:
        now: in the schedules' time zone.
        morning: whether this is the morning run, with which those without an hour go.
    """
    if one.rhythm in ("immediate", "never") or (one.hour is None and not morning):
        return None
    at = now
    if one.weekday is not None:
        at -= timedelta(days=(now.weekday() - one.weekday) % 7)
    if one.hour is not None:
        at = at.replace(hour=one.hour, minute=0, second=0, microsecond=0)
    if at > now:
        if one.weekday is None:
            return None
        at -= timedelta(days=7)
    # Not for a time before it was followed, unless a clock that ran ahead wrote that down.
    return None if at < one.created_at <= now else f"{at:%Y-%m-%d}"


def due(
    archive: Archive, chosen: Settings, now: datetime, *, morning: bool
) -> list[tuple[Follow, str]]:
    """Return who is due at a moment (aware), with the day for which, and was not told yet."""
    local = now.astimezone(ZoneInfo(chosen.timezone))
    found = following.follows(archive)
    made = following.slots(archive, [one.name for one in found])
    named = ((one, slot(one, local, morning=morning)) for one in found)
    return [(one, day) for one, day in named if day is not None and (one.name, day) not in made]


def is_due(archive: Archive, chosen: Settings, now: datetime) -> bool:
    """Whether there is anything to be sent beside the morning run; quick, for every minute."""
    everyone = {one.name: one for one in following.follows(archive)}
    if due(archive, chosen, now, morning=False) or _waiting(archive, everyone, now):
        return True
    held = following.held(archive)
    return any(name in held and _within_cap(archive, one, now) for name, one in everyone.items())


def _waiting(archive: Archive, everyone: Collection[str], now: datetime) -> list[Sending]:
    """Return the messages to be sent now; one to an address that nobody has subscribed waits for
    the command that sent it."""
    return [row for row in following.waiting(archive, now) if row.follow in everyone]


def _within_cap(archive: Archive, one: Follow, now: datetime) -> bool:
    made = following.made_since(archive, one.name, now - timedelta(hours=1), now)
    return made < (one.per_hour or 1)


# --- what is new to them -----------------------------------------------------------------------


def gather(
    archive: Archive, chosen: Settings, one: Follow, now: datetime, since: datetime | None = None
) -> Digest:
    """Return what somebody has not been told of yet; with `since` what came in since then,
    whatever they were told."""
    began = since
    if since is None:
        last = following.sendings(archive, one.name, 1)
        began = last[0].until if last else now - timedelta(days=rules()["first_days"])
        first = min(one.created_at, now) - timedelta(days=rules()["first_days"])
        back = max(first, now - timedelta(days=rules()["look_back_days"]))
        new = following.untold(archive, one.name, back)
    else:
        new = None
    assert began is not None
    query = one.query()
    found = digest(
        archive,
        registry_of(chosen),
        min(began, now - timedelta(seconds=1)),
        now,
        asked=None if query == Query() else query,
        articles=new,
    )
    if one.rhythm == "immediate":
        return replace(found, due=(), silent=(), troubles=(), running=False)
    return found


def message(
    found: Digest, id_: str, language: str, *, name: str = "", now: bool = False, mark: str = ""
) -> Message:
    """Return a digest as a message; `mark` stands before its subject."""

    def as_(form: str) -> str:
        return render(found, form, language, name=name, now=now)

    return Message(
        id_,
        name,
        mark + subject(found, language, name=name, now=now),
        as_("text"),
        as_("html"),
        as_("brief"),
        {"follow": name or None, **json.loads(as_("json"))},
        language,
    )


def message_to(one: Follow, found: Digest, id_: str, mark: str = "") -> Message:
    """Return a digest as the message that somebody gets."""
    now = one.rhythm == "immediate"
    return message(found, id_, one.language, name=one.name, now=now, mark=mark)


def queue(
    archive: Archive, chosen: Settings, one: Follow, day: str | None, now: datetime
) -> Sending | None:
    """Write what somebody is due into the ledger; None where nothing had to be.

    Raises:
        QueryError: what they ask for cannot be asked (any more).
    """
    found = gather(archive, chosen, one, now)
    if day is None:  # immediate: the stories themselves are what it is for
        if not found.told:
            return None
        keys = ",".join(map(str, sorted(found.told)))
        day = f"now {hashlib.sha256(keys.encode()).hexdigest()[:32]}"
    id_ = uuid4().hex
    silent = not found.stories and not one.quiet
    made = Sending(
        id_, one.name, day, now, found.since, found.until, found.stories,
        "nothing" if silent else "waiting",
        message=None if silent else _kept(message_to(one, found, id_)),
    )  # fmt: skip
    return made if following.queue(archive, made, found.told) else None


def _refused(
    archive: Archive, one: Follow, day: str | None, now: datetime, error: QueryError, told: Told
) -> None:
    """Note that what somebody asks for cannot be asked; of a day once, and the others are told."""
    if day is not None:
        made = Sending(uuid4().hex, one.name, day, now, now, now, 0, "given up", error=str(error))
        following.queue(archive, made, ())
    told.failed[one.name] = str(error)
    told.given_up.append(one.name)
    log.warning("%s was not told: %s", one.name, error)


def _kept(one: Message) -> str:
    return json.dumps(asdict(one), ensure_ascii=False)


# --- sending -----------------------------------------------------------------------------------


def deliver(
    archive: Archive, chosen: Settings, row: Sending, channel: str, secret: str | None,
    now: datetime, told: Told,
) -> None:  # fmt: skip
    """Try to send one message of the ledger, and note what came of it."""
    try:
        send(chosen, channel, secret, Message(**json.loads(row.message or "{}")))
    except Exception as error:  # each kind of channel has errors of its own; the others are told
        why = str(error) if isinstance(error, KbError) else type(error).__name__
        tries, limits = row.tries + 1, rules()
        over = tries >= limits["tries"]
        minutes = min(limits["pause_minutes"] * 2**row.tries, limits["longest_pause_minutes"])
        following.settle(
            archive, row.id, tries=tries, error=why,
            status="given up" if over else "waiting",
            next_at=None if over else now + timedelta(minutes=minutes),
        )  # fmt: skip
        told.failed[row.follow] = why
        if over:
            told.given_up.append(row.follow)
        log.warning("%s was not told: %s", row.follow, why)
        return
    following.settle(archive, row.id, tries=row.tries + 1, error=None, status="sent", sent_at=now)
    told.sent.append(row.follow)


def tell(
    archive: Archive,
    chosen: Settings,
    *,
    morning: bool = False,
    at_once: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: float = 600.0,
) -> Told:
    """Send everything that is due and everything that was not taken before.

    Args:
        morning: also to those without an hour of their own.
        at_once: only what is immediate, and nothing that waits.
        wait: seconds to wait for another run that sends.

    Raises:
        BusyError: another run is sending and was not done in time.
        ArchiveError: the archive cannot be written.
    """
    told = Told()
    with one_run(archive, chosen.data_dir, KIND, wait=wait):
        at = now()
        wanted: list[tuple[Follow, str | None]] = []
        if not at_once:
            wanted += due(archive, chosen, at, morning=morning)
        everyone = {one.name: one for one in following.follows(archive)}
        for one in everyone.values():
            if one.rhythm == "immediate" and _within_cap(archive, one, at):
                following.release(archive, one.name)
                wanted.append((one, None))
            elif one.rhythm == "immediate":
                following.hold(archive, one.name, at)
        made = []
        for one, day in wanted:
            try:
                if row := queue(archive, chosen, one, day, at):
                    made.append(row)
            except QueryError as error:
                _refused(archive, one, day, at, error, told)
        told.nothing = [row.follow for row in made if row.status == "nothing"]
        own = {row.id for row in made}
        waiting = _waiting(archive, everyone, at)
        rows = [row for row in waiting if row.id in own or not at_once]
        if not rows and not told.failed:
            return told
        run_id, status = archive.start_run(KIND, {}), "failed"
        try:
            for row in rows:
                to = everyone[row.follow]
                deliver(archive, chosen, row, to.channel, to.secret, at, told)
            status = "done with failures" if told.failed else "done"
        finally:
            archive.finish_run(run_id, status, told.counts())
    return told


def after_load(chosen: Settings) -> None:
    """Tell at once, now that articles came in, whoever wants that. Never fails: what cannot be
    sent stays in the ledger and is tried again."""
    try:
        with Archive.open(chosen.url, create=False) as archive:
            if any(one.rhythm == "immediate" for one in following.follows(archive)):
                tell(archive, chosen, at_once=True, wait=30.0)
    except BusyError:
        pass  # the run that is sending tells it, or the next
    except (KbError, OSError) as error:
        log.warning("nobody could be told at once: %s", error)


def tell_one(
    archive: Archive, chosen: Settings, found: Digest, channel: str, day: str, language: str
) -> Told:
    """Send a digest to an address that nobody has subscribed; once a day, and again only what was
    not taken.

    Raises:
        BusyError: another run is sending.
    """
    told, now = Told(), datetime.now(UTC)
    name = f"to:{hashlib.sha256(channel.encode()).hexdigest()[:16]}"
    with one_run(archive, chosen.data_dir, KIND, wait=60.0):
        id_ = uuid4().hex
        row = Sending(
            id_, name, day, now, found.since, found.until, found.stories,
            message=_kept(message(found, id_, language)),
        )  # fmt: skip
        following.queue(archive, row, ())
        (there,) = [one for one in following.sendings(archive, name) if one.slot == day]
        if there.status == "sent":
            told.nothing.append(name)
        else:
            deliver(archive, chosen, there, channel, None, now, told)
    return told
