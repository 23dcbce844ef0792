"""The first draft of an outlet's YAML file, from what its front page and listings name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

import yaml

from kb.errors import ConfigError
from kb.outlets.addresses import bare_host, page_number
from kb.outlets.loader import parse_outlet
from kb.outlets.model import Family, Outlet
from kb.outlets.patterns import LONG_NAMES, Inferred, infer
from kb.outlets.rules import drafts

LINES = 25
"""Lines that the file of an outlet of a known family has at most."""
_PARTS = re.compile(r"\s+[-–|:»]\s+|\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the file will say, and how sure that is."""

    id: str
    name: str
    home: str
    level: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    pattern: Inferred | None = None
    family: Family = "generic"
    delay: float | None = None
    expect: tuple[int, int] | None = None
    allow_private: bool = False

    def outlet(self) -> Outlet:
        """Return the outlet, switched off, as the file will declare it.

        Raises:
            ConfigError: id or home are none.
        """
        return parse_outlet(self.yaml(), f"{self.id}.yaml")

    def yaml(self) -> str:
        """Return the file, of no more than `LINES` lines."""
        rows = [
            f"id: {_text(self.id)}",
            f"name: {_text(' '.join(self.name.split()) or self.id)}",
            f"home: {self.home}",
            f"level: {self.level}  # a guess: central, hanoi, trade or local",
            f"family: {self.family}" + ("  # none is recognised" * (self.family == "generic")),
        ]
        for key in ("feeds", "sitemaps", "sections"):
            urls: tuple[str, ...] = getattr(self, key)
            rows += [f"{key}:", *(f"  - {url}" for url in urls)] if urls else []
        rows.append(f"article_url: {_quoted(self.pattern.pattern if self.pattern else LONG_NAMES)}")
        if self.delay is not None:
            rows.append(f"delay: {self.delay:g}")
        if self.expect is not None:
            low, high = self.expect
            rows.append(f"expect: {{min_per_week: {low}, max_per_week: {high}}}")
        if self.allow_private:
            rows.append("allow_private: true")
        rows.append("enabled: false")
        rows.append("notes: Drafted by kb outlets probe; check name, level and article_url.")
        return "\n".join(rows) + "\n"


def listing_pages(links: Iterable[str], home: str) -> list[str]:
    """Return the pages among links that list feeds, else where feeds usually lie."""
    named = [url for url in links if drafts().feed_pages.search(urlsplit(url).path)]
    return list(dict.fromkeys(named))[:2] or usual("feeds", home)


def usual(kind: str, home: str) -> list[str]:
    """Return where `feeds` or `sitemaps` usually lie on a host."""
    return [urljoin(home, path) for path in drafts().usual[kind]]


def outline(
    home: str, *, id: str | None = None, delay: float | None = None, allow_private: bool = False
) -> Draft:
    """Return what can be said before anything was read: id and home.

    Raises:
        ConfigError: it is no address.
    """
    try:
        parts = urlsplit(home)
    except ValueError as error:  # such as http://[
        raise ConfigError(f"home: {home} is no address: {error}") from error
    label = bare_host(parts.hostname or "").split(".")[0]
    name = id or re.sub(r"[^a-z0-9-]", "", label) or "outlet"
    root = f"{parts.scheme}://{parts.netloc}"
    sections = (f"{root}/",)
    return Draft(
        name, label, root, "central", sections=sections, delay=delay, allow_private=allow_private
    )


def complete(
    draft: Draft,
    *,
    site: str,
    title: str,
    feeds: Sequence[str],
    sitemaps: Sequence[str],
    menu: Sequence[str],
    links: Sequence[str],
) -> Draft:
    """Return the draft with what the front page names: addresses on other hosts are left out,
    what the programme is about comes first, and only so many of each are kept."""
    rules, bare = drafts(), draft.outlet()
    own = [url for url in links if bare.owns(url)]
    pattern = infer(map(bare.canonical, own))
    name = _name(site, title) or draft.name
    known = replace(draft, pattern=pattern).outlet() if pattern else None
    sections = [
        url
        for url in map(bare.canonical, filter(bare.owns, menu))
        if len(urlsplit(url).path) > 1 and not (known and known.is_article(url))
        if not rules.no_section.search(urlsplit(url).path) and page_number(url)[1] == 1
        if urlsplit(url).path.count("/") <= 2 and not rules.feed.search(urlsplit(url).path)
    ]
    kept_feeds = _kept("feeds", filter(bare.owns, feeds))
    return replace(
        draft,
        name=name,
        level=next(level for level, found in rules.levels if found.search(f"{name} {draft.id}")),
        pattern=pattern,
        feeds=kept_feeds,
        sitemaps=_kept("sitemaps", filter(bare.owns, sitemaps)),
        sections=_kept("sections", sections) or draft.sections,
    )


def _kept(kind: str, urls: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that matter most, in the order of `wanted`, then as they came."""
    rules = drafts()

    def rank(url: str) -> int:
        path = urlsplit(url).path.lower()
        return next((at for at, word in enumerate(rules.wanted) if word in path), 99)

    return tuple(sorted(dict.fromkeys(urls), key=rank)[: rules.kept[kind]])


def _name(site: str, title: str) -> str:
    """Return the newspaper's name: what the page says, else the shortest part of its title."""
    parts = [part for part in _PARTS.split(title) if len(part) > 1]
    return (site or min(parts, key=len, default=""))[:60]


def _text(text: str) -> str:
    dumped: str = yaml.safe_dump(text, allow_unicode=True, width=1000)
    return dumped.removesuffix("\n...\n").removesuffix("\n")


def _quoted(pattern: str) -> str:
    # Line ends of every kind are folded between single quotes and escaped between double ones.
    style = "'" if pattern.isprintable() else '"'
    dumped: str = yaml.safe_dump(pattern, allow_unicode=True, width=10_000, default_style=style)
    return dumped.removesuffix("\n")
