"""`kb doctor` and `kb quarantine`: is everything in order, and what was put aside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from kb.cli.output import Format, FormatOption, errors, listing
from kb.errors import KbError
from kb.settings import settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor")(doctor)
    app.command("quarantine")(quarantine)


def quarantine(
    limit: Annotated[int, typer.Option(min=0, help="Items to show; 0 shows all.")] = 0,
    format: FormatOption = Format.table,
) -> None:
    """List what could not be used, with the reason. / Những gì bị để riêng."""
    from kb.archive import Archive

    with Archive.open(create=False) as archive:
        rows = archive.quarantine()
    listing(rows[:limit] if limit else rows, ("source", "stage", "reason", "at"), format)


def doctor(format: FormatOption = Format.table) -> None:
    """Check settings, data files, archive and reader. / Kiểm tra hệ thống."""
    rows = []
    for name, check in CHECKS.items():
        try:
            result, detail = "ok", check()
        except (KbError, OSError, ImportError) as error:
            result, detail = "FAILED", str(error)
        rows.append({"check": name, "result": result, "detail": detail})
    listing(rows, ("check", "result", "detail"), format)
    failed = [row["check"] for row in rows if row["result"] != "ok"]
    if failed:
        errors.print(f"not in order: {', '.join(failed)}")
    sys.exit(1 if failed else 0)


def _python() -> str:
    return sys.version.split()[0]


def _data_folder() -> str:
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".probe"
    probe.write_text("")
    probe.unlink()
    import shutil

    return f"{folder.resolve()}, {shutil.disk_usage(folder).free / 1e9:.0f} GB free"


def _archive() -> str:
    from kb.archive import Archive, Query

    with Archive.open() as archive:
        total = archive.search(Query(limit=1)).total
        aside = len(archive.quarantine())
        dialect = archive.engine.dialect.name
    return f"{dialect}: {total} articles, {aside} put aside"


def _last_run() -> str:
    from kb.archive import Archive

    with Archive.open() as archive:
        runs = archive.runs(limit=1)
    return "none yet" if not runs else f"{runs[0]['kind']} {runs[0]['status']}"


def _outlets() -> str:
    from kb.outlets import load_outlets

    outlets = load_outlets(settings().outlets)
    return f"{len(outlets)} declared, {sum(one.enabled for one in outlets.values())} switched on"


def _registry() -> str:
    from kb.registry import load_registry

    registry = load_registry(settings().registries)
    return f"{len(registry.entries)} entries, version {registry.version}"


def _reader() -> str:
    import kb

    found = kb.read("Lễ hội Thiết kế sáng tạo Hà Nội mở cửa.").mentions
    return f"underthesea reads; found {', '.join(one.surface for one in found)}"


CHECKS: dict[str, Callable[[], str]] = {
    "python": _python,
    "data folder": _data_folder,
    "archive": _archive,
    "last run": _last_run,
    "outlets": _outlets,
    "registry": _registry,
    "reader": _reader,
}
