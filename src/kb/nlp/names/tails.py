"""Where the name of a body ends: lower-case words that go on after its capitals."""

from __future__ import annotations

from kb.nlp.names.line import Line

_LINKS = frozenset(("và", "&", "về", "các", ","))
_POINTS = frozenset(("này", "đó", "ấy", "kia", "nọ"))


def tail(line: Line, place: int, head: int) -> int:
    """Return the place after a lower-case word with which the name of a body goes on.

    `Cục Quản lý | xuất nhập cảnh`, `Tổng cục Giáo dục | nghề nghiệp`: what bodies are for, and
    nouns after a common word. What bodies do belongs to the name where a word before wants an
    object (`Quản lý`, `về`). Nothing goes on after a proper name, nor into when and who acts.

    Args:
        place: of the word.
        head: where the body begins.
    """
    words = line.words
    if line.row[place].capital:
        return place
    scope = words.scopes.at(line.row, place)
    if scope > place and line.adjacent(place):
        return scope  # "Đội tuyển Jujitsu quốc gia", "Liên đoàn Bóng đá châu Âu"
    linked = line.low(place - 1) in _LINKS
    if not line.adjacent(place) or _named(line, place - linked, head):
        return place
    begun = line.text[line.word_at(place)].isupper()
    if begun and line.word_text(place) in words.dictionary:
        return line.word_after(place)  # "Tham mưu trưởng"
    end = words.functions.at(line.row, place)
    if end > place + 1 or (end > place and line.word_after(place) == end):
        return place if acting(line, place) or line.low(end) in _POINTS else end
    if begun or linked or line.pos_at(place) != "N" or words.event_heads.at(line.row, head) > head:
        return place
    end = line.word_after(place)
    stops = line.lows(place, end) in words.ends or line.low(place) in words.units_of_time
    stops = stops or line.low(end) in _POINTS or words.titles.at(line.row, place) > place
    return place if stops or words.units.at(line.row, place) > place else end


def acting(line: Line, place: int) -> bool:
    """Whether a word says what the body does: no word before it wants an object (`Quản lý`)."""
    words = line.words
    end = max(words.functions.at(line.row, place), place + 2)
    said = {line.lows(place, end)} | ({line.low(place)} if end == place + 2 else set())
    if words.acts.isdisjoint(said):
        return False
    before = (line.lows(place - 2, place), line.low(place - 1))
    return before[1] not in _LINKS and words.wanting.isdisjoint(before)


def goes_on(line: Line, place: int) -> bool:
    """Whether a field is only the beginning: `Tổng cục Giáo dục | nghề nghiệp`."""
    functions = line.words.functions.at(line.row, place)
    return functions > place and line.adjacent(place) and not acting(line, place)


def named_by_head(line: Line, head: int, after: int) -> bool:
    """Whether a head in capitals wants an object: `Ban Quản lý` dự án 6, not `Ban quản lý`."""
    whole = line.lows(after - 2, after) in line.words.wanting
    return whole and after - head > 2 and line.row[after - 2].capital


def pairs(line: Line, place: int) -> bool:
    """Whether a comma parts two halves of one function: `phòng, chống thiên tai`."""
    halves = line.low(place - 1) + " " + line.low(place + 1)
    return line.low(place) == "," and halves in line.words.halves


def _named(line: Line, place: int, head: int) -> bool:
    """Whether a proper name, a number or a whole body that is known ends before a place."""
    before = line.row[place - 1]
    if line.known.bodies.at(line.row, head) == place:
        return True
    if any(line.known.places.at(line.row, here) == place for here in range(place - 3, place)):
        return True
    if not before.capital:
        return not before.word or before.low.isdigit()
    if len(before.text) > 1 and before.text.isupper():
        return line.low(place) not in ("cấp", "tối", "nhân")
    if not line.vietnamese(place - 1):
        return True
    if line.lows(place - 2, place) in line.words.dictionary:
        return line.pos_at(place - 1) == "Np" and line.row[place - 2].capital
    return line.pos_at(place - 1) not in ("N", "V", "A", "Nc")
