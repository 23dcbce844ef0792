"""Programmes, initiatives, actors, posts, places and documents, and how their names are found.

A programme is one YAML file in this folder, or in the folder that `KB_REGISTRIES` names.
"""

from kb.registry.loader import Entry, Holder, Post, Registry, load_registry
from kb.registry.matcher import Match, Matcher
from kb.registry.writer import add_entry, entry_id

__all__ = [
    "Entry",
    "Holder",
    "Match",
    "Matcher",
    "Post",
    "Registry",
    "add_entry",
    "entry_id",
    "load_registry",
]
