"""How an outlet wants to be asked: hours, limits, and when to look at an article again."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

LOOKS: tuple[timedelta, ...] = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
"""Ages at which an article is looked at again, and up to the first of them in every run, since
most corrections come early."""

_AGE = re.compile(r"(\d{1,4})\s*([hd])")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


class Hours(BaseModel):
    """The part of the day in which an outlet is asked, over midnight where `end` comes first."""

    model_config = ConfigDict(frozen=True)

    start: time
    end: time

    def contain(self, when: datetime) -> bool:
        """Whether a moment (in the outlet's own time zone) lies within them."""
        now = when.time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


class Limits(BaseModel):
    """What one run may take from an outlet; beyond it the rest waits for the next run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: int | None = Field(default=None, ge=1)
    """Articles asked for; None leaves it to the run."""
    bytes: int = Field(default=500_000_000, ge=1)
    """Bytes received, as sent, listings and what was broken off included."""
    timeout: float = Field(default=30.0, gt=0)
    """Seconds for one whole answer."""
    sitemaps: int = Field(default=50, ge=1)
    """Sitemaps that other sitemaps name, the newest first."""
    section_pages: int = Field(default=3, ge=1)
    """Pages of one section; the next is asked for only while the last named something new."""


def _age(value: object) -> object:
    match = _AGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        if isinstance(value, timedelta):
            return value
        raise ValueError("must be hours or days such as 6h or 3d")
    number = int(match.group(1))
    return timedelta(hours=number) if match.group(2) == "h" else timedelta(days=number)


def _looks(value: object) -> object:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of ages such as [1h, 1d, 7d]")
    ages = [_age(each) for each in value]
    if ages != sorted(set(ages)):  # type: ignore[type-var]
        raise ValueError("must grow from one age to the next")
    return tuple(ages)


def _hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _HOURS.fullmatch(value.strip())
    if match is None:
        raise ValueError("must be two times of day such as 22:00-06:00")
    first, second, third, fourth = map(int, match.groups())
    start, end = time(first, second), time(third, fourth)
    if start == end:
        raise ValueError("must not begin and end at the same time")
    return {"start": start, "end": end}


Looks = Annotated[tuple[timedelta, ...], BeforeValidator(_looks)]
OpenHours = Annotated[Hours, BeforeValidator(_hours)]
