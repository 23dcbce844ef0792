"""Printed lines → paragraphs in reading order: columns, line ends, hyphens.

Order by recursive cuts at white space (XY-cut: Nagy & Seth 1984, "Hierarchical representation of
optically scanned documents"), columns before rows, so that an article is read down a column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from statistics import median, median_low

from kb.extract.boilerplate import ends_sentence

_GUTTER = 0.7
"""Least width of the white space between columns, in sizes of type."""
_LEADING = 1.5
"""A gap between lines that is so many times the usual begins a paragraph."""
_HEADLINE = 1.15
"""Least size of a headline's type, in sizes of the text's."""
_INDENT = 0.8
_SHORT = 0.85
"""Indent of a first line, in sizes of type, and share of the width that a last line fills."""
_SET_OFF = 4.0
"""A line that begins so many sizes of type from the edge is centred or flush right: by itself."""
_ONSET = "b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x"
_TONED = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?[{_TONED}]{{1,3}}(?:c|ch|m|n|ng|nh|p|t)?", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """A printed line: its box in points from the upper left corner, its type, its text."""

    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    text: str

    @cached_property
    def height(self) -> float:
        """Height of the box in points."""
        return self.bottom - self.top


def paragraphs(pieces: Sequence[Piece]) -> Iterator[tuple[str, float, bool]]:
    """Yield (text, size of type in points, whether it is bold) of the paragraphs of one page."""
    spelled = Counter(word for one in pieces for word in re.findall(r"[\w-]+", one.text.lower()))
    for column in _columns(list(pieces)):
        lines = _joined(sorted(column, key=lambda one: (one.top, one.left)))
        for group in _groups(lines):
            yield _text(group, spelled), group[0].size, all(one.bold for one in group)


def _columns(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Yield runs of lines in reading order, none of which has columns beside each other."""
    if len(pieces) < 2:
        if pieces:
            yield pieces
        return
    if split := _gutter(pieces):
        yield from _columns(split[0])
        yield from _columns(split[1])
        return
    bands = _bands(pieces)
    if len(bands) == 1:
        yield pieces
        return
    for band in bands:
        yield from _columns(band)


def _gutter(pieces: list[Piece]) -> tuple[list[Piece], list[Piece]] | None:
    """Split at the widest white strip from top to bottom, if it is as wide as a gutter."""
    ordered = sorted(pieces, key=lambda one: one.left)
    reach, best, at = ordered[0].right, 0.0, 0
    for place, one in enumerate(ordered[1:], start=1):
        if one.left - reach > best:
            best, at = one.left - reach, place
        reach = max(reach, one.right)
    left, right = ordered[:at], ordered[at:]
    if best < _GUTTER * median(one.size for one in pieces) or not _beside(left, right):
        return None
    return left, right


def _beside(left: list[Piece], right: list[Piece]) -> bool:
    """Whether two groups are columns: each has several lines, and they stand side by side."""
    if min(len({round(one.top) for one in side}) for side in (left, right)) < 2:
        return False
    return min(one.top for one in right) < max(one.bottom for one in left) and min(
        one.top for one in left
    ) < max(one.bottom for one in right)


def _bands(pieces: list[Piece]) -> list[list[Piece]]:
    """Cut at white space from left to right; rows that share a gutter stay together."""
    rows: list[list[Piece]] = []
    reach = float("-inf")
    for one in sorted(pieces, key=lambda one: one.top):
        # Boxes of neighbouring lines may overlap a little.
        if one.top + one.height * 0.2 >= reach:
            rows.append([])
        rows[-1].append(one)
        reach = max(reach, one.bottom)
    bands: list[list[Piece]] = []
    body = median(one.size for one in pieces)
    plain = False
    at = 0
    beside = max((place for place, row in enumerate(rows, start=1) if len(row) > 1), default=0)
    while at < len(rows):
        # Of all rows from here on that share a gutter the most make one band of columns.
        goes_on = plain and _headline_goes_on(bands[-1], rows[at], body)
        ends = range(len(rows), at, -1) if at < beside and not goes_on else ()
        end = next((end for end in ends if _gutter(list(chain(*rows[at:end])))), None)
        if end is not None:
            bands.append(list(chain(*rows[at:end])))
            at, plain = end, False
            continue
        if plain:
            bands[-1] += rows[at]
        else:
            bands.append(list(rows[at]))
        at, plain = at + 1, True
    return bands


def _headline_goes_on(above: list[Piece], row: list[Piece], body: float) -> bool:
    """Whether a row is the next line of a headline that spans the columns below."""
    last, one = above[-1], row[0]
    close = one.size == last.size and one.top - last.bottom < last.height
    return len(row) == 1 and close and one.size > _HEADLINE * body


def _joined(lines: list[Piece]) -> list[Piece]:
    """Join what stands on one line (a dateline and its place, a number and its item)."""
    found: list[Piece] = []
    for one in lines:
        last = found[-1] if found else None
        if last and one.left >= last.right and one.top < last.top + last.height / 2:
            found[-1] = Piece(
                last.left, last.top, one.right, max(last.bottom, one.bottom), last.size,
                last.bold and one.bold, f"{last.text} {one.text}",
            )  # fmt: skip
        else:
            found.append(one)
    return found


def _groups(lines: list[Piece]) -> Iterator[list[Piece]]:
    """Cut the lines of a column into paragraphs."""
    if not lines:
        return
    left = min(one.left for one in lines)
    right = max(one.right for one in lines)
    steps = [(b.top - a.top) / a.size for a, b in pairwise(lines) if b.size == a.size > 0]
    step = max(median_low(steps), 1.0) if steps else 1.0
    group = [lines[0]]
    for last, one in pairwise(lines):
        width = (last.right - left) / max(right - left, 1)
        begins = (
            abs(one.size - last.size) > 0.12 * last.size
            or (one.bold != last.bold and (width < _SHORT or ends_sentence(last.text)))
            or one.top - last.top > _LEADING * step * last.size
            or (one.left - left > _INDENT * one.size and last.left - left < one.size / 2
                and ends_sentence(last.text))
            or (width < _SHORT and ends_sentence(last.text))
            or max(last.left, one.left) - left > _SET_OFF * one.size
        )  # fmt: skip
        if begins:
            yield group
            group = []
        group.append(one)
    yield group


def _text(group: list[Piece], spelled: Counter[str]) -> str:
    text = group[0].text
    for one in group[1:]:
        text = _join(text, one.text, spelled)
    return text


def _join(text: str, following: str, spelled: Counter[str]) -> str:
    """Join two lines; a hyphen at the end goes where it only divides a word."""
    match = re.search(r"(\w+) ?([\u00ad\u2010-])$", text)
    if match is None:
        return f"{text} {following}"
    start = re.match(r"[^\W\d_]+", following)
    plain = match.group(2) == "-"
    if start is None or (plain and " " in match.group()):
        # `2024-2025`, `COVID-19`; a dash between words keeps its blanks
        tight = following[:1].isdigit() and " " not in match.group()
        return f"{text}{following}" if tight else f"{text} {following}"
    bare = text[: match.end(1)]
    if plain and _keeps_hyphen(match.group(1), start.group(), spelled):
        return f"{bare}-{following}"
    return f"{bare}{following}"


def _keeps_hyphen(before: str, after: str, spelled: Counter[str]) -> bool:
    """Whether a hyphen is part of the word: `công-te-nơ`, `Mỹ-Trung`, and not `th-ành`."""
    whole, hyphened = f"{before}{after}".lower(), f"{before}-{after}".lower()
    if spelled[whole] != spelled[hyphened]:
        return spelled[hyphened] > spelled[whole]
    if _SYLLABLE.fullmatch(whole):
        return (
            bool(_SYLLABLE.fullmatch(before) and _SYLLABLE.fullmatch(after)) and after[0].isupper()
        )
    return after[0].isupper() or bool(_SYLLABLE.fullmatch(before) and _SYLLABLE.fullmatch(after))
