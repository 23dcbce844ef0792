"""A trial for one who follows something: what came in lately, sent now, and noted nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flows.channels import kind_of, mail_server
from flows.following import gather, message_to, rules
from flows.sending import send
from kb.archive import Archive
from kb.archive.following import Follow, Tried
from kb.errors import ConfigError, QueryError, SendError
from kb.settings import Settings


def trial(archive: Archive, chosen: Settings, one: Follow, days: int) -> Tried:
    """Send what came in during some days as it would be sent, marked as a trial.

    A webhook is asked once: somebody waits for the answer. Stories count as told to nobody.

    Returns:
        What came of it; nothing that is a secret.
    """
    try:
        if kind_of(one.channel) == "mail" and mail_server(chosen) is None:
            return Tried("unset", "KB_SMTP_URL")
        now = datetime.now(UTC)
        found = gather(archive, chosen, one, now, since=now - timedelta(days=days))
        made = message_to(one, found, uuid4().hex, mark=rules()["trial"][one.language])
        made = replace(made, data={**made.data, "trial": True})
        send(chosen, one.channel, one.secret, made, tries=1)
    except (ConfigError, QueryError) as error:
        return Tried("wrong", str(error))
    except SendError as error:
        return Tried("refused", str(error))
    return Tried("sent", stories=found.stories)
