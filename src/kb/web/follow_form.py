"""What is typed to save a search: read, checked, and made into something to follow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from kb.archive.accounts import Role
from kb.archive.address import is_mail, is_web, new_secret
from kb.archive.explain import Language
from kb.archive.following import Follow, asks_of
from kb.errors import ConfigError
from kb.settings import settings
from kb.text import characters
from kb.web.access import Visitor
from kb.web.form import SearchForm
from kb.web.language import Words
from kb.web.sources import Sources

RHYTHMS: Final = ("never", "daily", "weekly", "immediate")
MOST = 50
"""Searches that one person may keep."""
_LONGEST = 64
_ODD = re.compile(r"[^\w .@+-]+")
_DATED: Final[dict[str, Any]] = {
    "since": None, "until": None, "as_of": None, "due_after": None, "due_before": None,
    "articles": (), "order": "newest",
}  # fmt: skip
"""What is told is what is new: days and moments say nothing of that."""


class Refused(ConfigError):
    """What was typed cannot be kept; the text is a key of the words of the page."""


@dataclass(frozen=True)
class FollowForm:
    """The form as it was typed, to be shown again where it is refused."""

    name: str = ""
    rhythm: str = "never"
    address: str = ""
    hour: str = "7"
    weekday: str = "0"
    per_hour: str = "4"
    quiet: bool = False
    language: str = ""
    edit: str = ""

    @classmethod
    def read(cls, typed: Mapping[str, Any]) -> Self:
        """Take the fields of a form."""

        def said(key: str, usual: str = "") -> str:
            return characters(str(typed.get(key, usual)))[:1000].strip()

        return cls(
            said("name"), said("rhythm", "never"), said("address"), said("hour"),
            said("weekday", "0"), said("per_hour", "4"), bool(said("quiet")), said("language"),
            said("edit"),
        )  # fmt: skip

    @classmethod
    def of(cls, one: Follow) -> Self:
        """Return the form for a search that is kept; of a webhook its address stays secret."""
        return cls(
            one.name,
            one.rhythm,
            one.channel if is_mail(one.channel) else "",
            "" if one.hour is None else str(one.hour),
            str(one.weekday or 0),
            str(one.per_hour or 4),
            one.quiet,
            one.language,
            one.name,
        )


def undated(search: SearchForm) -> SearchForm:
    """Return what of a search is sent."""
    return search.changed(**_DATED)


def suggested(search: SearchForm, here: Sources, words: Words) -> str:
    """Return a name for a search: its words, else what is filtered."""
    language: Language = "en" if words.language == "en" else "vi"
    told = here.archive.explain(search.query).said(language) if search.filtered else ""
    text = search.text or told or words("follow.everything")
    return _plain(text)


def made(
    form: FollowForm,
    search: SearchForm,
    visitor: Visitor,
    old: Follow | None,
    known: Sequence[Follow],
) -> tuple[Follow, str | None]:
    """Return what is to be kept, and the new secret of a webhook.

    Raises:
        Refused: something typed cannot be used.
    """
    mine = [one for one in known if one.who == visitor.name]
    if old is None and len(mine) >= MOST:
        raise Refused("many")
    if form.rhythm not in RHYTHMS:
        raise Refused("rhythm")
    channel, secret = _channel(form, visitor, old)
    query = search.query
    asks = asks_of(query if form.rhythm == "never" else undated(search).query)
    try:
        one = Follow(
            name=old.name if old else _free(form.name, known),
            channel=channel,
            asks=asks,
            language=form.language if form.language in ("vi", "en") else settings().language,
            rhythm=form.rhythm,  # type: ignore[arg-type]
            hour=_number(form.hour) if form.rhythm in ("daily", "weekly") else None,
            weekday=_number(form.weekday) if form.rhythm == "weekly" else None,
            per_hour=_number(form.per_hour) if form.rhythm == "immediate" else None,
            quiet=form.quiet and form.rhythm in ("daily", "weekly"),
            secret=secret or (old.secret if old and old.channel == channel else None),
            who=old.who if old else visitor.name,
            created_at=old.created_at if old else datetime.now(UTC),
        )
    except Refused:
        raise
    except ConfigError as error:
        raise Refused("values") from error
    return one, secret


def _channel(form: FollowForm, visitor: Visitor, old: Follow | None) -> tuple[str, str | None]:
    """Return where it is sent, and the new secret of a new webhook.

    A webhook has this server ask an address of somebody's choice, which may be one of its own
    network: who administers decides on that.
    """
    if form.rhythm == "never":
        return "", None
    address = form.address.removeprefix("mailto:")
    if not address and old is not None and old.channel and not is_mail(old.channel):
        return old.channel, None
    if is_mail(address):
        return address, None
    if not is_web(address):
        raise Refused("address")
    if not visitor.may(Role.admin):
        raise Refused("webhook")
    same = old is not None and old.channel == address and old.secret
    return address, None if same else new_secret()


def _free(name: str, known: Sequence[Follow]) -> str:
    """Return the name, with a number where somebody has it already."""
    plain = _plain(name)
    if not plain or not re.match(r"\w", plain):
        raise Refused("name")
    taken = {one.name for one in known}
    number, free = 1, plain
    while free in taken:
        number += 1
        free = f"{plain[: _LONGEST - 4]} {number}"
    return free


def _plain(text: str) -> str:
    """Return a text as a name can be: letters, digits, spaces and a few signs."""
    return " ".join(_ODD.sub(" ", text).split())[:_LONGEST].strip(" .@+-")


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise Refused("values")
    return int(text)
