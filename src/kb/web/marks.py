"""A text cut into passages and marked pieces, ready for a template to escape and print."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.archive.judgements.anchor import sentences
from kb.reading import KINDS, Kind, Mention

Span = tuple[int, int]
SHOWN: frozenset[Kind] = frozenset(
    ("initiative", "programme", "person", "org", "document", "event")
)
"""Kinds whose sentences are shown without full text. Places are not among them: every other
sentence names the city, and showing all of those would be showing the article."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that the same mentions cover, shortest first: none, one or several.

    `opens` is the name of the sentence that begins with it, where one does.
    """

    text: str
    mentions: tuple[Mention, ...] = ()
    opens: str | None = None


class Sentences:
    """Names for the sentences of a field, so that a link can lead to one: `s-body-120`."""

    def __init__(self, field: str, text: str) -> None:
        self._field = field
        self._starts = [start for start, _ in sentences(text)]
        self.shown: set[str] = set()
        """Those that a piece has opened: what may be linked to."""

    def inside(self, start: int, end: int) -> list[int]:
        """Return where sentences begin in a stretch of the text, its own start not counted."""
        first, last = bisect_right(self._starts, start), bisect_left(self._starts, end)
        return self._starts[first:last]

    def name(self, place: int) -> str:
        """Return the name of the sentence that a place lies in."""
        return f"s-{self._field}-{self._starts[max(bisect_right(self._starts, place) - 1, 0)]}"

    def open(self, place: int) -> str | None:
        """Return the name of a sentence that is shown from a place on; None if it was open."""
        name = self.name(place)
        if name in self.shown:
            return None
        self.shown.add(name)
        return name


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The shown part of one paragraph, as runs of pieces; between two runs text is left out.

    `gap_before`: something is left out between the previous shown paragraph and this one;
    `gap_after`: something is left out between this one and the end of the text.
    """

    runs: tuple[tuple[Piece, ...], ...]
    gap_before: bool = False
    gap_after: bool = False


def pieces(
    text: str,
    mentions: Iterable[Mention],
    start: int,
    end: int,
    named: Sentences | None = None,
) -> tuple[Piece, ...]:
    """Cut `text[start:end]` at every border of a mention; the pieces join to exactly that text.

    Overlapping mentions share the pieces where they overlap, so that marks never cross. With
    `named` it is cut where sentences begin, too.
    """
    inside = [one for one in mentions if one.start < end and one.end > start]
    inside.sort(key=lambda one: one.end - one.start)
    borders = {start, end}
    for one in inside:
        borders |= {max(one.start, start), min(one.end, end)}
    begin = {start, *named.inside(start, end)} if named else set()
    return tuple(
        Piece(
            text[left:right],
            tuple(m for m in inside if m.start <= left and m.end >= right),
            named.open(left) if named and left in begin else None,
        )
        for left, right in pairwise(sorted(borders | begin))
    )


def whole(
    text: str, mentions: Sequence[Mention], named: Sentences | None = None
) -> list[Paragraph]:
    """Return every paragraph of a text."""
    return [Paragraph((pieces(text, mentions, *span, named),)) for span in _paragraphs(text)]


def excerpt(
    text: str, mentions: Sequence[Mention], named: Sentences | None = None
) -> list[Paragraph]:
    """Return the sentences that hold a registry mention, with what is left out noted."""
    kept = sorted(
        {
            (one.sentence_start, one.sentence_end)
            for one in mentions
            if one.method.startswith("registry") and one.kind in SHOWN
        }
    )
    shown: list[Paragraph] = []
    at = 0
    for start, end in _paragraphs(text):
        spans = list(_joined(text, kept, start, end))
        if not spans:
            continue
        runs = tuple(pieces(text, mentions, *span, named) for span in spans)
        shown.append(Paragraph(runs, gap_before=bool(text[at : spans[0][0]].strip())))
        at = spans[-1][1]
    if shown and text[at:].strip():
        shown[-1] = Paragraph(shown[-1].runs, shown[-1].gap_before, gap_after=True)
    return shown


def _paragraphs(text: str) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _joined(text: str, kept: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """Yield the kept spans inside a paragraph; those with only spaces between are one."""
    current: Span | None = None
    for left, right in kept:
        left, right = max(left, start), min(right, end)
        if left >= right:
            continue
        if current is None:
            current = left, right
        elif not text[current[1] : left].strip():
            current = current[0], max(current[1], right)
        else:
            yield current
            current = left, right
    if current is not None:
        yield current


def highlighted(text: str, spans: Iterable[Span]) -> list[tuple[str, bool]]:
    """Cut a snippet into (text, matched) by its sorted spans that do not overlap."""
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    return [part for part in parts if part[0]]


def grouped(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Return the mentions of each thing: kind by kind, most often named first."""
    groups: dict[tuple[Kind, str], list[Mention]] = {}
    for one in mentions:
        groups.setdefault((one.kind, one.entity_id or one.name), []).append(one)
    return sorted(groups.values(), key=lambda group: (KINDS.index(group[0].kind), -len(group)))
