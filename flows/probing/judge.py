"""Verdicts on what the crawl met: robots.txt, listings, the article, what the file promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from crawlers.pace import LONGEST_WAIT
from crawlers.probe import Listed, Probe, Robots, Tried
from flows.probing.article import Read, fields
from flows.probing.check import Check, Result
from kb.outlets import Outlet

STALE = timedelta(days=14)
"""Age of a listing's newest article from which it is called stale."""
_WEEK = 7 * 86400.0


def judge(found: Probe, outlet: Outlet, read: Read | None) -> Iterator[Check]:
    yield from (_robots(each, outlet) for each in found.robots)
    if found.given_up:
        yield Check("outlet", outlet.home, "failed", "given_up", {"reason": found.given_up})
    yield from (_listing(row) for row in found.listings)
    for tried in found.articles:
        if tried.outcome != "stored":
            result: Result = "note" if read else "failed"
            facts = {"reason": tried.reason, "found_by": tried.found_by}
            code = "passed_over" if read else _refused_or("article_failed", tried)
            yield Check("article", tried.url, result, code, facts)
    if any(row.kind in {"feed", "sitemap", "section"} for row in found.listings):
        yield from _article(found, read)
    if read is not None:
        for name, value, generic, result, code in fields(read, outlet):
            yield Check("field", name, result, code, {}, value, generic)


def _robots(said: Robots, outlet: Outlet) -> Check:
    facts = {"status": said.status, "reason": said.reason, "delay": said.delay}
    if said.closed:
        return Check("robots", said.url, "failed", "robots_closed", facts)
    if said.allowed is False:
        return Check("robots", said.url, "failed", "robots_refused", facts)
    if said.delay is not None and said.delay > LONGEST_WAIT:
        return Check("robots", said.url, "failed", "robots_slow", facts)
    if said.delay is not None and said.delay > outlet.delay:
        return Check("robots", said.url, "note", "robots_delay", facts | {"ours": outlet.delay})
    code = "robots_ok" if said.status == 200 else "robots_none"
    return Check("robots", said.url, "ok", code, facts)


def _listing(row: Listed) -> Check:
    """Judge one listing: it names something, that are articles, and they are of these days."""
    facts: dict[str, object] = {
        "reason": row.reason,
        "status": row.status,
        "links": row.links,
        "articles": row.articles,
        "dated": row.dated,
        "newest": row.newest,
        "sitemaps": row.sitemaps,
        "gzipped": row.gzipped,
        "next_page": row.next_page,
        "others": row.others,
        "found_by": row.found_by,
    }

    def check(result: Result, code: str) -> Check:
        return Check(row.kind, row.url, result, code, facts)

    if row.outcome != "listed":
        return check("failed", _refused_or("failed", row))
    if row.sitemaps and not row.links:
        return check("ok", "index")
    if not row.links:
        return check("failed", "empty")
    if not row.articles:
        return check("failed", "unmatched")
    if row.kind != "section" and not row.dated:
        return check("note", "undated")
    if row.newest is not None and datetime.now(UTC) - row.newest > STALE:
        return check("note", "stale")
    return check("ok", "listed" if row.kind != "section" else "linked")


def _refused_or(code: str, row: Listed | Tried) -> str:
    return "refused" if row.outcome == "refused" else code


def _article(found: Probe, read: Read | None) -> Iterator[Check]:
    if read is None:
        if not found.articles:
            yield Check("article", "", "failed", "no_article")
        return
    facts: dict[str, object] = {
        "found_by": read.tried.found_by,
        "parser": read.article.parser if read.article else "",
        "family": read.outlet.family,
        "marks": read.marks,
        "reason": read.fault,
    }
    if read.article is None:
        yield Check("article", read.tried.url, "failed", "no_story", facts)
        return
    took = read.article.parser.partition("/")[0]
    named = read.outlet.family
    if took == named:
        yield Check("article", read.tried.url, "ok", "read", facts)
    elif named == "generic":
        yield Check("article", read.tried.url, "note", "could_be", facts)
    else:
        yield Check("article", read.tried.url, "failed", "other_family", facts)


def promises(outlet: Outlet, found: Probe) -> Iterator[Check]:
    """Compare what the file promises with what was met."""
    if not (outlet.feeds or outlet.sitemaps or outlet.sections):
        yield Check("outlet", outlet.id, "failed", "no_listing")
    if outlet.valid_until is not None and outlet.valid_until < date.today():
        facts: dict[str, object] = {"until": outlet.valid_until}
        yield Check("outlet", outlet.id, "note", "overdue", facts)
    seen, rate = outlet.expect, expected(found.listings)
    if rate is not None and not (rate[0] <= seen.max_per_week and rate[1] >= seen.min_per_week):
        facts = {"low": rate[0], "high": rate[1]}
        yield Check("outlet", outlet.id, "note", "unexpected", facts)


def expected(listings: Sequence[Listed]) -> tuple[int, int] | None:
    """Estimate articles a week from the dates of feeds and news sitemaps: from a fifth of the
    busiest one's rate to three times all together, since a feed names the last few only."""
    rates = []
    for row in listings:
        if row.kind == "section" or row.newest is None or row.oldest is None or row.dated < 5:
            continue
        seconds = (row.newest - row.oldest).total_seconds()
        if 3600 <= seconds <= 60 * 86400:
            rates.append((row.dated - 1) / seconds * _WEEK)
    if not rates:
        return None
    return _round(max(rates) / 5), _round(sum(rates) * 3)


def _round(number: float) -> int:
    """Return a number with one digit that is not nought, at least 1."""
    step: int = 10 ** max(len(str(int(number))) - 1, 0)
    return max(1, int(round(number / step) * step))
