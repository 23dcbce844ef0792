"""What a digest holds: each story once, under what it is about; who said what; what falls due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from kb.archive import Archive, Query
from kb.archive.reads import arrived
from kb.article import VIETNAM
from kb.registry import Registry
from kb.research.digest.stories import Story, chunks, find, fold, outlet
from kb.text import read_yaml

QUIET = ("silent", "listings", "few")
"""Alarms of a night that say that an outlet brought too little."""
_DONE = frozenset({"done", "cancelled", "dropped"})
"""What became of a promise that need not be announced any more."""


@dataclass(frozen=True, slots=True)
class Group:
    """The stories that are most of all about one initiative or programme, newest first; without
    `entity_id` those that were asked for and name none."""

    entity_id: str | None
    stories: tuple[Story, ...]
    more: int = 0
    """Stories left out beyond those."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What came into the archive from `since` until `until`."""

    since: datetime
    until: datetime
    articles: int
    """New articles, whatever they are about."""
    groups: tuple[Group, ...]
    quotes: tuple[dict[str, Any], ...]
    due: tuple[dict[str, Any], ...]
    """Commitments whose last day lies within `due_days` from `until`, nearest first."""
    older: tuple[Story, ...] = ()
    """Stories that were printed long before they came into the archive."""
    older_more: int = 0
    troubles: tuple[tuple[str, str], ...] = ()
    """Outlets of the last night that failed, each with the reason."""
    silent: tuple[dict[str, Any], ...] = ()
    """Outlets of the last night that brought less than usual: outlet, kind and facts."""
    running: bool = False
    """Whether a night was still at work."""
    names: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    """Vietnamese and English names of the entries that it speaks of."""
    told: tuple[int, ...] = ()
    """All articles that it tells of, reprints and those left out for length included."""
    outlets: int = 0
    """How many outlets printed the recent stories, those left out for length included."""
    unknown: int = 0
    """How many recent stories have no outlet."""

    @property
    def recent(self) -> int:
        """How many recent stories there are, each once."""
        return sum(len(group.stories) + group.more for group in self.groups)

    @property
    def late(self) -> int:
        """How many stories there are that were printed long before."""
        return len(self.older) + self.older_more

    @property
    def stories(self) -> int:
        """How many stories there are, each once."""
        return self.recent + self.late

    @property
    def headline(self) -> str:
        """The title of the newest story; empty if there is none."""
        found = [story for group in self.groups for story in group.stories] or list(self.older)
        dated = [one for one in found if one.published_at] or found
        return max(dated, key=lambda one: (one.published_at, one.article_id)).title if dated else ""


@cache
def limits() -> dict[str, Any]:
    """Return how much a digest holds (`limits.yaml`)."""
    found: dict[str, Any] = read_yaml(
        files("kb.research.digest").joinpath("limits.yaml").read_text("utf-8")
    )
    return found


def digest(
    archive: Archive,
    registry: Registry,
    since: datetime,
    until: datetime,
    *,
    asked: Query | None = None,
    articles: Sequence[int] | None = None,
) -> Digest:
    """Gather what was first seen from `since` (included) until `until` (not included).

    Args:
        asked: only what this query finds; without one, what names an initiative or programme.
        articles: ids of the new articles, where dates do not say it.
    """
    query = asked or Query()
    new = arrived(archive.engine, since, until)
    ids = new if articles is None else list(articles)
    found = find(archive, query, ids)
    names = archive.outlet_names()
    stories = fold(archive, found, names, limits()["sentence"])
    last_day = until - timedelta(days=limits()["recent_days"])
    late = [one for one in stories if one.published_at and one.published_at < last_day]
    recent = [one for one in stories if one not in late]
    most = limits()["older"]
    due = _due(archive, until, names, query)
    groups = tuple(_groups(recent, registry))
    nights = [run for run in archive.runs(50) if run["kind"] == "nightly"]
    counts = next((run["counts"] for run in nights if run["counts"]), None) or {}
    spoken = {id_ for one in (*stories, *late) for id_ in one.about}
    spoken |= {row["initiative_id"] for row in due}
    return Digest(
        since,
        until,
        len(new),
        groups,
        _quotes(archive, query, recent),
        due,
        tuple(late[:most]),
        max(0, len(late) - most),
        tuple(_troubles(counts, names)),
        tuple(_silent(counts, names)),
        bool(nights) and nights[0]["status"] == "running",
        {
            id_: (registry.entries[id_].name, registry.entries[id_].name_en)
            for id_ in sorted(spoken & registry.entries.keys())
        },
        tuple(found.articles),
        len({one.outlet for one in recent if one.outlet}),
        sum(1 for one in recent if not one.outlet),
    )


def _groups(stories: Sequence[Story], registry: Registry) -> Iterable[Group]:
    order = [entry.id for entry in registry.of_kind("initiative", "programme")]
    most = limits()["stories"]
    for entity_id in (*order, None):
        own = [one for one in stories if one.heading(order) == entity_id]
        if own:
            yield Group(entity_id, tuple(own[:most]), max(0, len(own) - most))


def _quotes(archive: Archive, query: Query, stories: Sequence[Story]) -> tuple[dict[str, Any], ...]:
    """Return who said something in the stories: once, however often it was printed again."""
    rows: list[dict[str, Any]] = []
    for ids in chunks([one.article_id for one in stories]):
        rows += archive.quotes_rows(Query(articles=tuple(ids), actors=query.actors))
    said: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["speaker"]:
            said.setdefault(row["text"], row)
    told = {one.article_id: one for one in stories}
    kept = sorted(said.values(), key=lambda row: not row["direct"])
    return tuple(
        {
            **row,
            "outlet": told[row["article_id"]].outlet,
            "title": told[row["article_id"]].title,
            "url": told[row["article_id"]].url,
        }
        for row in kept[: limits()["quotes"]]
    )


def _due(
    archive: Archive, until: datetime, names: Mapping[str, str], query: Query
) -> tuple[dict[str, Any], ...]:
    """Return the promises of initiatives that fall due soon, each once however often printed."""
    if (query.text or query.outlets) and not (query.initiatives or query.actors):
        return ()
    today = until.astimezone(VIETNAM).date()
    wanted = Query(
        initiatives=query.initiatives,
        actors=query.actors,
        due_after=today - timedelta(days=1),
        due_before=today + timedelta(days=limits()["due_days"] + 1),
    )
    rows = [
        row
        for row in archive.commitments_rows(wanted)
        if row["initiative_id"] and row["due_to"] and row["status"] not in _DONE
    ]
    first = archive.representatives([row["article_id"] for row in rows]) if rows else {}
    found: dict[tuple[str, date, str], dict[str, Any]] = {}
    # Reprints come after what they repeat, and the first that is met stands for all.
    for row in sorted(rows, key=lambda row: first[row["article_id"]] != row["article_id"]):
        key = row["initiative_id"], row["due_to"], " ".join(row["text"].split()).lower()
        found.setdefault(key, dict(row))
    due = sorted(found.values(), key=lambda row: (row["due_to"], row["article_id"]))
    ids = tuple({row["article_id"] for row in due})
    shown = {row["article_id"]: row for row in archive.articles_rows(Query(articles=ids))}
    return tuple(
        row | {"title": article["title"], "url": article["url"], "outlet": outlet(article, names)}
        for row in (due if ids else ())
        for article in (shown[row["article_id"]],)
    )


def _troubles(counts: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name, one in (counts.get("outlets") or {}).items():
        if one.get("error"):
            yield names.get(name, name), one["error"]


def _silent(counts: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    for row in counts.get("alarms") or ():
        if row["kind"] in QUIET:
            facts = {name: value for name, value in row["facts"].items() if name != "listings"}
            outlet = names.get(row["outlet"], row["outlet"])
            yield {"outlet": outlet, "kind": row["kind"], **facts}
