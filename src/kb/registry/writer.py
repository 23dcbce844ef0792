"""Adding an entry to a registry file of one's own; what stands there stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from kb.errors import ConfigError, Refused
from kb.registry.loader import Registry, load_registry
from kb.text import fold, name_form

OWN_FILE = "accepted.yaml"
"""Name of the file that accepted names are written to."""
HEADER = """\
# Registry of one's own: names from the press that were taken in with `kb registry accept`.
# Edit it freely; `kb registry check` says what is wrong and where.
id: {id}
name: {name}
entries:
"""

_WRITING = Lock()
"""The desk accepts names in several threads."""


def entry_id(name: str) -> str:
    """Return an id made of a name: `Hội Thợ gốm` → `hoi-tho-gom`."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name).lower())) or "entry"


def known_names(registry: Registry) -> set[tuple[str, str]]:
    """Return kind and form of every name of a registry: none of these is a candidate any more."""
    return {
        (entry.kind, name_form(form))
        for entry in registry.entries.values()
        for alias in entry.names
        if not alias.needs and not alias.unless
        for form in alias.forms
    }


def add_entry(
    path: Path, entry: Mapping[str, Any], *, programme: str, bundled: bool = True
) -> Registry:
    """Write an entry at the end of a file, made if it is not there, and load the folder.

    Args:
        path: the YAML file; its folder is that of `KB_REGISTRIES`.
        entry: the entry's fields, ready for YAML.
        programme: name of the programme, for a new file.
        bundled: whether the bundled registry counts beside the folder.

    Raises:
        ConfigError: the file has no list of entries, or the folder would be wrong with the new
            one; the file is then as before.
    """
    head = HEADER.format(id=entry_id(path.stem), name=programme)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _WRITING:
        before = path.read_text("utf-8") if path.exists() else None
        path.write_text(_with(path, head if before is None else before, entry), "utf-8")
        try:
            return load_registry(path.parent, bundled=bundled)
        except ConfigError:
            if before is None:
                path.unlink()
            else:
                path.write_text(before, "utf-8")
            raise


def accept_name(
    kind: str,
    names: Sequence[str],
    page: str | None,
    *,
    folder: Path,
    path: Path | None = None,
    id: str = "",
    programme: str,
    bundled: bool = True,
) -> tuple[str, Path]:
    """Make a name from the press an entry of a folder's own registry.

    Args:
        kind: what it names.
        names: its spellings, the commonest first.
        page: address of a page that shows it.
        folder: that of `KB_REGISTRIES`.
        path: the file in it; without it `accepted.yaml`.
        id: the entry's id; without it one made of the name.
        programme: name of the programme, for a new file.
        bundled: whether the bundled registry counts beside the folder.

    Returns:
        Id of the entry and the file that it was written to.

    Raises:
        ConfigError: no page, a file outside the folder, an initiative, or a registry that would
            be wrong with the entry.
    """
    if page is None:
        message = f"{names[0]}: no article of it has an address; name a page with --source"
        raise Refused(message, "address")
    path = path or folder / OWN_FILE
    if path.parent.resolve() != folder.resolve():
        raise ConfigError(f"{path} is not in {folder}; set KB_REGISTRIES to its folder")
    if kind == "initiative":
        message = "an initiative needs a level and a programme: write its YAML by hand"
        raise Refused(message, "initiative")
    entry: dict[str, Any] = {"id": id or entry_id(names[0]), "kind": kind, "name": names[0]}
    if names[1:]:
        entry["aliases"] = list(names[1:])
    add_entry(path, entry | {"sources": [page]}, programme=programme, bundled=bundled)
    return entry["id"], path


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
