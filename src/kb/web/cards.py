"""The cards of the review desk: one thing to decide each, and the list that it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, get_args
from urllib.parse import urlencode

from starlette.datastructures import FormData

from kb.archive.judgements.decide import Entry
from kb.archive.judgements.items import ReviewItem
from kb.archive.judgements.records import RECORDS, STATUSES
from kb.archive.reads import LARGEST_ID
from kb.reading import KINDS
from kb.reading import Role as TaskRole
from kb.web.sources import Sources

WAITS: Final = ("due", "assignment", "link", "name", "conflict")
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "mention": ("kind", "entity_id", "name", "span"),
    "commitment": ("owner", "initiative_id", "due_from", "due_to", "quantity", "span"),
    "assignment": ("actor", "role", "task", "initiative_id"),
    "quote": ("speaker", "role", "span"),
    "holding": ("person", "post", "org"),
    "name": ("entity_id",),
    "entity": ("entity_id",),
}
"""What can be corrected of each part (see `kb.archive.judgements.values`)."""
CHOICES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("mention", "kind"): KINDS,
    ("assignment", "role"): get_args(TaskRole),
}


@dataclass(frozen=True)
class Where:
    """The list that a card stands in: what waits, of one kind or all; or one article's."""

    why: str = ""
    article: str = ""
    part: str = ""
    skip: int = 0

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Where:
        """Return what an address or a form says, as far as there is such a list."""
        why, article, part, skip = (
            str(said.get(name, "")) for name in ("why", "article", "part", "skip")
        )
        return cls(
            why if why in WAITS else "",
            article if _is_number(article) else "",
            part if part in RECORDS else "",
            min(int(skip), LARGEST_ID) if _is_number(skip) else 0,
        )

    def fields(self) -> dict[str, str]:
        """Return what a card's form says of it. What is decided waits no more, so that what
        follows comes to the front; what was read in an article stays in its place."""
        if not self.article:
            return {"why": self.why} if self.why else {}
        named = {"article": self.article, "part": self.part, "skip": str(self.skip or "")}
        return {name: value for name, value in named.items() if value}

    def address(self, *, skip: int = 0, **more: str) -> str:
        """Return its address, after some others."""
        said = {**self.fields(), "skip": str(skip or ""), **more}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/review?{query}" if query else "/review"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


@dataclass(frozen=True)
class Card:
    """One thing on the desk, with what can be changed of it and what was said of it."""

    item: ReviewItem
    part: str
    fields: dict[str, str]
    log: list[Entry]
    at: str
    """When it was shown: what others decided since is not overruled unseen."""
    entered: Mapping[str, str] = field(default_factory=dict)
    """What was typed into its form and could not be kept."""


def card(here: Sources, item: ReviewItem, entered: Mapping[str, str] | None = None) -> Card:
    """Return the card of a thing."""
    part = item.key.partition(":")[0]
    says: dict[str, Any] = item.says | {"span": item.text}
    fields = {name: str(says.get(name) or "") for name in FIELDS.get(part, ())}
    log, now = here.archive.judgements(key=item.key), datetime.now(UTC).isoformat()
    return Card(item, part, fields, log, now, entered or {})


def changed(form: FormData) -> dict[str, str]:
    """Return what was entered of values, only what differs from what stood there."""
    return {
        name.removeprefix("v."): value
        for name, value in form.items()
        if name.startswith("v.")
        and isinstance(value, str)
        and value != said(form, f"was.{name[2:]}")
    }


def typed(form: FormData) -> dict[str, str]:
    """Return all that was typed into a card's form, to be shown again."""
    more = {name: said(form, name) for name in ("source", "note", "settle")}
    return changed(form) | {name: value for name, value in more.items() if value}


def said(form: FormData, name: str) -> str:
    """Return a field of a form as text, empty where it has none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def choices(here: Sources) -> dict[str, Any]:
    """Return what the cards of a page are drawn with."""
    return {
        "choices": CHOICES,
        "statuses": [one for one in STATUSES if one != "promised"],
        "outlets": here.outlets(),
        "entries": here.entries,
        "href": here.href,
    }
