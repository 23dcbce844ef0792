"""`kb outlets`: the newspapers that are declared, and trying one out before it is switched on."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.output import Format, FormatOption, errors, listing
from kb.errors import ConfigError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.outlets import Outlet

Folder = Annotated[Path | None, typer.Argument(help="A folder of YAML files.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    outlets = typer.Typer(help="Newspapers. / Cơ quan báo chí.")
    outlets.command("list")(outlets_list)
    outlets.command("check")(outlets_check)
    outlets.command("probe")(outlets_probe)
    app.add_typer(outlets, name="outlets")


def outlets_list(format: FormatOption = Format.table) -> None:
    """List the declared newspapers. / Liệt kê cơ quan báo chí."""
    from kb.outlets import load_outlets

    rows = [
        {
            "id": outlet.id,
            "name": outlet.name,
            "level": outlet.level,
            "family": outlet.family,
            "enabled": "yes" if outlet.enabled else "no",
            "home": outlet.home,
        }
        for outlet in load_outlets(settings().outlets).values()
    ]
    listing(rows, ("id", "name", "level", "family", "enabled", "home"), format)


def outlets_check(folder: Folder = None) -> None:
    """Check outlet files; says what is wrong and where. / Kiểm tra khai báo báo chí."""
    from kb.outlets import load_outlets

    outlets = load_outlets(folder or settings().outlets)
    enabled = sum(outlet.enabled for outlet in outlets.values())
    errors.print(f"{len(outlets)} outlets, {enabled} switched on")


def outlets_probe(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE|URL",
            help="A declared outlet, an outlet's YAML file, or the home page of a new one.",
        ),
    ],
    id: Annotated[str, typer.Option("--id", help="Id of a new outlet (its host).")] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="File for the draft of a new outlet (ID.yaml)."),
    ] = None,
    delay: Annotated[
        float | None, typer.Option(min=0, help="Seconds between requests to a new one (2).")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="A new one may be on loopback (for trying).")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Try an outlet out: robots.txt, listings, an article; draft a new one from its home page.
    / Thử một báo trước khi bật, hoặc soạn khai báo cho báo mới từ trang chủ."""
    from flows.probing import draft_outlet, try_outlet
    from kb.cli.probed import progress, say

    target: Path | None = None
    if what.startswith(("http://", "https://")):
        target = _draft_file(what, id, output)
    elif id or output or allow_private or delay is not None:
        raise ConfigError("--id, -o, --delay, --allow-private: only with a home page's URL")
    outlet = None if target else _declared(what)
    with TemporaryDirectory(prefix="kb-probe-") as name, progress() as on_line:
        out = Path(name)
        if outlet is not None:
            verdict = try_outlet(outlet, out, on_line)
        else:
            verdict = draft_outlet(
                what,
                out,
                id=id or None,
                delay=delay,
                allow_private=allow_private,
                on_line=on_line,
            )
    if target is not None and verdict.draft is not None:
        target.write_text(verdict.draft.yaml(), encoding="utf-8")
    say(verdict, format, file=target)
    sys.exit(0 if verdict.works else 1)


def _declared(what: str) -> Outlet:
    """Return the outlet with an id or in a file.

    Raises:
        ConfigError: there is none, or the file is wrong.
    """
    from kb.outlets import load_outlet, load_outlets

    path = Path(what)
    if path.is_file():
        return load_outlet(path)
    if path.suffix in {".yaml", ".yml"}:
        raise ConfigError(f"{what}: no such file")
    outlets = load_outlets(settings().outlets)
    if what not in outlets:
        raise ConfigError(
            f"no outlet {what!r}: `kb outlets list` names them; for a new one give the address "
            "of its home page (https://…)"
        )
    return outlets[what]


def _draft_file(url: str, id: str, output: Path | None) -> Path:
    """Return where the draft goes.

    Raises:
        ConfigError: the newspaper is declared already, or the file is there.
    """
    from kb.outlets import load_outlets, outlet_for
    from kb.outlets.draft import outline

    known = outlet_for(url, load_outlets(settings().outlets))
    if known is not None and output is None:
        raise ConfigError(
            f"{url} is declared as {known.id}: `kb outlets probe {known.id}` tries it out; "
            "to draft it anew name a file with -o"
        )
    target = output or Path(f"{outline(url, id=id or None).id}.yaml")
    if target.exists():
        raise ConfigError(f"{target} exists: name another file with -o")
    if not target.parent.is_dir():
        raise ConfigError(f"{target.parent} is not a folder: name a file with -o")
    return target
