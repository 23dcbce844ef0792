"""`kb registry` and `kb outlets`: the data files that say what to look for and where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.cli import candidates
from kb.cli.output import Format, FormatOption, errors, listing
from kb.errors import ConfigError
from kb.settings import settings

Folder = Annotated[Path | None, typer.Argument(help="A folder of YAML files.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    registry = typer.Typer(help="Programmes, initiatives and actors. / Danh mục.")
    registry.command("list")(registry_list)
    registry.command("check")(registry_check)
    candidates.register(registry)
    app.add_typer(registry, name="registry")
    outlets = typer.Typer(help="Newspapers. / Cơ quan báo chí.")
    outlets.command("list")(outlets_list)
    outlets.command("check")(outlets_check)
    app.add_typer(outlets, name="outlets")


def registry_list(
    kind: Annotated[str, typer.Option(help="Only entries of this kind.")] = "",
    format: FormatOption = Format.table,
) -> None:
    """List the entries of all registry files. / Liệt kê danh mục."""
    from kb.registry import load_registry

    rows = [
        {
            "id": entry.id,
            "kind": entry.kind,
            "name": entry.name,
            "level": entry.level,
            "aliases": [alias.text for alias in entry.aliases],
            "sources": list(entry.sources),
        }
        for entry in load_registry(settings().registries).entries.values()
        if not kind or entry.kind == kind
    ]
    if not rows and kind:
        raise ConfigError(f"no entries of kind {kind!r}; `kb registry check` counts the kinds")
    listing(rows, ("id", "kind", "name", "level", "aliases"), format)


def registry_check(folder: Folder = None) -> None:
    """Check registry files; says what is wrong and where. / Kiểm tra danh mục."""
    from kb.registry import load_registry

    registry = load_registry(folder or settings().registries)
    kinds = sorted({entry.kind for entry in registry.entries.values()})
    counts = ", ".join(f"{len(registry.of_kind(kind))} {kind}" for kind in kinds)
    errors.print(f"registry {registry.version}: {counts}, {len(registry.posts)} posts")


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
