"""Reading outlet YAML files, with errors that say which file, which key and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import ValidationError

from kb.errors import ConfigError
from kb.outlets.model import Outlet
from kb.strict_yaml import read_strictly

BUNDLED = "bundled"
"""What the command line calls the outlets that come with the package."""


def load_outlets(folder: Path | None = None) -> dict[str, Outlet]:
    """Return the outlets of a folder (None: the bundled ones) by id, in order of file name.

    Raises:
        ConfigError: no such folder or no YAML in it, a file that is not a valid outlet, or
            two files with the same id.
    """
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"{folder} is not a folder: name a folder of outlet YAML files")
    source: Traversable = files("kb.outlets") if folder is None else folder
    found = [path for path in source.iterdir() if path.name.endswith((".yaml", ".yml"))]
    if not found:
        raise ConfigError(f"{folder} holds no outlet: put one <id>.yaml for each outlet into it")
    outlets: dict[str, Outlet] = {}
    origin: dict[str, str] = {}
    for path in sorted(found, key=lambda path: path.name):
        outlet = _read(path)
        if outlet.id in outlets:
            raise ConfigError(
                f"{path.name}: id: {outlet.id!r} is already that of {origin[outlet.id]}; "
                "give each outlet its own id"
            )
        outlets[outlet.id], origin[outlet.id] = outlet, path.name
    return outlets


def load_outlet(path: Path) -> Outlet:
    """Return the outlet that one file declares.

    Raises:
        ConfigError: it cannot be read, or is not a valid outlet.
    """
    return _read(path)


def _read(path: Traversable) -> Outlet:
    try:
        return parse_outlet(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"{path.name}: cannot be read as UTF-8 YAML: {reason}") from error


def parse_outlet(text: str, name: str) -> Outlet:
    """Return the outlet that the text of a file declares; `name` is the file's, for messages.

    Raises:
        ConfigError: it is no YAML, or not a valid outlet.
    """
    try:
        raw, twice = read_strictly(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: what YAML takes for a number
        reason = " ".join(str(error).split())
        raise ConfigError(f"{name}: cannot be read as UTF-8 YAML: {reason}") from error
    if twice:
        raise ConfigError(f"{name}: {', '.join(twice)} stands twice; keep one")
    if not isinstance(raw, dict):
        raise ConfigError(f"{name}: must hold keys and values, beginning with id: and name:")
    try:
        return Outlet.model_validate(raw)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(name, error))) from error


def _explain(name: str, error: ValidationError) -> Iterable[str]:
    """Yield one line a fault: file, key, what is wrong, what to do."""
    for fault in error.errors():
        key = ".".join(map(str, fault["loc"])) or "whole file"
        message = fault["msg"].removeprefix("Value error, ")
        match fault["type"]:
            case "missing":
                yield f"{name}: {key}: is missing; add it"
            case "extra_forbidden":
                known = ", ".join(Outlet.model_fields)
                yield f"{name}: {key}: is not a known key; remove it or use one of {known}"
            case "value_error" if not fault["loc"]:
                yield f"{name}: {message}"
            case _:
                yield f"{name}: {key}: {message} (got {fault['input']!r}); correct it"


def outlet_for(url: str, outlets: Mapping[str, Outlet]) -> Outlet | None:
    """Return the outlet on whose host (`www.`, `m.`, `amp.` do not count) an address lies."""
    return next((outlet for outlet in outlets.values() if outlet.owns(url)), None)
