"""`kb doctor`: is everything in order, and how to mend what is not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from kb.cli.output import Format, FormatOption, errors, listing, words
from kb.errors import ArchiveError, ConfigError, KbError
from kb.settings import settings, strange_variables

_LEAST_FREE, _SOON_FULL = 500e6, 5e9
"""Bytes free on the disk of the data folder under which nothing is written, and which is low."""
_SKEW = timedelta(minutes=5)


class _Warning(str):
    """The finding of a check: it works, but should be looked at."""

    __slots__ = ()


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor")(doctor)


def doctor(format: FormatOption = Format.table) -> None:
    """Check settings, disk, clock, archive, Prefect, data files and reader, and say how to mend
    what is not in order. / Kiểm tra hệ thống và cách khắc phục."""
    said = words()
    rows = []
    for name, check in CHECKS.items():
        mend = ""
        try:
            detail = check()
            result = "warning" if isinstance(detail, _Warning) else "ok"
        except (KbError, OSError, ImportError) as error:
            result, detail = "FAILED", str(error)
        if result != "ok":
            mend = said["mend_" + name.replace(" ", "_")]
        rows.append({"check": name, "result": result, "detail": detail, "mend": mend})
    listing(rows, ("check", "result", "detail", "mend"), format)
    failed = [row["check"] for row in rows if row["result"] == "FAILED"]
    if failed:
        errors.print(f"not in order: {', '.join(failed)}")
    sys.exit(1 if failed else 0)


def _settings() -> str:
    if strange := strange_variables():
        return _Warning("; ".join(strange))
    own = [f"KB_{name.upper()}" for name in sorted(settings().model_fields_set)]
    return f"set: {', '.join(own)}" if own else "everything at its default"


def _versions() -> str:
    parts = (f"{name} {version(name)}" for name in ("underthesea", "scrapy", "prefect"))
    return ", ".join([f"Python {sys.version.split()[0]}", *parts])


def _data_folder() -> str:
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".probe"
    probe.write_text("")
    probe.unlink()
    free = shutil.disk_usage(folder).free
    detail = f"{folder.resolve()}, {free / 1e9:.1f} GB free"
    if free < _LEAST_FREE:
        raise OSError(detail)
    if free < _SOON_FULL:
        return _Warning(detail)
    return detail


def _clock() -> str:
    """Compare the clock with the newest run: one that begins in the future tells of a clock that
    was set back."""
    from kb.archive import Archive

    try:
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError as error:
        raise ConfigError("this machine knows no time zone Asia/Ho_Chi_Minh") from error
    now = datetime.now(UTC)
    try:
        with Archive.open(create=False) as archive:
            runs = archive.runs(limit=1)
    except ArchiveError:
        runs = []  # what is wrong with it is the next check's
    if runs and runs[0]["started_at"] > now + _SKEW:
        began = runs[0]["started_at"].astimezone(zone)
        raise ConfigError(f"the newest run began at {began:%d/%m/%Y %H:%M}, which is yet to come")
    return f"{now.astimezone(zone):%d/%m/%Y %H:%M} in Vietnam"


def _archive() -> str:
    from kb.archive import Archive, Query

    with Archive.open() as archive:
        total = archive.search(Query(limit=1)).total
        aside = sum(archive.count_quarantine().values())
        dialect = archive.engine.dialect.name
    return f"{dialect}: {total} articles, {aside} put aside"


def _last_run() -> str:
    from kb.archive import Archive

    with Archive.open() as archive:
        runs = archive.runs(limit=1)
    return "none yet" if not runs else f"{runs[0]['kind']} {runs[0]['status']}"


def _nights() -> str:
    """Judge the nights as `kb status` does; before the first there is nothing to judge."""
    from flows.verdict import judge_settings

    found = judge_settings(settings(), datetime.now(UTC))
    wrong = [one for one in found if one.wrong]
    if not wrong:
        return found[0].say("en")
    if found[0].kind in ("never", "archive"):
        return "nothing to judge yet"  # what is wrong with the archive is its own check's
    return _Warning("; ".join(one.say("en") for one in wrong))


def _schedule() -> str:
    """See that the schedules are such, and whether `kb operate` is at work."""
    from flows.prefect_runner import operated, settle
    from flows.schedule import schedules

    chosen = settings()
    settle(chosen.data_dir)
    told = ", ".join(
        f"{name} {one.cron} ({one.timezone})" if one else f"{name} never"
        for name, one in schedules(chosen).items()
    )
    url = operated(chosen.data_dir)
    return f"{told}; kb operate {f'is at work at {url}' if url else 'is not at work'}"


def _alerts() -> str:
    """Look at the form of the addresses alone: to try them would wake somebody up."""
    from flows.alerts import strange
    from kb.archive.address import is_web

    chosen = settings()
    if chosen.heartbeat_url and not is_web(chosen.heartbeat_url):
        raise ConfigError("KB_HEARTBEAT_URL is not a full http:// or https:// address")
    if wrong := strange(chosen.alerts):
        numbers = ", ".join(map(str, wrong))
        raise ConfigError(f"KB_ALERTS: no Apprise URL at place {numbers}")
    beat = "a heartbeat" if chosen.heartbeat_url else "no heartbeat"
    return f"{len(chosen.alerts.split())} addresses, {beat}"


def _mail() -> str:
    """Greet the mail server without sending anything; see whether what is followed was sent."""
    from flows.channels import kind_of
    from flows.sending import greet
    from kb.archive import Archive
    from kb.archive.following import follows, sendings

    told = greet(settings())
    try:
        with Archive.open(create=False) as archive:
            followed = follows(archive)
            late = {one.follow for one in sendings(archive) if one.error}
    except ArchiveError:
        return told  # what is wrong with it is its own check's
    # A saved search without an address is sent nowhere.
    mailed = [one for one in followed if one.channel and kind_of(one.channel) == "mail"]
    if mailed and not settings().smtp_url:
        return _Warning(f"{told}, and {len(mailed)} are followed by mail")
    if late := late.intersection(one.name for one in followed):
        return _Warning(f"{told}; not told yet: {', '.join(sorted(late))}")
    return told


def _captures() -> str:
    """See that the place where captures are kept can be reached and looked into."""
    import fsspec

    place = settings().captures
    if not place:
        return "in the data folder"
    try:
        system, path = fsspec.core.url_to_fs(place)
        there = system.isdir(path)
    except (ValueError, ImportError) as error:
        raise ConfigError(f"KB_CAPTURES: {error}") from error
    scheme = place.partition("://")[0] if "://" in place else "folder"
    return f"{scheme}, there" if there else _Warning(f"{scheme}, not there yet: made on first use")


def _prefect() -> str:
    """Ask the server that is set; where none is, `kb nightly` starts its own."""
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return "no server set: every run starts its own"
    from flows.prefect_runner import settle, trouble

    settle(settings().data_dir)
    if why := trouble():
        raise ConfigError(f"PREFECT_API_URL={url} does not answer: {why}")
    return f"{url} answers"


def _outlets() -> str:
    from kb.outlets import load_outlets

    outlets = load_outlets(settings().outlets)
    on = sum(one.enabled for one in outlets.values())
    if not on:
        return _Warning(f"{len(outlets)} declared, none switched on")
    return f"{len(outlets)} declared, {on} switched on"


def _registry() -> str:
    from kb.registry import registry_of
    from kb.registry.loader import registry_files

    own = settings().registries
    registry = registry_of(settings())
    if own and not registry_files(own):
        return _Warning(f"{len(registry.entries)} entries, all bundled: no .yaml in {own}")
    return f"{len(registry.entries)} entries, version {registry.version}"


def _reader() -> str:
    import kb
    from kb.registry import load_registry

    # By the bundled registry: what is wrong with one's own is its own check's.
    found = kb.read("Lễ hội Thiết kế sáng tạo Hà Nội mở cửa.", load_registry()).mentions
    return f"underthesea reads; found {', '.join(one.surface for one in found)}"


CHECKS: dict[str, Callable[[], str]] = {
    "settings": _settings,
    "versions": _versions,
    "data folder": _data_folder,
    "clock": _clock,
    "archive": _archive,
    "last run": _last_run,
    "nights": _nights,
    "prefect": _prefect,
    "schedule": _schedule,
    "alerts": _alerts,
    "mail": _mail,
    "captures": _captures,
    "outlets": _outlets,
    "registry": _registry,
    "reader": _reader,
}
