"""Quotation marks: the outermost stretches that they enclose in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"[“”„‟\"«»\n'‘’]")
_OPENING = "“„«‘"
_CLOSING = "”»’"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words between outer marks: `start:end` without the marks, `open:close` with them."""

    open: int
    close: int
    start: int
    end: int
    closed: bool
    """False where the line ends before the closing mark: the speech goes on in the next one."""


def quoted(text: str) -> list[Quoted]:
    """Return the outermost quotations of a text, in order; a line end closes every one.

    Straight marks open before a word and close after one; where both can be, they alternate.
    Single marks count only where no double one is open.
    """
    found: list[Quoted] = []
    line: list[re.Match[str]] = []
    lines = 0
    for match in [*_MARK.finditer(text), None]:
        if match is not None and match.group() != "\n":
            if match.group() not in "'‘’" or _single(text, match.start(), match.group()):
                line.append(match)
            continue
        lines += 1
        if not line:
            continue
        far = _LINES if line[0].group() == '"' else _MORE_LINES
        if found and not found[-1].closed and lines <= far and _closing(text, line[0]):
            found[-1] = _trim(text, found[-1].open, line.pop(0).end(), True)
        found += _line(text, line, match.start() if match else len(text))
        line, lines = [], 0
    return found


_LINES = 4
_MORE_LINES = 12
"""A quotation that is not opened again in each line is followed over so many line ends: more
where the mark that closes it can be nothing else."""


def _closing(text: str, mark: re.Match[str]) -> bool:
    return mark.group() in '”»"' and not _opens(text, mark.start(), mark.group(), False)


def _single(text: str, at: int, mark: str) -> bool:
    """Whether a single mark can quote: not within a word, as apostrophes are."""
    before = text[at - 1 : at].isalnum()
    after = text[at + 1 : at + 2].isalnum()
    if mark == "‘" or (mark == "'" and not before):
        return not before and after
    return not after and (before or text[at - 1 : at] in tuple(".,!?…"))


def _line(text: str, marks: list[re.Match[str]], end: int) -> list[Quoted]:
    found: list[Quoted] = []
    stack: list[str] = []
    begin = 0
    straight = sum(match.group() == '"' for match in marks)
    for place, match in enumerate(marks):
        mark, at = match.group(), match.start()
        single = mark in "'‘’"
        if single and stack and stack[0] not in "'‘":
            continue
        opens = _opens(text, at, mark, bool(stack))
        if opens:
            # An unclosed single mark was an apostrophe or a nickname; forget it.
            if stack and stack[0] in "'‘":
                stack.clear()
            if not stack:
                begin = at
            elif not _closes_later(marks, place, straight):
                continue
            stack.append(mark)
        elif stack:
            stack.pop()
            if not stack:
                found.append(_trim(text, begin, at + 1, True))
    if stack and stack[0] not in "'‘":
        found.append(_trim(text, begin, end, False))
    return [one for one in found if one.start < one.end]


def _closes_later(marks: list[re.Match[str]], place: int, straight: int) -> bool:
    """Whether enough marks follow for a nested pair; a lone one is a slip of the typist."""
    return len(marks) - place > 2 or (straight % 2 == 0 and len(marks) - place > 1)


def _opens(text: str, at: int, mark: str, inside: bool) -> bool:
    if mark in _OPENING:
        return True
    if mark in _CLOSING:
        return False
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    can_open = (before.isspace() or before in "([:-–—/“‘,.…") and not after.isspace()
    can_close = not before.isspace() and (after.isspace() or not after.isalnum())
    if can_open != can_close:
        return can_open
    return not inside


def _trim(text: str, begin: int, close: int, closed: bool) -> Quoted:
    start, end = begin + 1, close - closed
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Quoted(begin, close, start, end, closed)
