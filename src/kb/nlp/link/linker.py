"""All names of one article, linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.nlp.link.lists import resolve
from kb.nlp.link.merge import merge
from kb.nlp.link.metonyms import committees, government_of, metonyms
from kb.nlp.link.shorts import abbreviations, short_forms
from kb.nlp.names import Found
from kb.nlp.passage import Name
from kb.registry import Entry, Match, Registry
from kb.text import canonical


@dataclass(frozen=True, slots=True)
class Linked:
    """The names of one field in order, and apart from them the city that stands for its bodies."""

    names: tuple[Name, ...]
    metonyms: tuple[Name, ...]


class Linker:
    """Links names to one registry; build once a process."""

    def __init__(self, registry: Registry) -> None:
        self._entries = registry.entries
        self._governing = {one.government for one in self._entries.values() if one.government}
        self._bodies: dict[str, Entry] = {
            canonical(form): entry
            for entry in reversed(registry.of_kind("org"))  # of two with one name the first
            for alias in entry.names
            if not alias.needs
            for form in alias.forms
        }

    def link(
        self,
        texts: Sequence[str],
        matches: Sequence[Sequence[Match]],
        found: Sequence[Sequence[Found]],
    ) -> list[Linked]:
        """Return the names of an article, field by field; arguments are by field, too."""
        fields = [merge(*one) for one in zip(texts, matches, found, strict=True)]
        fields = [
            resolve(text, names, self._bodies) for text, names in zip(texts, fields, strict=True)
        ]
        fields = short_forms(texts, abbreviations(texts, fields))
        city = government_of(fields, self._entries, self._governing)
        if city is None:
            return [Linked(tuple(names), ()) for names in fields]
        fields = [committees(text, names, city) for text, names in zip(texts, fields, strict=True)]
        return [
            Linked(tuple(names), tuple(metonyms(text, names, city)))
            for text, names in zip(texts, fields, strict=True)
        ]
