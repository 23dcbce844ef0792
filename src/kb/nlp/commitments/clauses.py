"""Clauses of a sentence that planning words govern, each with the dates in it.

The words that decide stand in `cues.yaml`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from kb.nlp.dates import TimeSpan
from kb.text import read_yaml

_TOWARDS = re.compile(r"(?:(?:đến|tới|trong|riêng|sang|giai đoạn|từ)\s)+(?:hết |cuối )?$")
_SAID = 15
"""Code points behind a date that say of themselves what is to be reached then."""
_FILL = 10
"""Code points that a segment holds at most besides a date if it is little more than one."""
_VISION = re.compile(r"(?:với )?(?:tầm nhìn|định hướng) (?:đến |tới )?(?:năm )?(?=\d|$)")
"""Before a year, or between two of them: it is that of a strategy's name."""
_JOINED = {
    "-": ("halves",),
    "–": ("halves",),
    ",": ("generics", "paired_acts", "paired_ways"),
}
"""Lists of `cues.yaml` of which a mark joins two members."""
_WEEKDAY = re.compile(r"(?:\w+ )?(?:thứ |chủ nhật)")
_OCCASION = re.compile(r"(?:vào|đến|sang) dịp [^,;.]*$")
"""Before the day of a holiday: something else is done then."""
_CLOCK = re.compile(r",? ?[-|]? ?\d\d:\d\d")
_SEGMENT = re.compile(
    r";(?=\s)|,(?=[\s”\"])|:(?=\s)|\((?=(?:bao )?gồm)|”(?=,)|\"(?=,)"
    r"| [-–](?=\s(?!\d))| (?<!\d )[-–](?=\s)"
    r"|\.\.\.(?! và\b)|…(?! và\b)"
    r"|\.(?<=[^\W\d_]{3}\.)(?=[^\W\d_]{2})"
    r"|v(?<!\wv)à (?=dự kiến|sẽ\b|phấn đấu|(?:tới|đến) [^,;]{3,25} (?:sẽ|dự kiến)\b)"
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
    return re.compile(rf"{before}(?:{_grouped(names, whole=True)})(?!\w){after}")


@cache
def past(*others: str) -> re.Pattern[str]:
    """Return a pattern for words of the past, and those of other lists; "từng năm" is none."""
    return any_of("past", *others, after=r"(?! (?:năm|tháng|ngày|bước|phần)(?!\w))")


@cache
def cues() -> re.Pattern[str]:
    """Return a pattern for what plans by itself: words of planning, and pledges before a verb."""
    kinds = ("pledged", "then_acts", "built", "scheduled", "plans_to", "acts_then", "done_then")
    pledges = any_of("pledges", after=rf"(?= {any_of(*kinds).pattern})")
    return re.compile(rf"{any_of('strong').pattern}|{pledges.pattern}")


def _grouped(names: Sequence[str], *, whole: bool = False) -> str:
    """Return an alternation, the longest word first; grouped, so that most places fail at once.

    `whole`: words that nothing is glued to in front, which is looked at behind their first
    letter, so that a search skips to such letters.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted({w for name in names for w in words(name)}, key=lambda w: (-len(w), w)):
        groups.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    own = r"{0}(?<!\w{0})(?:{1})" if whole else "{0}(?:{1})"
    return "|".join(own.format(first, "|".join(rest)) for first, rest in groups.items())


@cache
def plain(*names: str) -> re.Pattern[str]:
    """Return a pattern for the words of some lists, also within words: quick to search for."""
    return re.compile(_grouped(names))


def gate() -> re.Pattern[str]:
    """Return a pattern that every sentence with a commitment holds, quick to search for."""
    kinds = ("scheduled", "plans_to", "acts_then", "built", "fees", "spans")
    return plain("strong", "pledges", *kinds)


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

    def holding(self, at: int) -> Segment:
        """Return the segment in which a place lies."""
        return next((one for one in reversed(self.segments) if one.start <= at), self.segments[0])

    @property
    def start(self) -> int:
        return self.segments[0].start

    @property
    def end(self) -> int:
        return self.segments[-1].end


def skip(text: str, start: int, limit: int) -> int:
    """Return `start` moved past blanks, marks, the number of a point, and connectors."""
    point = r"[^\w\"“”‘’']*(?:\d{1,2}[.)] ?(?=[^\W\d]))?"
    pattern = any_of("connectors", before=rf"{point}(?:", after=r"[\s,:]+)*")
    match = pattern.match(text, start, limit)
    return match.end() if match else start


def clauses(
    text: str,
    dates: Sequence[TimeSpan],
    opened: int | None,
    continues: bool,
    tags: Mapping[int, str],
) -> Iterator[Clause]:
    """Group the segments of a sentence into clauses, each with the dates in it.

    `tags`: parts of speech by where a word begins; among targets each verb opens one.
    """
    groups: list[list[Segment]] = []
    for segment in _segments(text, dates, opened):
        if not groups or not _opens_clause(text, groups[-1], segment, opened, tags):
            groups = groups or [[]]
            groups[-1].append(segment)
            continue
        last = groups[-1]
        stays = len(last) < 2 or segment.mark != "," or last[-1].cued or not is_date(last[-1])
        moved = [] if stays or _acts(text, last[-1]) else [last.pop()]
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
    found = [m for m in _SEGMENT.finditer(text) if not _halves(text, m)]
    marks = [(m.start(), m.end(), m[0].strip()) for m in found]
    marks = sorted({*marks, *_joints(text, dates)})
    queue = deque(dates)
    for a, b, sign in [*marks, (len(text), len(text), "")]:
        if any(one.start < a < one.end for one in queue):
            continue  # a mark inside a date: "giai đoạn 2021 - 2025"
        if sign in (",", "-", "–") and text.count("(", start, a) > text.count(")", start, a):
            continue  # inside brackets
        if sign in ("-", "–") and _quoted(text, a):
            continue
        inside = []
        while queue and queue[0].start < a:
            inside.append(queue.popleft())
        cued = cues().search(text, start, a) is not None
        if a > start:
            yield Segment(start, a, mark, cued, tuple(inside), rest(text, start, a, inside))
        start, mark = b, sign


def _quoted(text: str, at: int) -> bool:
    """Tell whether a place lies within quotation marks."""
    return text.count("“", 0, at) > text.count("”", 0, at) or text.count('"', 0, at) % 2 == 1


def _halves(text: str, mark: re.Match[str]) -> bool:
    """Tell whether a mark joins two words of a kind ("kinh tế - xã hội", "quận, huyện")."""
    kinds = _JOINED.get(mark[0].strip())
    if kinds is None or not any_of(*kinds, before=r"\s").match(text, mark.end()):
        return False
    before = text[max(0, mark.start() - 12) : mark.start()]
    return any(
        any_of(kind, before=r"\s").match(text, mark.end())
        and any_of(kind, after=r"$").search(before)
        for kind in kinds
    )


def _joints(text: str, dates: Sequence[TimeSpan]) -> Iterator[tuple[int, int, str]]:
    """Find "và" between two times, each with a verb of its own ("mở ngày 3/5 và đóng ngày 5/5")."""
    acts = any_of("built", "plans_to", "acts_then", "done_then", "scheduled", "steps")
    for one, other in pairwise(dates):
        at = text.find(" và ", one.end, other.start)
        if at < 0:
            continue
        noun = any_of("gathered", "nouns_before", after=" ").match(text, at + 4, other.start)
        if acts.match(text, at + 4) or (noun and acts.search(text, noun.end(), other.start)):
            yield at + 1, at + 4, "và"


def rest(text: str, start: int, end: int, dates: Sequence[TimeSpan]) -> int:
    """Count what a segment holds besides its dates, cues and the words between them."""
    dates = [one for one in dates if start <= one.start]
    if not dates:
        return end - start
    parts, at = [], start
    for one in dates:
        parts.append(text[at : one.start])
        at = max(at, one.end)
    parts.append(text[at:end])
    return sum(len(any_of("strong", "fillers").sub("", part).strip(" ,.:()")) for part in parts)


def _opens_clause(
    text: str,
    group: list[Segment],
    segment: Segment,
    opened: int | None,
    tags: Mapping[int, str],
) -> bool:
    if segment.mark == ";" or segment.mark.startswith("("):
        return True
    if segment.mark == "và" and segment.cued and any(one.cued for one in group):
        return True  # "sẽ lấy ý kiến và sẽ thực hiện từ ngày 1/7"
    if opened is not None and group[0].start < opened <= segment.start:
        return True
    if segment.cued and any(one.cued and not _is_when(text, one) for one in group):
        opens = cues().match(text, skip(text, segment.start, segment.end))
        return not opens or any(one.dates for one in group)
    joins = segment.mark == "và" and segment.dates and any(one.dates for one in group)
    if joins or _is_portion(text, group, segment):
        return True
    if segment.mark == ":" and any(one.cued or one.dates for one in group):
        return any(one.dates for one in group) or not is_date(segment)  # "hạn chót: 30/5"
    if not segment.dates or not any(one.dates for one in group):
        return False
    first = skip(text, segment.start, segment.end)
    barely = any_of("barely", after=" ").match(text, first)
    first = barely.end() if barely else first
    if any_of("steps", "built", "plans_to", "acts_then", "done_then").match(text, first):
        return True
    if tags.get(first, "")[:1] == "V" and any_of("targets").search(
        text, group[0].start, group[-1].end
    ):
        return True
    span = segment.dates[0]
    reached = any_of("outcomes").match(text, span.end + 1) is not None
    towards = _TOWARDS.match(text, first, span.core) is not None
    return towards and (reached or segment.end - span.end > _SAID)


def _acts(text: str, segment: Segment) -> bool:
    """Tell whether a segment opens with what is done at its date ("…, khởi công năm 2026")."""
    first = skip(text, segment.start, segment.end)
    return any_of("built", "plans_to", "acts_then", "scheduled").match(text, first) is not None


def _is_portion(text: str, group: list[Segment], segment: Segment) -> bool:
    """Tell whether a segment says when a part takes place ("…, trong đó lễ khai mạc ngày 5/5")."""
    if not segment.dates or not any(one.dates for one in group):
        return False
    start = segment.start + len(text[segment.start :]) - len(text[segment.start :].lstrip())
    return any_of("portions", after=" ").match(text, start, segment.end) is not None and (
        any_of("scheduled", "acts_then").search(text, start, segment.end) is not None
    )


def is_date(segment: Segment) -> bool:
    """Tell whether a segment is little more than a date ("dự kiến vào cuối tháng 6")."""
    return bool(segment.dates) and segment.rest < _FILL


def _is_when(text: str, segment: Segment) -> bool:
    """Tell whether a segment only says when from its cue on ("… Dự kiến đến cuối năm 2025")."""
    cue = cues().search(text, segment.start, segment.end)
    start = cue.start() if cue else segment.start
    return bool(segment.dates) and rest(text, start, segment.end, segment.dates) < _FILL


def _anniversary(span: TimeSpan) -> bool:
    """Tell whether a span runs over years to the same day: "(30/4/1975 - 30/4/2025)"."""
    first, last = span.first, span.last
    if first is None or last is None or first.year == last.year:
        return False
    return (first.day, first.month) == (last.day, last.month)


def is_when(span: TimeSpan, text: str) -> bool:
    """Leave out time stamps, what happens every day and rates ("3 triệu sản phẩm mỗi năm")."""
    if span.recurs is None:
        if any_of("broadcasts", after=r" (?:vào |lúc |\d+h\d* )*$").search(
            text, max(0, span.start - 24), span.start
        ):
            return False
        if any_of("feasts", after=r" $").search(text, max(0, span.core - 16), span.core):
            then = _OCCASION.search(text, max(0, span.core - 30), span.core)
            return then is not None and cues().search(text, 0, then.start()) is not None
        if _anniversary(span) or _VISION.search(text, max(0, span.core - 24), span.core):
            return False
        if skip(text, 0, span.start) < span.start and _VISION.match(text, span.end + 2):
            return False
        past = text.endswith("hồi ", 0, span.start)
        if text.startswith("năm học", span.core) and not any_of("fees").search(text):
            return False
        return not past and _CLOCK.match(text, span.end) is None
    if text.startswith("mọi năm", span.start) or text.endswith("qua ", 0, span.start):
        return False
    if _WEEKDAY.match(text, span.start):
        return True
    if text.startswith("thường niên", span.start):
        return text[: span.start].endswith("tổ chức ")
    before = text[max(0, span.start - 28) : span.start]
    if any_of("rated", after=r" $").search(before):
        return False
    rate = re.search(r"\d", before.rpartition(", ")[2]) and not any_of("targets").search(
        text, 0, span.start
    )
    return span.recurs != "P1D" and not rate
