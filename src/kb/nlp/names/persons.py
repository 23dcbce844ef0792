"""People: after courtesy, degree or post, and Vietnamese full names."""

from __future__ import annotations

from kb.nlp.names.line import Line

_DEGREES = frozenset(
    ("gs", "pgs", "ts", "ths", "bs", "cki", "ckii", "bsckii", "bscki", "kts", "ls", "nsnd", "nsưt")
)


def titled(line: Line, place: int) -> int:
    """Courtesy, degree or post, then capitals: a person; titles may follow one another."""
    after = after_title(line, place)
    if after == place:
        return place
    country = line.words.places.at(line.row, place) == after
    if line.row[place].capital and country and not line.initial(place):
        return place  # "Anh" in the middle of a sentence
    while (more := after_title(line, after)) > after:
        after = more
    bare = after if line.row[place].capital else place
    seat = line.words.places.at(line.row, after) if after < len(line.row) else after
    followed = seat > after and line.row[after].capital and line.capitals(seat, most=5) > seat
    if followed and line.full_name_at(after) <= seat and line.head(seat) == seat:
        line.add(after, seat, "place", "known place")  # "Tổng thống Mỹ Joe Biden"
        after = seat
    if after >= len(line.row) or not person_like(line, after):
        field = line.words.fields.at(line.row, after, joints=",-–")
        if field > after and line.full_name_at(field) > field:
            after = field
        else:
            return bare
    end = line.full_name_at(after)
    if end == after:
        end = line.capitals(after, most=5)
    if end == after:
        return bare
    title = line.text[line.row[place].start : line.row[after - 1].end]
    return line.add(after, end, "person", "titled", title)


def after_title(line: Line, place: int) -> int:
    after = line.words.titles.at(line.row, place)
    if after == place and place < len(line.row) and "." in line.row[place].low:
        parts = [part for part in line.row[place].low.split(".") if part]
        return place + (len(parts) > 1 and all(part in _DEGREES for part in parts))
    return after


def person_like(line: Line, place: int) -> bool:
    token = line.row[place]
    if not token.capital or token.low in line.words.nothing:
        return False
    return all(
        phrases.at(line.row, place) == place
        for phrases in (line.words.admin_heads, line.words.bodies, line.words.events)
    ) and not (
        line.words.places.at(line.row, place) > place
        and line.full_name_at(place) <= line.words.places.at(line.row, place)
    )


def full_name(line: Line, place: int) -> int:
    end = line.full_name_at(place)
    if end - place < 2 or line.shouting or line.unnamed_before(place):
        return place
    return line.add(place, end, "person", "full name")
