"""CMS families: one YAML file of selectors each, a set for each generation of its markup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lxml.html import HtmlElement

from kb.extract.families.loader import load_families
from kb.extract.families.model import Family

FAMILIES: dict[str, Family] = load_families()
"""Families by name, in order of detection."""

__all__ = ["FAMILIES", "Family", "detect", "load_families", "recognise"]


def detect(root: HtmlElement, day: date | None = None, html: str | None = None) -> Iterator[Family]:
    """Yield the families whose marks are on a page, in order of detection, each in the
    generation whose marks they are; `day` is when the page was fetched. With its source, `html`,
    the marks of most are not looked for."""
    for family in FAMILIES.values():
        yield from (each for each in family.at(day) if each.matches(root, html))


def recognise(html: str) -> list[str]:
    """Return the names of the families of whose signs any are in the source of a page, most
    signs first."""
    found = {name: family.signed(html) for name, family in FAMILIES.items()}
    return sorted((name for name in found if found[name]), key=lambda name: -found[name])
