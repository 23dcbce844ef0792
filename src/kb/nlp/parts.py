"""Texts far longer than any story, read part by part: time stays linear, memory bounded.

What is said of one person far off is compared with what is said of every other: within a story
that is cheap, within a year's minutes of a council it is not. The longest of two thousand
articles has 19,000 code points, so no story is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TypeVar

from kb.article import FIELDS, Article, Field
from kb.reading import Assignment, Commitment, Holding, Mention, Quote, Reading

LONGEST = 150_000
"""Code points of a field read together, and of the articles of a batch."""

Span = TypeVar("Span", Mention, Quote, Commitment, Assignment, Holding)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an article, and where its fields begin in those of the whole."""

    article: Article
    starts: dict[Field, int]


def parts(article: Article) -> list[Part]:
    """Return an article in parts, each with a stretch of every field; mostly one."""
    cuts = [list(_cuts(article.text(name))) for name in FIELDS]
    if max(map(len, cuts)) <= 1:
        return [Part(article, dict.fromkeys(FIELDS, 0))]
    found = []
    for title, lead, body in zip_longest(*cuts, fillvalue=(0, 0)):
        found.append(
            Part(
                replace(
                    article,
                    title=article.title[slice(*title)],
                    lead=article.lead[slice(*lead)],
                    body=article.body[slice(*body)],
                ),
                {"title": title[0], "lead": lead[0], "body": body[0]},
            )
        )
    return found


def batches(found: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield parts that are read together: many are faster, too many fill the memory."""
    batch: list[Part] = []
    size = 0
    for part in found:
        batch.append(part)
        size += sum(len(part.article.text(name)) for name in FIELDS)
        if size > LONGEST:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def joined(found: Sequence[Part], readings: Sequence[Reading]) -> Reading:
    """Return the reading of the whole from those of its parts."""
    if len(found) == 1:
        return readings[0]
    pairs = list(zip(found, readings, strict=True))
    return replace(
        readings[0],
        mentions=_whole((part, one.mentions) for part, one in pairs),
        sentences=sum(one.sentences for one in readings),
        words=sum(one.words for one in readings),
        quotes=_whole((part, one.quotes) for part, one in pairs),
        commitments=_whole((part, one.commitments) for part, one in pairs),
        assignments=_whole((part, one.assignments) for part, one in pairs),
        holdings=_whole((part, one.holdings) for part, one in pairs),
    )


def _whole(pairs: Iterator[tuple[Part, tuple[Span, ...]]]) -> tuple[Span, ...]:
    moved = chain.from_iterable(
        (_moved(one, part.starts[one.field]) for one in found) for part, found in pairs
    )
    return tuple(sorted(moved, key=lambda one: FIELDS.index(one.field)))


def _moved(one: Span, by: int) -> Span:
    if isinstance(one, Mention):
        one = replace(
            one, sentence_start=one.sentence_start + by, sentence_end=one.sentence_end + by
        )
    return replace(one, start=one.start + by, end=one.end + by)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text's parts: cut at a line end, else at a space, else anywhere."""
    start = 0
    while len(text) - start > LONGEST:
        end = start + LONGEST
        for mark in "\n ":
            place = text.rfind(mark, start + LONGEST // 2, end)
            if place >= 0:
                end = place
                break
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)
