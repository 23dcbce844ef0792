"""`kb digest`: what came in about the programme, for a reader in the morning."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kb.article import VIETNAM
from kb.cli.output import errors, words
from kb.cli.when import moment
from kb.errors import ConfigError, QueryError, SendError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive import Archive
    from kb.research.digest import Digest


class Form(StrEnum):
    """How a digest is written."""

    text = "text"
    html = "html"
    json = "json"


_ENDINGS = {".html": Form.html, ".htm": Form.html, ".json": Form.json}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("digest")(digest)


def digest(
    since: Annotated[
        str, typer.Option(help="What came in since this day or moment (default: 24 hours ago).")
    ] = "",
    until: Annotated[str, typer.Option(help="What came in before it (default: now).")] = "",
    format: Annotated[
        Form | None,
        typer.Option("--format", help="text, html or json (default: as FILE ends, else text)."),
    ] = None,
    language: Annotated[str, typer.Option(help="vi or en (default: as set).")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    send: Annotated[
        bool,
        typer.Option("--send", help="Send to each who is due (kb follow) what is new to them."),
    ] = False,
    to: Annotated[
        str, typer.Option(help="With --send: this digest to a mail address or Apprise URL; once.")
    ] = "",
) -> None:
    """Write what came in by initiative, who said what, and what falls due. / Điểm báo."""
    if to and not send:
        raise QueryError("--to goes with --send")
    if send and not to:
        if since or until or output:
            raise QueryError("--send tells each what is new to them: without --since, --until, -o")
        _send_due()
    from kb.archive import Archive
    from kb.registry import registry_of
    from kb.research.digest import digest as gather
    from kb.research.digest import render

    chosen = settings()
    if language not in ("", "vi", "en"):
        raise QueryError(f"--language {language!r}: write vi or en")
    end = moment(until, "--until") or datetime.now(UTC)
    begin = moment(since, "--since") or end - timedelta(days=1)
    if begin >= end:
        raise QueryError("--since must come before --until")
    with Archive.open(create=False) as archive:
        found = gather(archive, registry_of(chosen), begin, end)
        if send:
            told = f"{begin.isoformat()} {end.isoformat()}" if since or until else ""
            day = f"{end.astimezone(VIETNAM):%Y-%m-%d}"
            _send(archive, found, to, f"{day} {told}".strip(), language or chosen.language)
            return
    if format is None:
        format = _ENDINGS.get(output.suffix.lower(), Form.text) if output else Form.text
    text = render(found, format, language or chosen.language)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {output}: {error.strerror}") from error
    errors.print(f"digest → {output}", markup=False)


def _send_due() -> NoReturn:
    """Tell all who are due, those of the morning included, and say what came of it."""
    from flows.following import tell
    from kb.archive import Archive

    with Archive.open(create=False) as archive:
        told = tell(archive, settings(), morning=True)
    said = words()
    counts = {"sent": len(told.sent), "nothing": len(told.nothing), "failed": len(told.failed)}
    errors.print(said["digest_sent"].format(**counts))
    for name, why in told.failed.items():
        errors.print(f"  {name}: {why}", markup=False, soft_wrap=True)
    sys.exit(1 if told.failed else 0)


def _send(archive: Archive, found: Digest, to: str, slot: str, language: str) -> None:
    from flows.channels import kind_of
    from flows.following import tell_one
    from kb.archive.address import shown

    if kind_of(to) == "webhook":
        raise QueryError("--to a webhook needs a secret: kb follow add … --to URL")
    told = tell_one(archive, settings(), found, to, slot, language)
    said = words()
    if told.failed:
        raise SendError("; ".join(told.failed.values()) + "; the same command tries it again")
    key = "digest_to" if told.sent else "digest_known"
    errors.print(said[key].format(to=shown(to), stories=found.stories), markup=False)
