"""`kb follow`: what somebody wants to be told of, where, and when."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.asking import asks, tell
from kb.cli.output import MOST, Format, FormatOption, errors, listing, words
from kb.errors import ConfigError, SendError
from kb.settings import Settings, settings

if TYPE_CHECKING:
    from kb.archive.following import Follow, Rhythm

Asked = Any
"""A query; by its own name the command's signature would load the archive."""

BRIEF = ("name", "asks", "to", "when", "language", "last", "error")
COLUMNS = (*BRIEF, "quiet", "who", "created_at")
SENT = ("made_at", "follow", "slot", "stories", "status", "sent_at", "tries", "error")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHOWN = 12
"""Code points of a slot in a table: a day, or the beginning of an immediate one's name."""
_HOUR = re.compile(r"(\d{1,2})(?::00)?")
Name = Annotated[str, typer.Argument(help="What it is called: design-week, giám đốc sở …")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        help="What people are told of, by mail, chat or webhook. / Theo dõi tin.",
        no_args_is_help=True,
    )
    group.command("add")(add)
    group.command("list")(listed)
    group.command("remove")(remove)
    group.command("test")(test)
    group.command("sent")(sent)
    app.add_typer(group, name="follow")


# What is told is new, each story once: days of publication, moments and reprints say nothing here.
@asks(
    without=(
        "since", "until", "articles", "due_after", "due_before", "reuse", "as_of", "order",
    )
)  # fmt: skip
def add(
    wanted: Asked,
    name: Name,
    to: Annotated[
        str,
        typer.Option(
            help="A mail address, the http(s) address of a webhook, or an Apprise URL (slack://…). "
            "- reads it from stdin, so that it does not stay in the shell's history."
        ),
    ],
    when: Annotated[
        str,
        typer.Option(help="daily, a day of the week (monday …), or immediate: after each load."),
    ] = "daily",
    at: Annotated[
        str, typer.Option(help="Hour in KB_TIMEZONE (7 or 07:00); else with the morning's run.")
    ] = "",
    per_hour: Annotated[
        int, typer.Option(min=1, help="Of immediate: messages an hour at most; the rest waits.")
    ] = 4,
    quiet: Annotated[
        bool, typer.Option("--quiet-days", help="Say so, too, when there is nothing.")
    ] = False,
    language: Annotated[str, typer.Option(help="vi or en (default: as set).")] = "",
    secret: Annotated[
        str, typer.Option(help="Of a webhook: whsec_… (default: a new one, shown this once).")
    ] = "",
    who: Annotated[str, typer.Option(help="In whose name; without it this user.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Change what is followed under this name.")
    ] = False,
) -> None:
    """Follow a query; without one, all that names an initiative. / Thêm một mục theo dõi."""
    from flows.channels import kind_of
    from kb.archive import Archive
    from kb.archive.address import new_secret, shown
    from kb.archive.following import Follow, asks_of, keep_follow
    from kb.archive.judgements.log import local_name

    chosen = settings()
    channel = sys.stdin.readline().strip() if to == "-" else to.strip()
    kind = kind_of(channel)
    if secret and kind != "webhook":
        raise ConfigError("--secret is for webhooks alone")
    _known(chosen, wanted.initiatives, wanted.outlets)  # told now, not by a mail that never comes
    fresh = new_secret() if kind == "webhook" and not secret else ""
    rhythm, weekday = _rhythm(when)
    one = Follow(
        name,
        channel,
        asks_of(wanted),
        language or chosen.language,
        rhythm,
        _hour(at),
        weekday,
        per_hour if rhythm == "immediate" else None,
        quiet,
        _checked(secret or fresh) or None,
        who or local_name(),
    )
    with Archive.open() as archive:
        tell(archive, wanted)
        keep_follow(archive, one, replace=replace)
    said = words()
    errors.print(
        said["followed"].format(name=name, to=shown(channel), when=_told(one, said)), markup=False
    )
    if fresh:
        errors.print(said["follow_secret"].format(secret=fresh), markup=False)
    if kind == "mail" and not chosen.smtp_url:
        errors.print(said["follow_no_mail"])


def listed(format: FormatOption = Format.table) -> None:
    """List what is followed, without secrets. / Liệt kê các mục theo dõi."""
    from kb.archive import Archive
    from kb.archive.following import follows, sendings

    with Archive.open(create=False) as archive:
        rows, said = [], words()
        for one in follows(archive):
            last = next(iter(sendings(archive, one.name, 1)), None)
            rows.append(_row(one) | {"last": None, "error": None})
            if last is not None:
                rows[-1] |= {"last": last.sent_at or last.status, "error": last.error}
            if format is Format.table:
                rows[-1] |= {"asks": _said(one.asks), "when": _told(one, said)}
    listing(rows, BRIEF if format is Format.table else COLUMNS, format)
    if not rows:
        errors.print(words()["follow_none"])


def remove(name: Name) -> None:
    """Follow something no longer; what was sent is forgotten. / Thôi theo dõi."""
    from kb.archive import Archive
    from kb.archive.following import drop_follow

    with Archive.open(create=False) as archive:
        if not drop_follow(archive, name):
            raise ConfigError(f"nothing is followed as {name!r}; kb follow list shows what is")
    errors.print(words()["unfollowed"].format(name=name), markup=False)


def test(
    name: Name,
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="Tell what came in in so many days.")
    ] = 1,
) -> None:
    """Send a message now, as a trial: nothing of it is noted. / Gửi thử một bản tin."""
    from flows.trial import trial
    from kb.archive import Archive
    from kb.archive.address import shown

    said = words()
    with Archive.open(create=False) as archive:
        one = _named(archive, name)
        tried = trial(archive, settings(), one, days)
    match tried.outcome:
        case "unset":
            raise ConfigError(f"{tried.said} is not set: no mail can be sent")
        case "wrong":
            raise ConfigError(tried.said)
        case "refused":
            raise SendError(tried.said)
    facts = {"name": name, "to": shown(one.channel), "stories": tried.stories}
    errors.print(said["follow_tested"].format(**facts), markup=False)


def sent(
    name: Annotated[str, typer.Argument(help="Only what this follower was sent.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Messages to show.")] = 30,
    format: FormatOption = Format.table,
) -> None:
    """List what was sent, what waits and why, newest first. / Những gì đã gửi."""
    from dataclasses import asdict

    from kb.archive import Archive
    from kb.archive.following import sendings

    with Archive.open(create=False) as archive:
        found = sendings(archive, name or None, limit)
    rows = [{key: value for key, value in asdict(one).items() if key != "message"} for one in found]
    if format is Format.table:
        rows = [row | {"slot": row["slot"][:_SHOWN]} for row in rows]
    listing(rows, SENT if format is Format.table or not rows else tuple(rows[0]), format)


def _named(archive: Any, name: str) -> Follow:  # noqa: ANN401 - kb.archive is not loaded for help
    from kb.archive.following import follows

    for one in follows(archive):
        if one.name == name:
            return one
    raise ConfigError(f"nothing is followed as {name!r}; kb follow list shows what is")


def _known(chosen: Settings, initiatives: Sequence[str], outlets: Sequence[str]) -> None:
    """See that the registry has these initiatives, and the YAML or the archive these outlets."""
    from kb.outlets import load_outlets
    from kb.registry import registry_of

    if initiatives:
        entries = registry_of(chosen).of_kind("initiative", "programme")
        known = [entry.id for entry in entries]
        if strange := [one for one in initiatives if one not in known]:
            raise ConfigError(f"no initiative {strange[0]!r}: there are {', '.join(known)}")
    if outlets and (strange := [one for one in outlets if one not in load_outlets(chosen.outlets)]):
        errors.print(words()["follow_outlet"].format(outlet=", ".join(strange)), markup=False)


def _row(one: Follow) -> dict[str, Any]:
    from kb.archive.address import shown

    return {
        "name": one.name,
        "asks": dict(one.asks),
        "to": shown(one.channel),
        "when": _when(one),
        "language": one.language,
        "quiet": one.quiet,
        "who": one.who,
        "created_at": one.created_at,
    }


def _said(asks: Mapping[str, Any]) -> str:
    many = {key: [value] if isinstance(value, str) else value for key, value in asks.items()}
    return "; ".join(
        "".join(value) if key == "text" else f"{key}: {', '.join(value)}"
        for key, value in many.items()
    )


def _when(one: Follow) -> str:
    if one.rhythm == "never":
        return "never"
    if one.rhythm == "immediate":
        return f"immediate, {one.per_hour}/h"
    day = DAYS[one.weekday] if one.weekday is not None else "daily"
    return f"{day} {one.hour:02}:00" if one.hour is not None else day


def _told(one: Follow, said: dict[str, str]) -> str:
    """Say when in words, for people; `_when` is for programs."""
    if one.rhythm in ("never", "immediate"):
        return said[f"when_{one.rhythm}"].format(n=one.per_hour)
    day = said[f"when_{'daily' if one.weekday is None else DAYS[one.weekday]}"]
    if one.hour is None:
        return said["when_morning"].format(day=day)
    return said["when_at"].format(day=day, hour=f"{one.hour:02}:00")


def _rhythm(when: str) -> tuple[Rhythm, int | None]:
    if when in ("daily", "immediate"):
        return ("daily", None) if when == "daily" else ("immediate", None)
    if when.lower() in DAYS:
        return "weekly", DAYS.index(when.lower())
    raise ConfigError(f"--when {when!r}: write daily, immediate, or one of {', '.join(DAYS)}")


def _hour(at: str) -> int | None:
    if not at:
        return None
    match = _HOUR.fullmatch(at)
    if match is None or int(match[1]) > 23:
        raise ConfigError(f"--at {at!r}: write a full hour such as 7 or 07:00")
    return int(match[1])


def _checked(secret: str) -> str:
    """Return a webhook's secret if it can sign."""
    if secret:
        import base64
        import binascii

        try:
            if len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) < 16:
                raise ConfigError("--secret is too short: 16 bytes at least, as base64")
        except binascii.Error as error:
            raise ConfigError("--secret: write whsec_ and base64") from error
    return secret
