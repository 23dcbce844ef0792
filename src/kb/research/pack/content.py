"""What an evidence pack's report says: by initiative, each statement with its articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from kb.archive import Archive, Query
from kb.archive.origins import EntryName, entries
from kb.archive.promises import left_silent
from kb.archive.records import Bucket, By
from kb.article import VIETNAM
from kb.errors import ConfigError
from kb.research.exports.base import about, source
from kb.research.pack.activities import Activity, activities
from kb.research.pack.agencies import Agency, agencies
from kb.research.pack.promises import Promised, promised
from kb.research.pack.quotes import Said, said
from kb.research.pack.sources import Citations, Source
from kb.text import read_yaml


@dataclass(frozen=True, slots=True)
class Section:
    """One initiative or programme in the period."""

    entry: EntryName
    articles: int
    outlets: int
    mentions: int
    first: datetime | None
    last: datetime | None
    by: By
    attention: tuple[Bucket, ...]
    activities: tuple[Activity, ...]
    all_activities: int
    """Reported activities of which the report gives the first ones, by how widely printed."""
    agencies: tuple[Agency, ...]
    promises: tuple[Promised, ...]
    all_promises: int
    decided: int
    """Commitments whose status a person decided, of all."""
    silent: int
    """Commitments of all that fell due and that no later article speaks of, nor any decision."""
    quotes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A report on a period, before it has a language or a format."""

    names: tuple[EntryName, ...]
    """The programmes, or the initiatives that were asked for."""
    since: date | None
    until: date | None
    made_at: datetime
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    about: dict[str, str]
    query: Query


@cache
def limits() -> dict[str, Any]:
    """Return the numbers of pack.yaml."""
    found: dict[str, Any] = read_yaml(
        files("kb.research.pack").joinpath("pack.yaml").read_text("utf-8")
    )
    return found


def gather(
    archive: Archive,
    *,
    since: date | None = None,
    until: date | None = None,
    initiatives: Sequence[str] = (),
    now: datetime | None = None,
) -> Pack:
    """Gather what the press reported of initiatives in a period (both days included).

    Without `initiatives` all of the registry's and their programmes; a programme stands for its
    initiatives, too. `now` is when the report is
    made: by that day (of Vietnam) it is judged what fell due.

    Raises:
        ConfigError: the registry has no such initiative, or the period ends before it begins.
    """
    if since and until and until < since:
        raise ConfigError(f"the period ends ({until}) before it begins ({since})")
    made_at = now or datetime.now(VIETNAM)
    known = entries(archive.engine)
    chosen = _chosen(known, initiatives)
    query = Query(since=since, until=until)
    citations = Citations()
    sections = tuple(
        _section(archive, one, query, citations, made_at.astimezone(VIETNAM).date())
        for one in chosen
    )
    ids = tuple(one.id for one in chosen)
    whole = replace(query, initiatives=ids)
    return Pack(
        names=tuple(one for one in chosen if one.kind == "programme") or tuple(chosen),
        since=since,
        until=until,
        made_at=made_at,
        sections=sections,
        sources=citations.sources(archive),
        about=about(source(archive, "articles", whole)),
        query=whole,
    )


def _chosen(known: dict[str, EntryName], wanted: Sequence[str]) -> list[EntryName]:
    for id_ in wanted:
        if id_ not in known or known[id_].kind not in ("initiative", "programme"):
            raise ConfigError(f"no initiative {id_}; `kb registry list` shows them all")
    ours = [one for one in known.values() if one.kind in ("programme", "initiative")]
    chosen = [one for one in ours if {one.id, one.programme} & {*wanted}] if wanted else ours
    if not chosen:
        raise ConfigError("the archive knows no initiatives: run `kb nightly` or `kb reread` first")
    return sorted(chosen, key=lambda one: (one.kind != "programme", one.level or "", one.id))


def _section(
    archive: Archive, entry: EntryName, query: Query, citations: Citations, today: date
) -> Section:
    about_it = replace(query, initiatives=(entry.id,))
    articles = list(archive.articles_rows(about_it))
    mentions = list(archive.mentions_rows(about_it))
    done = activities(archive, articles, mentions, limits()["reported"])
    shown = _shown(done, limits()["activities"])
    promises = promised(archive, entry.id, query, today)
    dated = [row["published_at"] for row in articles if row["published_at"]]
    by = _by(dated)
    return Section(
        entry=entry,
        articles=len(articles),
        outlets=len({row["outlet"] for row in articles if row["outlet"]}),
        mentions=len(mentions),
        first=min(dated, default=None),
        last=max(dated, default=None),
        by=by,
        attention=tuple(archive.histogram(about_it, by)),
        activities=tuple(one.cited(citations) for one in shown),
        all_activities=len(done),
        agencies=tuple(
            one.cited(citations) for one in agencies(archive, about_it, limits()["assignments"])
        ),
        promises=tuple(one.cited(citations) for one in promises[: limits()["promises"]]),
        all_promises=len(promises),
        decided=sum(one.status_by is not None for one in promises),
        silent=sum(left_silent(one.proposed, one.status) for one in promises),
        quotes=tuple(
            one.cited(citations) for one in said(archive, about_it, mentions, limits()["quotes"])
        ),
    )


def _shown(found: Sequence[Activity], most: int) -> list[Activity]:
    """Return those that most papers printed, in the order of their days."""
    widest = sorted(found, key=lambda one: -len(one.article_ids))[:most]
    return [one for one in found if one in widest]


def _by(moments: Iterable[datetime]) -> By:
    """Return by what a period is drawn, so that its bars can be told apart."""
    days = [one.astimezone(VIETNAM) for one in moments]
    if not days:
        return "month"
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= limits()["months"]:
        return "month"
    return "quarter" if months <= limits()["quarters"] * 3 else "year"
