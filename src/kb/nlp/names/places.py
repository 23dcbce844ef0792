"""Places: after their unit, and those that are known."""

from __future__ import annotations

import re

from kb.nlp.names.line import CLUB, Line


def unit(line: Line, place: int) -> int:
    """A unit word and a name: outside the name in lower case, part of it with a capital."""
    after = line.words.units.at(line.row, place)
    if after == place or after >= len(line.row):
        return place
    token = line.row[after]
    if not token.capital or token.low in line.words.nothing or _ROMAN.match(token.text):
        return place
    if line.post_before(place) and line.row[place].capital and line.full_name_at(place) - place > 2:
        return place  # "Chủ tịch UBND tỉnh A Hồ Văn B"
    if _taught(line, place):
        return place
    body = line.known.bodies.at(line.row, after) > after
    if body and line.words.streets.at(line.row, place) == place:
        return place
    end = line.known.places.at(line.row, after, joints="-–")
    if end == after:
        end = line.capitals(after, most=4)
        if (
            line.post_before(place)
            and not line.vietnamese(after)
            and line.likely_person(after, end)
        ):
            return line.add(after, end, "person", "titled")  # "Thống đốc bang Phil Murphy"
    if end == after or (end - after == 1 and token.low in line.words.directions):
        return place
    opens = line.initial(place)
    first = place if line.row[place].capital and not opens and not line.shouting else after
    if opens and line.row[place].low in ("hồ", "vịnh", "núi", "đảo", "sông", "quần"):
        first = place
    line.add(first, end, "place", "unit")
    return listed(line, place, end)


def listed(line: Line, place: int, end: int) -> int:
    """Take the other places of a list: `các huyện A, B và C`; also where all are known units."""
    several = place > 0 and line.row[place - 1].low in line.words.several
    while line.low(end) in (",", "và", ";"):
        after = line.capitals(end + 1, most=4)
        if after == end + 1 or any(not line.vietnamese(n) for n in range(end + 1, after)):
            break
        if not several and line.lows(end + 1, after) not in line.known.districts:
            break
        if line.words.titles.at(line.row, end + 1) > end + 1 or line.head(end + 1) > end + 1:
            break
        end = line.add(end + 1, after, "place", "unit")
    return end


_ROMAN = re.compile(r"[IVXLC]+$")


def known_place(line: Line, place: int) -> int:
    if not line.row[place].capital and line.row[place].low != "châu":
        return place
    after = line.known.places.at(line.row, place, joints="-–")
    if after == place or not line.all_named(place, after):
        return place
    if place and line.row[place - 1].low in ("người", "tiếng"):
        return after  # peoples and languages are no names
    if after - place == 1 and line.initial(place) and len(line.row[place].text) < 4:
        return place  # "Anh", "Mỹ", "Ý" may be common words there
    if line.full_name_at(place) > after or goes_on(line, place, after) or _taught(line, place):
        return place
    if line.sport and plays(line, place, after):
        return line.add(place, after, "org", "team")
    return line.add(place, after, "place", "known place")


def _taught(line: Line, place: int) -> bool:
    """Whether a name is that of a teacher, though a city has it, too: `tư tưởng Hồ Chí Minh`."""
    named = line.full_name_at(place) > place
    return named and line.words.teachings.before(line.row, place, most=2)


def plays(line: Line, place: int, after: int) -> bool:
    """Whether a country or city in a text about a match is its team.

    It is not after a preposition of place, in brackets after a person, and as the modifier of a
    noun: `bóng đá Việt Nam`, `tiền đạo Ba Lan`.
    """
    if line.plays(place, after):
        return True
    before = line.row[place - 1] if place else None
    if before is None:
        return True
    if line.lows(place, after) in line.words.regions or line.row[place].low == "châu":
        return False
    if before.low in line.words.no_team_after or before.low == "(":
        return False
    if not before.word:
        return True
    if before.low in line.words.team_after:
        return True
    return not line.pos_at(place - 1).startswith("N")


def goes_on(line: Line, place: int, after: int) -> bool:
    """Whether a short place is only the beginning of a longer name: `Đức Phát`, `Hà Nội FC`."""
    end = line.capitals(place, most=5)
    if end == after or line.head(after) > after:
        return False
    if line.known.places.at(line.row, after) > after or line.full_name_at(after) > after:
        return False
    return after - place == 1 or line.row[after].low in CLUB
