"""Registry YAML → typed entries, checked as a whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

from kb.errors import ConfigError
from kb.reading import Kind

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads the bundled file in 0.1 s where the Python loader needs 0.6."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_text(value: object) -> object:
    """YAML reads 2025 and 2025-05-01 as numbers and dates; here they are written dates."""
    return value if value is None or isinstance(value, str) else str(value)


PartialDate = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""ISO date, month or year."""
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
EntryId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _flat(value: object) -> object:
    """Let a list of words take in another one, as YAML's `*name` does not."""
    if not isinstance(value, list):
        return value
    return [str(word) for one in value for word in (one if isinstance(one, list) else [one])]


Words = Annotated[tuple[str, ...], BeforeValidator(_flat)]


class Clue(_Strict):
    """Words that speak for or against what a name stands for.

    They count anywhere in the article, or within so many words of the name: `near` on both
    sides, `before` and `after` on one; `#` is any number. With `than` they must weigh more than
    those other words; each occurrence weighs the more the nearer it stands.
    """

    words: Annotated[Words, Field(min_length=1)]
    than: Words = ()
    near: int | None = Field(default=None, ge=1)
    before: int | None = Field(default=None, ge=1)
    after: int | None = Field(default=None, ge=1)


def _clues(value: object, info: ValidationInfo) -> object:
    """Put the file's clues where `@name` stands; plain words are one clue, any of them anywhere."""
    if not isinstance(value, list):
        return value
    words = [one for one in value if isinstance(one, str) and not one.startswith("@")]
    found = [one for one in value if not isinstance(one, str)]
    for name in (one[1:] for one in value if isinstance(one, str) and one.startswith("@")):
        if name not in (info.context or {}):
            raise ValueError(f"@{name} is not among the `clues` of the file")
        found.append((info.context or {})[name])
    return [*found, {"words": words}] if words else found


Clues = Annotated[tuple[Clue, ...], BeforeValidator(_clues)]


class Alias(_Strict):
    """Another name of an entry; `[a|b]` stands for one of several words, `[a]` may be missing.

    `case`: capitals must be as written. It counts where all of `needs` hold and none of `unless`.
    """

    text: str = Field(min_length=2)
    case: bool = False
    needs: Clues = ()
    unless: Clues = ()

    @property
    def forms(self) -> list[str]:
        """Every name that the text stands for."""
        return expand(self.text)


_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def expand(text: str) -> list[str]:
    """Return every name that a text with `[a|b]` and `[a]` stands for, each once."""
    match = _CHOICE.search(text)
    if match is None:
        return [" ".join(text.split())]
    options = match[1].split("|")
    if len(options) == 1:
        options.append("")
    found = [expand(text[: match.start()] + one + text[match.end() :]) for one in options]
    return list(dict.fromkeys(name for names in found for name in names))


def _alias(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class Entry(_Strict):
    """One thing that the press may name; every fact stands in one of `sources`."""

    id: EntryId
    kind: Kind
    name: str
    name_en: str | None = None
    needs: Clues = ()
    unless: Clues = ()
    """Clues of the name itself, for people of a common name and places that streets bear."""
    aliases: tuple[Annotated[Alias, BeforeValidator(_alias)], ...] = ()
    level: Literal["international", "local"] | None = None
    programme: str | None = None
    parent: str | None = None
    government: str | None = None
    """Of a city: the body that "Thành phố yêu cầu" means."""
    territory: tuple[str, ...] = ()
    """Of a unit made on 1 July 2025: the old districts on whose ground it lies, the largest part
    first; what names the unit is coverage of those districts, too."""
    issuer: str | None = None
    date: PartialDate | None = None
    description: str | None = None
    sources: tuple[Url, ...] = Field(min_length=1)

    @property
    def others(self) -> tuple[str | None, ...]:
        """Ids of the entries that it refers to."""
        own = (self.programme, self.parent, self.government, self.issuer)
        return (*own, *self.territory)

    @property
    def other_names(self) -> list[str]:
        """Every name but the first, as a person reads them."""
        forms = [form for alias in self.aliases for form in alias.forms]
        return [form for form in dict.fromkeys(forms) if form != self.name]

    @property
    def names(self) -> tuple[Alias, ...]:
        """The name itself and every alias."""
        return (Alias(text=self.name, needs=self.needs, unless=self.unless), *self.aliases)


class Holder(_Strict):
    """Who held a post, and when; `seen` is a day on which the source names the holder."""

    person: str
    since: PartialDate | None = None
    until: PartialDate | None = None
    seen: PartialDate | None = None
    source: Url


class Post(_Strict):
    """An office of an organisation; people hold it one after another."""

    id: EntryId
    name: str
    name_en: str | None = None
    org: str | None = None
    holders: tuple[Holder, ...] = ()


class Programme(_Strict):
    """One registry file."""

    id: EntryId
    name: str
    name_en: str | None = None
    clues: dict[str, Clue] = {}
    """Clues that several aliases share; an alias names them `@name`."""
    entries: tuple[Entry, ...] = Field(min_length=1)
    posts: tuple[Post, ...] = ()


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


def load_registry(*folders: Path | None) -> Registry:
    """Load the bundled registry files and those of further folders.

    Raises:
        ConfigError: a file cannot be read; a key is unknown or missing; an id stands twice or
            refers to nothing. The message has a line for each fault, with the file and the place.
    """
    sources: dict[str, Traversable] = {item.name: item for item in files("kb.registry").iterdir()}
    sources = {name: item for name, item in sources.items() if name.endswith(_ENDS)}
    for folder in folders:
        sources |= {str(path): path for path in registry_files(folder)}
    found = {name: _read(name, sources[name]) for name in sorted(sources)}
    programmes = {name: one.programme for name, one in found.items() if one.programme}
    wrong = [line for one in found.values() for line in one.faults]
    wrong += _wrong_references(programmes, [one.ids for one in found.values() if one.faults])
    if wrong:
        raise ConfigError("\n".join(wrong))
    digest = hashlib.sha256("\x1f".join(one.text for one in found.values()).encode())
    return Registry(tuple(programmes.values()), digest.hexdigest()[:8])


def registry_files(folder: Path | None) -> list[Path]:
    """Return the registry files of a folder of one's own, sorted.

    Raises:
        ConfigError: the folder is not there.
    """
    if folder is None:
        return []
    if not folder.is_dir():
        raise ConfigError(f"registry folder {folder} does not exist; set KB_REGISTRIES")
    return sorted(path for path in folder.iterdir() if path.name.endswith(_ENDS))


_ENDS = (".yaml", ".yml")


@dataclass(frozen=True)
class _File:
    """What a file holds, or a line for each of its faults."""

    text: str = ""
    programme: Programme | None = None
    faults: tuple[str, ...] = ()
    ids: frozenset[str] | None = None
    """Of a file with faults: ids of its entries, None if not even these can be read."""


def _read(name: str, path: Traversable) -> _File:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = f"{name}: cannot be read as UTF-8 YAML: {error}; save it as UTF-8"
        return _File(faults=(reason,))
    try:
        raw = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        line = re.search(r"line \d+", str(error))
        return _File(faults=(f"{name}: not YAML ({line.group() if line else error})",))
    clues = raw.get("clues") if isinstance(raw, dict) else None
    try:
        context = clues if isinstance(clues, dict) else {}
        return _File(text, Programme.model_validate(raw, context=context))
    except ValidationError as error:
        return _File(faults=tuple(_explain(name, error)), ids=frozenset(_ids(raw)))


def _explain(name: str, error: ValidationError) -> Iterator[str]:
    """Yield one line a fault: file, place, what is wrong, what to do."""
    faults = error.errors()
    inside = {fault["loc"][:-depth] for fault in faults for depth in range(1, len(fault["loc"]))}
    for fault in faults:
        if fault["type"] == "too_short" and fault["loc"] in inside:
            continue  # there are some, and what is wrong with each is told
        place = ".".join(map(str, fault["loc"])) or "the file"
        match fault["type"]:
            case "missing":
                todo = "; add it"
            case "extra_forbidden":
                todo = "; remove it or correct its name"
            case _:
                todo = f" (got {fault['input']!r:.80})"
        yield f"{name}: {place}: {fault['msg'].removeprefix('Value error, ')}{todo}"


def _ids(raw: object) -> Iterator[str]:
    """Yield the ids of entries in a file of which something is wrong."""
    entries = raw.get("entries") if isinstance(raw, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield entry["id"]


def _wrong_references(
    programmes: Mapping[str, Programme], unread: Sequence[frozenset[str] | None]
) -> Iterator[str]:
    """Yield one line for each id that stands twice or refers to nothing, and each level missing.

    `unread` has the ids of each file of which something else is wrong.
    """
    seen: dict[str, str] = {}
    for name, one in programmes.items():
        for entry in one.entries:
            if entry.id in seen:
                first = Path(seen[entry.id]).name
                yield f"{name}: entry {entry.id} stands already in {first}; rename one of them"
            if entry.kind == "initiative" and entry.level is None:
                yield f"{name}: initiative {entry.id} needs a level: international or local"
            seen.setdefault(entry.id, name)
    if None in unread:  # what seems to be missing may stand there
        return
    known = seen.keys() | frozenset().union(*filter(None, unread))
    for name, one in programmes.items():
        wanted = [(entry.id, other) for entry in one.entries for other in entry.others]
        wanted += [(post.id, post.org) for post in one.posts]
        wanted += [(post.id, holder.person) for post in one.posts for holder in post.holders]
        for source, other in wanted:
            if other is not None and other not in known:
                yield f"{name}: {source} refers to {other}, which no entry has"
