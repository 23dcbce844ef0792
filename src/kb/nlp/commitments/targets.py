"""Targets in a list whose head alone says for when they are.

"Nhiệm kỳ 2024 - 2029, Hội đề ra các chỉ tiêu như: trồng 500 cây; mở 3 lớp; 90% hội viên …": each
has a figure, and the term, period or year that the head names, or the sentence before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kb.nlp.commitments.clauses import any_of, skip
from kb.nlp.dates import TimeSpan

_BULLET = re.compile(r"\s*(?:[-+•*–]|\(?\d{1,2}[.)]|[a-hđ]\)) *")
_ITEM = re.compile(r"[^;]+")
_PERIODS = ("range", "year")
_SUBJECT = r"(?:[^\W\d]+ ){0,6}"
_NEAR = 12
"""Code points between "mục tiêu" and the year for which it and its row are."""
_LEAST = 12
"""Code points that a target has at least."""


class Targets:
    """Reads the lists of targets of one passage, sentence by sentence."""

    def __init__(self, published: date | None) -> None:
        self._published = published
        self._period: TimeSpan | None = None
        self._open: TimeSpan | None = None

    @property
    def opened(self) -> bool:
        """Whether points may follow that belong to a head above."""
        return self._open is not None

    def items(
        self, text: str, dates: Sequence[TimeSpan], tags: Mapping[int, str], *, begins: bool
    ) -> Iterator[tuple[int, int, TimeSpan]]:
        """Yield where targets stand in a sentence, and for when they are.

        Args:
            text: the sentence in lower case.
            dates: those of the sentence.
            tags: parts of speech by where a word begins.
            begins: whether the sentence begins a paragraph.
        """
        head = any_of("aims", after=r"[^;:.]{0,60}?(?:,? như[,:]|:)").search(text)
        ahead = [one for one in dates if self._ahead(one) and (not head or one.end <= head.end())]
        self._period = ahead[-1] if ahead else self._period
        bullet = _BULLET.match(text) if begins and self._open else None
        if bullet and self._open and not ahead:
            yield from self._among(text, bullet.end(), len(text), self._open, tags)
            return
        self._open = None if begins else self._open
        if head is None and (row := self._row(text, ahead)) is not None:
            yield from self._among(text, row[0], len(text), row[1], tags, counted=row[2])
        if head is None or self._period is None:
            return
        if not text[head.end() :].strip():
            self._open = self._period
        elif ";" in text[head.end() :]:
            yield from self._among(text, head.end(), len(text), self._period, tags)

    def _row(self, text: str, ahead: Sequence[TimeSpan]) -> tuple[int, TimeSpan, bool] | None:
        """Return where the row goes on that a target opens ("mục tiêu đến năm 2030, …; …").

        The last says whether its items need figures: not behind "Năm 2026, lập …; mở …".
        """
        aim, mark = any_of("aims", "targets").search(text), text.find(";")
        if mark >= 0 and len(ahead) == 1:
            acts = skip(text, ahead[0].end, mark)
            opens = skip(text, 0, ahead[0].start) == ahead[0].start
            until = ahead[0].first is None
            inside = until and text.endswith(
                (", ", ", từ nay "), 0, ahead[0].start
            )  # "…, đến năm 2030, tỉnh lập …; mở …"
            done = any_of("then_acts", before=_SUBJECT if inside else "")
            if (opens or inside) and done.match(text, acts):
                return mark + 1, ahead[0], False
        if aim is None or mark < aim.end() or len(ahead) != 1:
            return None
        near = aim.end() <= ahead[0].start <= aim.end() + _NEAR
        return (mark + 1, ahead[0], True) if near else None

    def _among(
        self,
        text: str,
        start: int,
        end: int,
        period: TimeSpan,
        tags: Mapping[int, str],
        *,
        counted: bool = True,
    ) -> Iterator[tuple[int, int, TimeSpan]]:
        for item in _ITEM.finditer(text, start, end):
            first = item.start() + len(item.group()) - len(item.group().lstrip())
            last = item.start() + len(item.group().rstrip(" .…,"))
            acts = tags.get(first, "")[:1] == "V" or any_of("then_acts").match(text, first)
            opens = text[first].isdigit() or acts
            reached = any_of("reaches", after=r" (?=[^;]*\d)").search(text, first, last)
            figures = any(c.isdigit() for c in text[first:last])
            if last - first >= _LEAST and (opens or reached) and (figures or not counted):
                yield first, last, period

    def _ahead(self, span: TimeSpan) -> bool:
        if span.last is None or span.precision not in _PERIODS:
            return False
        return self._published is not None and span.last > self._published
