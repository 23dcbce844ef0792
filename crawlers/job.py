"""What one crawl is asked to do, and what is known from earlier ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kb.article import story_key
from kb.errors import ConfigError
from kb.outlets import Outlet, outlet_for

MAX_PAGES = 500
REVISIT_DAYS = 3.0


@dataclass(frozen=True, slots=True)
class Known:
    """An article that an earlier crawl fetched, with what a conditional request needs.

    `url` is spelled as the caller spells it, and is logged so.
    """

    url: str
    outlet: str
    first_seen: datetime
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl. `known` is keyed by `key`; `max_pages` are article requests an outlet."""

    outlets: Mapping[str, Outlet]
    out: Path
    run: str
    known: Mapping[str, Known] = field(default_factory=dict)
    since: date | None = None
    max_pages: int = MAX_PAGES
    revisit_days: float = REVISIT_DAYS
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def is_young(self, known: Known) -> bool:
        """Whether an article is new enough to be asked for again."""
        return self.started - known.first_seen <= timedelta(days=self.revisit_days)

    def is_old(self, outlet: Outlet, changed: datetime | None) -> bool:
        """Whether a listing dates an address before `since` (in the outlet's time zone)."""
        if self.since is None or changed is None:
            return False
        return changed.astimezone(outlet.zone).date() < self.since


def key(outlet: Outlet, url: str) -> str:
    """Return what makes two addresses of an outlet the same story."""
    return story_key(outlet.canonical(url))


def load_known(path: Path, outlets: Mapping[str, Outlet]) -> dict[str, Known]:
    """Read `known.jsonl` and return the articles of these outlets by key.

    Raises:
        ConfigError: the file cannot be read, or a line is no object with `url`, `first_seen`.
    """
    known: dict[str, Known] = {}
    try:
        with path.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines, 1):
                if not text.strip():
                    continue
                try:
                    _add(known, json.loads(text), outlets)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise ConfigError(
                        f"{path}: line {number} needs url and first_seen (ISO): {error!r}"
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return known


def _add(
    known: dict[str, Known], raw: dict[str, str | None], outlets: Mapping[str, Outlet]
) -> None:
    url, seen = raw["url"], raw["first_seen"]
    if url is None or seen is None:
        raise ValueError("url or first_seen is null")
    first_seen = datetime.fromisoformat(seen)
    if first_seen.tzinfo is None:
        first_seen = first_seen.replace(tzinfo=UTC)
    outlet = outlet_for(url, outlets)
    if outlet is not None:
        known[key(outlet, url)] = Known(
            url=url,
            outlet=outlet.id,
            first_seen=first_seen,
            etag=raw.get("etag"),
            last_modified=raw.get("last_modified"),
            digest=raw.get("digest"),
        )
