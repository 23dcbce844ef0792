"""Programmes, initiatives, actors, posts, places and documents, and how their names are found.

A programme is one YAML file in this folder, or in the folder that `KB_REGISTRIES` names;
`KB_BUNDLED_REGISTRY` says whether those of this folder count.
"""

from kb.registry.loader import Registry, load_registry, registry_of
from kb.registry.matcher import Match, Matcher
from kb.registry.model import Entry, Holder, Post
from kb.registry.writer import OWN_FILE, accept_name, add_entry, entry_id, known_names

__all__ = [
    "OWN_FILE",
    "Entry",
    "Holder",
    "Match",
    "Matcher",
    "Post",
    "Registry",
    "accept_name",
    "add_entry",
    "entry_id",
    "known_names",
    "load_registry",
    "registry_of",
]
