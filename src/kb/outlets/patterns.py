"""What the articles' addresses of a newspaper have in common, from those on its front page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.outlets.rules import drafts

_FEWEST = 3
"""Addresses of one shape that are needed at least."""
_WORDS = 4
"""Words that the slug of an article has at least: sections have fewer."""
LONG_NAMES = rf"/[a-z0-9]+(?:-[a-z0-9]+){{{_WORDS},}}"
"""What articles without numbers are told by."""
_PATH = re.compile(r"^(?P<stem>/.*?)(?P<suffix>(?:\.[a-z]{2,5})?/?)$")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Inferred:
    """A regular expression for `article_url`; `fits` of `seen` addresses with long names."""

    pattern: str
    fits: int
    seen: int
    sure: bool
    """Whether articles have a number; else only the length of their names tells them."""


def infer(urls: Iterable[str]) -> Inferred | None:
    """Return the pattern of most of the articles among addresses, None if there are too few."""
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for path in dict.fromkeys(urlsplit(url).path for url in urls):
        match = _PATH.match(path)
        if match and _words(match["stem"]) > _WORDS:
            stems[match["suffix"]].append(match["stem"])
    seen = sum(map(len, stems.values()))
    found = [each for suffix, named in stems.items() for each in _shapes(named, suffix, seen)]
    best = max(found, key=lambda one: (one.sure, one.fits), default=None)
    if best is not None and best.fits * 2 < seen:  # numbers of few, names of the rest
        best = max(found, key=lambda one: one.fits)
    return best


def _words(stem: str) -> int:
    """Return how many words the longest part of a path has."""
    return max(len(part.split("-")) for part in stem.split("/"))


def _shapes(stems: list[str], suffix: str, seen: int) -> Iterable[Inferred]:
    end = re.escape(suffix) + "$"
    left = list(stems)
    for rule in drafts().ids:
        groups: defaultdict[tuple[str, ...], list[re.Match[str]]] = defaultdict(list)
        for stem in left:
            if match := rule.find.search(stem):
                groups[match.groups()].append(match)
        for matches in groups.values():
            if len(matches) < _FEWEST:
                continue
            lengths = [len(re.findall(r"\d+", match.group())[-1]) for match in matches]
            low, high = min(lengths), max(lengths)
            width = f"{low},{high}" if low < high else f"{low}"
            numbers = {"width": width, "wider": f"{low},{high + 1}"}
            written = rule.write.format(**numbers, **matches[0].groupdict())
            yield Inferred(written + end, len(matches), seen, sure=True)
            left = [stem for stem in left if stem not in {match.string for match in matches}]
    if len(left) >= _FEWEST:
        slugs = [stem for stem in left if _SLUG.fullmatch(stem.rsplit("/", 1)[-1])]
        if len(slugs) >= _FEWEST:
            yield Inferred(LONG_NAMES + end, len(slugs), seen, sure=False)
