"""Times that only a plan has a use for: "cùng ngày", rows of days, periods of open length.

`kb.nlp.dates` reads what names days by itself. "Cùng ngày" is the day that was named last, and
"3-5 năm tới" says when without saying a day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.nlp.dates import TimeSpan
from kb.nlp.dates.spans import day_of

_SAME = re.compile(
    r"(?<!\w)(?:(?:sáng|trưa|chiều|tối|đêm) )?cùng ngày(?!\w)"
    r"|(?<!\w)(?:trong )?(?:khoảng )?thời gian này(?!\w)"
)
_DAYS = re.compile(r"(?<!\w)(?:các |hai |ba )?ngày (\d{1,2})(?:, ?\d{1,2})*(?:, ?| và )$")
_OPEN = re.compile(r"(?<!\w)\d+ ?(?:[-–]|đến) ?\d+ (?:năm|tháng) (?:tới|nữa)(?!\w)")


@dataclass(slots=True)
class Moments:
    """Reads the times of one passage, sentence by sentence; `last` is that of the last plan."""

    last: TimeSpan | None = None

    def of(self, text: str, spans: Sequence[TimeSpan]) -> list[TimeSpan]:
        """Return the times of a sentence, with those that only its neighbours resolve.

        Args:
            text: the sentence in lower case.
            spans: what `find_dates` found there.
        """
        found = list(spans)
        for one in _OPEN.finditer(text) if " tới" in text or " nữa" in text else ():
            found = [x for x in found if x.end <= one.start() or x.start >= one.end()]
            found.append(TimeSpan(*one.span(), None, None, None, False, "range"))
        found = [_from_first(text, one) for one in found]
        for one in _SAME.finditer(text) if _means(text) else ():
            named = [x for x in spans if x.end <= one.start() and _is_day(x)]
            meant = named[-1] if named else self.last
            if meant is not None and _is_day(meant) == one.group().endswith("ngày"):
                found.append(replace(meant, start=one.start(), end=one.end(), lead=""))
        return sorted(found, key=lambda one: one.start)

    def plan(self, spans: Sequence[TimeSpan], planned: Sequence[TimeSpan]) -> None:
        """Note the times of a sentence, and those of them for which something is planned."""
        if spans:
            self.last = planned[-1] if planned else None


def _means(text: str) -> bool:
    """Tell whether a time stands for the one named before: quick to look for."""
    return "cùng ngày" in text or "thời gian này" in text


def _from_first(text: str, span: TimeSpan) -> TimeSpan:
    """Return a day with those of its month that stand before it ("các ngày 26, 27/6")."""
    near = text.endswith((",", ", ", " và "), 0, span.start)
    row = _DAYS.search(text, max(0, span.start - 30), span.start) if near else None
    if row is None or not _is_day(span) or span.last is None:
        return span
    first = day_of(span.last.year, span.last.month, int(row[1]))
    if first is None or first >= span.last:
        return span
    return replace(span, start=row.start(), first=first, precision="range", lead="")


def _is_day(span: TimeSpan) -> bool:
    return span.precision == "day" and span.first == span.last is not None
