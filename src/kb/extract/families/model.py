"""What a CMS family is: names of elements, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lxml.html import HtmlElement

from kb.extract.dom import select


@dataclass(frozen=True, slots=True)
class Family:
    """CSS selectors of one content management system, each list in order of preference.

    `marks` prove the system on a page of an unknown outlet. `drop` is taken out of the body
    besides what goes on every page (see `cleaning.py`).
    """

    name: str
    marks: tuple[str, ...]
    body: tuple[str, ...]
    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    """Captions of pictures and films that no general rule knows."""
    tags: tuple[str, ...] = ()
    """The tags that stand below the story."""
    version: int = 1
    """Raised whenever other text, dates or names come out of the same page."""

    @property
    def parser(self) -> str:
        """What an article says that it was parsed by: `vccorp/2`."""
        return f"{self.name}/{self.version}"

    def matches(self, root: HtmlElement) -> bool:
        """Whether a page was made by this system."""
        return any(select(root, mark) for mark in self.marks)

    def overridden(self, selectors: dict[str, str]) -> Family:
        """Return the family with an outlet's selectors (by field) in front of its own."""
        fronted: dict[str, Any] = {
            name: (css, *getattr(self, name)) for name, css in selectors.items()
        }
        return replace(self, **fronted)
