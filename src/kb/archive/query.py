"""What can be asked of the archive: a text query and filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kb.errors import QueryError

Order = Literal["newest", "relevance"]


@dataclass(frozen=True, slots=True)
class Query:
    """A text query and filters; everything given must hold, any value of one filter suffices.

    `since` and `until` are days in Vietnam, both included. `initiatives` are entity ids,
    `actors` entity ids or names, `kinds` kinds of mention, `articles` article ids. `after` is
    the previous page's.

    Raises:
        QueryError: `limit` is below 1 or `order` is none of the two.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    limit: int = 20
    after: str | None = None
    order: Order = "newest"

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise QueryError(f"limit must be 1 or more, not {self.limit}")
        if self.order not in ("newest", "relevance"):
            raise QueryError(f"order must be newest or relevance, not {self.order!r}")
