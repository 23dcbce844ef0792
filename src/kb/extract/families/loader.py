"""Reading family YAML files, with errors that say which file and what to do."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from kb.errors import ConfigError
from kb.extract.families.model import Family
from kb.outlets.generations import are_ordered

_FAMILY = TypeAdapter(Family)
_GIVEN = {"name", "earlier", "own"}
"""Fields that a set of selectors does not name itself."""
_KEYS = Family.__dataclass_fields__.keys() - _GIVEN


def load_families(folder: Path | None = None) -> dict[str, Family]:
    """Return the families of a folder (None: the bundled ones) by name, in order of detection.

    Raises:
        ConfigError: a file is no YAML, or not what `Family` says; earlier sets without `until`,
            or not the latest first.
    """
    source: Traversable = files("kb.extract.families") if folder is None else folder
    paths = sorted((p for p in source.iterdir() if p.name.endswith(".yaml")), key=lambda p: p.name)
    found = [_read(path) for path in paths]
    return {family.name: family for family in sorted(found, key=lambda family: family.last)}


def _read(path: Traversable) -> Family:
    name = path.name.removesuffix(".yaml")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        earlier = tuple(_set(path.name, name, each) for each in raw.pop("earlier", []))
        family = _set(path.name, name, raw, earlier=earlier)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(map(str, fault["loc"]))
        raise ConfigError(f"{path.name}: {key}: {fault['msg']}; correct it") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"{path.name}: cannot be read as UTF-8 YAML: {reason}") from error
    _check(path.name, family)
    return family


def _set(file: str, name: str, raw: dict[str, Any], **more: object) -> Family:
    if unknown := sorted(raw.keys() - _KEYS):
        known = ", ".join(sorted(_KEYS | {"earlier"}))
        raise ConfigError(f"{file}: {unknown[0]}: is not a known key; use one of {known}")
    return _FAMILY.validate_python({"marks": (), "name": name} | raw | more)


def _check(file: str, family: Family) -> None:
    if family.until is not None:
        raise ConfigError(f"{file}: until: belongs to the sets under earlier: only")
    if not are_ordered(family.earlier):
        raise ConfigError(f"{file}: earlier: each set needs until:, its last day, the latest first")
    versions = [family.version, *(each.version for each in family.earlier)]
    if versions != sorted(set(versions), reverse=True):
        raise ConfigError(f"{file}: earlier: each set needs a version: of its own, falling")
