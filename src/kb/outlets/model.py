"""What one outlet's YAML file says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kb.outlets.addresses import bare_host, without_amp, without_tracking
from kb.outlets.generations import are_ordered, held_first
from kb.outlets.manners import LOOKS, Limits, Looks, OpenHours

Level = Literal["central", "hanoi", "trade", "local"]
Family = Literal[
    "vccorp", "mastercms", "epi", "onecms", "vnexpress", "dantri", "vietnamnet", "laodong", "znews",
    "generic",
]  # fmt: skip
"""Content management systems that `kb.extract` knows; `generic` is none of them."""
SELECTABLE = ("title", "lead", "body", "date", "byline", "section", "drop")


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a full http:// or https:// address")
    return url


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("is not a time zone such as Asia/Ho_Chi_Minh") from error
    return name


def _selectable(selectors: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(selectors.keys() - set(SELECTABLE)):
        raise ValueError(f"{', '.join(unknown)} is none of {', '.join(SELECTABLE)}")
    return selectors


Address = Annotated[str, AfterValidator(_http)]
Selectors = Annotated[dict[str, str], AfterValidator(_selectable)]


class Expectation(BaseModel):
    """How many articles a week are normal; outside of it the night report raises an alarm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_per_week: int = Field(default=0, ge=0)
    max_per_week: int = Field(default=100_000, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_per_week > self.max_per_week:
            raise ValueError("min_per_week is above max_per_week")
        return self


class Markup(BaseModel):
    """How the outlet's pages are read that were fetched up to a day (None: still)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: Family
    selectors: Selectors = {}
    until: date | None = None


class Outlet(BaseModel):
    """A publication: where its articles are listed, what they look like, how gently to ask.

    `delay` is seconds between two requests; `article_url` is searched for in an address
    without its query and fragment; `hosts` are `host[:port]` besides that of `home`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    home: Address
    level: Level
    family: Family
    feeds: tuple[Address, ...] = ()
    sitemaps: tuple[Address, ...] = ()
    sections: tuple[Address, ...] = ()
    article_url: Annotated[str, AfterValidator(_pattern)]
    hosts: tuple[str, ...] = ()
    delay: float = Field(default=2.0, ge=0)
    concurrency: int = Field(default=1, ge=1)
    hours: OpenHours | None = None
    """Hours of the day (in its time zone) in which it is asked; None: at any time."""
    limits: Limits = Limits()
    looks: Looks = LOOKS
    """Ages at which an article is asked for again, up to the first in every run; () never."""
    verify_tls: bool = True
    """Whether its certificate must be valid; off, anybody on the way can answer for it."""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    expect: Expectation = Expectation()
    valid_until: date | None = None
    """Day after which the parser should be looked at again."""
    selectors: Selectors = {}
    """CSS selectors by field that override the family's."""
    earlier: tuple[Markup, ...] = ()
    """What held before, each with the last day on which it did, the latest first."""
    allow_private: bool = False
    """Whether loopback and private addresses may be asked (sample press, tests)."""
    enabled: bool = True
    notes: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.enabled and not (self.feeds or self.sitemaps or self.sections):
            raise ValueError("an enabled outlet needs at least one feed, sitemap or section")
        for url in (*self.feeds, *self.sitemaps, *self.sections):
            if not self.owns(url):
                raise ValueError(f"{url} is on another host than home: name it under hosts")
        if not are_ordered(self.earlier):
            raise ValueError("earlier: each needs until:, the latest first")
        return self

    def markups(self, day: date | None) -> Iterator[Markup]:
        """Return how its pages are read: first what held on a day (None: today's), then the
        rest."""
        now = Markup(family=self.family, selectors=self.selectors)
        return held_first((now, *self.earlier), day)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Time zone of dates that carry none."""
        return ZoneInfo(self.timezone)

    @cached_property
    def netlocs(self) -> frozenset[str]:
        """Every `host[:port]` of the outlet, bare (see `bare_host`)."""
        return frozenset(map(bare_host, (urlsplit(self.home).netloc, *self.hosts)))

    def owns(self, url: str) -> bool:
        """Whether an address lies on one of the outlet's hosts (a malformed one does not)."""
        try:
            return bare_host(urlsplit(url).netloc) in self.netlocs
        except ValueError:
            return False

    def is_article(self, url: str) -> bool:
        """Whether an address is one of the outlet's and looks like an article's."""
        if not self.owns(url):
            return False
        bare = urlunsplit(urlsplit(url)._replace(query="", fragment=""))
        return re.search(self.article_url, bare) is not None

    def is_open(self, when: datetime) -> bool:
        """Whether a moment (aware) lies within the hours in which it may be asked."""
        return self.hours is None or self.hours.contain(when.astimezone(self.zone))

    def canonical(self, url: str) -> str:
        """Return the address to ask for: home's scheme and host for `www.`, `m.`, `amp.` …, the
        story in place of its AMP page, no fragment, no tracking parameters."""
        cleaned = without_tracking(url)
        parts, home = urlsplit(cleaned), urlsplit(self.home)
        if bare_host(parts.netloc) == bare_host(home.netloc):
            cleaned = urlunsplit(parts._replace(scheme=home.scheme, netloc=home.netloc))
        return next(filter(self.is_article, without_amp(cleaned)), cleaned)
