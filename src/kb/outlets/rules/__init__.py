"""Rules about addresses and first drafts, compiled once from the YAML files beside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb.text import read_yaml


@dataclass(frozen=True, slots=True)
class IdRule:
    """How the number of an article is found at the end of a path, and the pattern for it."""

    find: re.Pattern[str]
    write: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """`drafts.yaml`, compiled."""

    usual: dict[str, tuple[str, ...]]
    feed_pages: re.Pattern[str]
    feed: re.Pattern[str]
    menu: re.Pattern[str]
    no_section: re.Pattern[str]
    wanted: tuple[str, ...]
    kept: dict[str, int]
    levels: tuple[tuple[str, re.Pattern[str]], ...]
    ids: tuple[IdRule, ...]


@lru_cache(maxsize=1)
def drafts() -> Drafts:
    """Return the rules for first drafts, read once."""
    raw = read("drafts.yaml")
    return Drafts(
        usual={name: tuple(paths) for name, paths in raw["usual"].items()},
        feed_pages=re.compile(raw["feed_pages"]),
        feed=re.compile(raw["feed"]),
        menu=re.compile(raw["menu"]),
        no_section=re.compile(raw["no_section"].replace(" ", "")),
        wanted=tuple(raw["wanted"]),
        kept=raw["kept"],
        levels=tuple((each["level"], re.compile(each["name"])) for each in raw["levels"]),
        ids=tuple(IdRule(re.compile(each["find"]), each["write"]) for each in raw["ids"]),
    )


def read(name: str) -> dict[str, Any]:
    """Return the content of one of the YAML files."""
    text = (files("kb.outlets.rules") / name).read_text(encoding="utf-8")
    found: dict[str, Any] = read_yaml(text)
    return found
