"""Sentences with offsets: underthesea's rules, kept from cutting titles and addresses apart.

The rules and abbreviations are those of underthesea 9.5.0's `sent_tokenize`, which walks letter
by letter and back over every `a.b.c.`; here only the marks are looked at, once each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 2000
"""Code points of a sentence; what is longer (a table, a list without a stop) is cut at a space.

The longest sentence of two thousand articles has 1,505. Without a limit one line could cost as
much as a day's press.
"""

_MARK = re.compile(r"\.+|[?!]")
_MARKS = re.compile(r"[.?!]*")
_BLANKS = re.compile(r"[ \t]*")
_GAP = re.compile(r"[ \t\r]*")

# What underthesea takes for the end of a sentence and newspapers do not: titles and
# abbreviations before a name. Lists of words live in the splitter's own parameters; these are
# the ones it was seen to miss (`PGS.TS. Nguyễn`, `TP. Hà Nội`).
_LAST = ("GS.", "PGS.", "TS.", "ThS.", "Ths.", "BS.", "KTS.", "LS.", "NSND.", "NSƯT.", "TSKH.",
         "HLV.", "TP.", "Tp.", "TX.", "Tx.", "TT.", "Q.", "P.", "Mr.", "Mrs.", "Dr.", "St.", "No.",
         "vs.")  # fmt: skip
_NO_END = re.compile(
    r"(?:^|[\s(\"'“])(?:(?:GS|PGS|TS|ThS|BS|KTS|CN|KS|LS|NSND|NSƯT|TSKH|HLV)\.?){0,8}"
    rf"(?:{'|'.join(map(re.escape, _LAST))})$"
)
_TITLES = 50
"""Code points that the titles above may take."""


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of NFC text as spans of code points; a line end always ends one."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        for start, end in _joined(line):
            spans += _pieces(text, at + start, at + end)
        at += len(line) + 1
    return spans


def _joined(line: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end in sentences(line):
        # Nothing but a break in the line can follow a sentence: `vnexpress.net`, `TS.Nguyễn`.
        if spans and (start == spans[-1][1] or _ends_in_title(line, *spans[-1])):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _ends_in_title(line: str, start: int, end: int) -> bool:
    if not line.endswith(_LAST, start, end):  # ten times as fast, and hardly any does
        return False
    return _NO_END.search(line, max(0, start - 1, end - _TITLES), end) is not None


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long at its last spaces; without any, where it is too long."""
    while end - start > LONGEST:
        space = text.rfind(" ", start, start + LONGEST)
        stop = space if space > start else start + LONGEST
        yield start, stop
        start = stop + (stop == space)
    if start < end:
        yield start, end


def sentences(line: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a line as underthesea cuts them, without blanks around them."""
    start = 0
    for end, after in _ends(line):
        yield from _stripped(line, start, end)
        start = after
    yield from _stripped(line, start, len(line))


def _stripped(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    sentence = line[start:end]
    kept = sentence.strip()
    if kept:
        start += len(sentence) - len(sentence.lstrip())
        yield start, start + len(kept)


def _ends(line: str) -> Iterator[tuple[int, int]]:
    """Yield where a sentence ends, and where the next one may begin."""
    at = 0
    while mark := _MARK.search(line, at):
        first, end = mark.span()
        if end - first >= 3:  # an ellipsis ends a sentence before a capital only
            after = _after(_BLANKS, line, end)
            if after < len(line) and not line[after].isupper():
                at = end
                continue
        elif line[first] == "." and _goes_on(line, first):
            at = first + 1
            continue
        else:
            end = _after(_MARKS, line, end)
        at = _after(_GAP, line, end)
        yield end, at


def _after(pattern: re.Pattern[str], line: str, at: int) -> int:
    match = pattern.match(line, at)
    return match.end() if match else at


def _goes_on(line: str, dot: int) -> bool:
    """Whether a dot stands within a number or after an abbreviation."""
    if dot and line[dot - 1].isdigit() and line[dot + 1 : dot + 2].isdigit():
        return True
    known, longest = _abbreviations()
    start = dot
    while (
        start and dot - start <= longest and (line[start - 1].isalnum() or line[start - 1] == ".")
    ):
        start -= 1
    return line[start:dot].lower() in known


@lru_cache(maxsize=1)
def _abbreviations() -> tuple[frozenset[str], int]:
    """Return underthesea's abbreviations, and how long they get."""
    from underthesea.pipeline import sent_tokenize

    sent_tokenize.sent_tokenize("")  # loads them
    known = frozenset(sent_tokenize.sentence_tokenizer.abbrev_types)
    return known, max(map(len, known))
