"""What people follow, what is due to them, and the ledger of what they were sent.

A message is written into the ledger, with the stories that it tells, before it is sent, in one
transaction; it is sent until it is taken. So a run that is repeated or cut off tells nothing twice
and loses nothing, whatever the clock says: which stories are new is not asked of a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kb.archive import tables
from kb.archive.archive import Archive
from kb.archive.directory import upsert
from kb.archive.engine import reading, writing
from kb.archive.follow_tables import follow, sending, told
from kb.archive.judgements.log import local_name
from kb.archive.lookup import chunks
from kb.archive.params import parameters, unknown
from kb.archive.query import Query
from kb.archive.retry import lasting
from kb.errors import ConfigError, QueryError

Rhythm = Literal["daily", "weekly", "immediate", "never"]
"""`never`: a saved search, which is sent nowhere; its feed can be read."""
Status = Literal["waiting", "sent", "nothing", "given up", "held"]
RHYTHMS: tuple[str, ...] = get_args(Rhythm)
HELD = "held"
"""Slot of the row that says that somebody was not told at once: enough was sent within the hour."""
_NAME = re.compile(r"[\w][\w .@+-]{0,63}")
_article = tables.article.c


@dataclass(frozen=True, slots=True)
class Follow:
    """What somebody follows: a query, where it is sent, and when.

    `channel` is a mail address, an http(s) address or an Apprise URL, and a secret as `secret` is:
    neither is shown by `repr`. Hours and days are those of the schedule's time zone; no `hour`:
    with the morning run.

    Raises:
        ConfigError: a value is not possible; the message says which.
    """

    name: str
    channel: str = field(repr=False)
    asks: Mapping[str, Any] = field(default_factory=dict)
    """Text and filters of a Query, by its fields' names; empty ones are left out."""
    language: str = "vi"
    rhythm: Rhythm = "daily"
    hour: int | None = None
    weekday: int | None = None
    """0 is Monday."""
    per_hour: int | None = None
    """Messages that an immediate one may send within an hour."""
    quiet: bool = False
    """Whether a day without news is told, too."""
    secret: str | None = field(default=None, repr=False)
    who: str = field(default_factory=local_name)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError(f"{self.name!r}: a name is 1 to 64 letters, digits, spaces and .@+-_")
        if self.language not in ("vi", "en"):
            raise ConfigError(f"language {self.language!r}: write vi or en")
        if self.rhythm not in RHYTHMS:
            raise ConfigError(f"{self.rhythm!r}: write {', '.join(RHYTHMS)}")
        if (self.rhythm == "never") != (not self.channel):
            raise ConfigError("an address goes with daily, weekly and immediate, which need one")
        if self.hour is not None and not 0 <= self.hour <= 23:
            raise ConfigError(f"hour {self.hour}: write 0 to 23")
        if (self.weekday is not None) != (self.rhythm == "weekly"):
            raise ConfigError("a day of the week goes with weekly, and weekly needs one")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ConfigError(f"day of the week {self.weekday}: write 0 (Monday) to 6")
        if (self.per_hour is not None) != (self.rhythm == "immediate"):
            raise ConfigError("a number of messages an hour goes with immediate, which needs one")
        if self.per_hour is not None and self.per_hour < 1:
            raise ConfigError(f"{self.per_hour} messages an hour: write 1 or more")

    def query(self) -> Query:
        """Return what is asked for.

        Raises:
            QueryError: something is nothing that can be asked for, or a value none of its kind
                (any more).
        """
        if strange := [name for name in self.asks if name not in parameters()]:
            raise QueryError(unknown(strange[0], parameters()))
        asks: dict[str, Any] = {
            name: parameters()[name].read(value) for name, value in self.asks.items()
        }
        return Query(**asks)


def asks_of(query: Query) -> dict[str, Any]:
    """Return a query as `Follow.asks` keeps it, JSON-ready; what is usual is left out."""
    usual, found = Query(), {}
    for name, one in parameters().items():
        if query[name] != usual[name]:
            written: list[Any] = one.write(query[name])
            found[name] = written if one.many else written[0]
    return found


@dataclass(frozen=True, slots=True)
class Sending:
    """One message: due, on its way, sent or given up. `message` is gone once it is sent."""

    id: str
    follow: str
    slot: str
    made_at: datetime
    since: datetime
    until: datetime
    stories: int
    status: Status = "waiting"
    tries: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    message: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a trial: `said` is the setting that is missing (`unset`), what is wrong with the
    address or the settings (`wrong`), or the words of who did not take it (`refused`)."""

    outcome: Literal["sent", "unset", "wrong", "refused"]
    said: str = ""
    stories: int = 0


# --- what is followed --------------------------------------------------------------------------


def follows(archive: Archive) -> list[Follow]:
    """Return everything that is followed, by name."""
    names = [one.name for one in fields(Follow)]
    statement = select(*(follow.c[name] for name in names)).order_by(follow.c.name)
    with reading(archive.engine) as connection:
        return [Follow(**row) for row in connection.execute(statement).mappings()]


def keep_follow(archive: Archive, one: Follow, *, replace: bool = False) -> None:
    """Keep what somebody follows.

    Raises:
        ConfigError: the name is taken, and `replace` is off.
    """
    row = {name: getattr(one, name) for name in [column.name for column in follow.c]} | {
        "asks": dict(one.asks)
    }
    with writing(archive.engine) as connection:
        there = select(follow.c.name).where(follow.c.name == one.name)
        if connection.execute(there).first() and not replace:
            raise ConfigError(f"{one.name!r} is followed already: --replace changes it")
        upsert(connection, follow, [row])


def drop_follow(archive: Archive, name: str) -> bool:
    """Remove what somebody follows with all that was noted of it; return whether it was there."""
    with writing(archive.engine) as connection:
        connection.execute(delete(told).where(told.c.follow == name))
        connection.execute(delete(sending).where(sending.c.follow == name))
        return bool(connection.execute(delete(follow).where(follow.c.name == name)).rowcount)


# --- the ledger --------------------------------------------------------------------------------


@lasting
def untold(archive: Archive, name: str, since: datetime) -> list[int]:
    """Return the articles first seen since a moment that somebody has not been told of.

    Nothing limits it the other way: a clock that ran ahead for a night must lose no story.
    """
    known = select(told.c.story).where(told.c.follow == name)
    statement = select(_article.id).where(_article.first_seen >= since, _article.key.not_in(known))
    with reading(archive.engine) as connection:
        return list(connection.scalars(statement.order_by(_article.id)))


@lasting
def queue(archive: Archive, one: Sending, articles: Iterable[int]) -> bool:
    """Write a message into the ledger with the articles that it tells; False if one is there for
    the same slot, which then counts."""
    row = asdict(one)
    with writing(archive.engine) as connection:
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        added = make(sending).values(row).on_conflict_do_nothing().returning(sending.c.id)
        if connection.execute(added).first() is None:
            return False
        for ids in chunks(sorted(set(articles))):
            keys = connection.scalars(select(_article.key).where(_article.id.in_(ids)))
            rows = [{"follow": one.follow, "story": k, "sending_id": one.id} for k in keys]
            connection.execute(make(told).on_conflict_do_nothing(), rows)
        return True


@lasting
def settle(archive: Archive, id_: str, /, **values: object) -> None:
    """Note what became of trying to send a message; one that was sent keeps no text."""
    done = {"message": None, "next_at": None} if values.get("status") == "sent" else {}
    with writing(archive.engine) as connection:
        connection.execute(update(sending).where(sending.c.id == id_).values(**values, **done))


@lasting
def waiting(archive: Archive, now: datetime) -> list[Sending]:
    """Return the messages to be sent now, the oldest first.

    One to be tried much later than any pause was put off by a clock that has been set back since.
    """
    c = sending.c
    due = c.next_at.is_(None) | (c.next_at <= now) | (c.next_at > now + timedelta(days=1))
    statement = select(sending).where(c.status == "waiting", due).order_by(c.made_at, c.id)
    return _sendings(archive, statement)


def sendings(archive: Archive, name: str | None = None, limit: int = 100) -> list[Sending]:
    """Return messages, the newest first: of one follower, or of all."""
    statement = select(sending).where(sending.c.slot != HELD)
    statement = statement.order_by(sending.c.made_at.desc(), sending.c.id).limit(limit)
    if name is not None:
        statement = statement.where(sending.c.follow == name)
    return _sendings(archive, statement)


def slots(archive: Archive, names: Sequence[str]) -> set[tuple[str, str]]:
    """Return (follower, slot) of all messages of some followers."""
    c = sending.c
    with reading(archive.engine) as connection:
        found = connection.execute(select(c.follow, c.slot).where(c.follow.in_(names)))
        return {(row[0], row[1]) for row in found}


def made_since(archive: Archive, name: str, since: datetime, until: datetime) -> int:
    """Return how many messages to somebody were made from a moment (not included) to another."""
    c = sending.c
    between = (c.follow == name, c.made_at > since, c.made_at <= until, c.stories > 0)
    with reading(archive.engine) as connection:
        return int(connection.scalar(select(func.count()).where(*between)) or 0)


def hold(archive: Archive, name: str, now: datetime) -> None:
    """Note that somebody has to be told when the hour is over."""
    row = Sending(f"{HELD} {name}", name, HELD, now, now, now, 0, "held")
    queue(archive, row, ())


def release(archive: Archive, name: str) -> None:
    """Take that note back."""
    with writing(archive.engine) as connection:
        own = (sending.c.follow == name, sending.c.slot == HELD)
        connection.execute(delete(sending).where(*own))


def held(archive: Archive) -> set[str]:
    """Return who has to be told when the hour is over."""
    with reading(archive.engine) as connection:
        return set(connection.scalars(select(sending.c.follow).where(sending.c.slot == HELD)))


def _sendings(archive: Archive, statement: Any) -> list[Sending]:  # noqa: ANN401
    with reading(archive.engine) as connection:
        return [Sending(**row) for row in connection.execute(statement).mappings()]
