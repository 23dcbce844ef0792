"""What kinds and columns mean, in Vietnamese and English: the words of columns.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from kb.text import read_yaml

Described = dict[str, dict[str, str]]


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(
        files("kb.research").joinpath("columns.yaml").read_text("utf-8")
    )
    return found


def kind_words(name: str) -> dict[str, Any]:
    """Return what is said of a kind: `vi`, `en`, `always`, `facets`, `search`, `newest`."""
    found: dict[str, Any] = _words()["kinds"].get(name, {})
    return found


def described_columns(kind: str, columns: Iterable[str]) -> Described:
    """Return what each column of a kind holds, by language."""
    own = kind_words(kind).get("columns", {})
    return {name: own.get(name) or _words()["columns"][name] for name in columns}


def both(label: str) -> str:
    """Return a label in both languages."""
    one = _words()["labels"][label]
    return f"{one['vi']} · {one['en']}"
