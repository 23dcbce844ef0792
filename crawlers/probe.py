"""Try an outlet out: robots.txt, each listing, an article; what came back, in records.

A probe is a crawl of a few requests, with the same child process, guard, robots.txt, pace and
certificates; it follows nothing and asks for no more than `ARTICLES` articles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter

from crawlers.child import CrawlReport, OnLine, crawl
from crawlers.report import Outcome, PageKind
from kb.errors import CrawlError
from kb.outlets import Outlet

ARTICLES = 2
"""Articles that are captured, the newest: one alone may be a film or a picture."""
RESULT = "probe.json"
TIMEOUT = 1800.0
"""Seconds for one probe: thirty requests a minute apart."""
EXAMPLES = 3

Mode = Literal["listings", "home"]
"""What is tried: the listings of a declared outlet, or the home page of a new one."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt says to us; `allowed` is whether the front page may be asked for."""

    url: str
    status: int | None
    reason: str | None
    closed: bool
    """Whether it could not be had, so that nothing is allowed."""
    delay: float | None = None
    allowed: bool | None = None
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One feed, sitemap or section and what it names; counts are of distinct addresses."""

    kind: PageKind
    url: str
    outcome: Outcome
    status: int | None = None
    reason: str | None = None
    links: int = 0
    articles: int = 0
    """Of the links those that `article_url` takes."""
    dated: int = 0
    newest: datetime | None = None
    oldest: datetime | None = None
    sitemaps: int = 0
    """Further sitemaps that it names; the newest of them is read."""
    gzipped: bool = False
    next_page: str | None = None
    found_by: str | None = None
    others: tuple[str, ...] = ()
    """Examples of links that are no articles."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One article that was asked for; `warc` and `offset` say where it lies if it was stored."""

    url: str
    found_by: str
    outcome: Outcome
    changed: datetime | None = None
    status: int | None = None
    reason: str | None = None
    warc: Path | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a new outlet's that was read to learn of its listings."""

    url: str
    file: str


@dataclass(slots=True)
class Probe:
    """All that came back."""

    robots: list[Robots] = field(default_factory=list)
    listings: list[Listed] = field(default_factory=list)
    articles: list[Tried] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    given_up: str | None = None
    """Why nothing more was asked."""


_PROBE = TypeAdapter(Probe)


def probe(
    outlet: Outlet, out: Path, *, mode: Mode = "listings", on_line: OnLine | None = None
) -> Probe:
    """Try an outlet in a child process; captures and log go to `out`.

    Raises:
        CrawlError: the child could not be started, or did not come to its end.
    """
    folder = out / "outlets"
    folder.mkdir(parents=True, exist_ok=True)
    kept = outlet.model_dump(mode="json", exclude={"looks", "earlier", "hours"})
    kept |= {"hours": str(outlet.hours)} if outlet.hours else {}
    (folder / f"{outlet.id}.yaml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    report = crawl(
        folder, [outlet.id], out, timeout=TIMEOUT, on_line=on_line, restarts=0, probe=mode
    )
    if not report.finished or not (out / RESULT).exists():
        raise CrawlError(f"the probe ended early ({report.finish_reason}): {_fault(out)}")
    return _read(out, report, outlet)


def _read(out: Path, report: CrawlReport, outlet: Outlet) -> Probe:
    found = _PROBE.validate_json((out / RESULT).read_bytes())
    lines = map(json.loads, report.log.read_bytes().splitlines())
    said = {each.url: each for each in found.robots}
    found.robots = [_robots(line, said) for line in lines if line["kind"] == "robots"]
    found.given_up = report.outlets[outlet.id].given_up
    return found


def _robots(line: dict[str, Any], said: dict[str, Robots]) -> Robots:
    parsed = said.get(line["url"])
    closed = line["outcome"] == "failed"
    return Robots(
        line["url"],
        line["status"],
        line["reason"],
        closed,
        parsed.delay if parsed else None,
        parsed.allowed if parsed and not closed else False,
        parsed.sitemaps if parsed else (),
    )


def _fault(out: Path) -> str:
    log = out / "scrapy.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"


def dump(found: Probe, out: Path) -> None:
    """Write what came back, for the parent to read."""
    (out / RESULT).write_bytes(_PROBE.dump_json(found, indent=1))
