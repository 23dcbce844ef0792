"""Tables of what people follow, and of what they were sent."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from kb.archive.columns import Packed, UtcDateTime
from kb.archive.tables import metadata

follow = Table(
    "follow",
    metadata,
    Column("name", String, primary_key=True),
    Column("asks", JSON, nullable=False),
    Column("language", String, nullable=False),
    Column("channel", Text, nullable=False),
    Column("secret", Text),
    Column("rhythm", String, nullable=False),
    Column("hour", SmallInteger),
    Column("weekday", SmallInteger),
    Column("per_hour", SmallInteger),
    Column("quiet", Boolean, nullable=False),
    Column("who", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

sending = Table(
    "sending",
    metadata,
    Column("id", String, primary_key=True),
    Column("follow", String, nullable=False),
    Column("slot", String, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("error", Text),
    Column("message", Packed),
    UniqueConstraint("follow", "slot"),
)
# One row for each message that was due (`slot`: the day, or the stories of an immediate one). It is
# written before anything is sent, with the message as it will be sent however often that is tried;
# `follow` is no foreign key: a digest can be sent to an address that nobody has subscribed.
Index(None, sending.c.status, sending.c.next_at)

told = Table(
    "told",
    metadata,
    Column("follow", String, primary_key=True),
    Column("story", String, primary_key=True),
    Column("sending_id", String, nullable=False),
)
# Which stories somebody was told of, by their key in every archive, so that neither a clock that
# was set back nor an archive that was rebuilt tells them twice.
