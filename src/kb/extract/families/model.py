"""What a CMS family is: names of elements, nothing else, in one set for each generation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date as Day
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from kb.extract.dom import select
from kb.outlets.generations import held_first

_NAME = re.compile(r"""(?:[.#]|=["']?)([\w-]+)""")


@lru_cache(maxsize=512)
def _named(css: str) -> str:
    """Return the longest class, id or value that a selector asks for, "" if it asks for none."""
    return max(_NAME.findall(css), key=len, default="")


@dataclass(frozen=True, slots=True)
class Family:
    """CSS selectors of one content management system, each list in order of preference.

    `marks` prove the system on an article of an unknown outlet; `signs` are regular expressions
    on the source of any page of it, the front page included. `drop` is taken out of the body
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
    signs: tuple[str, ...] = ()
    version: int = 1
    """Raised whenever other text, dates or names come out of the same page."""
    until: Day | None = None
    """Last day on which pages had this markup; None: they still have it."""
    earlier: tuple[Family, ...] = ()
    """What held before, the latest first, each with its `until`."""
    last: bool = False
    """Whether it is looked for after all others, which share some of its names."""
    own: Day | None = None
    """End of the outlet's own earlier selectors, if those were put in front."""

    @property
    def parser(self) -> str:
        """What an article says that it was parsed by: `vccorp/2`, or `vccorp/2@2023-05-01` by
        selectors that an outlet's file keeps for pages until that day."""
        return f"{self.name}/{self.version}" + (f"@{self.own}" if self.own else "")

    def matches(self, root: HtmlElement, html: str | None = None) -> bool:
        """Whether a page was made by this system, in this generation; of marks that its source,
        if given, does not name no element is looked for."""
        marks = (mark for mark in self.marks if html is None or _named(mark) in html)
        return any(select(root, mark) for mark in marks)

    def signed(self, html: str) -> int:
        """Return how many of its signs are in the source of a page."""
        return sum(re.search(sign, html) is not None for sign in self.signs)

    def at(self, day: Day | None) -> Iterator[Family]:
        """Return every generation: first the one that held on a day (None: today's), then the
        others, the latest first."""
        return held_first((self, *self.earlier), day)

    def overridden(self, selectors: Mapping[str, str], until: Day | None = None) -> Family:
        """Return the family with an outlet's selectors (by field) in front of its own; `until`
        when they are those of an earlier time."""
        fronted: dict[str, Any] = {
            name: (css, *getattr(self, name)) for name, css in selectors.items()
        }
        return replace(self, own=until, **fronted) if selectors else self
