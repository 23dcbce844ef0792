"""Registry YAML → typed entries, checked as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from kb.errors import ConfigError
from kb.reading import Kind
from kb.registry.advice import explain, not_yaml
from kb.registry.model import Entry, Post, Programme
from kb.settings import Settings
from kb.strict_yaml import read_strictly
from kb.text import canonical, characters


@dataclass(frozen=True)
class Registry:
    """All registry files together."""

    programmes: tuple[Programme, ...]
    version: str
    """Changes whenever any file does, e.g. `3f2a9c01`."""

    @property
    def entries(self) -> dict[str, Entry]:
        """Every entry by id."""
        return {entry.id: entry for one in self.programmes for entry in one.entries}

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post of every programme."""
        return tuple(post for one in self.programmes for post in one.posts)

    def of_kind(self, *kinds: Kind) -> list[Entry]:
        """Return the entries of some kinds, in the order of the files."""
        return [entry for entry in self.entries.values() if entry.kind in kinds]


def registry_of(chosen: Settings) -> Registry:
    """Load the registry that the settings ask for.

    Raises:
        ConfigError: as of `load_registry`.
    """
    return load_registry(chosen.registries, bundled=chosen.bundled_registry)


def load_registry(*folders: Path | None, bundled: bool = True) -> Registry:
    """Load the registry files of folders of one's own, and after them the bundled ones.

    Where entries share a name and are equally sure, the first has it: so one's own come first,
    however their folder is written.

    Raises:
        ConfigError: there is no file; one cannot be read; a key is unknown, missing or stands
            twice; an id stands twice or refers to nothing. The message has a line for each fault,
            with the file and the place.
    """
    own = [_read(str(path), path) for folder in folders for path in registry_files(folder)]
    if not own and not bundled:
        raise ConfigError(
            "there is no registry: KB_BUNDLED_REGISTRY leaves the bundled one out; put one "
            "<id>.yaml a programme into a folder and set KB_REGISTRIES to it"
        )
    shipped = [_read(path.name, path) for path in _shipped()] if bundled else []
    wrong = [line for one in (*own, *shipped) for line in one.faults]
    wrong += _wrong_references([*shipped, *own])
    wrong += [*_same_names(shipped), *_same_names(own)]
    if wrong:
        raise ConfigError("\n".join(wrong))
    found = [*own, *shipped]
    digest = hashlib.sha256("\x1f".join(one.text for one in found).encode())
    programmes = tuple(one.programme for one in found if one.programme)
    return Registry(programmes, digest.hexdigest()[:8])


def registry_files(folder: Path | None) -> list[Path]:
    """Return the registry files of a folder of one's own, sorted.

    Raises:
        ConfigError: the folder is not there.
    """
    if folder is None:
        return []
    if folder.is_file():
        raise ConfigError(f"{folder} is a file; name the folder that it lies in")
    if not folder.is_dir():
        raise ConfigError(f"registry folder {folder} does not exist; set KB_REGISTRIES")
    return sorted(path for path in folder.iterdir() if path.name.endswith(_ENDS))


def _shipped() -> list[Traversable]:
    found = [path for path in files("kb.registry").iterdir() if path.name.endswith(_ENDS)]
    return sorted(found, key=lambda path: path.name)


_ENDS = (".yaml", ".yml")


@dataclass(frozen=True)
class _File:
    """What a file holds, or a line for each of its faults."""

    name: str
    text: str = ""
    programme: Programme | None = None
    faults: tuple[str, ...] = ()
    ids: frozenset[str] | None = None
    """Of a file with faults: ids of its entries, None if not even these can be read."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its entries, of a file with faults none."""
        return self.programme.entries if self.programme else ()

    @property
    def posts(self) -> tuple[Post, ...]:
        """Its posts, of a file with faults none."""
        return self.programme.posts if self.programme else ()


def _read(name: str, path: Traversable) -> _File:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = f"{name}: cannot be read as UTF-8 YAML: {error}; save it as UTF-8"
        return _File(name, faults=(reason,))
    try:
        raw, twice = read_strictly(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: what YAML takes for a number
        return _File(name, faults=(f"{name}: not YAML ({not_yaml(text, error)})",))
    faults = [f"{name}: {place} stands twice; keep one" for place in twice]
    clues = raw.get("clues") if isinstance(raw, dict) else None
    programme = None
    try:
        context = clues if isinstance(clues, dict) else {}
        programme = Programme.model_validate(raw, context=context)
    except ValidationError as error:
        faults += [f"{name}: {line}" for line in explain(error, raw)]
    if faults:
        return _File(name, faults=tuple(faults), ids=frozenset(_ids(raw)))
    return _File(name, text, programme)


def _ids(raw: object) -> Iterator[str]:
    """Yield the ids of entries in a file of which something is wrong."""
    entries = raw.get("entries") if isinstance(raw, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield entry["id"]


def _wrong_references(read: Sequence[_File]) -> Iterator[str]:
    """Yield one line for each id that stands twice, refers to nothing or to what it cannot be, and
    each level missing."""
    seen: dict[str, tuple[str, Entry]] = {}
    for one in read:
        for entry in one.entries:
            if entry.id in seen:
                first = Path(seen[entry.id][0]).name
                yield f"{one.name}: entry {entry.id} stands already in {first}; rename one of them"
            if entry.kind == "initiative" and entry.level is None:
                yield f"{one.name}: initiative {entry.id} needs a level: international or local"
            seen.setdefault(entry.id, (one.name, entry))
    unread = [one.ids for one in read if one.programme is None]
    if None in unread:  # what seems to be missing may stand there
        return
    known = seen.keys() | frozenset().union(*filter(None, unread))
    for one in read:
        for source, key, name in _references(one):
            if name not in known:
                yield (
                    f"{one.name}: {source}: {key}: {name} is no entry; add one with that id, or "
                    "correct it"
                )
            elif name in seen and (kinds := _KINDS_OF.get(key)):
                _, other = seen[name]
                if other.kind not in kinds:
                    yield (
                        f"{one.name}: {source}: {key}: {name} is of kind {other.kind}; name an "
                        f"entry of kind {' or '.join(kinds)}, or leave it out"
                    )
            if name == source and key not in ("org", "person"):
                yield f"{one.name}: {source}: {key}: names itself; leave it out"
        for post in one.posts:
            for holder in post.holders:
                if holder.since and holder.until and _before(holder.until, holder.since):
                    yield (
                        f"{one.name}: post {post.id}: {holder.person}: until {holder.until} is "
                        f"before since {holder.since}; exchange them"
                    )


_KINDS_OF: Final = {
    "programme": ("programme",), "government": ("org",), "issuer": ("org", "person"),
    "org": ("org",), "person": ("person",),
}  # fmt: skip
"""Of what kind an entry must be that a key names."""


def _references(one: _File) -> Iterator[tuple[str, str, str]]:
    """Yield who refers to what: id, key and the id named."""
    for entry in one.entries:
        for key in ("programme", "parent", "government", "issuer"):
            if name := getattr(entry, key):
                yield entry.id, key, name
        for name in entry.territory:
            yield entry.id, "territory", name
    for post in one.posts:
        if post.org:
            yield post.id, "org", post.org
        for holder in post.holders:
            yield post.id, "person", holder.person


def _before(one: str, other: str) -> bool:
    """Whether a partial date lies before another, as far as both are given."""
    size = min(len(one), len(other))
    return one[:size] < other[:size]


def _same_names(read: Sequence[_File]) -> Iterator[str]:
    """Yield one line for each entry whose name another one of its kind has: of two that are equally
    sure the first has all mentions. Clues tell them apart."""
    seen: dict[tuple[str, str], str] = {}
    for one in read:
        for entry in one.entries:
            if entry.needs or entry.unless:
                continue
            form = " ".join(canonical(characters(entry.name)).split())
            first = seen.setdefault((entry.kind, form), entry.id)
            if first != entry.id:  # the same id twice is told already
                yield (
                    f"{one.name}: {entry.id}: name: {entry.name} is already that of {first}, which "
                    "would have all mentions; make them one entry, or give both clues (`needs`)"
                )
