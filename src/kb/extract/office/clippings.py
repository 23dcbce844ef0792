"""Paragraphs of a document → the articles in it: a press review holds many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kb.extract.boilerplate import ends_sentence
from kb.extract.office.words import rules

_PROSE = 40
"""Words that must follow a headline for it to begin an article."""
_BELOW = 15
"""Words of text that follow a headline before the next line of its size."""
_ABOVE = 15
"""Most words of what may stand above a headline: the newspaper, its day, a kicker."""
_LARGE = 1.2
"""Least size of a headline, in sizes of the body's type."""
_SAME = 0.08
"""Headlines whose sizes differ by no more than this share are of one kind."""
_MOST_WORDS = 45
_ADDRESS = re.compile(r"<?(https?://[^\s<>|]{8,})>?\s*(?:\|?\s*\d+\s*/\s*\d+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a document.

    `size` is the size of its type in sizes of the body's (1 where unknown); `page` counts from 1,
    0 where the document has no pages; `aside` marks running heads and the like.
    """

    text: str
    page: int = 0
    size: float = 1.0
    bold: bool = False
    aside: bool = False


@dataclass(slots=True)
class Clipping:
    """One article of a document: its paragraphs, headline first, and what stood around it."""

    page: int = 0
    lines: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    """What stands above the headline: the newspaper, its day, a kicker."""
    aside: list[str] = field(default_factory=list)
    url: str | None = None

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class _Run:
    """Large lines one below the other, and how many words of text follow."""

    places: tuple[int, ...]
    words: int


def clippings(lines: Sequence[Line]) -> Iterator[Clipping]:
    """Yield the articles of a document.

    An article begins at a headline of the largest kind of type that two articles or more have in
    common, or at one on top of a page; a document with one headline, or none, is one article.
    Nothing is lost: what stands before the first headline goes with the first article.
    """
    headlines = _headlines(lines)
    begins = {_with_source(lines, at): at for at in headlines}
    if not begins or _words(lines[: min(begins)]) >= _PROSE:
        begins = {0: 0, **begins}
    for number, (start, end) in enumerate(pairwise([*begins, len(lines)])):
        clipping = Clipping(page=lines[start].page if lines else 0)
        if not number:
            clipping.aside += [one.text for one in lines[:start]]
        _fill(clipping, lines[start:end], begins[start] - start)
        if clipping.lines:
            yield clipping


def _fill(clipping: Clipping, lines: Sequence[Line], headline: int) -> None:
    for at, one in enumerate(lines):
        # Browsers print the address at the foot of the page, with its number.
        bare = one.text if one.aside else rules()["source"].sub("", one.text, count=1)
        said = _ADDRESS.search(bare) if one.aside else _ADDRESS.fullmatch(bare)
        if said is not None:
            clipping.url = clipping.url or said.group(1).rstrip(".,;)")
        if one.aside or said is not None:
            clipping.aside.append(one.text)
        elif at < headline:
            clipping.above.append(one.text)
        elif one.text:
            clipping.lines.append(one.text)


def _with_source(lines: Sequence[Line], at: int) -> int:
    """Return where what belongs to a headline begins: large lines above it, and its source and
    the like if nothing else stands above it on its page."""
    page = lines[at].page
    start = next((place for place, one in enumerate(lines) if one.page == page), at)
    if page and _few(lines[start:at]):
        return start
    while at and lines[at - 1].size >= _LARGE and lines[at - 1].page == page:
        at -= 1
    return at


def _few(lines: Sequence[Line]) -> bool:
    """Whether lines are no text of their own."""
    return sum(len(one.text.split()) for one in lines if not one.aside) <= _ABOVE


def _headlines(lines: Sequence[Line]) -> list[int]:
    """Return the headlines of the articles, [] if none can be told."""
    runs = _runs(lines)
    single: list[int] = []
    for size in sorted({lines[at].size for run in runs for at in run.places}, reverse=True):
        kind = [run for run in runs if any(_reaches(lines[at], size) for at in run.places)]
        starts = [_headline(lines, run, size) for run in kind]
        if not all(_enough(lines, starts)):
            continue
        alike = all(_is_of(lines[at], size) for at in starts)
        if len(kind) >= 2 and (alike or all(_on_top(lines, at) for at in starts)):
            return starts
        if len(kind) == 1:
            single = single or starts
    # Headlines of any size begin articles if each begins a page; the largest may be a cover's.
    tops = [run.places[0] for run in runs if _on_top(lines, run.places[0])]
    told = [at for at, enough in zip(tops, _enough(lines, tops), strict=True) if enough]
    return told if len(told) >= 2 else single


def _headline(lines: Sequence[Line], run: _Run, size: float) -> int:
    """Return the line of a size in a run, if it has one, else its largest."""
    own = (at for at in run.places if _is_of(lines[at], size) and not ends_sentence(lines[at].text))
    return next(own, max(run.places, key=lambda at: (lines[at].size, -at)))


def _reaches(one: Line, size: float) -> bool:
    return one.size >= size * (1 - _SAME)


def _is_of(one: Line, size: float) -> bool:
    return _reaches(one, size) and one.size <= size * (1 + _SAME)


def _enough(lines: Sequence[Line], starts: Sequence[int]) -> Iterator[bool]:
    for start, end in pairwise([*starts, len(lines)]):
        yield _words(lines[start:end]) >= _PROSE


def _runs(lines: Sequence[Line]) -> list[_Run]:
    """Return the runs of large lines that have text below."""
    runs: list[list[int]] = []
    last: Line | None = None
    for at, one in enumerate(lines):
        if one.aside:
            continue
        large = one.size >= _LARGE and 1 < len(one.text.split()) <= _MOST_WORDS
        if large and last is not None and last.page == one.page:
            runs[-1].append(at)
        elif large:
            runs.append([at])
        last = one if large else None
    ends = [*(run[0] for run in runs), len(lines)][1:]
    found = (
        _Run(tuple(run), _words(lines[run[0] : end])) for run, end in zip(runs, ends, strict=True)
    )
    return [run for run in found if run.words >= _BELOW]


def _on_top(lines: Sequence[Line], at: int) -> bool:
    """Whether nothing but running heads and its source stands above a line on its page."""
    page = lines[at].page
    return page > 0 and _few([one for one in lines[:at] if one.page == page])


def _words(lines: Sequence[Line]) -> int:
    return sum(len(one.text.split()) for one in lines if not one.aside and one.size < _LARGE)
