"""Clauses of a sentence that planning words govern, each with the dates in it.

The words that decide stand in `cues.yaml`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kb.nlp.dates import TimeSpan
from kb.text import read_yaml

_TOWARDS = re.compile(r"(?:(?:đến|tới|trong|riêng|sang|giai đoạn|từ)\s)+(?:hết |cuối )?$")
_CLOCK = re.compile(r",? ?[-|]? ?\d\d:\d\d")
_SEGMENT = re.compile(
    r";(?=\s)|,(?=[\s”\"])|:(?=\s)|\((?=(?:bao )?gồm)|[”\"](?=,)|\s[-–](?=\s)|\.{3}|…"
    r"|(?<=[^\W\d_]{3})\.(?=[^\W\d_]{2})"
    r"|\bvà (?=dự kiến|sẽ\b|phấn đấu|(?:tới|đến) [^,;]{3,25} (?:sẽ|dự kiến)\b)"
)


@cache
def _lists() -> dict[str, frozenset[str]]:
    text = (files("kb.nlp.commitments") / "cues.yaml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in read_yaml(text).items()}


def words(name: str) -> frozenset[str]:
    return _lists()[name]


@cache
def any_of(*names: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return a pattern for the words of some lists, the longest first, whole words only."""
    found = sorted({word for name in names for word in words(name)}, key=len, reverse=True)
    body = "|".join(re.escape(word) for word in found)
    return re.compile(rf"{before}(?<!\w)(?:{body})(?!\w){after}")


@cache
def plain(*names: str) -> re.Pattern[str]:
    """Return a pattern for the words of some lists, also within words: quick to search for."""
    return re.compile("|".join(re.escape(word) for name in names for word in sorted(words(name))))


def gate() -> re.Pattern[str]:
    """Return a pattern that every sentence with a commitment holds, quick to search for."""
    return plain("strong", "scheduled", "plans_to", "acts_then", "built", "fees", "spans")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between marks: `start:end` in the sentence, `mark` the sign before it."""

    start: int
    end: int
    mark: str
    cued: bool
    dates: tuple[TimeSpan, ...]
    rest: int
    """Code points that are neither dates nor cues nor what joins them."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Segments that one cue governs; `listed`: an item of a plan's list; `inherits`: see below."""

    segments: tuple[Segment, ...]
    dates: tuple[TimeSpan, ...]
    listed: bool
    inherits: bool
    """It has no cue of its own and goes on with that of the clause before it."""

    @property
    def start(self) -> int:
        return self.segments[0].start

    @property
    def end(self) -> int:
        return self.segments[-1].end


def skip(text: str, start: int, limit: int) -> int:
    """Return `start` moved past blanks, marks and connectors."""
    pattern = any_of("connectors", before=r"[\s,:.(]*(?:", after=r"[\s,:]+)*")
    match = pattern.match(text, start, limit)
    return match.end() if match else start


def clauses(
    text: str, dates: Sequence[TimeSpan], opened: int | None, continues: bool
) -> Iterator[Clause]:
    """Group the segments of a sentence into clauses, each with the dates in it."""
    groups: list[list[Segment]] = []
    for segment in _segments(text, dates, opened):
        if not groups or not _opens_clause(text, groups[-1], segment, opened):
            groups = groups or [[]]
            groups[-1].append(segment)
            continue
        last = groups[-1]
        stays = len(last) < 2 or segment.mark != "," or last[-1].cued or not is_date(last[-1])
        moved = [] if stays else [last.pop()]
        groups.append([*moved, segment])
    running = False
    for group in groups:
        cued = any(one.cued for one in group)
        listed = continues or (opened is not None and group[0].start >= opened)
        found = tuple(one for segment in group for one in segment.dates)
        if found:
            yield Clause(tuple(group), found, listed, running and not cued)
        running = cued or running


def _segments(text: str, dates: Sequence[TimeSpan], opened: int | None) -> Iterator[Segment]:
    start, mark = 0, ""
    marks = [(m.start(), m.end(), m[0].strip()) for m in _SEGMENT.finditer(text)]
    queue = deque(dates)
    for a, b, sign in [*marks, (len(text), len(text), "")]:
        if queue and queue[0].start < a < queue[0].end:
            continue  # a mark inside a date: "giai đoạn 2021 - 2025"
        if sign in (",", "-", "–") and text.count("(", start, a) > text.count(")", start, a):
            continue  # inside brackets
        inside = []
        while queue and queue[0].start < a:
            inside.append(queue.popleft())
        cued = any_of("strong").search(text, start, a) is not None
        if a > start:
            yield Segment(start, a, mark, cued, tuple(inside), _rest(text, start, a, inside))
        start, mark = b, sign


def _rest(text: str, start: int, end: int, dates: Sequence[TimeSpan]) -> int:
    """Count what a segment holds besides its dates, cues and the words between them."""
    if not dates:
        return end - start
    parts, at = [], start
    for one in dates:
        parts.append(text[at : one.start])
        at = max(at, one.end)
    parts.append(text[at:end])
    return sum(len(any_of("strong", "fillers").sub("", part).strip(" ,.:()")) for part in parts)


def _opens_clause(text: str, group: list[Segment], segment: Segment, opened: int | None) -> bool:
    if segment.mark == ";" or segment.mark.startswith("("):
        return True
    if opened is not None and group[0].start < opened <= segment.start:
        return True
    if segment.cued and any(one.cued and not is_date(one) for one in group):
        opens = any_of("strong").match(text, skip(text, segment.start, segment.end))
        return not opens or any(one.dates for one in group)
    if segment.mark == ":" and any(one.cued or one.dates for one in group):
        return True
    if not segment.dates or not any(one.dates for one in group):
        return False
    first = skip(text, segment.start, segment.end)
    if any_of("steps", "built").match(text, first):
        return True
    span = segment.dates[0]
    return bool(_TOWARDS.match(text, first, span.core)) and segment.end - span.end > 15


def is_date(segment: Segment) -> bool:
    """Tell whether a segment is little more than a date ("dự kiến vào cuối tháng 6")."""
    return bool(segment.dates) and segment.rest < 10


def is_when(span: TimeSpan, text: str) -> bool:
    """Leave out time stamps, what happens every day and rates ("3 triệu sản phẩm mỗi năm")."""
    if span.recurs is None:
        if any_of("broadcasts", after=r" (?:vào |lúc |\d+h\d* )*$").search(
            text, max(0, span.start - 24), span.start
        ):
            return False
        if any_of("feasts", after=r" $").search(text, max(0, span.core - 16), span.core):
            return False
        past = text.endswith("hồi ", 0, span.start)
        if text.startswith("năm học", span.core) and not any_of("fees").search(text):
            return False
        return not past and _CLOCK.match(text, span.end) is None
    if text.startswith("mọi năm", span.start):
        return False
    if text.startswith("thường niên", span.start):
        return text[: span.start].endswith("tổ chức ")
    before = text[max(0, span.start - 28) : span.start]
    if any_of("rated", after=r" $").search(before):
        return False
    rate = re.search(r"\d", before) and not any_of("targets").search(text, 0, span.start)
    return span.recurs != "P1D" and not rate
