"""`kb init`: a commented kb.toml, made from the settings themselves."""

from __future__ import annotations

import json
import os
import textwrap
from itertools import chain, count
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.output import errors, words
from kb.errors import ConfigError
from kb.settings import Settings

_WIDTH = 96


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("init")(init)


def init(
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace a kb.toml that is there; it is kept beside it."),
    ] = False,
    shown: Annotated[
        bool, typer.Option("--print", help="Print it instead: all settings, nothing written.")
    ] = False,
) -> None:
    """Write a commented kb.toml into this folder; asks nothing. / Tạo tệp cấu hình mẫu."""
    if shown:  # also where kb.toml is wrong: it reads none
        print(template(), end="")
        return
    path = Path("kb.toml")
    kept = None
    if path.exists():
        if not force:
            raise ConfigError(
                f"{path.resolve()} is there already; --force replaces it and keeps it beside, "
                "--print shows all settings"
            )
        kept = _free(path)
        path.rename(kept)
    path.write_text(template(), "utf-8")
    said = words()
    if kept:
        errors.print(said["init_kept"].format(path=kept.absolute()), markup=False)
    errors.print(said["init"].format(path=path.resolve()), markup=False)


def _free(path: Path) -> Path:
    """Return a name beside a file that no file has yet."""
    names = chain([f"{path.name}.bak"], (f"{path.name}.bak{n}" for n in count(2)))
    return next(one for one in map(path.with_name, names) if not os.path.lexists(one))


def template() -> str:
    """Return the text of a kb.toml that changes nothing: every setting with what it means and
    its default, commented out."""
    blocks = [words("vi")["init_head"].rstrip() + "\n#\n" + words("en")["init_head"].rstrip()]
    for name, field in Settings.model_fields.items():
        meaning = " ".join((field.description or "").replace("`", "").split())
        comment = textwrap.fill(
            meaning, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
        )
        blocks.append(f"{comment}\n#{name} = {_toml(field.default)}")
    return "\n\n".join(blocks) + "\n"


def _toml(value: object) -> str:
    """Write a default as TOML; JSON's strings, numbers, truths and lists are TOML's."""
    if value is None:
        return '""'
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
