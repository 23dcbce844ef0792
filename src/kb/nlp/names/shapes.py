"""What is left of capitals: by their shape, their neighbours and the tagger's word."""

from __future__ import annotations

import re

from kb.nlp.names.line import CLUB, Line

_WHERE = frozenset(("tại", "ở", "đến", "tới", "sang"))
_FUNCTION = frozenset(("E", "C", "P", "R", "L", "T", "CC", "I"))
_COMMON = _FUNCTION | frozenset(("V", "A", "Nu", "N", "Nc", "M"))
_SITE = re.compile(r"\w\.(?:vn|com|net)$")
_ROMAN = re.compile(r"[IVXLC]+$")


def left(line: Line, place: int) -> int:
    """Capitals that no rule knows: by their shape and the tagger's word."""
    token = line.row[place]
    if not token.capital or not token.word or line.shouting:
        return place
    if line.words.admin_heads.at(line.row, place) > place:
        return place + 1
    initial = line.initial(place)
    end = line.capitals(place, most=6)
    pos = line.pos.get(token.start, "Np")
    if (
        initial
        and (token.low in line.words.openers or pos in (_FUNCTION if end - place > 1 else _COMMON))
        and not (line.sports and end - place == 1 and not line.vietnamese(place))
    ):
        return place + 1
    if initial and end - place > 1 and _known_after(line, place + 1):
        return place + 1  # "Giúp Bồ Đào Nha"
    surface = line.text[token.start : line.row[end - 1].end] if end > place else ""
    if surface in line.memory:
        return line.add(place, end, line.memory[surface], "seen before")
    if token.low in ("tiếng", "người"):
        return place + 2
    if token.low in line.words.nothing and (
        end - place == 1 or initial or not line.vietnamese(place + 1)
    ):
        return place + 1
    if token.low in line.words.nothing and (end - place == 1 or not line.vietnamese(place + 1)):
        return place + 1
    if end == place or line.unnamed_before(place):
        return max(end, place + 1)
    if any(line.row[n].low in CLUB for n in range(place, end)) or line.plays(place, end):
        return line.add(place, end, "org", "club")
    foreign = any(not line.vietnamese(n) for n in range(place, end))
    if end - place > 1:
        return line.add(place, end, "person", "shape")
    return single(line, place, foreign=foreign, initial=initial)


def single(line: Line, place: int, *, foreign: bool, initial: bool) -> int:
    """One capital alone: an abbreviation, a surname, a place after its preposition."""
    token, end = line.row[place], place + 1
    if _SITE.search(token.text):
        return line.add(place, end, "org", "site")
    if token.text.isupper():
        if _ROMAN.match(token.text):
            return end
        if 2 <= len(token.text) <= 8 and token.text.isalpha():
            return line.add(place, end, "org", "abbreviation")
        return end
    if initial and not foreign:
        return end
    kind = line.proposal(place, end)
    if kind == "place" and place_before(line, place):
        return line.add(place, end, "place", "tagger")
    if kind == "person" or (line.sports and foreign):
        return line.add(place, end, "person", "tagger")
    return end


def _known_after(line: Line, place: int) -> bool:
    """Whether a name that needs no shape begins here."""
    words = line.words
    return (
        line.head(place) > place
        or words.places.at(line.row, place) > place
        or words.bodies.at(line.row, place) > place
        or line.full_name_at(place) > place
    ) and line.full_name_at(place - 1) == place - 1


def place_before(line: Line, place: int) -> bool:
    return (
        place > 0
        and line.row[place - 1].low in _WHERE
        and line.pos.get(line.row[place - 1].start) == "E"
    )
