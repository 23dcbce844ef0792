"""Quotation marks: the outermost stretches that they enclose in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SIGN = re.compile(r"[“”„‟\"«»'‘’]")
_MARK = re.compile(r"[“”„‟\"«»\n'‘’]")
_FILLER = "\u2060"
_DOUBLED = re.compile(r"(?<!\S)''(?=\S)")
_DOUBLED_END = re.compile(r"(?<=\S)''(?!\w)")
"""Two single marks typed for a double one; as long as before, so that places stay."""
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
    if "‘‘" in text:
        text = text.replace("‘‘", f"“{_FILLER}").replace("’’", f"{_FILLER}”")
    if "''" in text:
        text = _DOUBLED_END.sub(f'{_FILLER}"', _DOUBLED.sub(f'"{_FILLER}', text))
    if _SIGN.search(text) is None:
        return []
    found: list[Quoted] = []
    line: list[re.Match[str]] = []
    lines, begin, pending = 0, 0, -1
    for match in [*_MARK.finditer(text), None]:
        if match is not None and (mark := match.group()) != "\n":
            if mark not in "'‘’" or _single(text, match.start(), mark):
                line.append(match)
            continue
        lines += 1
        if line:
            if line[0].start() == begin and _opens(text, begin, line[0].group(), False):
                pending = -1  # opened again, as each paragraph of a long speech may be
            place = _unmatched(text, line) if pending >= 0 else None
            if place is not None and lines <= (
                _LINES if line[place].group() == '"' else _MORE_LINES
            ):
                found[pending:] = [_trim(text, found[pending].open, line[place].end(), True)]
                line = line[place + 1 :]
                pending = -1
            found += _line(text, line, match.start() if match else len(text))
            if found and not found[-1].closed and found[-1].open >= begin:
                pending, lines = len(found) - 1, 0
            line = []
        begin = match.end() if match else len(text)
    return found


_LINES = 7
_MORE_LINES = 12
"""A quotation that is not opened again in each line is followed over so many line ends: more
where the mark that closes it can be nothing else."""


def row_of_voices(text: str, marks: Sequence[Quoted]) -> list[Quoted]:
    """Return the quotations of which each is a line, three or more in a row: many have spoken."""
    found: list[Quoted] = []
    row: list[Quoted] = []
    for mark in marks:
        line = text[text.rfind("\n", 0, mark.open) + 1 : mark.open]
        rest = text[mark.close : mark.close + 3].split("\n")[0].strip(" .,;")
        alone = mark.closed and not line.strip(" -–•*+") and not rest
        near = not row or not text[row[-1].close : mark.open].strip(" .,;-–•*+\n")
        if not (alone and near):
            found += row if len(row) >= _VOICES else []
            row = []
        row += [mark] if alone else []
    found += row if len(row) >= _VOICES else []
    for place, mark in enumerate(marks):
        if _CALLED.match(text, mark.close):
            row = [mark]
            while place and _COMMA.fullmatch(text, marks[place - 1].close, marks[place].open):
                place -= 1
                row.append(marks[place])
            before = text[max(0, row[-1].open - 3) : row[-1].open]
            found += row if not before or before[-1] == "\n" or before in ("...", ". ") else []
    return found


_VOICES = 3
_COMMA = re.compile(r"[,.;…]{0,4} ?(?:và |hay )?")
_CALLED = re.compile(
    r"[ ,.…–—-]{0,5}(?:là )?(?:những |một số |một vài |các |vài |trích )(?:dòng )?"
    r"(?:bình luận|ý kiến|lời|chia sẻ|nhận xét|câu hỏi|trạng thái)"
    r"|[ ,.…]{1,5}(?:một số|nhiều|các|vài) (?:người|khán giả|độc giả|bạn đọc|tài khoản|cư dân)"
)


def _unmatched(text: str, line: Sequence[re.Match[str]]) -> int | None:
    """Return which mark of a line closes what no mark of the line has opened."""
    depth = 0
    for place, match in enumerate(line):
        mark = match.group()
        if mark in "'‘’":
            continue
        if _opens(text, match.start(), mark, depth > 0):
            depth += 1
        elif depth == 0:
            return place
        else:
            depth -= 1
    return None


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
    can_open = can_open and after not in ",;:!?)-–—"
    can_close = not before.isspace() and (after.isspace() or not after.isalnum())
    if can_open != can_close:
        return can_open
    return not inside


def _trim(text: str, begin: int, close: int, closed: bool) -> Quoted:
    start, end = begin + 1, close - closed
    while start < end and (text[start].isspace() or text[start] == _FILLER):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == _FILLER):
        end -= 1
    return Quoted(begin, close, start, end, closed)
