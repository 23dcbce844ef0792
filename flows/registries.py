"""What of a registry decides how a text is read, kept by version, and what a change can touch.

An entry shows only in texts that hold one of its names. A body's name may also be made of the
words of a list ("các sở Du lịch, Văn hóa"), so that its words count wherever they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.archive import Archive
from kb.archive.snapshots import keep_registry, registry, texts_with
from kb.registry import Registry
from kb.registry.model import Clues
from kb.text import canonical, characters, tokens

Entries = Mapping[str, Any]


def entries(one: Registry) -> dict[str, Any]:
    """Return what decides readings, JSON-ready, by entry."""
    return {
        id_: {
            "kind": entry.kind,
            "name": entry.name,
            "government": entry.government,
            "parent": entry.parent,
            "names": [
                [alias.forms, alias.case, _plain(alias.needs), _plain(alias.unless)]
                for alias in entry.names
            ],
        }
        for id_, entry in one.entries.items()
    }


def _plain(clues: Clues) -> list[Any]:
    return [clue.model_dump(mode="json", exclude_none=True) for clue in clues]


def keep(archive: Archive, one: Registry) -> None:
    """Keep what a registry says, so that later ones can be compared with it."""
    keep_registry(archive, one.version, entries(one))


@dataclass(frozen=True, slots=True)
class Change:
    """Names of the entries that differ, before and after; `scattered` are those of bodies."""

    names: frozenset[str]
    scattered: frozenset[str]

    def touches(self, *fields: str) -> bool:
        """Whether a text with these fields may be read otherwise."""
        for field in fields:
            words = [token.exact for token in tokens(characters(field))]
            line, there = f" {' '.join(words)} ", set(words)
            if any(f" {name} " in line for name in self.names):
                return True
            if any(there.issuperset(name.split()) for name in self.scattered):
                return True
        return False


def change(before: Entries, after: Entries) -> Change | None:
    """Return what differs between two registries, None if that can touch any text."""
    names: set[str] = set()
    scattered: set[str] = set()
    for id_ in before.keys() | after.keys():
        old, new = before.get(id_), after.get(id_)
        if old == new:
            continue
        # Which body a city's name means shows in texts that do not name the entry.
        if (old or {}).get("government") != (new or {}).get("government"):
            return None
        if old and new and old["parent"] != new["parent"]:
            return None
        for one in filter(None, (old, new)):
            forms = _forms(one, new if one is old else old)
            (scattered if one["kind"] == "org" else names).update(forms)
    said = names | scattered
    return None if "" in said else Change(frozenset(names), frozenset(scattered))


def _forms(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> set[str]:
    """Return the names of an entry that matter: those that its other state has not, or all."""
    left = one["names"]
    if other is not None and all(one[key] == other[key] for key in ("kind", "name")):
        left = [name for name in left if name not in other["names"]]
    return {_form(form) for forms, *_ in left for form in forms}


def _form(name: str) -> str:
    return " ".join(token.exact for token in tokens(canonical(characters(name))))


def touched(archive: Archive, reader: str, version: str, now: Registry) -> set[int] | None:
    """Return the revisions read by `reader` with registry `version` that the registry of now may
    read otherwise; None: all, since it is not known what has changed, or everything may."""
    before = registry(archive, version)
    found = None if before is None else change(before, entries(now))
    if found is None:
        return None
    return {
        text.revision_id
        for text in texts_with(archive, reader, found.names, found.scattered)
        if found.touches(*text.fields)
    }
