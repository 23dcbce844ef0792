"""The archive's own records: what goes in beside articles, and what comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from kb.article import Field
from kb.text import name_form

_LONGEST_KEY = 500


def short_key(key: str) -> str:
    """Return a story key that fits PostgreSQL's index pages: very long ones end in their hash."""
    if len(key) <= _LONGEST_KEY:
        return key
    return key[:200] + "#" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class OutletRow(Protocol):
    """What the archive keeps of an outlet."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def home(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def family(self) -> str: ...


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One registry entry: `data` is everything else that its YAML says, JSON-ready."""

    id: str
    kind: str
    name: str
    name_en: str | None
    level: str | None
    programme: str | None
    parent: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One line of a crawl log: a request that was answered, kept in a WARC file or not.

    `offset` and `length` are bytes in `warc`; `outcome` is the crawler's word for what became of
    it; `etag` and `last_modified` are the response's headers as sent.
    """

    url: str
    fetched_at: datetime
    status: int
    outcome: str
    outlet: str | None = None
    warc: str | None = None
    offset: int | None = None
    length: int | None = None
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What is known of an address: validators of its last full response, and when it was seen.

    `last_seen` is the last answer of any kind, `captured_at` the last full response.
    """

    url: str
    outlet: str | None
    etag: str | None
    last_modified: str | None
    digest: str | None
    first_seen: datetime
    last_seen: datetime
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class LoadCount:
    """What a load did with its articles; the four add up to as many as were given.

    `new` stories, `changed` texts of known stories, `reread` texts that a reader read anew,
    and those that were the `same` already.
    """

    new: int = 0
    changed: int = 0
    reread: int = 0
    same: int = 0

    def __add__(self, other: LoadCount) -> LoadCount:
        return LoadCount(
            self.new + other.new,
            self.changed + other.changed,
            self.reread + other.reread,
            self.same + other.same,
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """One found article with a passage of its text.

    `published_at` is UTC. `highlights` are spans (code points, end exclusive) of `snippet`;
    `places` are the same spans in the stored text of `field`.
    """

    article_id: int
    url: str | None
    outlet: str | None
    title: str
    lead: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_from: str | None
    section: str | None
    words: int
    revisions: int
    source_file: str | None
    snippet: str
    highlights: tuple[tuple[int, int], ...]
    field: Field = "body"
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits.

    `total` counts all pages. `folded`: marks were ignored, because none were typed. `after`
    fetches the next page; None on the last.
    """

    hits: tuple[Hit, ...]
    total: int
    folded: bool
    after: str | None


By = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Articles of one period in Vietnam, by its first day; `total`: all of the same outlets."""

    start: date
    articles: int
    total: int


@dataclass(frozen=True, slots=True)
class Count:
    """A name in the articles found; `value` is the id of its entry, None if it has none."""

    kind: str
    value: str | None
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Outlets:
    """Articles by outlet and by its level, most first."""

    outlets: tuple[tuple[str | None, int], ...]
    levels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What a query finds, by what it could be narrowed to; most articles first, months in order.

    Articles without outlet are counted under None; those without date are `undated`.
    """

    total: int
    outlets: tuple[tuple[str | None, int], ...]
    months: tuple[tuple[date, int], ...]
    undated: int
    kinds: tuple[tuple[str | None, int], ...]
    initiatives: tuple[Count, ...]
    actors: tuple[Count, ...]
    places: tuple[Count, ...] = ()
    levels: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """Articles that mention an entity, and their share of all that mention any of those asked."""

    entity: str
    articles: int
    total: int
    share: float


@dataclass(frozen=True, slots=True)
class Company:
    """Who or what is mentioned beside an entity, and in how many articles."""

    kind: str
    entity_id: str | None
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that the registry does not know, with all ways of writing it.

    `variants` are the forms found, most frequent first; `name` is the first of them. Dates are
    UTC, of publication. `sentence` is from the newest article, as are `url` and `article_id`.
    """

    kind: str
    name: str
    variants: tuple[str, ...]
    articles: int
    mentions: int
    outlets: int
    first_seen: datetime | None
    last_seen: datetime | None
    sentence: str
    url: str | None
    article_id: int

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name as compared: what all variants share."""
        return self.kind, name_form(self.name)
