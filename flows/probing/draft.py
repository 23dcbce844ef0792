"""The file of a new outlet: drafted from its front page, tried, corrected by what was met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

from crawlers.child import OnLine
from crawlers.probe import Listed, Probe, probe
from crawlers.probe_home import read_home
from flows.probing.article import read_article
from flows.probing.check import Check, Verdict
from flows.probing.judge import expected, judge
from kb.extract.decode import decode
from kb.extract.families import recognise
from kb.outlets.draft import Draft, complete, outline
from kb.outlets.model import Family


def draft_outlet(
    home: str,
    out: Path,
    *,
    id: str | None = None,
    delay: float | None = None,
    allow_private: bool = False,
    on_line: OnLine | None = None,
) -> Verdict:
    """Draft the file of a new outlet from its front page, try the draft, and correct it by what
    was met: listings that do not work are left out, family and weekly numbers filled in.

    Raises:
        ConfigError: id or address are none.
        CrawlError: a crawl child did not come to its end.
    """
    first = outline(home, id=id, delay=delay, allow_private=allow_private)
    seen = probe(first.outlet(), out / "home", mode="home", on_line=on_line)
    if not seen.pages:
        return Verdict(first.outlet(), list(_shut(seen, first)))
    pages = [(page.url, (out / "home" / page.file).read_bytes()) for page in seen.pages]
    front, *more = [read_home(body, url) for url, body in pages]
    feeds = [url for page in (front, *more) for url in page.feeds]
    sitemaps = [row.url for row in seen.listings if _is_sitemap(row)]
    delays = [each.delay for each in seen.robots if each.delay is not None]
    drafted = replace(
        complete(
            replace(first, home=_root(front.url)),
            site=front.site,
            title=front.title,
            feeds=feeds,
            sitemaps=sitemaps,
            menu=list(front.menu),
            links=list(front.links),
        ),
        delay=max((asked for asked in delays if asked > first.outlet().delay), default=delay),
    )
    found = probe(drafted.outlet(), out / "draft", on_line=on_line)
    working = {row.url for row in found.listings if row.articles or row.sitemaps}
    read = read_article(found.articles, drafted.outlet())
    signs = recognise(decode(pages[0][1]))
    family = read.marks[0] if read and read.marks else (signs[0] if signs else "generic")
    final = replace(
        drafted,
        feeds=tuple(url for url in drafted.feeds if url in working),
        sitemaps=tuple(url for url in drafted.sitemaps if url in working),
        sections=tuple(url for url in drafted.sections if url in working) or first.sections,
        family=cast("Family", family),
        expect=expected(found.listings),
    )
    outlet = final.outlet()
    read = read_article(found.articles, outlet)
    left = {*drafted.feeds, *drafted.sitemaps, *drafted.sections} - working
    checks = [
        replace(check, result="note", facts={**check.facts, "left_out": True})
        if check.target in left and check.result == "failed"
        else check
        for check in judge(found, outlet, read)
    ]
    return Verdict(outlet, [*checks, *_undecided(final)], final)


def _shut(seen: Probe, first: Draft) -> Iterator[Check]:
    """Yield why the front page was not had."""
    for check in judge(seen, first.outlet(), None):
        if check.part == "section":
            yield replace(check, part="home", code=f"home_{check.code}")
        elif check.part != "article":
            yield check


def _root(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _is_sitemap(row: Listed) -> bool:
    return row.kind == "sitemap" and row.outcome == "listed" and bool(row.links or row.sitemaps)


def _undecided(draft: Draft) -> Iterator[Check]:
    """Name what a person still decides."""
    yield Check("draft", "level", "note", "decide_level", {"level": draft.level})
    yield Check("draft", "name", "note", "decide_name", {"name": draft.name})
    pattern = draft.pattern
    if pattern is None:
        yield Check("draft", "article_url", "failed", "no_pattern")
    else:
        facts: dict[str, object] = {
            "pattern": pattern.pattern,
            "fits": pattern.fits,
            "seen": pattern.seen,
        }
        code = "decide_pattern" if pattern.sure else "wide_pattern"
        yield Check("draft", "article_url", "note", code, facts)
    if draft.family == "generic":
        yield Check("draft", "family", "note", "no_family")
    if draft.expect is None:
        yield Check("draft", "expect", "note", "no_expect")
