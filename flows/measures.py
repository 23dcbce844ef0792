"""The yes-or-no questions that the layout alarm asks of each page, and when a share has fallen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from importlib.resources import files
from math import comb, exp, lgamma
from statistics import median

from kb.archive.usual import Shape
from kb.article import VIETNAM, Article
from kb.text import read_yaml

Measure = Callable[[Shape], bool]
NONE = "–"
"""Stands for no source of a date."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of `alarm.yaml`."""

    window: int
    known_least: int
    new_least: int
    half: float
    chance: float
    short: float
    agree: float
    sample: int
    trust: dict[str, int]
    days: int
    rhythm_least: int
    quantile: float
    stretch: float
    listed_least: int
    nights_a_week: int


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the thresholds, read once."""
    return Rules(**read_yaml((files("flows") / "alarm.yaml").read_text(encoding="utf-8")))


def shape_of(article: Article) -> Shape:
    """Return what the measures look at."""
    return Shape(
        article.url,
        article.parser,
        article.published_from,
        article.published_at,
        bool(article.lead),
        bool(article.authors),
        bool(article.section),
        article.words,
    )


def measures(past: Sequence[Shape], given: Rules) -> dict[str, Measure]:
    """Return the questions to ask of each page, by name; some need a past to know the usual."""
    asked: dict[str, Measure] = {
        "lead": lambda shape: shape.lead,
        "authors": lambda shape: shape.authors,
        "section": lambda shape: shape.section,
    }
    if past:
        date, parser = most_usual(past, "date"), most_usual(past, "parser")
        least = given.short * median(one.words for one in past)
        if date != NONE:
            asked["date"] = lambda shape: dated(shape) == date
        asked["parser"] = lambda shape: _system(shape.parser) == _system(parser)
        asked["length"] = lambda shape: shape.words >= least
    return asked


def most_usual(past: Sequence[Shape], name: str) -> str:
    """Return the most frequent parser, or place of the `date`."""
    values = (dated(one) if name == "date" else one.parser for one in past)
    return Counter(values).most_common(1)[0][0]


def dated(shape: Shape) -> str:
    """Return where a date was found, and whether it is a whole day: a page that no longer says
    when it was published often still shows some other day, such as today's above its menu."""
    if shape.published_at is None or shape.published_from is None:
        return NONE
    whole = shape.published_at.astimezone(VIETNAM).time() == time.min
    return f"{shape.published_from} (day)" if whole else shape.published_from


def moments(found: Counter[datetime | None]) -> int:
    """Return how many moments of publication pages have, each counted once: two stories that went
    out together cost one, a page that shows its own day all but one."""
    return len(found.keys() - {None})


def _system(parser: str) -> str:
    """Return a parser's name without its version: a new version is no new layout."""
    return parser.partition("/")[0]


def other(found: Counter[str], usual: str) -> str:
    """Return what most pages have that lack the usual."""
    others = (one for one, _ in found.most_common() if _system(one) != _system(usual))
    return next(others, usual)


def fell(now: int, of: int, good: int, known: int, given: Rules) -> bool:
    """Whether `now` of `of` new pages is far below `good` of `known` earlier ones, and too far to
    be chance: by the beta-binomial distribution, which trusts a short past less than a long one.
    """
    if of < given.new_least or now > good / known * given.half * of:
        return False
    bad = known - good
    tail = sum(
        comb(of, k) * exp(_beta(good + k, bad + of - k) - _beta(good, bad)) for k in range(now + 1)
    )
    return tail < given.chance


def _beta(one: float, other: float) -> float:
    """Return the logarithm of the beta function."""
    return lgamma(one) + lgamma(other) - lgamma(one + other)
