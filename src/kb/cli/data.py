"""`kb registry`: the data files that say what to look for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.cli import candidates
from kb.cli.output import Format, FormatOption, errors, listing, words
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


def registry_list(
    kind: Annotated[str, typer.Option(help="Only entries of this kind.")] = "",
    format: FormatOption = Format.table,
) -> None:
    """List the entries of all registry files. / Liệt kê danh mục."""
    from kb.registry import registry_of

    rows = [
        {
            "id": entry.id,
            "kind": entry.kind,
            "name": entry.name,
            "level": entry.level,
            "aliases": [alias.text for alias in entry.aliases],
            "sources": list(entry.sources),
        }
        for entry in registry_of(settings()).entries.values()
        if not kind or entry.kind == kind
    ]
    if not rows and kind:
        raise ConfigError(f"no entries of kind {kind!r}; `kb registry check` counts the kinds")
    listing(rows, ("id", "kind", "name", "level", "aliases"), format)


def registry_check(folder: Folder = None) -> None:
    """Check registry files; says what is wrong and where. / Kiểm tra danh mục."""
    from kb.registry import load_registry
    from kb.registry.loader import registry_files

    chosen = settings()
    own, bundled = folder or chosen.registries, chosen.bundled_registry
    read = registry_files(own)
    if folder and not read:
        raise ConfigError(f"{folder} holds no registry: put one <id>.yaml a programme into it")
    registry = load_registry(own, bundled=bundled)
    kinds = sorted({entry.kind for entry in registry.entries.values()})
    counts = ", ".join(f"{len(registry.of_kind(kind))} {kind}" for kind in kinds)
    said, posts = words(), len(registry.posts)
    errors.print(
        said["registry_counts"].format(version=registry.version, counts=counts, posts=posts)
    )
    if own:
        name = "registry_files" if bundled else "registry_files_alone"
        errors.print(said[name].format(count=len(read), folder=own), markup=False)
