"""What one crawl is asked to do, and what is known from earlier ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kb.article import story_key
from kb.errors import ConfigError
from kb.outlets import Outlet, outlet_for

MAX_PAGES = 500
WARC_BYTES = 1_000_000_000
"""Size beyond which a WARC file gets no further record: the gigabyte that is usual."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article that an earlier crawl fetched, with what a conditional request needs.

    `url` is spelled as the caller spells it, and is logged so; `captured_at` is when the
    payload with that `digest` was fetched.
    """

    url: str
    outlet: str
    first_seen: datetime
    last_seen: datetime
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    captured_at: datetime | None = None

    def next_look(self, looks: Sequence[timedelta], now: datetime) -> datetime | None:
        """Return when to ask for it again; None: no more.

        That is at once until the first of the ages `looks`, then at each of them. A look that
        was missed is made up for until the article is twice the last age.
        """
        if not looks or now - self.first_seen > 2 * looks[-1]:
            return None
        if now - self.first_seen < looks[0]:
            return now
        moments = (self.first_seen + age for age in looks)
        return next((moment for moment in moments if moment > self.last_seen), None)


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl. `known` is keyed by `key`; `max_pages` are article requests an outlet.

    `given` are addresses to fetch instead of what the outlets list; `captures` is the fsspec
    URL of the place to which finished WARC files are taken (None: they stay in `out`).
    """

    outlets: Mapping[str, Outlet]
    out: Path
    run: str
    known: Mapping[str, Known] = field(default_factory=dict)
    since: date | None = None
    max_pages: int = MAX_PAGES
    given: tuple[str, ...] = ()
    captures: str | None = None
    warc_bytes: int = WARC_BYTES
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def pages(self, outlet: Outlet) -> int:
        """Return how many articles of an outlet may be asked for."""
        own = outlet.limits.pages
        return self.max_pages if own is None else min(own, self.max_pages)

    def is_due(self, known: Known, changed: datetime | None = None) -> bool:
        """Whether to ask for a known article again: its time has come, or a listing dates a
        change (`changed`) after it was last seen while it is young enough to be looked at."""
        looks = self.outlets[known.outlet].looks
        moment = known.next_look(looks, self.started)
        if moment is not None and moment <= self.started:
            return True
        young = bool(looks) and self.started - known.first_seen <= 2 * looks[-1]
        return young and changed is not None and known.last_seen < changed <= self.started

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
    url, first_seen = raw["url"], _moment(raw["first_seen"])
    if url is None or first_seen is None:
        raise ValueError("url or first_seen is null")
    outlet = outlet_for(url, outlets)
    if outlet is not None:
        known[key(outlet, url)] = Known(
            url=url,
            outlet=outlet.id,
            first_seen=first_seen,
            last_seen=_moment(raw.get("last_seen")) or first_seen,
            etag=raw.get("etag"),
            last_modified=raw.get("last_modified"),
            digest=raw.get("digest"),
            captured_at=_moment(raw.get("captured_at")),
        )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
