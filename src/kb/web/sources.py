"""What the pages draw from, made once when the application starts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from fastapi import Request

from kb.archive import Archive
from kb.reading import Kind
from kb.registry import Entry, Registry
from kb.text import fold, lower
from kb.web.kept import Kept

_PAGES: dict[Kind, str] = {
    "initiative": "/initiatives/",
    "programme": "/initiatives/",
    "person": "/actors/",
    "org": "/actors/",
}
"""Where the entries of a kind have their page; the other kinds have none yet."""


@dataclass(frozen=True)
class Sources:
    """The open archive and the registry that names its entries."""

    archive: Archive
    registry: Registry

    @cached_property
    def kept(self) -> Kept:
        """What the pages of entries count, kept until the archive changes."""
        return Kept(self.archive)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every registry entry by id."""
        return self.registry.entries

    @cached_property
    def initiatives(self) -> list[Entry]:
        """The initiatives of all programmes, in the order of the registry."""
        return self.registry.of_kind("initiative")

    @cached_property
    def actor_names(self) -> list[str]:
        """Names of the people and organisations that the registry knows, in Vietnamese order
        as far as plain letters go."""
        names = {entry.name for entry in self.registry.of_kind("person", "org")}
        return sorted(names, key=lambda name: (fold(lower(name)), name))

    def entry(self, entity_id: str, *kinds: Kind) -> Entry | None:
        """Return the registry entry of some kinds with this id."""
        entry = self.entries.get(entity_id)
        return entry if entry is not None and entry.kind in kinds else None

    def href(self, entity_id: str | None) -> str | None:
        """Return the address of an entry's page; None for entries without one."""
        entry = self.entries.get(entity_id) if entity_id else None
        return _PAGES[entry.kind] + entry.id if entry and entry.kind in _PAGES else None

    def outlets(self) -> dict[str, str]:
        """Names of the outlets that the archive knows, by id, sorted by name."""
        names = self.archive.outlet_names()
        return dict(sorted(names.items(), key=lambda item: (fold(lower(item[1])), item[0])))


def sources(request: Request) -> Sources:
    """Return the sources of the application that answers a request."""
    return cast(Sources, request.app.state.sources)
