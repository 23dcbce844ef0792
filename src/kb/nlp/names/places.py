"""Places: after their unit, and those that are known."""

from __future__ import annotations

from kb.nlp.names.line import CLUB, Line
from kb.reading import Kind


def unit(line: Line, place: int) -> int:
    """A unit word and a name: outside the name in lower case, part of it with a capital."""
    after = line.words.units.at(line.row, place)
    if after == place or after >= len(line.row):
        return place
    token = line.row[after]
    street = line.words.streets.at(line.row, place) > place
    if not (token.capital or token.text.isdigit()) or token.low in line.words.nothing:
        return place
    if token.text.isdigit():
        return place
    if line.words.bodies.at(line.row, after) > after and not street:
        return place
    end = line.words.places.at(line.row, after)
    if end == after:
        end = line.capitals(after, most=4)
    if end == after:
        return place
    opens = line.initial(place)
    first = place if line.row[place].capital and not opens and not line.shouting else after
    if opens and line.row[place].low in ("hồ", "vịnh", "núi", "đảo", "sông", "quần"):
        first = place
    return line.add(first, end, "place", "unit")


def known_place(line: Line, place: int) -> int:
    if not line.row[place].capital and line.row[place].low != "châu":
        return place
    after = line.words.places.at(line.row, place)
    if after == place or not line.all_named(place, after):
        return place
    if place and line.row[place - 1].low in ("người", "tiếng"):
        return after  # peoples and languages are no names
    if after - place == 1 and line.initial(place) and len(line.row[place].text) < 4:
        return place  # "Anh", "Mỹ", "Ý" may be common words there
    if line.full_name_at(place) > after or goes_on(line, place, after):
        return place
    kind: Kind = "org" if line.plays(place, after) or line.acts(place, after) else "place"
    if line.memory.get(line.text[line.row[place].start : line.row[after - 1].end]) == "org":
        kind = "org"
    return line.add(place, after, kind, "known place")


def goes_on(line: Line, place: int, after: int) -> bool:
    """Whether a short place is only the beginning of a longer name: `Đức Phát`, `Hà Nội FC`."""
    end = line.capitals(place, most=5)
    if end == after or line.head(after) > after:
        return False
    if line.words.places.at(line.row, after) > after or line.full_name_at(after) > after:
        return False
    return after - place == 1 or line.row[after].low in CLUB
