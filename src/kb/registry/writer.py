"""Adding an entry to a registry file of one's own; what stands there stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from kb.errors import ConfigError
from kb.registry.loader import Registry, load_registry
from kb.text import fold

HEADER = """\
# Registry of one's own: names from the press that were taken in with `kb registry accept`.
# Edit it freely; `kb registry check` says what is wrong and where.
id: {id}
name: {name}
entries:
"""


def entry_id(name: str) -> str:
    """Return an id made of a name: `Hội Thợ gốm` → `hoi-tho-gom`."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name).lower())) or "entry"


def add_entry(path: Path, entry: Mapping[str, Any], *, programme: str) -> Registry:
    """Write an entry at the end of a file, made if it is not there, and load the folder.

    Args:
        path: the YAML file; its folder is that of `KB_REGISTRIES`.
        entry: the entry's fields, ready for YAML.
        programme: name of the programme, for a new file.

    Raises:
        ConfigError: the file has no list of entries, or the folder would be wrong with the new
            one; the file is then as before.
    """
    before = path.read_text("utf-8") if path.exists() else None
    head = HEADER.format(id=entry_id(path.stem), name=programme)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_with(path, head if before is None else before, entry), "utf-8")
    try:
        return load_registry(path.parent)
    except ConfigError:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, "utf-8")
        raise


def _with(path: Path, text: str, entry: Mapping[str, Any]) -> str:
    """Return a file's text with one entry more, in the indentation of the others."""
    at, indent = _end_of_entries(path, text)
    lines = yaml.safe_dump([dict(entry)], allow_unicode=True, sort_keys=False, width=1000)
    block = "".join(f"{' ' * indent}{line}\n" for line in lines.splitlines())
    before = text[:at].rstrip("\n") + "\n"
    return before + block + text[at:].lstrip("\n")


def _end_of_entries(path: Path, text: str) -> tuple[int, int]:
    """Return where the list of entries ends, and how far its dashes are indented."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML; mend it first (`kb registry check`)") from error
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value != "entries":
            continue
        if isinstance(value, yaml.SequenceNode) and not value.flow_style:
            return value.end_mark.index, value.start_mark.column
        if isinstance(value, yaml.ScalarNode) and not value.value:
            return key.end_mark.index + 1, 2
    raise ConfigError(f"{path}: no list of `entries`, one a line, to add to")
