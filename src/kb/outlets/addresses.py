"""When two addresses lead to one story; the lists are in `rules/addresses.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from w3lib.url import url_query_cleaner

from kb.article import HOST_VARIANTS, TRACKING
from kb.outlets.rules import read


@dataclass(frozen=True, slots=True)
class Addresses:
    """The compiled lists; `page` finds the number of a section's page in its first group."""

    variant: re.Pattern[str]
    dropped: re.Pattern[str]
    amp_paths: tuple[tuple[re.Pattern[str], str], ...]
    paging: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def addresses() -> Addresses:
    """Return the lists, read once."""
    raw = read("addresses.yaml")
    dropped = [*map(re.escape, TRACKING), *raw["tracking"], *raw["amp_parameters"]]
    return Addresses(
        variant=re.compile(rf"^(?:{'|'.join(HOST_VARIANTS)})\."),
        dropped=re.compile(rf"(?i)(?:{'|'.join(dropped)})"),
        amp_paths=tuple((re.compile(found), called) for found, called in raw["amp_paths"]),
        paging=tuple(map(re.compile, raw["paging"])),
    )


@lru_cache(maxsize=1024)  # asked by each outlet for each page
def bare_host(host: str) -> str:
    """Return `host[:port]` in lower case without `www.`, `m.`, `amp.` … in front."""
    return addresses().variant.sub("", host.lower())


def without_tracking(url: str) -> str:
    """Return an address without parameters that say nothing of the story, and its fragment."""
    names = {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    dropped = sorted(name for name in names if addresses().dropped.fullmatch(name))
    cleaned = url_query_cleaner(url, parameterlist=dropped, remove=True, unique=False)
    return str(cleaned)


def without_amp(url: str) -> list[str]:
    """Return what the address of an AMP page is called on the paper itself, by each rule."""
    parts = urlsplit(url)
    found = []
    for pattern, called in addresses().amp_paths:
        path, changes = pattern.subn(called, parts.path)
        if changes:
            found.append(urlunsplit(parts._replace(path=path)))
    return found


def page_number(url: str) -> tuple[str, int]:
    """Return the address of a section without its page number, and the number (1: it has none)."""
    bare = url.partition("#")[0]
    for pattern in addresses().paging:
        if match := pattern.search(bare):
            return _stem(bare, match), int(match.group(1))
    return _stem(bare, None), 1


def _stem(url: str, match: re.Match[str] | None) -> str:
    """Return what all pages of a section have in common: its path without a suffix."""
    if match is not None:
        url = url[: match.start()]
    parts = urlsplit(url)
    path = re.sub(r"\.[a-z]{3,5}$", "", parts.path).rstrip("/")
    return f"{bare_host(parts.netloc)}{path}?{parts.query}".rstrip("?&")
